"""The life of a refresh: taken over by a run, kept alive by its lease, ended once.

Every function works in its caller's writing transaction. The limits that bind are decided here,
in rows, since `dagster job execute` passes no queue.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, false, func, insert, select, text, update

from bg_orchestration import names
from bg_orchestration.domain.admission import Limits, backoff, may_start_at
from bg_orchestration.refreshes.attempt_counts import count_attempt, count_published
from bg_orchestration.refreshes.event_absorption import (
    absorb_events,
    release_events,
    settle_events,
)
from bg_orchestration.refreshes.planning import (
    load,
    new_refresh_id,
)
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.outbox import note
from bg_orchestration.store.schema.tables import (
    OPEN,
    company_leases,
    refresh_attempts,
    webhook_event_companies,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

# A run renews its lease every quarter of this time: one that stopped doing so is dead.
LEASE: Final = timedelta(seconds=40)
# The expiry of a lease given back: over for every clock, also for one that is set back.
_GIVEN_BACK: Final = datetime(1970, 1, 1, tzinfo=UTC)

# The error of a refresh that a person ended: nobody needs to look at it.
CANCELLED: Final = "cancelled by a person"

_ERROR_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh that a run holds, with the fencing token under which it may publish."""

    refresh_id: str
    company_id: str
    reason: str
    attempt: int
    run_id: str
    token: int
    events: int = 0
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """Another run holds the company's lease until `until`, unless it renews it."""

    run_id: str
    refresh_id: str
    attempt: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Later:
    """The limits let nothing start now. `until` is `None` when a running refresh must end first."""

    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Over:
    """The attempt that the run was started for has ended, or another run made it."""

    refresh_id: str
    state: str


class LeaseLostError(Exception):
    """The run's lease ran out and another run took the company: this one may write nothing."""


