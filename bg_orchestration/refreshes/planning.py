"""What the sensor asks and writes: which refreshes to plan, and which to hand to Dagster."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Select,
    TextClause,
    func,
    insert,
    select,
    text,
    update,
)

from bg_orchestration.domain.admission import (
    RATE_WINDOW,
    Due,
    Limits,
    Load,
    Reason,
    automatic_due_at,
    choose,
)
from bg_orchestration.intake.routing import Policy, route_received
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    OPEN,
    TO_EMIT,
    UNDER_WAY,
    companies,
    company_leases,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

_BATCH = 200
_REASONS: tuple[Reason, ...] = ("manual", "event", "scheduled")


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, for the tick's text.

    Attributes:
        pending_events: events that no refresh has handled yet, counted once for each company.
        deferred: refreshes planned for later: cool-down, backoff or another day's budget.
        deferred_until: when the first of them is due.
        over_budget: how many of them wait because the day's budget is spent.
        over_limit: refreshes that are due and wait for the limits.
        under_way: refreshes handed over or running.
        dead_events: events that were given up and wait for somebody to replay them.
    """

    pending_events: int
    deferred: int
    deferred_until: datetime | None
    over_budget: int
    over_limit: int
    under_way: int
    dead_events: int


def new_refresh_id() -> str:
    """An id that no refresh ever had, also in a database made anew.

    Dagster remembers run keys for ever, and the id is half of one.
    """
    return uuid4().hex


def plan(connection: Connection, policy: Policy, limits: Limits) -> int:
    """Route what was received and plan a refresh for each company that has something pending.

    Works in the caller's writing transaction. Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    # An import holds the directory until it commits: events then stay received until a later tick.
    routes = acquire_lock(connection, Lock.DIRECTORY, wait=False)
    now = clock(connection)
    if routes:
        route_received(connection, policy, now)
    waiting = connection.execute(_companies_without_a_plan()).scalars().all()
    for company_id in waiting:
        due_at = automatic_due_at(_last_automatic_start(connection, company_id), limits, now)
        traceparent = _oldest_traceparent(connection, company_id)
        _insert(connection, company_id, "event", due_at, now, traceparent)
    return len(waiting)


def plan_scheduled(connection: Connection, stale_before: datetime, limits: Limits) -> int:
    """Plan a refresh, reason `scheduled`, for the stalest companies without an open one.

    A company never refreshed is the stalest. One whose last refresh died waits for its cool-down.
    Bounded; the schedule comes again. Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    last = (
        select(func.max(logs.c.finished_at))
        .where(logs.c.company_id == companies.c.company_id, logs.c.state == text("'completed'"))
        .scalar_subquery()
    )
    stale = connection.execute(
        select(companies.c.company_id)
        .where(companies.c.followed, ~_has_open_refresh(companies.c.company_id))
        .where((last.is_(None)) | (last < stale_before))
        .order_by(last.asc().nulls_first(), companies.c.company_id)
        .limit(_BATCH)
    ).scalars()
    ids = list(stale)
    for company_id in ids:
        due_at = automatic_due_at(_last_automatic_start(connection, company_id), limits, now)
        _insert(connection, company_id, "scheduled", due_at, now, None)
    return len(ids)


def plan_changed(connection: Connection, company_ids: Sequence[str], limits: Limits) -> int:
    """Plan a refresh, reason `scheduled`, for each of these companies without an open one.

    Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    ids = connection.execute(
        select(companies.c.company_id)
        .where(companies.c.company_id.in_(company_ids), companies.c.followed)
        .where(~_has_open_refresh(companies.c.company_id))
    ).scalars()
    planned = list(ids)
    for company_id in planned:
        due_at = automatic_due_at(_last_automatic_start(connection, company_id), limits, now)
        _insert(connection, company_id, "scheduled", due_at, now, None)
    return len(planned)


def plan_manual(connection: Connection, company_ids: Sequence[str]) -> int:
    """Plan a refresh, reason `manual`, for each company without an open one.

    Returns how many refreshes were planned.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    ids = connection.execute(
        select(companies.c.company_id).where(
            companies.c.company_id.in_(company_ids), ~_has_open_refresh(companies.c.company_id)
        )
    ).scalars()
    planned = list(ids)
    for company_id in planned:
        _insert(connection, company_id, "manual", now, now, None)
    return len(planned)


def emit(connection: Connection, limits: Limits) -> tuple[Due, ...]:
    """Choose what to hand to Dagster now, and mark it handed over.

    Works in the caller's writing transaction. What is marked here and never seen by Dagster is
    found by `reconciliation` and handed over again.
    """
    acquire_lock(connection, Lock.ADMISSION)
    now = clock(connection)
    chosen = choosable(connection, limits, now)
    if chosen:
        connection.execute(
            update(logs)
            .where(logs.c.refresh_id.in_([due.refresh_id for due in chosen]))
            .values(emitted_at=now)
        )
    return chosen


def choosable(connection: Connection, limits: Limits, now: datetime) -> tuple[Due, ...]:
    """What `emit` would choose at `now`; reads a bounded number of rows."""
    due = [row for reason in _REASONS for row in _due(connection, reason, limits, now)]
    return choose(due, load(connection, now), limits, now) if due else ()


def has_news(connection: Connection, limits: Limits) -> bool:
    """Whether a tick has something new to do: cheap enough to be asked every 50 ms.

    Events that a finished refresh left over are not asked for here: each tick plans them once at
    its start.
    """
    received = select(webhook_events.c.id).where(webhook_events.c.state == text("'received'"))
    if connection.execute(received.limit(1)).first() is not None:
        return True
    return bool(choosable(connection, limits, clock(connection)))


