"""A rehearsal: load and faults on a fleet, until everything has settled and is checked."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import psycopg2
from dagster import DagsterInstance
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.domain.admission import Limits
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import (
    OPEN,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.webhooks import PATH
from bg_orchestration_tests.crash import checks
from bg_orchestration_tests.crash.clean import all_groups, clean_groups, follow_companies
from bg_orchestration_tests.crash.sending import Provider
from bg_orchestration_tests.production.fleet import Fleet
from bg_orchestration_tests.production.servers import PASSWORD, USER

_PROVIDERS = 3
_SETTLE_SECONDS = 300.0
_OPEN_RUNS = ("QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING")

Say = Callable[[str], None]


@dataclass
class Report:
    """What a rehearsal did and found.

    Attributes:
        lost: sentences on lost events; `twice`, `limits` and `other` likewise.
        sessions: counts of database sessions.
        latency: seconds.
    """

    seconds: float
    faults: Counter[str]
    counts: dict[str, int]
    sessions: dict[str, int]
    latency: dict[str, float]
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was lost, nothing happened twice, and no limit was passed."""
        return not (self.lost or self.twice or self.limits or self.other)

    def __str__(self) -> str:
        """The table."""
        rows: list[tuple[str, str]] = [(name, str(count)) for name, count in self.counts.items()]
        rows += [(kind, str(count)) for kind, count in sorted(self.faults.items())]
        rows += [("faults in all", str(self.faults.total()))]
        found = {"lost": self.lost, "twice": self.twice, "limits passed": self.limits}
        rows += [(name, str(len(sentences))) for name, sentences in found.items()]
        rows += [("other faults found", str(len(self.other)))]
        rows += [(name, str(count)) for name, count in self.sessions.items()]
        rows += [(name, f"{value:.2f}") for name, value in self.latency.items()]
        rows += [("seconds", f"{self.seconds:.0f}")]
        lines = [f"  {name:<44}{value:>9}" for name, value in rows]
        lines += [f"  ! {each}" for each in (*self.lost, *self.twice, *self.limits, *self.other)]
        return "\n".join(lines)


def rehearse(
    fleet: Fleet,
    seed: int,
    faults: Callable[[], Counter[str]],
    limits: Limits,
    folder: Path,
    say: Say,
) -> Report:
    """Send events while `faults` happen, then settle, then check everything."""
    began = time.monotonic()
    engine = engine_for(fleet.postgres.database("bg"))
    follow_companies(engine)
    providers = [Provider(f"w{each}", seed, fleet.receiver + PATH) for each in range(_PROVIDERS)]
    for provider in providers:
        provider.start()
    done = faults()
    for provider in providers:
        provider.stop()
    for provider in providers:
        provider.join(_SETTLE_SECONDS)
    settled = _settled(engine, fleet, say)
    sessions = _sessions(fleet)
    fleet.over.set()
    report = _report(engine, fleet, providers, folder, limits)
    report.seconds, report.faults, report.sessions = time.monotonic() - began, done, sessions
    if not settled:
        report.lost.append(f"not settled in {_SETTLE_SECONDS:.0f} s")
    engine.dispose()
    return report


def _settled(engine: Engine, fleet: Fleet, say: Say) -> bool:
    give_up = time.monotonic() + _SETTLE_SECONDS
    while (waiting := _waiting(engine, fleet)) != (0, 0, 0):
        if time.monotonic() > give_up:
            say(f"still open: {waiting}")
            return False
        time.sleep(1)
    return True


def _waiting(engine: Engine, fleet: Fleet) -> tuple[int, ...]:
    """Events, refreshes and runs without an end."""
    events = select(func.count()).where(webhook_events.c.state.in_(["received", "pending"]))
    try:
        with reading(engine) as connection:
            rows = [
                connection.execute(query).scalar_one()
                for query in (events, select(func.count()).select_from(logs).where(OPEN))
            ]
        query = f"SELECT count(*) FROM runs WHERE status IN {_OPEN_RUNS}"
        return (*rows, _ask(fleet, "dagster", query))
    except (SQLAlchemyError, psycopg2.Error):
        return (-1,)


def _ask(fleet: Fleet, database: str, query: str) -> int:
    connection = psycopg2.connect(fleet.postgres.database(database))
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            answer: int = cursor.fetchone()[0]
            return answer
    finally:
        connection.close()


