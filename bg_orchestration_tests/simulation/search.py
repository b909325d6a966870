"""Simulations by seed in this process, with databases that are kept between them."""

import warnings
from contextlib import ExitStack
from multiprocessing.util import Finalize

from bg_orchestration_tests.simulation.databases import KINDS, Fresh
from bg_orchestration_tests.simulation.known_bugs import KnownBug
from bg_orchestration_tests.simulation.world import Result, simulate


class Databases:
    """One database of each kind, started when it is first asked for."""

    def __init__(self) -> None:
        self._fresh: dict[str, Fresh] = {}
        self._stack = ExitStack()

    def simulate(self, database: str, seed: int, bug: KnownBug | None = None) -> Result:
        """Simulate one seed."""
        if database not in self._fresh:
            self._fresh[database] = self._stack.enter_context(KINDS[database]())
        engine, monitor = self._fresh[database]()
        return simulate(engine, database, seed, monitor, bug.changes if bug else None)

    def find(self, bug: KnownBug, database: str) -> tuple[int, str] | None:
        """Return after how many seeds a bug that was put back is found, and by which sentence."""
        for seed in range(bug.seeds):
            if faults := self.simulate(database, seed, bug).faults:
                return seed + 1, faults[0]
        return None

    def close(self) -> None:
        """Stop the databases."""
        self._stack.close()


_databases = Databases()


def prepare_process() -> None:
    """Let a process of a pool stop its databases at its end."""
    warnings.simplefilter("ignore")
    Finalize(None, _databases.close, exitpriority=10)


def simulate_seed(task: tuple[str, int]) -> Result:
    """Simulate one seed on a database, in a process of a pool."""
    return _databases.simulate(*task)


def find_bug(task: tuple[KnownBug, str]) -> tuple[str, str, tuple[int, str] | None]:
    """Look for a bug that was put back, in a process of a pool."""
    bug, database = task
    return bug.name, database, _databases.find(bug, database)
