"""A clock that was set back: instants that then lie in the future count as now.

Limits, cool-downs, leases, due times, calls of providers and messages compare stored instants with
the database's clock. After the clock was two hours ahead and is set right, the starts of that time
would block every start for two hours. So the first transaction that finds such an instant rewrites
it. Due times are worked out anew: a cool-down begins again, and a refresh that was enqueued too
early goes back.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, literal, or_, select, text, update

from bg_orchestration.domain.admission import LEASE, Limits, automatic_due_at, backoff
from bg_orchestration.ledger.budget import day_of
from bg_orchestration.store.database import clock
from bg_orchestration.store.outbox import CLAIM
from bg_orchestration.store.schema.tables import (
    OPEN,
    TO_EMIT,
    UNDER_WAY,
    Utc,
    companies,
    company_leases,
    notification_addresses,
    notification_outbox,
    provider_circuits,
    provider_endpoints,
    provider_requests,
    refresh_attempts,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations

# Clocks of two processes differ by less, and a wait of this length harms nothing.
TOLERANCE: Final = timedelta(seconds=2)
# An attempt that ended in the future is among the newest that started.
_NEWEST: Final = 20
_NEWEST_EVENTS: Final = 1_000
_REASONS: Final = ("manual", "event", "scheduled")
# No request to a provider takes longer, and no circuit rests longer (`domain.throttle`).
_LONGEST_REQUEST: Final = timedelta(minutes=5)
_LONGEST_REST: Final = timedelta(minutes=15)


def ahead(connection: Connection, now: datetime) -> timedelta:
    """Return how far the newest instant of the refreshes lies in the future, or zero.

    One statement, which reads ends of indexes and the refreshes in flight.
    """
    started = refresh_attempts.c.started_at
    newest = (
        select(started, refresh_attempts.c.ended_at)
        # True for every row that matters; it makes the query plan search the index.
        .where(started > now - timedelta(days=1))
        .order_by(started.desc())
        .limit(_NEWEST)
        .subquery()
    )
    leases = (
        select(func.max(company_leases.c.expires_at, type_=Utc))
        .join(logs, logs.c.company_id == company_leases.c.company_id)
        .where(UNDER_WAY)
    )
    planned = [
        select(logs.c.planned_at)
        .where(TO_EMIT, logs.c.reason == reason)
        .order_by(logs.c.due_at.desc())
        .limit(1)
        for reason in _REASONS
    ]
    queries: list[Any] = [
        select(func.max(newest.c.started_at, type_=Utc)),
        select(func.max(newest.c.ended_at, type_=Utc)),
        select(func.max(logs.c.emitted_at, type_=Utc)).where(UNDER_WAY),
        *planned,
        leases,
    ]
    row = connection.execute(select(*[query.scalar_subquery() for query in queries])).one()
    *instants, lease = row
    instants.append(lease and lease - LEASE)
    latest = max((instant for instant in instants if instant is not None), default=now)
    return latest - now if latest > now + TOLERANCE else timedelta(0)


def records_ahead(connection: Connection, now: datetime) -> timedelta:
    """Return how far the newest record of any kind lies in the future, or zero.

    The times of received events are never rewritten, so they show a step until the clock has
    caught up.
    """
    newest = (
        select(webhook_events.c.received_at)
        .order_by(webhook_events.c.id.desc())
        .limit(_NEWEST_EVENTS)
        .subquery()
    )
    received = connection.execute(select(func.max(newest.c.received_at, type_=Utc))).scalar()
    step = ahead(connection, now)
    return max(step, received - now) if received and received > now + TOLERANCE else step


def settle_future(connection: Connection, limits: Limits) -> datetime:
    """Let every instant that lies in the future count as now; return now.

    Works in the caller's writing transaction, under the admission lock. The clock may have jumped
    ahead since the caller read it, and a run may have renewed its lease since: the clock is read
    here, and the leases stay locked from before that.
    """
    connection.execute(select(company_leases.c.token).with_for_update()).all()
    now = clock(connection)
    for column in (
        refresh_attempts.c.started_at,
        refresh_attempts.c.ended_at,
        logs.c.started_at,
        logs.c.finished_at,
        companies.c.refreshed_at,
    ):
        connection.execute(update(column.table).where(column > now).values({column.name: now}))
    connection.execute(
        update(company_leases)
        .where(company_leases.c.expires_at > now + LEASE)
        .values(expires_at=now + LEASE)
    )
    rows = connection.execute(
        select(logs, _last_start().label("last_start")).where(
            OPEN,
            or_(
                logs.c.planned_at > now,
                logs.c.emitted_at > now,
                (logs.c.due_at > now)
                & ((logs.c.state == literal("failed")) | logs.c.deferred.is_not(None)),
            ),
        )
    ).all()
    for row in rows:
        connection.execute(
            update(logs)
            .where(logs.c.refresh_id == row.refresh_id)
            .values(_settled(row, limits, now))
        )
    connection.execute(update(logs).where(logs.c.planned_at > now).values(planned_at=now))
    _settle_calls_and_messages(connection, now)
    return now


def _settle_calls_and_messages(connection: Connection, now: datetime) -> None:
    """Let slots, circuits, permits and pauses of the future end in their own time.

    A paid call of the future counts for today, so the daily budget holds.
    """
    latest = {
        operations.c.asked_at: now,
        operations.c.claimed_until: now + _LONGEST_REQUEST,
        provider_endpoints.c.next_at: now,
        provider_requests.c.expires_at: now + _LONGEST_REQUEST,
        provider_circuits.c.open_until: now + _LONGEST_REST,
        provider_circuits.c.trying_until: now + _LONGEST_REQUEST,
        notification_outbox.c.due_at: now,
        notification_addresses.c.rests_until: now,
        notification_addresses.c.claimed_until: now + CLAIM,
    }
    for column, instant in latest.items():
        connection.execute(
            update(column.table).where(column > instant).values({column.name: instant})
        )


def _last_start() -> Any:
    other = logs.alias("other")
    return (
        select(func.max(other.c.started_at, type_=Utc))
        .where(other.c.company_id == logs.c.company_id, other.c.reason != text("'manual'"))
        .correlate(logs)
        .scalar_subquery()
    )


def _settled(row: Row[Any], limits: Limits, now: datetime) -> dict[str, Any]:
    """Return the new instants of an open refresh."""
    values: dict[str, Any] = {"planned_at": min(row.planned_at, now)}
    if row.state == "running":
        return values | {"due_at": min(row.due_at, now), "emitted_at": min(row.emitted_at, now)}
    due_at = min(row.due_at, _due_at(row, limits, now))
    if row.emitted_at is None:
        return values | {"due_at": due_at}
    if row.state == "planned" and row.reason != "manual" and row.deferred is None:
        due_at = automatic_due_at(row.last_start, limits, now)
        if due_at > now:
            # Enqueued by the later clock: its run finds the attempt over, and another one follows.
            again = {"attempt": row.attempt + 1, "emitted_at": None, "run_id": None}
            return values | {"due_at": due_at} | again
    return values | {"due_at": min(due_at, now), "emitted_at": min(row.emitted_at, now)}


def _due_at(row: Row[Any], limits: Limits, now: datetime) -> datetime:
    """Return the latest due time that the refresh can have by the present clock."""
    if row.state == "failed":
        return now + backoff(row.attempt - 1)
    if row.deferred is not None:
        return day_of(now)[1]
    return now if row.reason == "manual" else automatic_due_at(row.last_start, limits, now)
