"""The simulation in short: some seeds on each database, their replay, and bugs put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bg_orchestration_tests.simulation.databases import Fresh, postgres_at, sqlite
from bg_orchestration_tests.simulation.known_bugs import BUGS, KnownBug
from bg_orchestration_tests.simulation.world import Result, simulate

_SEEDS = (1, 9)
# Found by the first seeds; `make simulate-bugs` puts all of them back.
_QUICK = (
    "a live run's refresh is run again by a rescuer",
    "events are handled before publishing",
    "a call is repeated without its key",
)


@pytest.fixture(scope="module")
def fresh_sqlite() -> Iterator[Fresh]:
    with sqlite() as fresh:
        yield fresh


def _simulate(fresh: Fresh, database: str, seed: int, bug: KnownBug | None = None) -> Result:
    engine, monitor = fresh()
    return simulate(engine, database, seed, monitor, bug.changes if bug else None)


@pytest.mark.parametrize("seed", _SEEDS)
def test_every_promise_holds_on_sqlite(fresh_sqlite: Fresh, seed: int) -> None:
    result = _simulate(fresh_sqlite, "sqlite", seed)
    assert result.faults == ()
    assert result.figures["published"] > 0


def test_every_promise_holds_on_postgres(postgres_url: str) -> None:
    with postgres_at(postgres_url) as fresh:
        for seed in _SEEDS:
            result = _simulate(fresh, "postgres", seed)
            assert result.faults == ()
            assert result.figures["published"] > 0


def test_a_seed_replays_identically(fresh_sqlite: Fresh) -> None:
    first, again, other = (_simulate(fresh_sqlite, "sqlite", seed) for seed in (9, 9, 10))
    assert first == again
    assert first.digest != other.digest


@pytest.mark.parametrize("name", _QUICK)
def test_a_known_bug_that_is_put_back_is_found(fresh_sqlite: Fresh, name: str) -> None:
    [bug] = [bug for bug in BUGS if bug.name == name]
    assert any(_simulate(fresh_sqlite, "sqlite", seed, bug).faults for seed in range(bug.seeds))


def test_the_table_of_known_bugs_is_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulation.md").read_text()
    assert [bug.name for bug in BUGS if bug.name not in page] == []
