"""`make privacy-check`: exit code 1, and the places by kind, if anybody's data got out."""

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

from bg_orchestration_tests.privacy.demo import push_through
from bg_orchestration_tests.privacy.places import contents
from bg_orchestration_tests.privacy.search import search
from bg_orchestration_tests.privacy.values import Values


def main() -> int:
    """Push the demo through, search what it left behind."""
    parser = argparse.ArgumentParser(prog="python -m bg_orchestration_tests.privacy")
    parser.add_argument("--keep", type=Path, help="an empty folder to leave everything in")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="bg-privacy-") as temporary:
        home = asked.keep or Path(temporary)
        values = push_through(home, lambda line: print(line, flush=True))
        print("Searching ...", flush=True)
        return report(home, values)


def report(home: Path, values: Values) -> int:
    """Search `home` and print what was found; the exit code."""
    found = search(values, contents(home))
    for line in found.lines():
        print(line)
    return int(found.total > 0)


if __name__ == "__main__":
    sys.exit(main())
