"""Connections and transactions, with the same behaviour on SQLite and PostgreSQL."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

from bg_orchestration.observability.traces import span
from bg_orchestration.settings import secret_file_content
from bg_orchestration.store.locks import note_begin

# The newest migration; a test compares it with Alembic's head, which is slow to import.
SCHEMA_VERSION = "0017"
# The oldest schema that this code works on: the newest migration of the phase `before`. Write it
# out while migrations of the phase `after` stand behind it.
SCHEMA_NEEDED = SCHEMA_VERSION

_BUSY_SECONDS = 30
_STATEMENT_SECONDS = 30
# Under load a transaction waits for the admission lock for less than a second.
_LOCK_SECONDS = 20
# A process that is frozen inside a transaction holds locks that all others wait for.
_IDLE_SECONDS = 60
_CONNECT_SECONDS = 5
# A process keeps this many connections open; under load it opens more and closes them after use.
_KEPT_CONNECTIONS = 3
_MORE_CONNECTIONS = 7
_WRITE = "bg_write"
_FILE = "bg_file"
# SQLite calls the progress handler after this many steps, which take some milliseconds.
_STEPS = 100_000

# https://www.sqlite.org/rescode.html: what is wrong with a statement or a value.
_SQLITE_REFUSALS = frozenset({"ERROR", "CONSTRAINT", "MISMATCH", "TOOBIG", "RANGE", "MISUSE"})
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, transaction state,
# transaction rollback, resources, object state, operator intervention, system, internal error.
_POSTGRES_OUTAGES = frozenset({"08", "25", "40", "53", "55", "57", "58", "XX"})
_NO_PRIVILEGE = "42501"
_READ_ONLY = "25006"
_LIMITS = {
    "statement_timeout": f"{_STATEMENT_SECONDS}s",
    "lock_timeout": f"{_LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s",
}
_WITHOUT_LIMITS = "bg_without_limits"


class SchemaError(Exception):
    """The database has no tables, or tables of another version."""


def engine_for(url: str) -> Engine:
    """Return the engine of `url`, one for each process; a fork makes its own connections.

    SQLite: WAL so that readers never wait, `synchronous=FULL` so that a commit survives a power
    cut, foreign keys, and a busy time-out of 30 s. PostgreSQL: psycopg2, a statement time-out of
    30 s, well under the 60 s that Dagster grants a sensor, a lock time-out of 20 s, and a pool that
    checks connections before use, so that a restarted server needs no restart of ours. The pool
    keeps three connections open and has at most ten. TLS, several hosts and other options of libpq
    stand in the URL, such as `?sslmode=verify-full&sslrootcert=/run/ca.pem`. PgBouncer in
    transaction mode may stand between. Errors never quote parameters: they may be personal.

    Raises:
        SchemaError: `url` names no usable database; the message says what to write.
    """
    if url not in _engines:
        with _making:
            if url not in _engines:
                _engines[url] = _make_engine(url)
    return _engines[url]


def _forget_connections() -> None:
    """Drop the parent's connections after a fork, because two processes cannot share a socket."""
    global _making
    _making = threading.Lock()
    for engine in _engines.values():
        engine.dispose(close=False)


_engines: dict[str, Engine] = {}
_making = threading.Lock()
os.register_at_fork(after_in_child=_forget_connections)


def _make_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SchemaError(
            "BG_DATABASE_URL is no database URL; write sqlite:///FILE or postgresql://..."
        ) from None
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            _make_folder(Path(parsed.database).parent)
        engine = create_engine(
            parsed,
            connect_args={"timeout": _BUSY_SECONDS},
            hide_parameters=True,
        )
        if parsed.database and parsed.database != ":memory:":
            event.listen(engine, "do_connect", _create_private)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg2"),
            hide_parameters=True,
            pool_size=_KEPT_CONNECTIONS,
            max_overflow=_MORE_CONNECTIONS,
            pool_timeout=_CONNECT_SECONDS,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                # A server that vanished counts as gone after 15 s, not after hours.
                "keepalives_idle": 5,
                "keepalives_interval": 5,
                "keepalives_count": 2,
                "tcp_user_timeout": 15_000,
                "options": " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())
                + " -c timezone=UTC",
            },
        )
        follow_password(engine, parsed, "database_url")
        event.listen(engine, "connect", _note_limits)
        event.listen(engine, "begin", _limit_transaction)
        event.listen(engine, "handle_error", leave_standby)
        return engine
    raise SchemaError(
        f"BG_DATABASE_URL: {parsed.get_backend_name()} is neither sqlite nor postgresql"
    )


