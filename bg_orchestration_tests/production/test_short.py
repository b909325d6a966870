"""The rehearsal in short: all through PgBouncer, two receivers, two daemons, with kills."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bg_orchestration.domain.admission import Limits
from bg_orchestration_tests.crash import postgres
from bg_orchestration_tests.production import chaos, fleet, servers
from bg_orchestration_tests.production.rehearsal import rehearse

_LIMITS = Limits(timedelta(seconds=3), starts_per_minute=60, concurrency=3, max_attempts=5)
_MISSING = servers.missing("redis-server", "pgbouncer", "haproxy")
# Seconds before a fault, the fault, and which process of its kind.
_PLAN = (
    (2.0, "run killed in a worker", 0.1),
    (1.0, "broker killed, data lost", 0.2),
    (1.0, "PostgreSQL read-only", 0.0),
    (1.0, "receiver killed", 0.9),
    (1.0, "PgBouncer killed", 0.1),
    (2.0, "broker frozen", 0.0),
)
# Most connections of a process: ten to our tables, six to Dagster's storage.
_OURS, _DAGSTERS = 10, 6


@pytest.mark.skipif(bool(_MISSING), reason=_MISSING)
def test_nothing_is_lost_or_twice_on_a_fleet(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    redis = servers.redis(tmp_path / "broker")
    with (
        postgres.running() as database,
        fleet.running(
            tmp_path, database, _LIMITS, redis, start_timeout=10, daemons=2, workers=2
        ) as running,
    ):
        cause = partial(chaos.carry_out, running, _PLAN, chaos.faults(9.0), 600.0, print)
        report = rehearse(running, 36, cause, _LIMITS, tmp_path, print)
        processes = len(running.members) + 3
    print(report)
    assert report.good, str(report)
    assert report.faults.total() == len(_PLAN)
    assert report.counts["events handled"] > 0
    # A run that was killed after its start started again.
    assert report.counts["starts of refreshes"] > report.counts["refreshes completed"] > 0
    assert report.sessions["clients of PgBouncer at the end"] <= processes * (_OURS + _DAGSTERS)
    assert report.sessions["sessions of PostgreSQL at the end"] <= 2 * 12
