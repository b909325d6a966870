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
# A third system on two cores: what it adds is what it asks, not how often it dies.
_PAYING_KILLS = 3
_SEED = 36
# Its first kills are at a listing, at a booking and of all workers: points that are passed soon.
_PAYING_SEED = 135
_LIMITS = Limits(timedelta(seconds=5), starts_per_minute=60, concurrency=3, max_attempts=5)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Report]]]:
    """Both databases, and providers that charge, at the same time: most of it is waiting."""
    with ThreadPoolExecutor() as all_of_them:
        started = {
            database: all_of_them.submit(
                crash, database, _SEED, _KILLS, tmp_path_factory.mktemp(database), print, _LIMITS
            )
            for database in ("sqlite", "postgres")
        }
        folder = tmp_path_factory.mktemp("paying")
        started["paying"] = all_of_them.submit(
            crash, "sqlite", _PAYING_SEED, _PAYING_KILLS, folder, print, _LIMITS, paying=True
        )
        yield started


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_lost_nothing_twice_and_the_limits_hold(
    reports: dict[str, Future[Report]], database: str
) -> None:
    report = reports[database].result()
    assert report.faults == []
    assert report.kills.total() == _KILLS
    assert report.counts["events handled"] > 0
    assert report.counts["refreshes completed"] > 0


def test_nothing_is_paid_for_twice_unless_it_is_booked(reports: dict[str, Future[Report]]) -> None:
    report = reports["paying"].result()
    assert report.faults == []
    assert report.kills.total() == _PAYING_KILLS
    assert report.counts["paid calls at the providers"] > 0
    assert report.counts["refreshes completed"] > 0


def test_a_seed_decides_the_schedule() -> None:
    assert [*islice(schedule(7, postgres=True), 50)] == [*islice(schedule(7, postgres=True), 50)]
    assert [*islice(schedule(7, postgres=True), 50)] != [*islice(schedule(8, postgres=True), 50)]
