"""The cells: what happens to the running system while events keep coming."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg2

from bg_orchestration_tests.crash.kills import Killer, schedule
from bg_orchestration_tests.crash.postgres import Postgres
from bg_orchestration_tests.crash.sending import PAUSE_SECONDS
from bg_orchestration_tests.end_to_end.system import Up

# Longer than the lease of the suite, which is 8 s.
_BEYOND_LEASE = 14.0
_CONNECTIONS = 300
_FIND_SECONDS = 40.0


@dataclass
class Surroundings:
    """What a cell may reach: the system, its database, and where it may write."""

    up: Up
    postgres: Postgres
    points: Path
    chance: random.Random
    soak_seconds: float
    notes: list[str] = field(default_factory=list)

    def parts(self, word: str) -> list[psutil.Process]:
        """Return the children of `bg up` whose command line has the word."""
        return [
            child
            for child in psutil.Process(self.up.process.pid).children()
            if child.status() != psutil.STATUS_ZOMBIE and word in child.cmdline()
        ]

    def workers(self) -> list[psutil.Process]:
        """Return the processes of the pool."""
        return [worker for part in self.parts("celery") for worker in part.children()]


@dataclass(frozen=True)
class Cell:
    """A named misfortune; `pause` is the longest pause of each of the three senders."""

    name: str
    happen: Callable[[Surroundings], None]
    pause: float = PAUSE_SECONDS


def _calm(_around: Surroundings) -> None:
    time.sleep(20)


def _soak(around: Surroundings) -> None:
    time.sleep(around.soak_seconds)


def _worker_crash(around: Surroundings) -> None:
    for _ in range(4):
        time.sleep(around.chance.uniform(1, 4))
        with suppress(psutil.Error, IndexError):
            around.chance.choice(around.workers()).kill()


def _repeated_kills(around: Surroundings) -> None:
    killer = Killer(around.up.process.pid, around.points, around.postgres, patience=10)
    kills = schedule(around.chance.randrange(10**6), postgres=True)
    give_up = time.monotonic() + 120
    while killer.done.total() < 8 and time.monotonic() < give_up:
        killer.carry_out(next(kills))
    around.notes.append(f"{killer.done.total()} kills")


def _database_restart(around: Surroundings) -> None:
    for _ in range(3):
        time.sleep(around.chance.uniform(2, 5))
        os.kill(around.postgres.pid, signal.SIGINT)
        around.postgres.restart()


def _terminated_backends(around: Surroundings) -> None:
    count = 0
    until = time.monotonic() + 15
    while time.monotonic() < until:
        with _session(around) as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            count += cursor.fetchone()[0]
        time.sleep(around.chance.uniform(0.2, 1))
    around.notes.append(f"{count} backends")


def _pool_exhausted(around: Surroundings) -> None:
    connections = []
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if len(connections) < _CONNECTIONS:
            try:
                connections.append(psycopg2.connect(around.postgres.url))
                continue
            except psycopg2.OperationalError:
                pass
        time.sleep(0.2)
    around.notes.append(f"{len(connections)} idle connections")
    for connection in connections:
        connection.close()


def _idle_in_transaction(around: Surroundings) -> None:
    with _session(around, autocommit=False) as cursor:
        cursor.execute("SELECT count(*) FROM webhook_events")
        cursor.execute("UPDATE companies SET name = name WHERE company_id = 'crash-co-1'")
        time.sleep(20)


def _active_readers(around: Surroundings) -> None:
    over = threading.Event()

    def read() -> None:
        with _session(around) as cursor:
            while not over.is_set():
                cursor.execute(
                    "SELECT count(*) FROM webhook_events a, webhook_events b"
                    " WHERE a.company_id = b.company_id AND a.received_at < b.received_at"
                )

    readers = [threading.Thread(target=read, daemon=True) for _ in range(6)]
    for reader in readers:
        reader.start()
    time.sleep(20)
    over.set()
    for reader in readers:
        reader.join(60)


def _daemon_stopped(around: Surroundings) -> None:
    time.sleep(3)
    [daemon] = around.parts("bg_orchestration.ops.daemon")
    daemon.suspend()
    time.sleep(_BEYOND_LEASE)
    daemon.resume()
    time.sleep(3)


def _worker_stopped(around: Surroundings) -> None:
    """A worker stands still in the middle of an asset until another run has its company."""
    (around.points / "half-written").write_text("stop")
    (around.points / "half-written").rename(around.points / "mid-asset")
    give_up = time.monotonic() + _FIND_SECONDS
    stopped: list[psutil.Process] = []
    while not stopped and time.monotonic() < give_up:
        with suppress(psutil.Error):
            stopped = [
                worker for worker in around.workers() if worker.status() == psutil.STATUS_STOPPED
            ]
        time.sleep(0.1)
    (around.points / "mid-asset").unlink(missing_ok=True)
    time.sleep(_BEYOND_LEASE)
    for worker in stopped:
        worker.resume()
    (around.points / "mid-asset.fired").unlink(missing_ok=True)
    around.notes.append(f"{len(stopped)} stopped")


@contextmanager
def _session(
    around: Surroundings, *, autocommit: bool = True
) -> Iterator[psycopg2.extensions.cursor]:
    with ExitStack() as stack:
        connection = psycopg2.connect(around.postgres.url)
        stack.callback(connection.close)
        connection.autocommit = autocommit
        yield connection.cursor()


CELLS = (
    Cell("no trouble", _calm),
    Cell("worker crash", _worker_crash),
    Cell("database restart", _database_restart),
    Cell("repeated kills", _repeated_kills),
    Cell("backends terminated in a loop", _terminated_backends),
    Cell("300 idle connections", _pool_exhausted),
    Cell("idle in transaction", _idle_in_transaction),
    Cell("active readers", _active_readers),
    Cell("1.5 times the load", _calm, PAUSE_SECONDS / 1.5),
    Cell("daemon stopped and continued", _daemon_stopped),
    Cell("worker stopped in mid asset", _worker_stopped),
    Cell("soak", _soak),
)
