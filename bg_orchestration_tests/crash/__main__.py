"""The long run of the crash suite, from the command line; exit code 1 on any fault."""

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path

from bg_orchestration_tests.crash.suite import Report, crash


def main() -> int:
    """Run on each database that was asked for, and print a table of what happened."""
    parser = argparse.ArgumentParser(prog="python -m bg_orchestration_tests.crash")
    parser.add_argument("--seed", type=int, default=7, help="the same seed, the same schedule")
    parser.add_argument("--kills", type=int, default=300, help="on each database")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument(
        "--paying", action="store_true", help="people come from providers, on stubs that charge"
    )
    parser.add_argument("--keep", type=Path, help="an empty folder to leave everything in")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    databases = ["sqlite", "postgres"] if asked.database == "both" else [asked.database]
    reports = []
    with tempfile.TemporaryDirectory(prefix="bg-crash-") as temporary:
        for database in databases:
            folder = (asked.keep or Path(temporary)) / database
            folder.mkdir(parents=True)
            print(f"{database}, seed {asked.seed}, {asked.kills} kills", flush=True)
            reports.append(
                crash(database, asked.seed, asked.kills, folder, _say, paying=asked.paying)
            )
    for report in reports:
        _table(report)
    return int(any(report.faults for report in reports))


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


def _table(report: Report) -> None:
    print(
        f"\n{report.database}, seed {report.seed}: {report.kills.total()} kills in "
        f"{report.seconds:.0f} s, settled {report.settled:.0f} s after the last"
    )
    for kind in sorted(report.kills | report.missed):
        missed = f"   not passed {report.missed[kind]}" if report.missed[kind] else ""
        print(f"  {kind:<40}{report.kills[kind]:>6}{missed}")
    for name, number in report.counts.items():
        print(f"  {name:<40}{number:>6}")
    print(f"  {'faults found':<40}{len(report.faults):>6}")
    for fault in report.faults:
        print(f"    {fault}")


if __name__ == "__main__":
    sys.exit(main())
