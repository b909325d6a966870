"""All cells from the command line: a table, and exit code 1 on any fault."""

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path

from bg_orchestration_tests.chaos.cells import CELLS
from bg_orchestration_tests.chaos.suite import Line, run_cells, run_full_disk

_FULL_DISK = "full disk"
_KINDS = ("lost", "twice", "limits", "groups", "runs", "other")


def main() -> int:
    """Let the cells happen that were asked for; all of them without a choice."""
    parser = argparse.ArgumentParser(prog="python -m bg_orchestration_tests.chaos")
    parser.add_argument("--seed", type=int, default=7, help="what is killed when")
    parser.add_argument("--minutes", type=float, default=0.5, help="how long the soak takes")
    parser.add_argument("--cells", nargs="*", help="words in the names of the cells to run")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    wanted = [word.lower() for word in asked.cells or [""]]
    cells = [cell for cell in CELLS if any(word in cell.name for word in wanted)]
    lines = []
    with tempfile.TemporaryDirectory(prefix="bg-chaos-", ignore_cleanup_errors=True) as temporary:
        if cells:
            folder = Path(temporary) / "cells"
            folder.mkdir()
            lines += run_cells(cells, asked.seed, folder, _say, asked.minutes * 60)
        if any(word in _FULL_DISK for word in wanted):
            folder = Path(temporary) / "disk"
            folder.mkdir()
            if line := run_full_disk(asked.seed, folder, _say):
                lines.append(line)
            else:
                print(f"{_FULL_DISK}: left out, since this user may mount no disk")
    _table(asked.seed, lines)
    return int(any(faults for line in lines for faults in line.faults.values()))


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


def _table(seed: int, lines: list[Line]) -> None:
    head = "".join(f"{kind:>8}" for kind in _KINDS)
    print(
        f"\nseed {seed}\n{'cell':<32}{'s':>5}{'events':>8}{'refreshes':>11}{'events/s':>10}{head}"
    )
    for line in lines:
        counts = "".join(f"{len(line.faults.get(kind, ())):>8}" for kind in _KINDS)
        print(
            f"{line.cell:<32}{line.seconds:>5.0f}{line.events:>8}{line.refreshes:>11}"
            f"{line.throughput:>10.1f}{counts}  {line.notes}"
        )
    for line in lines:
        for kind, faults in line.faults.items():
            for fault in faults[:10]:
                print(f"  {line.cell}: {kind}: {fault}")


if __name__ == "__main__":
    sys.exit(main())
