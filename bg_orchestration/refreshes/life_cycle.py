"""The life of a refresh: a run acquires its lease, renews it, and completes it.

Every function works in its caller's writing transaction. `start` enforces the limits in rows,
because `dagster job execute` uses no queue. `failed_attempts` has the other endings.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from bg_orchestration.domain.admission import LEASE as LEASE
from bg_orchestration.domain.admission import Limits, Load, may_start_at
from bg_orchestration.ledger.ledger import release_requests
from bg_orchestration.refreshes.attempts import count_attempt, count_published, end_attempt
from bg_orchestration.refreshes.clock_steps import TOLERANCE, settle_future
from bg_orchestration.refreshes.event_absorption import (
    absorb_events,
    release_events,
    settle_events,
)
from bg_orchestration.refreshes.open_work import load
from bg_orchestration.refreshes.planning import new_refresh_id
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    OPEN,
    companies,
    company_leases,
    refresh_attempts,
    webhook_event_companies,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs


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
class LeaseBusy:
    """Another run holds the company's lease until `until`, unless it renews it."""

    run_id: str
    refresh_id: str
    attempt: int
    until: datetime


@dataclass(frozen=True, slots=True)
class LimitsReached:
    """The limits allow no start now; `until` is `None` while a running refresh must end first."""

    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class AttemptOver:
    """The run's attempt has ended already, or belongs to another run."""

    refresh_id: str
    state: str


class LeaseLostError(Exception):
    """The run lost its lease to another run and may write nothing."""


