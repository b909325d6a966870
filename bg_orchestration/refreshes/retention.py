"""Retention: empty and delete old rows in small batches, never what is pending or dead.

The row of a received event is never deleted: it stays as a tombstone, so a late repetition is still
a duplicate. Its body is emptied, and the rows that name its refreshes are deleted. Each batch goes
on after the batch before, or uses an index of only the rows that may go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    delete,
    literal,
    select,
    text,
    tuple_,
    update,
)

from bg_orchestration.intake.inbox import UNREADABLE_TYPES
from bg_orchestration.ledger.ledger import close_abandoned
from bg_orchestration.refreshes.journeys import delete_spans
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.outbox import delete_messages
from bg_orchestration.store.schema.tables import (
    COMPLETED,
    buyer_group_changes,
    companies,
    pipeline_operations,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

_BATCH = 500
_SETTLED = ("handled", "ignored")


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """The age up to which retention keeps each kind of row."""

    events: timedelta
    refreshes: timedelta
    operations: timedelta
    traces: timedelta
    notifications: timedelta


def delete_old_rows(engine: Engine, keep: RetentionPeriods) -> dict[str, int]:
    """Delete or empty rows older than `keep` allows, a short transaction for each batch.

    Returns how many rows of each kind were emptied or deleted.
    """
    return {
        "event_bodies": _in_batches(engine, lambda c: _empty_bodies(c, keep.events)),
        "event_companies": _in_batches(engine, lambda c: _delete_routes(c, keep.events)),
        "refreshes": _delete_refreshes(engine, keep.refreshes),
        "operations": _in_batches(engine, lambda c: _delete_operations(c, keep.operations)),
        "traces": _in_batches(engine, lambda c: delete_spans(c, keep.traces, _BATCH)),
        "notifications": _in_batches(
            engine, lambda c: delete_messages(c, keep.notifications, _BATCH)
        ),
    }


def _in_batches(engine: Engine, process_batch: Callable[[Connection], int]) -> int:
    total = 0
    while True:
        with writing(engine) as connection:
            forgotten = process_batch(connection)
        total += forgotten
        if forgotten < _BATCH:
            return total


def _empty_bodies(connection: Connection, age: timedelta) -> int:
    event_keys = (
        select(webhook_events.c.id)
        .where(webhook_events.c.body.is_not(None))
        # An unreadable body is dead from its arrival, and kept as long as the others.
        .where(webhook_events.c.state.in_(_SETTLED) | webhook_events.c.type.in_(UNREADABLE_TYPES))
        .where(webhook_events.c.handled_at < clock(connection) - age)
        .limit(_BATCH)
    )
    return connection.execute(
        update(webhook_events).where(webhook_events.c.id.in_(event_keys)).values(body=None)
    ).rowcount


def _delete_routes(connection: Connection, age: timedelta) -> int:
    before = clock(connection) - age
    event_keys = (
        select(webhook_event_companies.c.event)
        .join(webhook_events, webhook_events.c.id == webhook_event_companies.c.event)
        .where(webhook_event_companies.c.state == text("'handled'"))
        # An event is handled after it was received, so the first condition narrows the index.
        .where(webhook_event_companies.c.received_at < before)
        .where(webhook_events.c.state.in_(_SETTLED), webhook_events.c.handled_at < before)
        .limit(_BATCH)
    )
    return connection.execute(
        delete(webhook_event_companies).where(webhook_event_companies.c.event.in_(event_keys))
    ).rowcount


def _delete_refreshes(engine: Engine, age: timedelta) -> int:
    """Delete completed refreshes that no change, event or cool-down needs.

    A company's newest refresh stays: it gives the end of the cool-down and the company's age.
    """
    total = 0
    last: tuple[datetime, str] | None = (datetime.min.replace(tzinfo=UTC), "")
    while last is not None:
        with writing(engine) as connection:
            page = connection.execute(_old_refreshes(last, clock(connection) - age)).all()
            last = (page[-1].finished_at, page[-1].refresh_id) if len(page) == _BATCH else None
            ids = connection.scalars(_deletable([row.refresh_id for row in page])).all()
            for table in (refresh_attempts, logs):
                connection.execute(delete(table).where(table.c.refresh_id.in_(ids)))
        total += len(ids)
    return total


def _old_refreshes(after: tuple[datetime, str], before: datetime) -> Select[datetime, str]:
    """Return the next page of completed refreshes: after that row, before that time."""
    key = tuple_(logs.c.finished_at, logs.c.refresh_id)
    return (
        select(logs.c.finished_at, logs.c.refresh_id)
        .where(COMPLETED, logs.c.finished_at < before, logs.c.finished_at >= after[0])
        .where(key > tuple_(*map(literal, after, (logs.c.finished_at.type, None))))
        .order_by(logs.c.finished_at, logs.c.refresh_id)
        .limit(_BATCH)
    )


def _deletable(refresh_ids: Sequence[str]) -> Select[str]:
    named_by = [
        select(text("1")).where(table.c.refresh_id == logs.c.refresh_id).exists()
        for table in (buyer_group_changes, webhook_event_companies)
    ]
    return (
        select(logs.c.refresh_id)
        .join(companies, companies.c.company_id == logs.c.company_id)
        .where(logs.c.refresh_id.in_(refresh_ids))
        .where(logs.c.finished_at < companies.c.refreshed_at)
        .where(*[~references for references in named_by])
    )


def _delete_operations(connection: Connection, age: timedelta) -> int:
    """Delete ended operations without a fresh answer; a started operation may still be charged."""
    now = clock(connection)
    close_abandoned(connection, now)
    rows = connection.execute(
        select(pipeline_operations.c.key, pipeline_operations.c.attempt)
        .where(pipeline_operations.c.state != text("'started'"))
        .where(pipeline_operations.c.asked_at < now - age)
        .where(
            pipeline_operations.c.fresh_until.is_(None) | (pipeline_operations.c.fresh_until < now)
        )
        .limit(_BATCH)
    ).all()
    if rows:
        key = tuple_(pipeline_operations.c.key, pipeline_operations.c.attempt)
        connection.execute(delete(pipeline_operations).where(key.in_(rows)))
    return len(rows)
