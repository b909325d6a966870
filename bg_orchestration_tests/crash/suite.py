"""One run of the suite: start the system, kill while events come, let it settle, check."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
from dagster import DagsterInstance, DagsterRunStatus
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.domain.admission import Limits
from bg_orchestration.settings import format_duration
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import (
    OPEN,
    refresh_attempts,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.webhooks import PATH
from bg_orchestration_tests.crash import checks, postgres
from bg_orchestration_tests.crash import paying as paying_world
from bg_orchestration_tests.crash.clean import all_groups, clean_groups, follow_companies
from bg_orchestration_tests.crash.kills import Killer, schedule
from bg_orchestration_tests.crash.sending import Person, Provider
from bg_orchestration_tests.end_to_end.system import Up, environment, running
from bg_orchestration_tests.stubs.server import Stubs

# Tight enough to bind while events come, so that passing one of them would be seen.
LIMITS = Limits(timedelta(seconds=5), starts_per_minute=20, concurrency=3, max_attempts=5)
_PROVIDERS = 3
_SETTLE_SECONDS = 180.0
_OPEN_RUNS = [
    status
    for status in DagsterRunStatus
    if status not in (DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)
]

Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What a run of the suite did and found."""

    database: str
    seed: int
    seconds: float
    settled: float
    kills: Counter[str]
    missed: Counter[str]
    counts: dict[str, int]
    faults: list[str]


