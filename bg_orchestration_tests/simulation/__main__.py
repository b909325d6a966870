"""Simulate many seeds, or put known bugs back; prints a table, exit code 1 on any fault."""

import argparse
import itertools
import multiprocessing
import multiprocessing.pool
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator

from bg_orchestration_tests.simulation.known_bugs import BUGS
from bg_orchestration_tests.simulation.search import find_bug, prepare_process, simulate_seed
from bg_orchestration_tests.simulation.world import Result


def main() -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m bg_orchestration_tests.simulation")
    parser.add_argument("--seeds", type=int, default=1000, help="how many, on each database")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--bugs", action="store_true", help="put known bugs back, one at a time")
    parser.add_argument("--processes", type=int, default=min(4, os.cpu_count() or 1))
    asked = parser.parse_args()
    databases = ("sqlite", "postgres") if asked.database == "both" else (asked.database,)
    # Spawned: a fork would share the driver's state.
    with multiprocessing.get_context("spawn").Pool(asked.processes, prepare_process) as pool:
        if asked.bugs:
            code = _bug_table(pool, databases)
        else:
            seeds = range(asked.first, asked.first + asked.seeds)
            code = _seed_table(pool, databases, seeds)
        # Ended, not terminated: each process stops its database server.
        pool.close()
        pool.join()
        return code


def _seed_table(pool: multiprocessing.pool.Pool, databases: tuple[str, ...], seeds: range) -> int:
    failed = False
    print(f"{'database':<10}{'seeds':>14}{'seconds':>9}  figures", flush=True)
    for database in databases:
        began, figures, faulty = time.monotonic(), Counter[str](), []
        for result in pool.imap_unordered(simulate_seed, ((database, seed) for seed in seeds), 5):
            figures.update(result.figures)
            if result.faults:
                faulty.append(result)
                print(f"  seed {result.seed}: {result.faults[0]}", flush=True)
        span = f"{seeds.start}-{seeds.stop - 1}"
        words = ", ".join(f"{name} {number:,}" for name, number in figures.items())
        seconds = time.monotonic() - began
        print(f"{database:<10}{span:>14}{seconds:>9.0f}  {words}", flush=True)
        print(f"{'':<10}{'faulty seeds':>14}{len(faulty):>9}", flush=True)
        for result in itertools.islice(faulty, 5):
            print("\n".join(_explain(pool, result)), flush=True)
        failed = failed or bool(faulty)
    return int(failed)


def _explain(pool: multiprocessing.pool.Pool, result: Result) -> Iterator[str]:
    """Yield what was found, and whether a replay has the same history."""
    again = pool.apply(simulate_seed, ((result.database, int(result.seed)),))
    yield f"seed {result.seed} on {result.database}: {len(result.faults)} faults"
    yield from (f"  {fault}" for fault in result.faults[:10])
    yield f"  history {result.digest}, replayed {again.digest}"
    yield (
        "  replay: python -m bg_orchestration_tests.simulation "
        f"--database {result.database} --first {result.seed} --seeds 1"
    )


def _bug_table(pool: multiprocessing.pool.Pool, databases: tuple[str, ...]) -> int:
    tasks = [(bug, name) for bug in BUGS for name in bug.databases if name in databases]
    missed = 0
    print(f"{'bug put back':<55}{'database':<10}{'seeds':>6}  found by", flush=True)
    for name, database, found in pool.imap_unordered(find_bug, tasks):
        missed += found is None
        seeds, words = found or ("-", "NOT FOUND")
        print(f"{name:<55}{database:<10}{seeds:>6}  {words}", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