def load(connection: Connection, now: datetime) -> Load:
    """What is under way, counted from our rows."""
    under_way = connection.execute(
        select(logs.c.state, func.count()).where(UNDER_WAY).group_by(logs.c.state)
    ).all()
    counts: dict[str, int] = dict(under_way)
    starts = connection.execute(
        select(refresh_attempts.c.started_at)
        .where(refresh_attempts.c.started_at > now - RATE_WINDOW)
        .order_by(refresh_attempts.c.started_at)
    ).scalars()
    running = counts.pop("running", 0)
    return Load(handed_over=sum(counts.values()), running=running, starts=starts.all())


def backlog(connection: Connection) -> Backlog:
    """What waits at this moment."""
    now = clock(connection)
    deferred = select(func.count(), func.min(logs.c.due_at)).where(TO_EMIT, logs.c.due_at > now)
    later, deferred_until = connection.execute(deferred).one()

    def count(*conditions: ColumnElement[bool] | TextClause) -> int:
        return connection.execute(select(func.count()).where(*conditions)).scalar_one()

    return Backlog(
        pending_events=count(webhook_event_companies.c.state == text("'pending'")),
        deferred=later,
        deferred_until=deferred_until,
        over_budget=count(TO_EMIT, logs.c.due_at > now, logs.c.deferred.is_not(None)),
        over_limit=count(TO_EMIT, logs.c.due_at <= now),
        under_way=connection.execute(
            select(func.count()).select_from(logs).where(UNDER_WAY)
        ).scalar_one(),
        dead_events=count(webhook_events.c.state == text("'dead'")),
    )


def _companies_without_a_plan() -> Select[str]:
    return (
        select(webhook_event_companies.c.company_id)
        .distinct()
        .where(
            webhook_event_companies.c.state == text("'pending'"),
            ~_has_open_refresh(webhook_event_companies.c.company_id),
        )
        .order_by(webhook_event_companies.c.company_id)
        .limit(_BATCH)
    )


def _has_open_refresh(company_id: ColumnElement[str]) -> Exists:
    return select(logs.c.refresh_id).where(logs.c.company_id == company_id, OPEN).exists()


def _last_automatic_start(connection: Connection, company_id: str) -> datetime | None:
    return connection.execute(
        select(logs.c.started_at)
        .where(logs.c.company_id == company_id, logs.c.started_at.is_not(None))
        .where(logs.c.reason != "manual")
        .order_by(logs.c.started_at.desc())
        .limit(1)
    ).scalar()


def _oldest_traceparent(connection: Connection, company_id: str) -> str | None:
    return connection.execute(
        select(webhook_events.c.traceparent)
        .join(webhook_event_companies, webhook_event_companies.c.event == webhook_events.c.id)
        .where(
            webhook_event_companies.c.company_id == company_id,
            webhook_event_companies.c.state == text("'pending'"),
        )
        .order_by(webhook_event_companies.c.received_at)
        .limit(1)
    ).scalar()


def _due(connection: Connection, reason: Reason, limits: Limits, now: datetime) -> Sequence[Due]:
    rows = connection.execute(
        select(
            logs.c.refresh_id,
            logs.c.company_id,
            logs.c.attempt,
            logs.c.due_at,
            logs.c.traceparent,
        )
        .where(TO_EMIT, logs.c.reason == reason, logs.c.due_at <= now)
        .order_by(logs.c.due_at)
        .limit(2 * limits.concurrency)
    ).all()
    return [
        Due(row.refresh_id, row.company_id, reason, row.attempt, row.due_at, row.traceparent)
        for row in rows
    ]


def _insert(
    connection: Connection,
    company_id: str,
    reason: Reason,
    due_at: datetime,
    now: datetime,
    traceparent: str | None,
) -> None:
    connection.execute(
        insert(logs).values(
            refresh_id=new_refresh_id(),
            company_id=company_id,
            reason=reason,
            planned_at=now,
            due_at=due_at,
            traceparent=traceparent,
        )
    )


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A refresh that was handed over or has started, as our rows know it.

    `lease_lost` tells that its run has not renewed the lease in time.
    """

    due: Due
    state: str
    emitted_at: datetime
    run_id: str | None
    lease_lost: bool


def under_way(connection: Connection) -> list[UnderWay]:
    """Every refresh that is handed over or running: at most a few times the concurrency."""
    now = clock(connection)
    rows = connection.execute(
        select(logs, company_leases.c.expires_at)
        .outerjoin(
            company_leases,
            (company_leases.c.company_id == logs.c.company_id)
            & (company_leases.c.refresh_id == logs.c.refresh_id),
        )
        .where(UNDER_WAY)
        .order_by(logs.c.emitted_at)
    ).all()
    return [
        UnderWay(
            Due(
                row.refresh_id,
                row.company_id,
                row.reason,
                row.attempt,
                row.due_at,
                row.traceparent,
            ),
            row.state,
            row.emitted_at,
            row.run_id,
            lease_lost=row.expires_at is None or row.expires_at <= now,
        )
        for row in rows
    ]


def is_over(connection: Connection, run_id: str, since: timedelta) -> bool:
    """Whether a run holds no refresh: it never took one over, or ended it at least `since` ago."""
    row = connection.execute(select(logs.c.finished_at).where(logs.c.run_id == run_id)).first()
    if row is None:
        return True
    return row.finished_at is not None and row.finished_at <= clock(connection) - since
