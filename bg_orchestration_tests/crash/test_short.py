"""The crash suite in short: a few seeded kills on each database, then everything is checked."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from itertools import islice

import pytest

from bg_orchestration.domain.admission import Limits
from bg_orchestration_tests.crash.kills import schedule
from bg_orchestration_tests.crash.suite import Report, crash

_KILLS = 6
_SEED = 36
_LIMITS = Limits(timedelta(seconds=5), starts_per_minute=60, concurrency=3, max_attempts=5)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Report]]]:
    """Both databases at the same time: most of it is waiting."""
    with ThreadPoolExecutor() as both:
        yield {
            database: both.submit(
                crash, database, _SEED, _KILLS, tmp_path_factory.mktemp(database), print, _LIMITS
            )
            for database in ("sqlite", "postgres")
        }


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_lost_nothing_twice_and_the_limits_hold(
    reports: dict[str, Future[Report]], database: str
) -> None:
    report = reports[database].result()
    assert report.faults == []
    assert report.kills.total() == _KILLS
    assert report.counts["events handled"] > 0
    assert report.counts["refreshes completed"] > 0


def test_a_seed_decides_the_schedule() -> None:
    assert [*islice(schedule(7, postgres=True), 50)] == [*islice(schedule(7, postgres=True), 50)]
    assert [*islice(schedule(7, postgres=True), 50)] != [*islice(schedule(8, postgres=True), 50)]
