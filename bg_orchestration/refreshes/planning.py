"""Planning and enqueuing of refreshes.

Every writing function works under the admission lock, in its caller's writing transaction; those
that take an engine make transactions of their own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Exists,
    ScalarSelect,
    case,
    insert,
    select,
    text,
    update,
)

from bg_orchestration.domain.admission import (
    DueRefresh,
    Limits,
    Reason,
    automatic_due_at,
    choose,
)
from bg_orchestration.domain.freshness import Freshness, FreshnessRules
from bg_orchestration.intake.routing import RoutingPolicy, route_received
from bg_orchestration.refreshes.clock_steps import ahead, settle_future
from bg_orchestration.refreshes.open_work import load
from bg_orchestration.refreshes.staleness import due_companies, without_open_refresh
from bg_orchestration.store.database import clock, reading, writing
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
_MOST_STALE = 20_000
# A refresh of the schedule ranks by its due time, but never by an older one than this.
_OLDEST = timedelta(days=7)
_REASONS: tuple[Reason, ...] = ("manual", "event", "scheduled")
_PENDING = routes.c.state == text("'pending'")
# A refresh of the schedule that waits; OPEN is the condition of the index by company.
_IN_BACKLOG = (OPEN, logs.c.reason == "scheduled", logs.c.emitted_at.is_(None))


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
        now = settle_future(connection, limits)
    if may_route:
        route_received(connection, policy, now)
    # An event does not wait in the backlog of the schedule.
    waiting = select(logs.c.refresh_id).where(
        logs.c.company_id == routes.c.company_id, *_IN_BACKLOG
    )
    behind = select(routes.c.company_id).distinct().where(_PENDING, waiting.exists()).limit(_BATCH)
    _hasten(connection, connection.scalars(behind).all(), "event")
    company_ids = connection.scalars(
        select(routes.c.company_id)
        .distinct()
        .where(_PENDING, ~_has_open_refresh(routes.c.company_id))
        .order_by(routes.c.company_id)
        .limit(_BATCH)
    ).all()
    return _plan(connection, company_ids, "event", limits)


def plan_scheduled(connection: Connection, due: Sequence[Freshness], limits: Limits) -> int:
    """Plan a `scheduled` refresh for each of these companies that is followed, due by its tier.

    A company with an open refresh gets no second one. A company whose last refresh died waits for
    its cool-down. Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    due_at = {each.company_id: each.due_at for each in due}
    company_ids = _without_open(connection, due_at, companies.c.followed)
    return _plan(connection, company_ids, "scheduled", limits, due_at)


def plan_backlog(engine: Engine, due: Sequence[Freshness], limits: Limits) -> int:
    """Plan `scheduled` refreshes in transactions of 1,000 companies, so no event waits for long.

    Returns how many refreshes were planned.
    """
    count = 0
    for chunk in chunks(due):
        with writing(engine) as connection:
            count += plan_scheduled(connection, chunk, limits)
    return count


def plan_stale(
    engine: Engine, rules: FreshnessRules, key_companies: Collection[str], limits: Limits
) -> int:
    """Plan a `scheduled` refresh for every company that is due by its tier, the longest due first.

    Returns how many refreshes were planned, at most 20,000; the next tick plans more.
    """
    with reading(engine) as connection:
        due = due_companies(connection, rules, key_companies, without_open_refresh())
    return plan_backlog(engine, due[:_MOST_STALE], limits)


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

    It is due now, without a cool-down. A refresh that waits in the backlog of the schedule becomes
    manual. Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    ids = sorted(set(company_ids))
    _hasten(connection, ids, "manual")
    return _plan(connection, _without_open(connection, ids), "manual", None)


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


def _hasten(connection: Connection, company_ids: Sequence[str], reason: Reason) -> None:
    """Take the refreshes of these companies out of the schedule's backlog."""
    now = clock(connection)
    for chunk in chunks(company_ids):
        connection.execute(
            update(logs)
            .where(logs.c.company_id.in_(chunk), *_IN_BACKLOG)
            .values(
                reason=reason,
                # A backoff stays; a refresh that was due already queues behind the other events.
                due_at=case((logs.c.due_at < now, now), else_=logs.c.due_at),
                planned_at=case((logs.c.due_at < now, now), else_=logs.c.planned_at),
                traceparent=_oldest_traceparent(logs.c.company_id) if reason == "event" else None,
            )
        )


def _oldest_traceparent(company_id: ColumnElement[str]) -> ScalarSelect[Any]:
    """Return the trace context of the company's oldest pending event."""
    return (
        select(webhook_events.c.traceparent)
        .join(routes, routes.c.event == webhook_events.c.id)
        .where(routes.c.company_id == company_id, _PENDING)
        .order_by(routes.c.received_at)
        .limit(1)
        .scalar_subquery()
    )


def _plan(
    connection: Connection,
    company_ids: Sequence[str],
    reason: Reason,
    limits: Limits | None,
    stale_since: Mapping[str, datetime] | None = None,
) -> int:
    """Plan a refresh for each company; with `limits` it is due after the cool-down.

    An event's refresh carries the trace context of the company's oldest pending event. A company of
    `stale_since` is due since then, at most a week ago, unless its cool-down goes on.
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
    oldest = _oldest_traceparent(companies.c.company_id)
    query = select(companies.c.company_id, last_start, oldest)

    def due_at(company_id: str, started_at: datetime | None) -> datetime:
        at = now if limits is None else automatic_due_at(started_at, limits, now)
        if at > now or stale_since is None:
            return at
        return min(now, max(stale_since[company_id], now - _OLDEST))

    for chunk in chunks(company_ids):
        rows = [
            {
                "refresh_id": new_refresh_id(),
                "company_id": company_id,
                "reason": reason,
                "planned_at": now,
                "due_at": due_at(company_id, started_at),
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
