"""One daemon works on a Dagster instance in PostgreSQL; the others stand by.

Dagster looks for a run key first and creates the run then, so two working daemons could create two
runs for a key. An instance in SQLite belongs to one machine, where `bg up` locks its folder.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from dagster import DagsterInstance
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.ops.kept_connections import kept_engine
from bg_orchestration.store.locks import Lock, acquire_lock

_PAUSE_SECONDS: Final = 1.0
# A daemon that lost the lock to another one ends after so many looks.
_REFUSALS: Final = 4
# A daemon that waited begins later than that, so the two do not overlap.
_GRACE_SECONDS: Final = 10.0
# PostgreSQL ends the transaction of a daemon that is frozen or whose machine is lost.
_LIMIT: Final = text("SET LOCAL idle_in_transaction_session_timeout = '20s'")
_PING: Final = text("SELECT 1")

_logger = logging.getLogger("dagster.daemon")


@contextmanager
def daemon_lock(instance: DagsterInstance) -> Iterator[None]:
    """Wait until no other daemon works on the instance, and let others wait.

    The lock lasts as long as a transaction, which works through PgBouncer too. It holds no rows and
    no snapshot. The process ends at once when another daemon got the lock after a lost connection.
    """
    url: str | None = getattr(instance.run_storage, "postgres_url", None)
    if url is None:
        yield
        return
    driver = make_url(url).set(drivername="postgresql+psycopg2")
    engine = kept_engine(driver.render_as_string(hide_password=False))
    held, over = _acquire(engine), threading.Event()
    waited = held is None
    if waited:
        _logger.warning("Another daemon works on this Dagster instance; this one stands by")
    while held is None:
        time.sleep(_PAUSE_SECONDS)
        with suppress(SQLAlchemyError):
            held = _acquire(engine)
    keeper = threading.Thread(target=_keep, args=(engine, held, over), name="daemon-lock")
    keeper.daemon = True
    keeper.start()
    try:
        if waited:
            time.sleep(_GRACE_SECONDS)
            _logger.warning("The other daemon has ended; this one works now")
        yield
    finally:
        over.set()
        keeper.join()


def _acquire(engine: Engine) -> Connection | None:
    """Begin the transaction that holds the lock; `None` while another daemon holds it."""
    connection = engine.connect().execution_options(isolation_level="READ COMMITTED")
    try:
        connection.begin()
        connection.execute(_LIMIT)
        if acquire_lock(connection, Lock.DAEMON, wait=False):
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def _keep(engine: Engine, held: Connection | None, over: threading.Event) -> None:
    """Keep the transaction in use; take the lock again after a lost connection."""
    refusals = 0
    while not over.wait(_PAUSE_SECONDS):
        try:
            if held is not None:
                held.execute(_PING)
            elif (held := _acquire(engine)) is not None:
                refusals = 0
            elif (refusals := refusals + 1) == _REFUSALS:
                _logger.error("Another daemon took over this Dagster instance; this one ends")
                os._exit(1)
        except SQLAlchemyError:
            # Nothing is lost while the database is away: no daemon can create a run then.
            _release(held)
            held = None
    _release(held)


def _release(held: Connection | None) -> None:
    if held is not None:
        with suppress(SQLAlchemyError):
            held.close()
