"""A real database under the scheduler: turns at statements, faults at commits, locks that wait.

The engine is the one of the code under test; its events and its dialect's commit are hooked.
"""

import contextlib
import select
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import psycopg2
import psycopg2.extensions as drivers
from sqlalchemy import Connection, Engine, event

from bg_orchestration_tests.simulation.scheduler import Killed, Scheduler, Task

Fault = Literal["before", "after", "broken", "killed before", "killed after"]
FAULTS: tuple[Fault, ...] = ("before", "after", "broken", "killed before", "killed after")
# A statement that takes longer may wait for a lock: the server is then asked.
_QUICK_SECONDS = 0.004
# Shorter than a renewal of the lease may be late.
_LONGEST_STALL = 10.0


@dataclass
class Rates:
    """How often what happens at a statement or a commit.

    Attributes:
        turn: the turn ends at a statement.
        commit_fault: a commit fails, or its answer is lost.
        kill: the process dies at a statement.
        stall: the process stands still at a statement, with its locks.
    """

    turn: float = 0.3
    commit_fault: float = 0.0
    kill: float = 0.0
    stall: float = 0.0

    def end_trouble(self) -> None:
        """Let everything succeed from now on."""
        self.commit_fault = self.kill = self.stall = 0.0


class SimulatedDatabase:
    """Hooks an engine for one simulation; `close` takes the hooks away.

    Attributes:
        commits: how many commits were carried out.
        faults: how often each fault happened at a commit.
    """

    def __init__(
        self, engine: Engine, scheduler: Scheduler, rates: Rates, monitor: Any = None
    ) -> None:
        self.engine = engine
        self.rates = rates
        self.commits = 0
        self.faults: dict[str, int] = {}
        self._scheduler = scheduler
        self._monitor = monitor
        # SQLite has one writer: others wait here, since waiting in the driver would stop all tasks.
        self._writer: Any = None
        self._waiting: dict[Task, Any] = {}
        self._sqlite = engine.dialect.name == "sqlite"
        self._commit = engine.dialect.do_commit
        self._rollback = engine.dialect.do_rollback
        self._terminate = engine.dialect.do_terminate
        engine.dialect.do_commit = self._do_commit  # type: ignore[method-assign]
        engine.dialect.do_rollback = self._do_rollback  # type: ignore[method-assign]
        engine.dialect.do_terminate = self._do_terminate  # type: ignore[method-assign]
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "before_cursor_execute", self._execute)
        if not self._sqlite:
            drivers.set_wait_callback(self._wait)

    def close(self) -> None:
        """Take the hooks away, and close the connections."""
        event.remove(self.engine, "begin", self._begin)
        event.remove(self.engine, "before_cursor_execute", self._execute)
        del self.engine.dialect.do_commit
        del self.engine.dialect.do_rollback
        del self.engine.dialect.do_terminate
        if not self._sqlite:
            drivers.set_wait_callback(None)
        self.engine.dispose()

    def _begin(self, _connection: Connection) -> None:
        if not self._sqlite:
            self._scheduler.pause()

    def _execute(self, connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        task = self._scheduler.current
        if task is None:
            return
        chance = self._scheduler.chance.random()
        if chance < self.rates.kill:
            task.process.killed = True
        if task.process.killed:
            raise Killed
        if statement == "BEGIN IMMEDIATE":
            self._scheduler.pause(waits=lambda: self._writer is None)
            self._writer = driver(connection.connection)
        elif chance < self.rates.kill + self.rates.stall:
            self._scheduler.pause(self._scheduler.chance.random() * _LONGEST_STALL)
        elif statement == "BEGIN" or chance > 1 - self.rates.turn:
            self._scheduler.pause()

    def _do_commit(self, dbapi_connection: Any) -> None:
        dbapi_connection = driver(dbapi_connection)
        task = self._scheduler.current
        if task is None:
            self._commit(dbapi_connection)
            return
        if task.process.killed:
            raise Killed
        self._scheduler.pause()
        fault = self._fault(task)
        if fault in ("before", "broken", "killed before"):
            task.notes.pop(dbapi_connection, None)
            self._rollback(dbapi_connection)
            if fault == "broken" and not self._sqlite:
                dbapi_connection.close()
        else:
            self._commit(dbapi_connection)
            self.commits += 1
            for note in task.notes.pop(dbapi_connection, ()):
                note()
        self._over(dbapi_connection)
        if fault in ("killed before", "killed after"):
            task.process.killed = True
            raise Killed
        if fault is not None:
            kind = sqlite3.OperationalError if self._sqlite else psycopg2.OperationalError
            raise kind("server closed the connection unexpectedly")

    def _fault(self, task: Task) -> Fault | None:
        """Choose what happens to a commit, mostly nothing."""
        if self._scheduler.chance.random() >= self.rates.commit_fault:
            return None
        fault = self._scheduler.chance.choice(FAULTS)
        self.faults[fault] = self.faults.get(fault, 0) + 1
        self._scheduler.note(f"{task.name}: {fault} commit")
        return fault

    def _do_rollback(self, dbapi_connection: Any) -> None:
        dbapi_connection = driver(dbapi_connection)
        if self._scheduler.current is not None:
            self._scheduler.current.notes.pop(dbapi_connection, None)
        with contextlib.suppress(psycopg2.InterfaceError, sqlite3.ProgrammingError):
            self._rollback(dbapi_connection)
        self._over(dbapi_connection)

    def _do_terminate(self, dbapi_connection: Any) -> None:
        """The connection of a killed process; a server rolls back when it hears of it."""
        self._do_rollback(dbapi_connection)
        self._terminate(dbapi_connection)

    def _over(self, dbapi_connection: Any) -> None:
        """A transaction has ended: whoever waits for its locks may go on."""
        if self._writer is dbapi_connection:
            self._writer = None
        for task, connection in list(self._waiting.items()):
            if not self._is_blocked(connection):
                del self._waiting[task]

    def _wait(self, connection: Any) -> None:
        """Wait for the server; while it waits for another task's lock, that one has its turns."""
        while (state := connection.poll()) != drivers.POLL_OK:
            task = self._scheduler.current
            if _is_ready(connection, state, _QUICK_SECONDS):
                continue
            if task is None or connection is self._monitor or not self._is_blocked(connection):
                continue
            self._waiting[task] = connection
            # A killed process gets its end at its next turn, when its rollback is in order.
            with contextlib.suppress(Killed):
                self._scheduler.pause(waits=lambda task=task: task not in self._waiting)

    def _is_blocked(self, connection: Any) -> bool:
        """Whether a connection's statement waits for a lock; wait until that is decided."""
        while not _is_ready(connection, drivers.POLL_READ, 0.0):
            with self._monitor.cursor() as cursor:
                cursor.execute(
                    "SELECT cardinality(pg_blocking_pids(%s))", (connection.info.backend_pid,)
                )
                if cursor.fetchone()[0]:
                    return True
            _is_ready(connection, drivers.POLL_READ, 0.0005)
        return False


def driver(connection: Any) -> Any:
    """Return the driver's connection; SQLAlchemy passes it or its own cover of it."""
    return getattr(connection, "dbapi_connection", connection)


def _is_ready(connection: Any, state: int, seconds: float) -> bool:
    reading, writing = ([connection], []) if state == drivers.POLL_READ else ([], [connection])
    return any(select.select(reading, writing, [], seconds))


@contextlib.contextmanager
def changed(changes: list[tuple[Any, str, Any]]) -> Iterator[None]:
    """Set attributes for the block."""
    old: list[tuple[Any, str, Any]] = []
    try:
        for owner, name, value in changes:
            old.append((owner, name, getattr(owner, name)))
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in reversed(old):
            setattr(owner, name, value)


def references(function: Any, replacement: Any) -> list[tuple[Any, str, Any]]:
    """Return the changes that replace a function in every module that imported it."""
    return [
        (module, name, replacement)
        for module_name, module in list(sys.modules.items())
        if module_name.startswith("bg_orchestration.")
        for name, value in list(vars(module).items())
        if value is function
    ]
