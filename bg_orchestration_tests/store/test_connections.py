"""Connections: kept, bounded, and not shared with a forked process."""

import os
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, text

from bg_orchestration.store.database import reading, writing


def backend(engine: Engine) -> int:
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            return id(connection.connection.driver_connection)
        pid: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        return pid


def test_a_connection_is_kept_and_used_again(engine: Engine) -> None:
    assert len({backend(engine) for _ in range(20)}) == 1


def test_a_process_keeps_three_sessions_of_postgresql(engine: Engine) -> None:
    """More are opened while more threads ask at once, and closed after use."""
    if engine.dialect.name == "sqlite":
        return
    together = Barrier(8)

    def ask() -> None:
        with writing(engine) as connection:
            connection.execute(text("SELECT 1"))
            together.wait()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.pool.checkedin() == 3  # type: ignore[attr-defined]


# Newer Pythons warn of threads that a fork leaves behind; those of this process are at rest.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(engine: Engine) -> None:
    mine = backend(engine)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            kept = engine.pool.checkedin()  # type: ignore[attr-defined]
            os.write(write, f"{kept} {backend(engine)}".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    kept, theirs = os.read(read, 100).decode().split()
    assert kept == "0"
    if engine.dialect.name == "postgresql":
        assert int(theirs) != mine
    # The parent's connection still works.
    assert backend(engine) == mine