def _make_folder(folder: Path) -> None:
    try:
        # Parents get the usual mode; the folder of the database is its owner's alone.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SchemaError(
            f"The database's folder {folder} cannot be made: {error.strerror}. Set BG_HOME to a "
            "folder that you may write to."
        ) from None


def _create_private(_dialect: Any, _record: Any, arguments: Any, _options: Any) -> None:
    """Create a missing file readable by its owner alone; the files beside it get its mode."""
    with suppress(OSError):
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver begins transactions only before writes; `_begin_sqlite` begins each of them.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info[_FILE] = (file, _identity(file)) if file else None


def _identity(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - twice for each transaction
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _check_file(connection: Connection) -> None:
    """Check that the database is still the file of its name.

    A commit into a deleted file succeeds, and its rows are gone with the last connection.

    Raises:
        OperationalError: the file was replaced or deleted; the next transaction opens the new one.
    """
    opened = connection.info.get(_FILE)
    if opened and _identity(opened[0]) != opened[1]:
        connection.invalidate()
        error = OSError("its file was replaced or deleted")
        raise OperationalError("", None, error)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another one committed
    # between, whatever the time-out: a writing transaction takes its lock at the start.
    _check_file(connection)
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    note_begin(connection)


def _note_limits(connection: Any, record: Any) -> None:
    # PgBouncer in transaction mode does not pass the options of the connection on.
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        record.info[_WITHOUT_LIMITS] = cursor.fetchone()[0] in ("0", "0s")
    connection.rollback()


def _limit_transaction(connection: Connection) -> None:
    if connection.info.get(_WITHOUT_LIMITS):
        limits = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in _LIMITS.items())
        connection.exec_driver_sql(limits)


def leave_standby(context: ExceptionContext) -> None:
    """Close the connections to a server that became read-only; a listener for `handle_error`.

    After a failover the old connections may lead to the server that is now a standby.
    """
    if getattr(context.original_exception, "pgcode", None) == _READ_ONLY:
        context.is_disconnect = True


def follow_password(engine: Engine, url: URL, field: str) -> None:
    """Let new connections take user and password from the file of a setting, if it has one.

    A password that is rotated in the file needs no restart.

    Args:
        engine: the engine of `url`.
        url: the URL that was read at the start.
        field: the setting that holds the URL, such as `database_url`.
    """

    def read_again(
        _dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]
    ) -> None:
        if (content := secret_file_content(field)) is None:
            return
        present = make_url(content).set(drivername=url.drivername)
        # The file of the setting may be about another database, such as a test's.
        if present.set(username="", password="") == url.set(username="", password=""):
            parameters |= {"user": present.username, "password": present.password}

    event.listen(engine, "do_connect", read_again)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a writing transaction: commit at the end of the block, roll back on an error."""
    with (
        _transaction(engine, "write"),
        engine.connect().execution_options(**{_WRITE: True}) as connection,
    ):
        with connection.begin():
            yield connection
        if engine.dialect.name == "sqlite":
            _check_file(connection)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a reading transaction: one snapshot on both databases."""
    with _transaction(engine, "read"), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def reading_within(engine: Engine, seconds: float) -> Iterator[Connection]:
    """Open a reading transaction whose statements take at most `seconds` each.

    Raises:
        OperationalError: a statement took longer.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            limit = {"limit": f"{int(seconds * 1000)}ms"}
            connection.execute(text("SELECT set_config('statement_timeout', :limit, true)"), limit)
            yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        until = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield connection
        finally:
            driver.set_progress_handler(None, _STEPS)


def _transaction(engine: Engine, operation: str) -> AbstractContextManager[object]:
    """Open the span of a transaction; it includes the wait for a connection or a lock."""
    system = engine.dialect.name
    facts = {"db.system.name": system, "db.operation.name": operation}
    return span(f"{operation} {system}", "client", facts)


@contextmanager
def commit_watcher(engine: Engine) -> Iterator[Callable[[], bool]]:
    """Yield a function: has another connection possibly committed since the last call?

    On SQLite it reads one counter of the file; on PostgreSQL it is always true.
    """
    if engine.dialect.name != "sqlite":
        yield lambda: True
        return
    version = -1
    # SQLite keeps the counter for each connection, so one connection reads it every time.
    with engine.connect() as connection:

        def changed() -> bool:
            nonlocal version
            before, version = (
                version,
                connection.exec_driver_sql("PRAGMA data_version").scalar_one(),
            )
            connection.rollback()
            return bool(before != version)

        yield changed


def clock(connection: Connection) -> datetime:
    """Return the database's time in UTC; receiver, planner and runs share this clock."""
    if connection.dialect.name == "sqlite":
        now = connection.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(now).replace(tzinfo=UTC)
    stamp: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return stamp.astimezone(UTC)