def start(
    connection: Connection,
    company_id: str,
    run_id: str,
    limits: Limits,
    planned: tuple[str, int] | None = None,
    *,
    absorb: bool = True,
) -> Refresh | LeaseBusy | LimitsReached | AttemptOver:
    """Start a run's attempt at a company's refresh, or open a `manual` refresh.

    Args:
        connection: a writing transaction.
        company_id: the company; it must exist.
        run_id: the Dagster run. A run that already holds the refresh gets it again.
        limits: the limits of the settings.
        planned: refresh id and attempt of the run's tags; `None` for a run that a person started.
        absorb: whether the run reads the people again. A run that publishes earlier results handles
            no event: its events stay pending for another refresh.

    On success the run holds the company's lease, the rate limit counts the start, and the refresh
    absorbs every pending event of the company.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    row = _open_refresh(connection, company_id)
    in_flight = load(connection, now)
    if _is_ahead(row, in_flight, now):
        now = settle_future(connection, limits)
        row, in_flight = _open_refresh(connection, company_id), load(connection, now)
    if row.run_id == run_id and row.holder == run_id and row.holds == row.refresh_id:
        refresh_again = _refresh(
            row, run_id, row.token, _absorbed_count(connection, row.refresh_id)
        )
        renew(connection, refresh_again)
        return refresh_again
    if row.expires_at is not None and row.expires_at > now:
        return LeaseBusy(row.holder, row.holds, row.attempt, row.expires_at)
    if planned is not None and (row.refresh_id, row.attempt) != planned:
        return AttemptOver(planned[0], _state_of(connection, planned[0]))
    if row.state == "running":
        if not revoke_lease(connection, company_id, row.refresh_id):
            # Renewed meanwhile: the run was only late.
            return start(connection, company_id, run_id, limits, planned, absorb=absorb)
        # Its lease ran out: the run is gone and its slot is free.
        _abandon(connection, row, now)
        in_flight = replace(in_flight, running=in_flight.running - 1)
    at = may_start_at(in_flight, limits, now)
    if at is None:
        return LimitsReached(None, f"limit of {limits.concurrency} refreshes at once")
    if at > now:
        return LimitsReached(at, f"limit of {limits.starts_per_minute} starts a minute")
    refresh = _take(connection, row, run_id, now, by_person=planned is None)
    _write_lease(connection, refresh, now, exists=row.token is not None)
    if not absorb:
        release_events(connection, refresh.refresh_id)
        return refresh
    return replace(refresh, events=absorb_events(connection, company_id, refresh.refresh_id))


def _is_ahead(row: Row[Any], in_flight: Load, now: datetime) -> bool:
    """Whether an instant on which this start depends lies in the future: the clock was set back."""
    latest = now + TOLERANCE
    return (
        (row.emitted_at is not None and row.emitted_at > latest)
        or (row.expires_at is not None and row.expires_at > latest + LEASE)
        or any(start > latest for start in in_flight.starts[-1:])
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


def revoke_lease(connection: Connection, company_id: str, refresh_id: str) -> bool:
    """Take an expired lease from its run, so that the run cannot renew it.

    Returns whether the lease had expired: a run that was only late may have renewed it.
    """
    acquire_lock(connection, Lock.ADMISSION)
    lease = company_leases.c
    held = (lease.company_id == company_id) & (lease.refresh_id == refresh_id)
    revoked = connection.execute(
        update(company_leases)
        .where(held, lease.expires_at <= clock(connection))
        .values(token=lease.token + 1)
    )
    if revoked.rowcount == 1:
        return True
    return connection.execute(select(lease.token).where(held)).first() is None


def complete(connection: Connection, refresh: Refresh, summary: Mapping[str, Any]) -> int:
    """Complete `refresh`: mark its events as handled and release its lease.

    Call it in the transaction that publishes, after `renew`, under the admission lock: no other
    run can acquire the lease meanwhile. Returns how many events it handled.
    """
    now = clock(connection)
    count_published(connection, refresh.refresh_id, now)
    count_attempt(connection, refresh.reason, "completed")
    event_count = settle_events(connection, refresh.refresh_id, "handled", None, now)
    # The schedule finds stale companies by this instant.
    connection.execute(
        update(companies)
        .where(companies.c.company_id == refresh.company_id)
        .values(refreshed_at=now)
    )
    connection.execute(
        update(logs)
        .where(logs.c.refresh_id == refresh.refresh_id)
        .values(
            state="completed",
            finished_at=now,
            error=None,
            summary=json.dumps({**summary, "events": event_count}, sort_keys=True),
        )
    )
    end_attempt(
        connection, refresh.company_id, refresh.refresh_id, refresh.attempt, now, error=None
    )
    return event_count


def _open_refresh(connection: Connection, company_id: str) -> Row[Any]:
    """Return the company's open refresh with its lease; missing columns are `None`.

    An unexpired lease belongs to the open refresh: the end of the refresh releases it.
    """
    columns = [
        *(column for column in logs.c if column.name != "company_id"),
        companies.c.company_id,
        company_leases.c.token,
        company_leases.c.expires_at,
        company_leases.c.refresh_id.label("holds"),
        company_leases.c.run_id.label("holder"),
    ]
    return connection.execute(
        select(*columns)
        .select_from(companies)
        .outerjoin(company_leases, company_leases.c.company_id == companies.c.company_id)
        .outerjoin(logs, (logs.c.company_id == companies.c.company_id) & OPEN)
        .where(companies.c.company_id == company_id)
    ).one()


def _absorbed_count(connection: Connection, refresh_id: str) -> int:
    return connection.execute(
        select(func.count()).where(
            webhook_event_companies.c.refresh_id == refresh_id,
            webhook_event_companies.c.state == text("'pending'"),
        )
    ).scalar_one()


def _state_of(connection: Connection, refresh_id: str) -> str:
    state = connection.execute(select(logs.c.state).where(logs.c.refresh_id == refresh_id)).scalar()
    return state or "unknown"


def _abandon(connection: Connection, row: Row[Any], now: datetime) -> None:
    """End the attempt of a vanished run; a manual run may follow with any attempt number."""
    end_attempt(connection, row.company_id, row.refresh_id, row.attempt, now, "the run vanished")
    release_requests(connection, row.refresh_id)
    count_attempt(connection, row.reason, "failed")


def _take(
    connection: Connection, row: Row[Any], run_id: str, now: datetime, *, by_person: bool
) -> Refresh:
    """Start the open refresh, or a new refresh, as an attempt of this run."""
    values = {"state": "running", "run_id": run_id, "started_at": now}
    if row.refresh_id is None:
        refresh = Refresh(
            new_refresh_id(), row.company_id, "manual", 1, run_id, (row.token or 0) + 1
        )
        connection.execute(
            insert(logs).values(
                **values,
                refresh_id=refresh.refresh_id,
                company_id=refresh.company_id,
                reason="manual",
                planned_at=now,
                due_at=now,
                emitted_at=now,
            )
        )
    else:
        refresh = replace(
            _refresh(row, run_id, (row.token or 0) + 1),
            attempt=row.attempt + (row.state == "running"),
            # A manual start is not automatic: no cool-down follows it.
            reason="manual" if by_person else row.reason,
        )
        more_values = {
            "attempt": refresh.attempt,
            "reason": refresh.reason,
            "emitted_at": row.emitted_at or now,
            "deferred": None,
        }
        connection.execute(
            update(logs).where(logs.c.refresh_id == row.refresh_id).values(values | more_values)
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
