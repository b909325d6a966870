"""Real processes, real HTTP, invented companies: exit code 0 if all went as it must."""

import csv
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import Engine, func, select

from bg_orchestration.domain.admission import Limits
from bg_orchestration.refreshes.planning import plan_stale
from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.end_to_end.system import bg, environment, running
from bg_orchestration_tests.rehearsal.figures import figures, published
from bg_orchestration_tests.stubs.faults import Faults
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site
from bg_orchestration_tests.stubs.world import World

_LIMITS = Limits(timedelta(0), starts_per_minute=1000, concurrency=6, max_attempts=8)
_PROVIDERS = ("coresignal", "pdl", "apollo", "lusha", "zerobounce")


@click.command()
@click.option("--seed", default=7, help="What the companies and the faults are made from.")
@click.option("--faults", default=0.3, help="Share of requests that go wrong, 0 to 1.")
@click.option("--companies", default=6, type=click.IntRange(1), help="How many companies.")
@click.option("--seconds", default=600.0, help="Give up after so long.")
def main(seed: int, faults: float, companies: int, seconds: float) -> None:
    """Import companies, refresh them on providers that fail, and compare what was paid."""
    site = Site(World(seed, companies), faults=Faults(faults, seed))
    with tempfile.TemporaryDirectory(prefix="bg-rehearsal-") as folder, serving(site) as stubs:
        engine = _refresh(Path(folder), stubs, seconds)
        with reading(engine) as connection:
            found = figures(connection, site.books, _ids(site.world))
        engine.dispose()
    click.echo(str(found))
    sys.exit(not found.good)


def _refresh(folder: Path, stubs: Stubs, seconds: float) -> Engine:
    """Let a whole system refresh all companies; ends when all are published, dead, or too late."""
    env = provider_environment(folder, stubs, f"sqlite:///{folder / 'rehearsal.sqlite3'}")
    bg(env, "db", "upgrade")
    import_companies(env, folder / "companies.csv", stubs.site.world)
    engine = engine_for(env["BG_DATABASE_URL"])
    plan_stale(engine, settings().freshness, (), _LIMITS)
    ids, deadline = _ids(stubs.site.world), time.monotonic() + seconds
    with running(env):
        said = -1
        while time.monotonic() < deadline:
            with reading(engine) as connection:
                done = len(published(connection, ids))
                still_open = connection.execute(
                    select(func.count()).where(logs.c.state.in_(("planned", "running", "failed")))
                ).scalar_one()
            if done != said:
                said = done
                click.echo(f"{time.strftime('%H:%M:%S')}  {done} of {len(ids)} published")
            if not still_open:
                break
            time.sleep(0.5)
    return engine


def provider_environment(folder: Path, stubs: Stubs, database_url: str) -> dict[str, str]:
    """The variables of a system that asks every stub, without a budget."""
    return environment(
        folder / "home",
        BG_DATABASE_URL=database_url,
        BG_PROVIDER="coresignal",
        BG_COMPANY_PROVIDERS="coresignal,pdl,apollo",
        BG_PEOPLE_PROVIDERS="coresignal,pdl,apollo",
        BG_CONTACT_PROVIDERS="pdl,lusha",
        BG_DAILY_BUDGET_USD="none",
        BG_MAX_ATTEMPTS=str(_LIMITS.max_attempts),
        BG_REFRESHES_PER_MINUTE=str(_LIMITS.starts_per_minute),
        BG_REFRESH_CONCURRENCY=str(_LIMITS.concurrency),
        **{f"BG_{name.upper()}_KEY": stubs.key for name in _PROVIDERS},
        **{f"BG_{name.upper()}_URL": stubs.base_url(name) for name in _PROVIDERS},
    )


def import_companies(env: dict[str, str], path: Path, world: World) -> None:
    """Follow the companies of the invented world."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("company_id", "company", "domain"))
        rows.writerows((one.domain, one.name, one.domain) for one in world.companies)
    bg(env, "import", str(path))


def _ids(world: World) -> list[str]:
    return [one.domain for one in world.companies]


if __name__ == "__main__":
    main()
