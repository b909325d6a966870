"""What may be forgotten, and when: in small batches, never what is pending or dead.

A received event is never forgotten whole: its row stays as a tombstone, so that a late repetition
is still known as a duplicate. Its body goes, and the rows that tell which refresh handled it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, delete, func, select, text, tuple_, update

from bg_orchestration.ledger.ledger import close_abandoned
from bg_orchestration.refreshes.journeys import forget_spans
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.outbox import forget_messages
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    pipeline_operations,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

_BATCH = 500
_SETTLED = ("handled", "ignored")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long each kind of row is kept."""

    events: timedelta
    refreshes: timedelta
    operations: timedelta
    traces: timedelta
    notifications: timedelta


def forget(engine: Engine, keep: Keep) -> dict[str, int]:
    """Forget what is older than `keep` says, a short transaction for each batch.

    Returns how many rows of each kind were emptied or deleted.
    """
    return {
        "event_bodies": _in_batches(engine, lambda c: _empty_bodies(c, keep.events)),
        "event_companies": _in_batches(engine, lambda c: _forget_routes(c, keep.events)),
        "refreshes": _in_batches(engine, lambda c: _forget_refreshes(c, keep.refreshes)),
        "operations": _in_batches(engine, lambda c: _forget_operations(c, keep.operations)),
        "traces": _in_batches(engine, lambda c: forget_spans(c, keep.traces, _BATCH)),
        "notifications": _in_batches(
            engine, lambda c: forget_messages(c, keep.notifications, _BATCH)
        ),
    }


def _in_batches(engine: Engine, forget_some: Callable[[Connection], int]) -> int:
    total = 0
    while True:
        with writing(engine) as connection:
            forgotten = forget_some(connection)
        total += forgotten
        if forgotten < _BATCH:
            return total


def _empty_bodies(connection: Connection, age: timedelta) -> int:
    old = (
        select(webhook_events.c.id)
        .where(webhook_events.c.state.in_(_SETTLED), webhook_events.c.body.is_not(None))
        .where(webhook_events.c.handled_at < clock(connection) - age)
        .limit(_BATCH)
    )
    return connection.execute(
        update(webhook_events).where(webhook_events.c.id.in_(old)).values(body=None)
    ).rowcount


def _forget_routes(connection: Connection, age: timedelta) -> int:
    old = (
        select(webhook_event_companies.c.event)
        .join(webhook_events, webhook_events.c.id == webhook_event_companies.c.event)
        .where(webhook_events.c.state.in_(_SETTLED))
        .where(webhook_events.c.handled_at < clock(connection) - age)
        .limit(_BATCH)
    )
    return connection.execute(
        delete(webhook_event_companies).where(webhook_event_companies.c.event.in_(old))
    ).rowcount


def _forget_refreshes(connection: Connection, age: timedelta) -> int:
    """Completed ones, but never a company's newest, nor one that a change or an event names.

    The newest tells the cool-down and how stale the company is.
    """
    newer = logs.alias("newer")
    newest = (
        select(func.max(newer.c.finished_at))
        .where(newer.c.company_id == logs.c.company_id, newer.c.state == text("'completed'"))
        .scalar_subquery()
    )
    named_by = [
        select(text("1")).where(table.c.refresh_id == logs.c.refresh_id).exists()
        for table in (buyer_group_changes, webhook_event_companies)
    ]
    old = list(
        connection.execute(
            select(logs.c.refresh_id)
            .where(logs.c.state == text("'completed'"), logs.c.finished_at < newest)
            .where(logs.c.finished_at < clock(connection) - age, *[~one for one in named_by])
            .limit(_BATCH)
        ).scalars()
    )
    for table in (refresh_attempts, logs):
        connection.execute(delete(table).where(table.c.refresh_id.in_(old)))
    return len(old)


def _forget_operations(connection: Connection, age: timedelta) -> int:
    """Finished ones whose answer is no longer fresh; a started one may still be charged."""
    now = clock(connection)
    close_abandoned(connection, now)
    old = connection.execute(
        select(pipeline_operations.c.key, pipeline_operations.c.attempt)
        .where(pipeline_operations.c.state != text("'started'"))
        .where(pipeline_operations.c.asked_at < now - age)
        .where(
            pipeline_operations.c.fresh_until.is_(None) | (pipeline_operations.c.fresh_until < now)
        )
        .limit(_BATCH)
    ).all()
    if old:
        which = tuple_(pipeline_operations.c.key, pipeline_operations.c.attempt)
        connection.execute(delete(pipeline_operations).where(which.in_(old)))
    return len(old)
