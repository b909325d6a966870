"""Attempts that end without a published group: failed, cancelled or deferred.

Every function works in its caller's writing transaction, under the admission lock. An attempt that
has ended already does not change.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, false, select, update

from bg_orchestration import names
from bg_orchestration.domain.admission import Limits, backoff
from bg_orchestration.ledger.ledger import release_requests
from bg_orchestration.refreshes.attempts import count_attempt, end_attempt, open_attempt
from bg_orchestration.refreshes.event_absorption import release_events, settle_events
from bg_orchestration.refreshes.open_work import CANCELLED
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.outbox import note
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import refresh_attempts

_ERROR_CHARACTERS: Final = 2_000


def fail(
    connection: Connection, refresh_id: str, attempt: int, error: str, limits: Limits
) -> str | None:
    """End the attempt number `attempt` as failed: the refresh is retried or dead.

    The retry comes after a backoff, which is short when no run started the attempt. Only started
    attempts count towards the limit, so a refresh does not die while no worker runs. Attempts that
    the day's budget deferred do not count either.

    Returns the new state, `failed` or `dead`, or `None` when that attempt had ended already.
    `error` must hold nothing personal.
    """
    return _fail(connection, refresh_id, attempt, error[:_ERROR_CHARACTERS], limits)


def cancel(connection: Connection, refresh_id: str, attempt: int, limits: Limits) -> str | None:
    """End the attempt number `attempt`, which a user cancelled in Dagster.

    A manual refresh is given up. An automatic refresh rests for the cool-down and is then tried
    again, because its events must not be lost; after its last attempt it is dead.

    Returns the new state, or `None` when that attempt had ended already.
    """
    acquire_lock(connection, Lock.ADMISSION)
    row = open_attempt(connection, refresh_id, attempt)
    if row is None:
        return None
    if row.reason == "manual":
        give_up(connection, refresh_id, attempt, CANCELLED)
        return "dead"
    return _fail(
        connection, refresh_id, attempt, CANCELLED, limits, limits.cooldown, outcome="cancelled"
    )


def _fail(
    connection: Connection,
    refresh_id: str,
    attempt: int,
    error: str,
    limits: Limits,
    rest: timedelta = timedelta(0),
    outcome: str = "failed",
) -> str | None:
    """End an attempt; the next attempt comes after the backoff, and not before `rest`."""
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    row = open_attempt(connection, refresh_id, attempt)
    if row is None:
        return None
    end_attempt(connection, row.company_id, refresh_id, attempt, now, error)
    release_requests(connection, refresh_id)
    starts = set(
        connection.scalars(
            select(refresh_attempts.c.attempt).where(
                refresh_attempts.c.refresh_id == refresh_id, refresh_attempts.c.deferred == false()
            )
        )
    )
    started = attempt in starts
    if started and len(starts) >= limits.max_attempts:
        _write(connection, refresh_id, "dead", finished_at=now, error=error)
        settle_events(connection, refresh_id, "dead", error, now)
        note(connection, names.REFRESH_DEAD, row.company_id, refresh_id, now)
        count_attempt(connection, row.reason, "dead")
        return "dead"
    pause = backoff(len(starts) if started else attempt, started=started)
    due_at = now + max(pause, rest)
    _plan_next_attempt(connection, refresh_id, attempt, due_at, state="failed", error=error)
    count_attempt(connection, row.reason, outcome)
    return "failed"


def defer(connection: Connection, refresh_id: str, attempt: int, why: str, until: datetime) -> bool:
    """End the attempt number `attempt` without a fault; plan the refresh again at `until`.

    Its events stay with it. The attempt does not count towards the limit of attempts, but the rate
    limit counts its start. Returns whether the attempt was still open.
    """
    acquire_lock(connection, Lock.ADMISSION)
    row = open_attempt(connection, refresh_id, attempt)
    if row is None:
        return False
    now = clock(connection)
    end_attempt(connection, row.company_id, refresh_id, attempt, now, why, deferred=True)
    _plan_next_attempt(
        connection, refresh_id, attempt, until, state="planned", error=None, deferred=why
    )
    count_attempt(connection, row.reason, "deferred")
    return True


def give_up(connection: Connection, refresh_id: str, attempt: int, error: str) -> None:
    """End a manual refresh that its user cancelled: it is dead and not retried.

    Its events are pending again and get another refresh.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    row = open_attempt(connection, refresh_id, attempt)
    if row is not None:
        end_attempt(connection, row.company_id, refresh_id, attempt, now, error)
        release_requests(connection, refresh_id)
        release_events(connection, refresh_id)
        _write(connection, refresh_id, "dead", finished_at=now, error=error[:_ERROR_CHARACTERS])
        count_attempt(connection, row.reason, "cancelled")


def _plan_next_attempt(
    connection: Connection,
    refresh_id: str,
    attempt: int,
    due_at: datetime,
    *,
    state: str,
    **values: Any,
) -> None:
    """Plan the next attempt under a new run key; Dagster launches each key once."""
    values |= {"attempt": attempt + 1, "due_at": due_at, "emitted_at": None, "run_id": None}
    _write(connection, refresh_id, state, **values)


def _write(connection: Connection, refresh_id: str, state: str, **values: Any) -> None:
    connection.execute(
        update(logs).where(logs.c.refresh_id == refresh_id).values(state=state, **values)
    )