def _sessions(fleet: Fleet) -> dict[str, int]:
    """Count the sessions at PgBouncer and at PostgreSQL."""
    ours = "datname IN ('bg', 'dagster')"
    opened = _ask(fleet, "bg", f"SELECT sum(sessions)::int FROM pg_stat_database WHERE {ours}")
    now = _ask(fleet, "bg", f"SELECT count(*) FROM pg_stat_activity WHERE {ours}")
    admin = psycopg2.connect(
        f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{fleet.servers['pgbouncer'].port}/pgbouncer"
    )
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("SHOW CLIENTS")
        clients = len(cursor.fetchall())
    admin.close()
    return {
        "clients of PgBouncer at the end": clients,
        "sessions of PostgreSQL at the end": now,
        "sessions opened since its last crash": opened,
    }


def _report(
    engine: Engine, fleet: Fleet, providers: list[Provider], folder: Path, limits: Limits
) -> Report:
    stored = {event_id for provider in providers for event_id in provider.stored}
    accepted = sum(provider.accepted for provider in providers)
    found = all_groups(engine)
    clean = clean_groups(engine, folder, limits)
    with DagsterInstance.from_config(str(_direct_home(fleet, folder))) as instance:
        dagster_faults = [*checks.dagster_settled(instance)]
        runs = instance.get_runs_count()
    with reading(engine) as connection:
        report = Report(
            0,
            Counter(),
            _counts(connection) | {"Dagster runs": runs},
            {},
            _latency(connection),
            lost=[*checks.nothing_lost(connection, stored, limits)],
            twice=[*checks.nothing_twice(connection, found)],
            limits=[*checks.limits_held(connection, limits)],
            other=[*checks.groups_equal(connection, found, clean)],
        )
    for fault in dagster_faults:
        (report.twice if "run key" in fault else report.other).append(fault)
    report.twice += [fault for provider in providers for fault in provider.refused]
    if accepted > len(stored):
        report.twice.append(f"{accepted} events were accepted, {len(stored)} were sent")
    report.counts["events sent and stored"] = len(stored)
    report.counts["events sent again"] = sum(provider.retries for provider in providers)
    report.counts["processes started"] = sum(each.starts for each in fleet.members.values())
    return report


def _direct_home(fleet: Fleet, folder: Path) -> Path:
    """A home of Dagster that reads the fleet's storage from this process."""
    home = folder / "reader"
    home.mkdir()
    url = fleet.postgres.database("dagster")
    (home / "dagster.yaml").write_text(
        "telemetry: {enabled: false}\nstorage:\n  custom:\n"
        "    module: bg_orchestration.ops.postgres_storage\n    class: PostgresStorage\n"
        f"    config: {{postgres_url: '{url}', should_autocreate_tables: false}}\n"
    )
    return home


def _counts(connection: Connection) -> dict[str, int]:
    events = connection.execute(
        select(webhook_events.c.state, func.count()).group_by(webhook_events.c.state)
    ).all()
    refreshes = connection.execute(select(logs.c.state, func.count()).group_by(logs.c.state)).all()
    starts = connection.execute(select(func.count()).select_from(refresh_attempts)).scalar_one()
    return {
        **{f"events {state}": number for state, number in sorted(events)},
        **{f"refreshes {state}": number for state, number in sorted(refreshes)},
        "starts of refreshes": starts,
        **checks.peaks(connection),
    }


def _latency(connection: Connection) -> dict[str, float]:
    """Seconds from the arrival of events, and from the due time of refreshes, to the group."""
    events = connection.execute(
        select(webhook_events.c.received_at, logs.c.finished_at)
        .join(webhook_event_companies, webhook_event_companies.c.event == webhook_events.c.id)
        .join(logs, logs.c.refresh_id == webhook_event_companies.c.refresh_id)
        .where(logs.c.state == "completed")
    ).all()
    due = connection.execute(
        select(logs.c.due_at, logs.c.finished_at).where(logs.c.state == "completed")
    ).all()
    return {
        **_spread("event to published", [tuple(row) for row in events]),
        **_spread("due to published", [tuple(row) for row in due]),
    }


def _spread(name: str, pairs: list[tuple[datetime, datetime]]) -> dict[str, float]:
    seconds = [(end - begin) / timedelta(seconds=1) for begin, end in pairs]
    if len(seconds) < 2:
        return {}
    return {
        f"{name}, median, s": median(seconds),
        f"{name}, 95th percentile, s": quantiles(seconds, n=20)[-1],
    }
