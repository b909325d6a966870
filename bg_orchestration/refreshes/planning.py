"""Planning and enqueuing of refreshes.

Every writing function works in its caller's writing transaction, under the admission lock.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Exists, insert, select, text, update

from bg_orchestration.domain.admission import (
    DueRefresh,
    Limits,
    Reason,
    automatic_due_at,
    choose,
)
from bg_orchestration.intake.routing import RoutingPolicy, route_received
from bg_orchestration.refreshes.clock_steps import ahead, settle_future
from bg_orchestration.refreshes.open_work import load
from bg_orchestration.store.companies import stalest
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    OPEN,
    TO_EMIT,
    companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_event_companies as routes
from bg_orchestration.store.upserts import chunks

_BATCH = 200
_REASONS: tuple[Reason, ...] = ("manual", "event", "scheduled")
_PENDING = routes.c.state == text("'pending'")


def new_refresh_id() -> str:
    """Return a unique refresh id, also after the database was created again.

    Dagster remembers run keys for ever, and the id is half of a run key.
    """
    return uuid4().hex


def plan(connection: Connection, policy: RoutingPolicy, limits: Limits) -> int:
    """Route received events and plan a refresh for each company with pending events.

    Returns how many refreshes were planned; a tick plans at most 200.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    # An import holds this lock until it commits; events then stay received until a later tick.
    may_route = acquire_lock(connection, Lock.DIRECTORY, wait=False)
    if ahead(connection, now):
        settle_future(connection, limits, now)
    if may_route:
        route_received(connection, policy, now)
    company_ids = connection.scalars(
        select(routes.c.company_id)
        .distinct()
        .where(_PENDING, ~_has_open_refresh(routes.c.company_id))
        .order_by(routes.c.company_id)
        .limit(_BATCH)
    ).all()
    return _plan(connection, company_ids, "event", limits)


def plan_scheduled(connection: Connection, stale_before: datetime, limits: Limits) -> int:
    """Plan a `scheduled` refresh for the stalest companies without an open refresh.

    A company without any refresh is the stalest. A company whose last refresh died waits for its
    cool-down. Returns how many refreshes were planned, at most 200; the next tick plans more.
    """
    acquire_lock(connection, Lock.ADMISSION)
    without_open = ~_has_open_refresh(companies.c.company_id)
    return _plan(
        connection,
        stalest(connection, stale_before, without_open, limit=_BATCH),
        "scheduled",
        limits,
    )


def plan_changed(connection: Connection, company_ids: Iterable[str], limits: Limits) -> int:
    """Plan a `scheduled` refresh for the followed ones of these companies.

    A company with an open refresh gets no second one. Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    return _plan(
        connection,
        _without_open(connection, company_ids, companies.c.followed),
        "scheduled",
        limits,
    )


def plan_manual(connection: Connection, company_ids: Iterable[str]) -> int:
    """Plan a `manual` refresh for each company without an open refresh.

    It is due now, without a cool-down. Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    return _plan(connection, _without_open(connection, company_ids), "manual", None)


def emit(connection: Connection, limits: Limits) -> tuple[DueRefresh, ...]:
    """Choose the refreshes to enqueue in Dagster now, and mark them as enqueued.

    If Dagster never gets a marked refresh, `reconciliation` finds it and enqueues it again.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    chosen = choose_refreshes(connection, limits, now)
    if chosen:
        connection.execute(
            update(logs)
            .where(logs.c.refresh_id.in_([due.refresh_id for due in chosen]))
            .values(emitted_at=now)
        )
    return chosen


def choose_refreshes(
    connection: Connection, limits: Limits, now: datetime
) -> tuple[DueRefresh, ...]:
    """Return the refreshes that `emit` would choose at `now`; reads a bounded number of rows."""
    due = [row for reason in _REASONS for row in _due(connection, reason, limits, now)]
    return choose(due, load(connection, now), limits, now) if due else ()


def has_due_work(connection: Connection, limits: Limits) -> bool:
    """Whether a tick has new work; the query is cheap enough for every 50 ms.

    It does not look for events that a completed refresh left pending: each tick plans those at its
    start.
    """
    received = select(webhook_events.c.id).where(webhook_events.c.state == text("'received'"))
    if connection.execute(received.limit(1)).first() is not None:
        return True
    return bool(choose_refreshes(connection, limits, clock(connection)))


def _has_open_refresh(company_id: ColumnElement[str]) -> Exists:
    return select(logs.c.refresh_id).where(logs.c.company_id == company_id, OPEN).exists()


def _without_open(
    connection: Connection, company_ids: Iterable[str], *conditions: ColumnElement[bool]
) -> list[str]:
    """Return the stored companies among these without an open refresh."""
    return [
        company_id
        for chunk in chunks(sorted(set(company_ids)))
        for company_id in connection.scalars(
            select(companies.c.company_id)
            .where(companies.c.company_id.in_(chunk), *conditions)
            .where(~_has_open_refresh(companies.c.company_id))
        )
    ]


def _plan(
    connection: Connection, company_ids: Sequence[str], reason: Reason, limits: Limits | None
) -> int:
    """Plan a refresh for each company; with `limits` it is due after the cool-down.

    An event's refresh carries the trace context of the company's oldest pending event.
    """
    now = clock(connection)
    last_start = (
        select(logs.c.started_at)
        .where(logs.c.company_id == companies.c.company_id, logs.c.started_at.is_not(None))
        .where(logs.c.reason != "manual")
        .order_by(logs.c.started_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    oldest = (
        select(webhook_events.c.traceparent)
        .join(routes, routes.c.event == webhook_events.c.id)
        .where(routes.c.company_id == companies.c.company_id, _PENDING)
        .order_by(routes.c.received_at)
        .limit(1)
        .scalar_subquery()
    )
    query = select(companies.c.company_id, last_start, oldest)
    for chunk in chunks(company_ids):
        rows = [
            {
                "refresh_id": new_refresh_id(),
                "company_id": company_id,
                "reason": reason,
                "planned_at": now,
                "due_at": now if limits is None else automatic_due_at(started_at, limits, now),
                "traceparent": traceparent if reason == "event" else None,
            }
            for company_id, started_at, traceparent in connection.execute(
                query.where(companies.c.company_id.in_(chunk))
            )
        ]
        connection.execute(insert(logs), rows)
    return len(company_ids)


def _due(
    connection: Connection, reason: Reason, limits: Limits, now: datetime
) -> Sequence[DueRefresh]:
    columns = [logs.c[name] for name in DueRefresh.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(TO_EMIT, logs.c.reason == reason, logs.c.due_at <= now)
        .order_by(logs.c.due_at)
        .limit(2 * limits.concurrency)
    )
    return [DueRefresh(*row) for row in rows]