def crash(
    database: str,
    seed: int,
    kills: int,
    folder: Path,
    say: Say,
    limits: Limits = LIMITS,
    *,
    paying: bool = False,
) -> Report:
    """Run the suite once on `sqlite` or `postgres`; same seed, same schedule.

    Databases, logs and Dagster's home are left in `folder`, which must be empty. With `paying`
    people come from providers, on stubs that count what they charge.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running()) if database == "postgres" else None
        url = server.url if server else f"sqlite:///{folder / 'crash.sqlite3'}"
        points = folder / "points"
        points.mkdir()
        engine = engine_for(url)
        stack.callback(engine.dispose)
        stubs = stack.enter_context(paying_world.providers(seed)) if paying else None
        follow_companies(engine, paying_world.domains(stubs) if stubs else None)
        with system(folder, url, points, limits, stubs) as up:
            killer = Killer(up.process.pid, points, server, paying=paying)
            providers = _kill_while_events_come(up, killer, seed, kills, say)
            calm = time.monotonic()
            faults = [] if settle(engine, up, say) else [f"not settled in {_SETTLE_SECONDS} s"]
            settled = time.monotonic() - calm
            home = up.env["DAGSTER_HOME"]
        if stubs:
            paying_world.close_books(engine)
        faults += [fault for provider in providers for fault in provider.refused]
        with DagsterInstance.from_config(home) as instance:
            stored = {event_id for provider in providers for event_id in provider.stored}
            found = find_faults(engine, instance, stored, folder, limits, stubs)
            faults += [fault for kind in found.values() for fault in kind]
            counts = _counts(engine, providers) | {"Dagster runs": instance.get_runs_count()}
        if stubs:
            with reading(engine) as connection:
                counts |= paying_world.told(connection, stubs.site.books)
    seconds = time.monotonic() - began
    return Report(database, seed, seconds, settled, killer.done, killer.missed, counts, faults)


@contextmanager
def system(
    folder: Path, url: str, points: Path, limits: Limits, stubs: Stubs | None
) -> Iterator[Up]:
    env = environment(
        folder / "home",
        BG_DATABASE_URL=url,
        **(paying_world.variables(stubs) if stubs else {"BG_PROVIDER": "files"}),
        BG_COMPANY_COOLDOWN=format_duration(limits.cooldown),
        BG_REFRESHES_PER_MINUTE=str(limits.starts_per_minute),
        BG_REFRESH_CONCURRENCY=str(limits.concurrency),
        BG_MAX_ATTEMPTS=str(limits.max_attempts),
        BG_CRASH_POINTS=str(points),
        PYTHONPATH=str(Path(__file__).parent / "faults"),
    )
    with running(env) as up:
        # `bg up` tells of every part that died: unread, it would block in the end.
        reader = threading.Thread(target=_drain, args=(up, folder / "up.log"), daemon=True)
        reader.start()
        yield up


def _drain(up: Up, path: Path) -> None:
    assert up.process.stdout is not None
    with path.open("w") as log, suppress(ValueError):
        for line in up.process.stdout:
            log.write(line)


def _kill_while_events_come(
    up: Up, killer: Killer, seed: int, kills: int, say: Say
) -> list[Provider]:
    providers = [Provider(f"w{number}", seed, up.receiver + PATH) for number in range(_PROVIDERS)]
    person = Person(seed, up.graphql)
    threads: list[Provider | Person] = [*providers, person]
    for thread in threads:
        thread.start()
    dead = 0
    for kill in schedule(seed, postgres=killer.postgres is not None, paying=killer.paying):
        died = killer.carry_out(kill)
        dead += died
        say(f"{dead}/{kills}  {kill.kind}{'' if died else ': not passed'}")
        if dead >= kills:
            break
    for thread in threads:
        thread.stop()
    for thread in threads:
        thread.join(_SETTLE_SECONDS)
    return providers


def settle(engine: Engine, up: Up, say: Say) -> bool:
    give_up = time.monotonic() + _SETTLE_SECONDS
    for number in count():
        waiting = _waiting(engine, up)
        if waiting == (0, 0, 0):
            return True
        if time.monotonic() > give_up:
            return False
        if number % 20 == 0:
            say(f"settling: events, refreshes, runs still open: {waiting}")
        time.sleep(0.5)
    return False


def _waiting(engine: Engine, up: Up) -> tuple[int, ...]:
    events = select(func.count()).where(webhook_events.c.state.in_(["received", "pending"]))
    refreshes = select(func.count()).select_from(logs).where(OPEN)
    try:
        with reading(engine) as connection:
            rows = [connection.execute(query).scalar_one() for query in (events, refreshes)]
        answer = up.graphql(
            "query($s: [RunStatus!]) { runsOrError(filter: {statuses: $s})"
            " { ... on Runs { count } } }",
            s=[status.value for status in _OPEN_RUNS],
        )
    except (SQLAlchemyError, httpx.HTTPError, ValueError):
        return (-1,)
    return (*rows, answer["runsOrError"]["count"])


def find_faults(
    engine: Engine,
    instance: DagsterInstance,
    stored: set[str],
    folder: Path,
    limits: Limits,
    stubs: Stubs | None = None,
) -> dict[str, list[str]]:
    """Check everything; gives the faults of each kind.

    Args:
        engine: of the database.
        instance: the system's Dagster.
        stored: ids of the events that a provider knows to be stored.
        folder: where the database of the clean refreshes is made.
        limits: those of the system.
        stubs: the providers of people, if there are any.
    """
    found = all_groups(engine)
    clean = found if stubs else clean_groups(engine, folder, limits)
    with reading(engine) as connection:
        return {
            "lost": [*checks.nothing_lost(connection, stored, limits)],
            "twice": [*checks.nothing_twice(connection, found)],
            "limits": [*checks.limits_held(connection, limits)],
            "groups": [*checks.groups_equal(connection, found, clean)],
            "paid": [*paying_world.paid_once(connection, stubs.site.books)] if stubs else [],
            "runs": [*checks.dagster_settled(instance)],
        }


def _counts(engine: Engine, providers: list[Provider]) -> dict[str, int]:
    with reading(engine) as connection:
        events = connection.execute(
            select(webhook_events.c.state, func.count()).group_by(webhook_events.c.state)
        ).all()
        refreshes = connection.execute(
            select(logs.c.state, func.count()).group_by(logs.c.state)
        ).all()
        starts = connection.execute(select(func.count()).select_from(refresh_attempts)).scalar_one()
        nearest = checks.peaks(connection)
    return {
        "events stored": sum(len(provider.stored) for provider in providers),
        "pushed again": sum(provider.retries for provider in providers),
        **{f"events {state}": number for state, number in sorted(events)},
        **{f"refreshes {state}": number for state, number in sorted(refreshes)},
        "starts": starts,
        **nearest,
    }
