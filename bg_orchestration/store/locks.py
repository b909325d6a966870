"""Every advisory lock of the project, and the order in which a transaction takes them.

A lock lasts until its transaction ends. Two rules prevent deadlocks. `acquire_lock` checks both on
both databases:

1. A transaction takes its locks in the order of `Lock`.
2. It takes them before it writes its first row, because rows are locks too.

A transaction may take a lock again that it already holds, anywhere.
"""

from enum import IntEnum
from typing import Any, Final

from sqlalchemy import Connection, text


class Lock(IntEnum):
    """The locks in their order; the value is the number of PostgreSQL's advisory lock.

    Attributes:
        MIGRATION: changes the tables.
        ADMISSION: plans, enqueues, starts or ends a refresh; the limits are counted under it.
        DIRECTORY: adds companies, people or jobs; two writers could both find them missing.
        LEDGER: reserves or settles a provider call; budget and rate limits are counted under it.
        DELIVERY: claims an address that messages are sent to.
        DAEMON: works on a Dagster instance; taken in Dagster's database, with no other lock.
    """

    MIGRATION = 7_266_001
    ADMISSION = 7_266_002
    DIRECTORY = 7_266_003
    LEDGER = 7_266_005
    DELIVERY = 7_266_006
    DAEMON = 7_266_007


class LockOrderError(Exception):
    """A transaction takes a lock in an order that can deadlock: a fault of the program."""


_HELD: Final = "bg_locks"
_CHANGES: Final = "bg_changes"
# The second column says whether the transaction has written; only a writer has an id.
_ACQUIRE: Final = text(
    "SELECT pg_advisory_xact_lock(:lock) IS NOT NULL, pg_current_xact_id_if_assigned() IS NOT NULL"
)
_TRY: Final = text(
    "SELECT pg_try_advisory_xact_lock(:lock), pg_current_xact_id_if_assigned() IS NOT NULL"
)


def acquire_lock(connection: Connection, lock: Lock, *, wait: bool = True) -> bool:
    """Take `lock` until the transaction ends; return whether the transaction holds it.

    PostgreSQL takes an advisory lock. SQLite has one writer at a time, so that a writing
    transaction holds every lock from its start.

    Args:
        connection: a writing transaction.
        lock: which lock.
        wait: whether to wait for another transaction that holds the lock.

    Raises:
        LockOrderError: the transaction holds a later lock, or has written rows.
    """
    locks = _held_locks(connection)
    if lock in locks:
        return True
    if later := [other.name for other in locks if other > lock]:
        raise LockOrderError(f"{lock.name} is taken after {', '.join(later)}; see store.locks")
    if connection.in_nested_transaction():
        raise LockOrderError(
            f"{lock.name} is taken inside a savepoint, whose rollback would release it"
        )
    if connection.dialect.name == "postgresql":
        acquired, wrote = connection.execute(_ACQUIRE if wait else _TRY, {"lock": lock.value}).one()
    else:
        acquired, wrote = True, _changes(connection) != connection.info.get(_CHANGES)
    if wrote:
        raise LockOrderError(f"{lock.name} is taken after the first write; see store.locks")
    if acquired:
        locks.add(lock)
    return bool(acquired)


def note_begin(connection: Connection) -> None:
    """Record the number of rows that a SQLite connection has changed before a transaction."""
    connection.info[_CHANGES] = _changes(connection)


def _held_locks(connection: Connection) -> set[Lock]:
    """Return the locks of the present transaction; those of an earlier one are gone."""
    transaction = connection.get_transaction()
    owner: object
    locks: set[Lock]
    owner, locks = connection.info.get(_HELD, (None, set()))
    if owner is not transaction:
        locks = set()
        connection.info[_HELD] = (transaction, locks)
    return locks


def _changes(connection: Connection) -> int:
    driver: Any = connection.connection.driver_connection
    changes: int = driver.total_changes
    return changes