def start(
    connection: Connection,
    company_id: str,
    run_id: str,
    limits: Limits,
    planned: tuple[str, int] | None = None,
    *,
    absorb: bool = True,
) -> Refresh | Busy | Later | Over:
    """Let a run take over the refresh of a company, or open one with reason `manual`.

    Args:
        connection: a writing transaction.
        company_id: the company; it must exist.
        run_id: the Dagster run that asks. A run that holds the refresh already gets it again.
        limits: what the settings allow.
        planned: refresh id and attempt of the run's tags; `None` for a run that a person started.
        absorb: whether the run reads the people anew. One that publishes what was read before
            handles no event: they stay pending, for a refresh of their own.

    On success the run holds the company's lease, the start is counted, and every event pending
    for the company is absorbed: it will be handled by this refresh.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    held = _held_by(connection, company_id, run_id)
    if held is not None:
        renew(connection, held)
        return held
    lease = connection.execute(
        select(company_leases, logs.c.attempt)
        .join(logs, logs.c.refresh_id == company_leases.c.refresh_id)
        .where(company_leases.c.company_id == company_id)
    ).first()
    if lease is not None and lease.expires_at > now:
        return Busy(lease.run_id, lease.refresh_id, lease.attempt, lease.expires_at)
    row = connection.execute(select(logs).where(logs.c.company_id == company_id, OPEN)).first()
    if planned is not None and (row is None or (row.refresh_id, row.attempt) != planned):
        return Over(planned[0], _state_of(connection, planned[0]))
    under_way = load(connection, now)
    if row is not None and row.state == "running":
        # Its lease ran out: the run is gone, its place is free.
        row = _abandoned(connection, row, now)
        under_way = replace(under_way, running=under_way.running - 1)
    at = may_start_at(under_way, limits, now)
    if at is None:
        return Later(None, f"{under_way.running} refreshes are running, the limit")
    if at > now:
        return Later(at, f"{len(under_way.starts)} refreshes started in the last minute, the limit")
    refresh = _take(connection, company_id, run_id, row, now, by_person=planned is None)
    token = (lease.token if lease is not None else 0) + 1
    _write_lease(connection, replace(refresh, token=token), now, exists=lease is not None)
    if not absorb:
        release_events(connection, refresh.refresh_id)
        return replace(refresh, token=token)
    return replace(
        refresh, token=token, events=absorb_events(connection, company_id, refresh.refresh_id)
    )


def renew(connection: Connection, refresh: Refresh) -> None:
    """Extend the lease of `refresh`.

    Raises:
        LeaseLostError: another run has taken the company, or the attempt has ended.
    """
    updated = connection.execute(
        update(company_leases)
        .where(
            company_leases.c.company_id == refresh.company_id,
            company_leases.c.token == refresh.token,
            company_leases.c.run_id == refresh.run_id,
        )
        .values(expires_at=clock(connection) + LEASE)
    )
    if updated.rowcount != 1:
        raise LeaseLostError(f"run {refresh.run_id} lost the lease on {refresh.company_id}")


def complete(connection: Connection, refresh: Refresh, summary: Mapping[str, Any]) -> int:
    """End `refresh` well: its events are handled, its lease is given back.

    Call it in the transaction that publishes, after `renew`, under the admission lock: nobody may
    take over meanwhile. Returns how many events it handled.
    """
    now = clock(connection)
    count_published(connection, refresh.refresh_id, now)
    count_attempt(connection, refresh.reason, "completed")
    handled = settle_events(connection, refresh.refresh_id, "handled", None, now)
    connection.execute(
        update(logs)
        .where(logs.c.refresh_id == refresh.refresh_id)
        .values(
            state="completed",
            finished_at=now,
            error=None,
            summary=json.dumps({**summary, "events": handled}, sort_keys=True),
        )
    )
    end_attempt(
        connection, refresh.company_id, refresh.refresh_id, refresh.attempt, now, error=None
    )
    return handled


def fail(
    connection: Connection, refresh_id: str, attempt: int, error: str, limits: Limits
) -> str | None:
    """End the attempt number `attempt` badly: to be tried again after a backoff, or dead.

    Only attempts that a run has started count: while workers are away, nothing dies of waiting.
    Nor do those that ended for want of budget, see `store.deferral`.

    Returns the new state, `failed` or `dead`, or `None` when that attempt had ended already.
    `error` must hold nothing personal.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    row = open_attempt(connection, refresh_id, attempt)
    if row is None:
        return None
    end_attempt(connection, row.company_id, refresh_id, attempt, now, error)
    started = connection.execute(
        select(refresh_attempts.c.attempt).where(
            refresh_attempts.c.refresh_id == refresh_id, refresh_attempts.c.deferred == false()
        )
    ).scalars()
    starts = set(started)
    values: dict[str, Any] = {"error": error[:_ERROR_CHARACTERS]}
    if attempt in starts and len(starts) >= limits.max_attempts:
        values |= {"state": "dead", "finished_at": now}
        settle_events(connection, refresh_id, "dead", error[:_ERROR_CHARACTERS], now)
        note(connection, names.REFRESH_DEAD, row.company_id, refresh_id, now)
    else:
        values |= {
            "state": "failed",
            "attempt": attempt + 1,
            "due_at": now + backoff(attempt),
            "emitted_at": None,
            "run_id": None,
        }
    connection.execute(update(logs).where(logs.c.refresh_id == refresh_id).values(values))
    count_attempt(connection, row.reason, str(values["state"]))
    return str(values["state"])


