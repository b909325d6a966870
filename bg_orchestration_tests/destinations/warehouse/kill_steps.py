"""Kill an export before each change that it makes to the file system, and read what is left.

`python -m bg_orchestration_tests.destinations.warehouse.kill_steps URL ADDRESS HOME` prints a line
for each step: its number, `killed` or `done`, and the version that a reader finds then. A fork for
each export: the interpreter starts and imports once.
"""

import hashlib
import os
import pathlib
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from bg_orchestration.destinations.warehouse import parquet
from bg_orchestration.destinations.warehouse.export import export
from bg_orchestration.destinations.warehouse.targets import DuckDbFile, Manifest, target_of
from bg_orchestration.domain.warehouse_tables import TABLES
from bg_orchestration.store.database import engine_for

_MOST = 200


def version_of(address: Path) -> str:
    """Check that a reader finds one whole export; return its version."""
    if address.suffix == ".duckdb":
        with duckdb.connect(str(address), read_only=True) as database:
            for each in TABLES:
                database.execute(f"SELECT * FROM {each.name}").fetchall()
            [[version]] = database.execute(
                "SELECT value FROM export_facts WHERE name = 'version'"
            ).fetchall()
        return str(version)
    manifest = Manifest.parse((address / "current.json").read_bytes(), str(address))
    for file in manifest.tables.values():
        found = hashlib.sha256((address / file["file"]).read_bytes()).hexdigest()
        assert found == file["sha256"]
    linked = (address / "current").resolve()
    assert linked.parent == (address / "versions").resolve()
    for each in TABLES:
        pq.read_metadata(linked / f"{each.name}.parquet")
    return manifest.version


def die_at(steps: int) -> None:
    """Make this process kill itself before the given change of the file system."""
    left = steps

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **options)

        return wrapped

    for module, name in (
        *((pathlib.Path, name) for name in ("mkdir", "rename", "replace", "symlink_to", "unlink")),
        (os, "fsync"),
        (shutil, "rmtree"),
        (parquet, "write_table"),
    ):
        setattr(module, name, counted(getattr(module, name)))


def forked(work: Callable[[], object]) -> int:
    """Run `work` in a fork; return its wait status."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    return os.waitpid(child, 0)[1]


def main(url: str, address: str, home: str) -> None:
    """Kill an export at each of its steps until one comes to its end.

    A DuckDB file is staged as a folder is; its steps begin with `publish`.
    """
    for steps in range(_MOST):

        def work(steps: int = steps) -> None:
            target: Any = target_of(address, Path(home))
            if isinstance(target, DuckDbFile):
                publish = target.publish

                def publish_and_die(manifest: Manifest) -> None:
                    die_at(steps)
                    publish(manifest)

                target.publish = publish_and_die  # type: ignore[method-assign]
            else:
                die_at(steps)
            export(engine_for(url), target)

        status = forked(work)
        outcome = "killed" if status == signal.SIGKILL else "done" if status == 0 else "failed"

        def check(line: str = f"{steps} {outcome}") -> None:
            print(line, version_of(Path(address)), flush=True)

        if forked(check) != 0 or outcome != "killed":
            break


if __name__ == "__main__":
    main(*sys.argv[1:])
