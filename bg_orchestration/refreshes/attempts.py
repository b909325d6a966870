"""Attempts of a refresh: find an open attempt, end it once, count it at its end.

Every writing function runs in the transaction that ends the attempt, under the admission lock. So
no other transaction waits for the rows of the counters.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, text, update

from bg_orchestration.observability.metric_families import EVENT_TO_PUBLISHED, REFRESH_ATTEMPTS
from bg_orchestration.store.counters import count, observe
from bg_orchestration.store.schema.tables import (
    OPEN,
    company_leases,
    refresh_attempts,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_event_companies as routes

# The expiry of a released lease: in the past for every clock, also after a clock is set back.
_GIVEN_BACK: Final = datetime(1970, 1, 1, tzinfo=UTC)


def open_attempt(connection: Connection, refresh_id: str, attempt: int) -> Row[Any] | None:
    """Return the refresh, if this attempt was enqueued and has not ended."""
    return connection.execute(
        select(logs).where(
            logs.c.refresh_id == refresh_id,
            logs.c.attempt == attempt,
            OPEN,
            logs.c.emitted_at.is_not(None),
        )
    ).first()


def attempt_start(connection: Connection, refresh_id: str, attempt: int) -> datetime:
    """Return when an attempt started, by the database's clock."""
    started_at: datetime = connection.execute(
        select(refresh_attempts.c.started_at).where(
            refresh_attempts.c.refresh_id == refresh_id, refresh_attempts.c.attempt == attempt
        )
    ).scalar_one()
    return started_at


def end_attempt(
    connection: Connection,
    company_id: str,
    refresh_id: str,
    attempt: int,
    now: datetime,
    error: str | None,
    *,
    deferred: bool = False,
) -> None:
    """Close the attempt's record and its lease, so a late run can write nothing.

    A `deferred` attempt does not count towards the limit of attempts.
    """
    connection.execute(
        update(company_leases)
        .where(company_leases.c.company_id == company_id, company_leases.c.refresh_id == refresh_id)
        .values(token=company_leases.c.token + 1, expires_at=_GIVEN_BACK)
    )
    connection.execute(
        update(refresh_attempts)
        .where(refresh_attempts.c.refresh_id == refresh_id, refresh_attempts.c.attempt == attempt)
        .where(refresh_attempts.c.ended_at.is_(None))
        .values(ended_at=now, error=error, deferred=deferred)
    )


def count_attempt(connection: Connection, reason: str, outcome: str) -> None:
    """Count one attempt; `outcome` is one of `metric_families.OUTCOMES`."""
    count(connection, REFRESH_ATTEMPTS, {"reason": reason, "outcome": outcome})


def count_published(connection: Connection, refresh_id: str, now: datetime) -> None:
    """Observe how long the absorbed events of `refresh_id` waited, before it handles them.

    A replayed event counts again, from its first arrival.
    """
    rows = connection.execute(
        select(routes.c.received_at, logs.c.attempt, logs.c.planned_at, logs.c.due_at)
        .join(logs, logs.c.refresh_id == routes.c.refresh_id)
        .where(routes.c.refresh_id == refresh_id, routes.c.state == text("'pending'"))
    ).all()
    if rows:
        deferred = "cooldown" if rows[0].due_at > rows[0].planned_at else "no"
        waited = "retry" if rows[0].attempt > 1 else deferred
        seconds = [(now - row.received_at).total_seconds() for row in rows]
        observe(connection, EVENT_TO_PUBLISHED, {"waited": waited}, seconds)
