"""The long rehearsal, from the command line; exit code 1 on any fault."""

import sys
import tempfile
import time
import warnings
from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from bg_orchestration.domain.admission import Limits
from bg_orchestration_tests.crash import postgres
from bg_orchestration_tests.production import fleet, servers
from bg_orchestration_tests.production.chaos import carry_out, faults, schedule
from bg_orchestration_tests.production.rehearsal import rehearse

_PROGRAMS = {
    "redis": "redis-server",
    "rabbitmq": "/usr/lib/rabbitmq/bin/rabbitmq-server",
}
# Tight enough to bind while events come, so that passing one of them would be seen.
_LIMITS = Limits(timedelta(seconds=10), starts_per_minute=40, concurrency=3, max_attempts=5)

_AWAY_SECONDS = 60.0


@click.command()
@click.option("--seed", default=7, help="The same seed, the same events and schedule of faults.")
@click.option("--minutes", default=10.0, help="How long events come and faults happen.")
@click.option("--broker", default="redis", type=click.Choice(list(_PROGRAMS)))
@click.option("--keep", type=click.Path(path_type=Path), help="An empty folder to leave all in.")
def main(seed: int, minutes: float, broker: str, keep: Path | None) -> None:
    """Rehearse production: load and faults on a fleet, then check that nothing is lost or twice."""
    if lacking := servers.missing("pgbouncer", "haproxy", _PROGRAMS[broker]):
        raise click.ClickException(lacking)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="bg-fleet-", ignore_cleanup_errors=True) as temporary:
        folder = keep or Path(temporary)
        (folder / "broker").mkdir(parents=True)
        server = getattr(servers, broker)(folder / "broker")
        with (
            postgres.running() as database,
            fleet.running(folder, database, _LIMITS, server) as running,
        ):
            _say(f"fleet of {len(running.members)} processes, seed {seed}, {minutes:g} minutes")
            kinds = faults(_AWAY_SECONDS)
            plan = schedule(seed, kinds)
            cause = partial(carry_out, running, plan, kinds, minutes * 60, _say)
            report = rehearse(running, seed, cause, _LIMITS, folder, _say)
    click.echo(f"\nSeed {seed}, {minutes:g} minutes, {broker}")
    click.echo(str(report))
    sys.exit(not report.good)


def _say(line: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}")


if __name__ == "__main__":
    main()
