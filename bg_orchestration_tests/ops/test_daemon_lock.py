"""One daemon works on an instance in PostgreSQL, also when connections are lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bg_orchestration.ops import daemon_lock as module
from bg_orchestration.ops.daemon_lock import daemon_lock
from bg_orchestration.ops.postgres_storage import PostgresStorage
from bg_orchestration.store.database import engine_for
from bg_orchestration.store.locks import Lock

_HOLDERS = text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :lock"
)


@pytest.fixture
def instance(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(module, "_GRACE_SECONDS", 0.0)
    return SimpleNamespace(run_storage=PostgresStorage(postgres_url, False).run_storage)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Exit codes of daemons that would end their process."""
    codes: list[int] = []
    monkeypatch.setattr(module.os, "_exit", codes.append)
    return codes


@contextmanager
def holder(engine: Engine) -> Iterator[None]:
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": Lock.DAEMON})
        yield


def cut(engine: Engine) -> None:
    """End the session that holds the lock, as PgBouncer or the server may."""
    with engine.begin() as connection:
        [pid] = connection.scalars(_HOLDERS, {"lock": Lock.DAEMON})
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_a_second_daemon_waits_for_the_end_of_the_first(instance: Any) -> None:
    works = threading.Event()

    def second() -> None:
        with daemon_lock(instance):
            works.set()

    with daemon_lock(instance):
        thread = threading.Thread(target=second)
        thread.start()
        assert not works.wait(0.3)
    thread.join()
    assert works.is_set()


def test_a_lost_connection_is_replaced(instance: Any, postgres_url: str, ends: list[int]) -> None:
    engine = engine_for(postgres_url)
    with daemon_lock(instance), engine.connect() as connection:
        [first] = connection.scalars(_HOLDERS, {"lock": Lock.DAEMON})
        cut(engine)
        pids = [first]
        while pids in ([], [first]):
            pids = list(connection.scalars(_HOLDERS, {"lock": Lock.DAEMON}))
            connection.rollback()
    assert ends == []


def test_a_daemon_whose_lock_another_one_took_ends(
    instance: Any, postgres_url: str, ends: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, may_look = engine_for(postgres_url), threading.Event()
    acquire = module._acquire
    with daemon_lock(instance):
        monkeypatch.setattr(module, "_acquire", lambda each: may_look.wait() and acquire(each))
        cut(engine)
        with holder(engine):
            may_look.set()
            while not ends:
                pass
    assert ends == [1]


def test_an_instance_in_sqlite_needs_no_lock() -> None:
    with daemon_lock(SimpleNamespace(run_storage=object())):  # type: ignore[arg-type]
        pass