def schema_version(engine: Engine) -> str | None:
    """Return the newest migration that ran on the tables, `None` without tables."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
        return version


def check_schema(engine: Engine) -> None:
    """Check that this code works on the tables.

    They may be older by migrations that run after the code, and newer by migrations that run before
    the code of the next version.

    Raises:
        SchemaError: they are missing, too old or too new; the message names the command to run.
        OperationalError: the database cannot be reached.
    """
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            raise SchemaError("The database holds no tables yet. Create them: bg db upgrade")
        row = connection.execute(text("SELECT * FROM alembic_version")).mappings().one_or_none()
    version: str | None = row["version_num"] if row else None
    if row is None or version is None or version < SCHEMA_NEEDED:
        raise SchemaError(
            f"The database is at schema {version}, this version needs {SCHEMA_NEEDED}. "
            "Bring it up to date: bg db upgrade"
        )
    if version > SCHEMA_VERSION and (row.get("oldest_code") or version) > SCHEMA_VERSION:
        raise SchemaError(
            f"The database is at schema {version}, newer than {SCHEMA_VERSION}, which this version "
            "knows. Install the version that made it."
        )


def upgrade_schema(engine: Engine) -> None:
    """Migrate the tables to the newest version, if they are older; `store.upgrade` has more."""
    # Alembic is slow to import, and a run needs none of it.
    from bg_orchestration.store.upgrade import upgrade

    upgrade(engine)


def is_outage(error: Exception) -> bool:
    """Whether an error means an outage of the database, not a wrong statement or value.

    A lost connection, a full disk, a lock that was not granted, a time-out and a missing privilege
    are outages. A value that a column or an index refuses is none, although drivers raise an
    `OperationalError` for some of them.
    """
    if not isinstance(error, DBAPIError):
        # Pool, transaction and connection state; a `StatementError` is about one value.
        return isinstance(error, SQLAlchemyError) and not isinstance(error, StatementError)
    if error.connection_invalidated:
        return True
    sqlite: str | None = getattr(error.orig, "sqlite_errorname", None)
    if sqlite is not None:
        return sqlite.split("_")[1] not in _SQLITE_REFUSALS
    code: str | None = getattr(error.orig, "pgcode", None)
    return code is None or code[:2] in _POSTGRES_OUTAGES or code == _NO_PRIVILEGE


def describe_outage(error: SQLAlchemyError) -> str:
    """Describe an outage in one line, without URL, statement or parameters."""
    cause = getattr(error, "orig", None)
    line = str(cause or type(error).__name__).strip().splitlines()[0]
    if "disk is full" in line:
        return "The disk of the database is full. Free space, or set BG_HOME to another disk."
    if "file is not a database" in line:
        return "The database's file is no SQLite database. Restore a backup, or set BG_HOME."
    kind = "cannot be reached" if isinstance(error, OperationalError) else "refused"
    return f"The database {kind}: {line}"
