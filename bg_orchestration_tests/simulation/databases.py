"""Empty databases for simulations, one after the other, as fast as possible."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import Engine, make_url

from bg_orchestration.store import database as database_module
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration.store.schema.tables import metadata
from bg_orchestration_tests.postgres_server import running_server
from bg_orchestration_tests.simulation.database import changed

# More tasks at once than a real process has threads; each may hold a connection.
_CONNECTIONS = 60

# An engine on an empty database, and the connection that watches its locks.
Fresh = Callable[[], tuple[Engine, Any]]


@contextmanager
def sqlite() -> Iterator[Fresh]:
    """Empty SQLite files, in memory where the machine has a folder for it."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        template, path = Path(folder) / "template.sqlite3", Path(folder) / "simulated.sqlite3"
        made = engine_for(f"sqlite:///{template}")
        upgrade_schema(made)
        made.dispose()
        engine = _engine(f"sqlite:///{path}")

        def fresh() -> tuple[Engine, Any]:
            engine.dispose()
            for left in Path(folder).glob("simulated.sqlite3*"):
                left.unlink()
            shutil.copy(template, path)
            return engine, None

        yield fresh
        engine.dispose()


@contextmanager
def postgres() -> Iterator[Fresh]:
    """One PostgreSQL database on a server of its own, emptied each time."""
    with running_server("bg-simulation-") as url:
        with _connected(url) as cursor:
            # No statistics: an order of rows that is left open depends on nothing but the seed.
            cursor.execute("ALTER SYSTEM SET autovacuum = off")
            cursor.execute("SELECT pg_reload_conf()")
        with postgres_at(url) as fresh:
            yield fresh


@contextmanager
def postgres_at(url: str) -> Iterator[Fresh]:
    """A PostgreSQL database that has no tables yet, emptied each time."""
    upgrade_schema(engine_for(url))
    engine_for(url).dispose()
    name = make_url(url).database
    with _connected(url) as cursor:
        # Two transactions that wait for each other are told soon; no disk is waited for.
        cursor.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '50ms'")
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    engine = _engine(url)
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    with _connected(url) as cursor:

        def fresh() -> tuple[Engine, Any]:
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
            return engine, cursor.connection

        yield fresh
    engine.dispose()


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


def _engine(url: str) -> Engine:
    """An engine of the code's own making, with room for every task."""
    with changed([(database_module, "_MORE_CONNECTIONS", _CONNECTIONS)]):
        engine = database_module._make_engine(url)
    if engine.dialect.name == "sqlite":
        engine.pool._max_overflow = _CONNECTIONS  # type: ignore[attr-defined]
    return engine


KINDS = {"sqlite": sqlite, "postgres": postgres}