def give_up(connection: Connection, refresh_id: str, attempt: int, error: str) -> None:
    """End a refresh that a person asked for and cancelled: it is dead and not tried again.

    What it had absorbed is pending again, and gets a refresh of its own.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    row = open_attempt(connection, refresh_id, attempt)
    if row is not None:
        end_attempt(connection, row.company_id, refresh_id, attempt, now, error)
        release_events(connection, refresh_id)
        count_attempt(connection, row.reason, "cancelled")
        connection.execute(
            update(logs)
            .where(logs.c.refresh_id == refresh_id)
            .values(state="dead", finished_at=now, error=error[:_ERROR_CHARACTERS])
        )


def open_attempt(connection: Connection, refresh_id: str, attempt: int) -> Row[Any] | None:
    """The refresh, if this attempt was handed over and has not ended."""
    row = connection.execute(
        select(logs).where(logs.c.refresh_id == refresh_id, logs.c.attempt == attempt, OPEN)
    ).first()
    return None if row is None or row.emitted_at is None else row


def _held_by(connection: Connection, company_id: str, run_id: str) -> Refresh | None:
    row = connection.execute(
        select(logs, company_leases.c.token)
        .join(company_leases, company_leases.c.refresh_id == logs.c.refresh_id)
        .where(logs.c.company_id == company_id, OPEN)
        .where(company_leases.c.company_id == company_id)
        .where(logs.c.state == "running", logs.c.run_id == run_id)
        .where(company_leases.c.run_id == run_id)
    ).first()
    if row is None:
        return None
    events = connection.execute(
        select(func.count()).where(
            webhook_event_companies.c.refresh_id == row.refresh_id,
            webhook_event_companies.c.state == text("'pending'"),
        )
    ).scalar_one()
    return _refresh(row, run_id, row.token, events)


def _state_of(connection: Connection, refresh_id: str) -> str:
    state = connection.execute(select(logs.c.state).where(logs.c.refresh_id == refresh_id)).scalar()
    return state or "unknown"


def _abandoned(connection: Connection, row: Row[Any], now: datetime) -> Row[Any]:
    """The running refresh of a vanished run, made ready for its next attempt.

    A person's own run takes it over whatever number of attempts it had.
    """
    end_attempt(connection, row.company_id, row.refresh_id, row.attempt, now, "the run vanished")
    count_attempt(connection, row.reason, "failed")
    connection.execute(
        update(logs)
        .where(logs.c.refresh_id == row.refresh_id)
        .values(state="failed", attempt=row.attempt + 1)
    )
    return connection.execute(select(logs).where(logs.c.refresh_id == row.refresh_id)).one()


def _take(
    connection: Connection,
    company_id: str,
    run_id: str,
    row: Row[Any] | None,
    now: datetime,
    *,
    by_person: bool,
) -> Refresh:
    running = {"state": "running", "run_id": run_id, "started_at": now}
    if row is None:
        refresh_id, attempt = new_refresh_id(), 1
        connection.execute(
            insert(logs).values(
                **running,
                refresh_id=refresh_id,
                company_id=company_id,
                reason="manual",
                planned_at=now,
                due_at=now,
                emitted_at=now,
            )
        )
        refresh = Refresh(refresh_id, company_id, "manual", attempt, run_id, 0)
    else:
        refresh = _refresh(row, run_id, 0)
        # What a person takes over was not started automatically: no cool-down follows from it.
        if by_person:
            refresh = replace(refresh, reason="manual")
        connection.execute(
            update(logs)
            .where(logs.c.refresh_id == row.refresh_id)
            .values(
                running
                | {
                    "reason": refresh.reason,
                    "emitted_at": row.emitted_at or now,
                    "deferred": None,
                }
            )
        )
    connection.execute(
        insert(refresh_attempts).values(
            refresh_id=refresh.refresh_id, attempt=refresh.attempt, run_id=run_id, started_at=now
        )
    )
    return refresh


def _refresh(row: Row[Any], run_id: str, token: int, events: int = 0) -> Refresh:
    return Refresh(
        row.refresh_id,
        row.company_id,
        row.reason,
        row.attempt,
        run_id,
        token,
        events,
        row.traceparent,
    )


def _write_lease(connection: Connection, refresh: Refresh, now: datetime, *, exists: bool) -> None:
    values = {
        "token": refresh.token,
        "refresh_id": refresh.refresh_id,
        "run_id": refresh.run_id,
        "expires_at": now + LEASE,
    }
    company = company_leases.c.company_id == refresh.company_id
    if exists:
        connection.execute(update(company_leases).where(company).values(values))
    else:
        connection.execute(insert(company_leases).values(company_id=refresh.company_id, **values))


def end_attempt(
    connection: Connection,
    company_id: str,
    refresh_id: str,
    attempt: int,
    now: datetime,
    error: str | None,
) -> None:
    """Close the attempt's record and its lease: a run that comes back late may write nothing."""
    connection.execute(
        update(company_leases)
        .where(company_leases.c.company_id == company_id, company_leases.c.refresh_id == refresh_id)
        .values(token=company_leases.c.token + 1, expires_at=_GIVEN_BACK)
    )
    connection.execute(
        update(refresh_attempts)
        .where(refresh_attempts.c.refresh_id == refresh_id, refresh_attempts.c.attempt == attempt)
        .where(refresh_attempts.c.ended_at.is_(None))
        .values(ended_at=now, error=error)
    )
