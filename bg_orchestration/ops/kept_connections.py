"""A process keeps its connections to Dagster's storage between statements."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Engine, Pool, create_engine, event, make_url

from bg_orchestration.store.database import follow_password, leave_standby

POOL_SIZE: Final = 3
_WAIT_SECONDS: Final = 30

_engines: list[Engine] = []
# A child process must not close what its parent uses, so the pools live as long as the child.
_pools_of_the_parent: list[Pool] = []
_threads: Final = threading.local()


@cache
def kept_engine(url: str, statement_milliseconds: int | None = None) -> Engine:
    """Return the process's engine of `url`, with at most `POOL_SIZE` idle connections.

    A connection is checked before use, and a forked process opens its own. On SQLite a commit
    survives a crash of the process, and the last commits may be lost with the machine's power
    (`synchronous=NORMAL`): our own tables hold everything that must survive.

    Args:
        url: an SQLAlchemy URL of SQLite or PostgreSQL.
        statement_milliseconds: time after which PostgreSQL cancels a statement; `None`: never.
    """
    sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        # A thread of the webserver or the daemon may need a second connection.
        max_overflow=0 if sqlite else POOL_SIZE,
        pool_timeout=_WAIT_SECONDS,
        pool_pre_ping=True,
        # The pool uses the newest connection first, so a burst leaves no idle session in use.
        pool_use_lifo=True,
        **(_SQLITE if sqlite else _postgres(statement_milliseconds)),
    )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        follow_password(engine, make_url(url), "dagster_postgres_url")
        event.listen(engine, "handle_error", leave_standby)
    _engines.append(engine)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction on a kept connection; a nested transaction joins the outer one."""
    connections: dict[Engine, Connection] = _threads.__dict__.setdefault("held", {})
    if engine in connections:
        yield connections[engine]
        return
    with engine.begin() as connection:
        connections[engine] = connection
        try:
            yield connection
        finally:
            del connections[engine]


_SQLITE: Final[dict[str, Any]] = {"connect_args": {"timeout": _WAIT_SECONDS}}


def _postgres(statement_milliseconds: int | None) -> dict[str, Any]:
    # As in Dagster, each statement is a transaction of its own by default. The client gives up a
    # silent server after 15 s, not after hours.
    limits: dict[str, Any] = {
        "connect_timeout": 10,
        "keepalives_idle": 5,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 15_000,
    }
    if statement_milliseconds:
        limits["options"] = f"-c statement_timeout={statement_milliseconds}"
    return {"isolation_level": "AUTOCOMMIT", "connect_args": limits}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _close_idle() -> None:
    # SQLite keeps locks by process and file: a child that opens a file which its parent has open
    # would believe that it holds the parent's locks.
    for engine in _engines:
        engine.dispose()


def _open_own_connections() -> None:
    _threads.__dict__.clear()
    for engine in _engines:
        _pools_of_the_parent.append(engine.pool)
        engine.dispose(close=False)


os.register_at_fork(before=_close_idle, after_in_child=_open_own_connections)
