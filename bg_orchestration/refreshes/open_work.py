"""Open work for the sensor and the metrics: waiting, in flight and dead.

Every query but `census` reads an index of open rows, so its cost does not grow with history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from sqlalchemy import Connection, Row, case, func, select, text, true

from bg_orchestration.domain.admission import RATE_WINDOW, DueRefresh, Load, Reason
from bg_orchestration.domain.diagnosis.facts import (
    DeadEvent,
    DeadRefresh,
    OpenRefreshes,
    Stage,
)
from bg_orchestration.intake.inbox import UNREADABLE_TYPES
from bg_orchestration.observability.metric_families import STAGES
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import (
    DEAD,
    FOLLOWED,
    OPEN,
    TO_EMIT,
    UNDER_WAY,
    Utc,
    buyer_group_members,
    buyer_groups,
    companies,
    company_leases,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

# How many of the newest attempts, and of the newest dead refreshes, a query reads.
_NEWEST = 1_000
# The error of a refresh that a user ended; it needs no attention.
CANCELLED: Final = "cancelled by a person"


@dataclass(frozen=True, slots=True)
class Census:
    """Counts of members by (role, has a contact), of groups and of companies."""

    members: dict[tuple[str, bool], int]
    groups: int
    companies: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of open work, for the text of a tick.

    Attributes:
        pending_events: unhandled events, counted once for each company.
        deferred: refreshes planned for later: cool-down, backoff or another day's budget.
        deferred_until: when the first of them is due.
        over_budget: deferred refreshes that wait because the day's budget is spent.
        over_limit: due refreshes that wait for the limits.
        under_way: refreshes enqueued or running.
        dead_events: dead events, which wait for a replay.
    """

    pending_events: int
    deferred: int
    deferred_until: datetime | None
    over_budget: int
    over_limit: int
    under_way: int
    dead_events: int


@dataclass(frozen=True, slots=True)
class RefreshInFlight:
    """A refresh in flight, enqueued or running, according to the tables.

    `lease_lost` says that its run has not renewed the lease in time.
    """

    due: DueRefresh
    state: str
    emitted_at: datetime
    run_id: str | None
    lease_lost: bool


def load(connection: Connection, now: datetime) -> Load:
    """Count the refreshes in flight and the starts of the last minute."""
    counts: dict[str, int] = dict(
        connection.execute(
            select(logs.c.state, func.count()).where(UNDER_WAY).group_by(logs.c.state)
        ).all()
    )
    starts = connection.scalars(
        select(refresh_attempts.c.started_at)
        .where(refresh_attempts.c.started_at > now - RATE_WINDOW)
        .order_by(refresh_attempts.c.started_at)
    ).all()
    running_count = counts.pop("running", 0)
    return Load(handed_over=sum(counts.values()), running=running_count, starts=starts)


def under_way(connection: Connection) -> list[RefreshInFlight]:
    """Return every refresh in flight: at most a few times the concurrency."""
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
    )
    return [
        RefreshInFlight(
            DueRefresh(*(row._mapping[name] for name in DueRefresh.__dataclass_fields__)),
            row.state,
            row.emitted_at,
            row.run_id,
            lease_lost=row.expires_at is None or row.expires_at <= now,
        )
        for row in rows
    ]


def is_over(connection: Connection, run_id: str, since: timedelta) -> bool:
    """Whether a run holds no refresh: it never acquired a lease, or ended `since` ago."""
    row = connection.execute(select(logs.c.finished_at).where(logs.c.run_id == run_id)).first()
    if row is None:
        return True
    return row.finished_at is not None and row.finished_at <= clock(connection) - since


def backlog(connection: Connection, most: int | None = None) -> Backlog:
    """Count the open work at this moment; planned refreshes of a reason and kind up to `most`."""
    now = clock(connection)
    by_reason = [_planned(connection, reason, now, most) for reason in get_args(Reason)]
    routes = webhook_event_companies
    pending = select(func.count()).where(routes.c.state == text("'pending'")).scalar_subquery()
    in_flight = select(func.count()).select_from(logs).where(UNDER_WAY).scalar_subquery()
    dead = select(func.count()).where(webhook_events.c.state == text("'dead'")).scalar_subquery()
    counts = connection.execute(select(pending, in_flight, dead)).one()
    return Backlog(
        pending_events=counts[0],
        deferred=sum(row.deferred for row in by_reason),
        deferred_until=min((row.until for row in by_reason if row.until), default=None),
        over_budget=sum(row.over_budget for row in by_reason),
        over_limit=sum(row.due for row in by_reason),
        under_way=counts[1],
        dead_events=counts[2],
    )


def _planned(
    connection: Connection, reason: Reason, now: datetime, most: int | None
) -> Row[*tuple[Any, ...]]:
    """Count the planned refreshes of a reason, each kind up to `most`."""
    planned = select(logs.c.due_at, logs.c.deferred).where(TO_EMIT, logs.c.reason == reason)
    later = planned.where(logs.c.due_at > now).order_by(logs.c.due_at).limit(most).subquery()
    due = planned.where(logs.c.due_at <= now).limit(most).subquery()
    return connection.execute(
        select(
            func.count().label("deferred"),
            func.min(later.c.due_at, type_=Utc).label("until"),
            func.count(later.c.deferred).label("over_budget"),
            select(func.count()).select_from(due).scalar_subquery().label("due"),
        ).select_from(later)
    ).one()


def stages(connection: Connection) -> dict[str, Stage]:
    """Count unhandled events by stage, once for each company they concern.

    received: no tick has planned it yet, so the daemon is behind. due: its refresh waits for the
    limits only. under_way: its refresh is enqueued or running. deferred: its refresh waits for the
    end of a cool-down or of a backoff.
    """
    now = clock(connection)
    received = select(func.count(), func.min(webhook_events.c.received_at)).where(
        webhook_events.c.state == text("'received'")
    )
    many, since = connection.execute(received).one()
    by_stage = {name: Stage(0, 0.0) for name in STAGES}
    by_stage["received"] = Stage(many, _age(since, now))
    # A subquery, because the condition names its column without the table.
    open_rows = select(logs.c.company_id, logs.c.due_at, logs.c.emitted_at).where(OPEN).subquery()
    routes = webhook_event_companies.c
    stage = case(
        (open_rows.c.emitted_at.is_not(None), "under_way"),
        (open_rows.c.due_at > now, "deferred"),
        else_="due",
    )
    waits_since = case(
        (
            (open_rows.c.due_at > routes.received_at) & (open_rows.c.due_at <= now),
            open_rows.c.due_at,
        ),
        else_=routes.received_at,
    )
    rows = connection.execute(
        select(stage, func.count(), func.min(waits_since, type_=Utc))
        .select_from(webhook_event_companies)
        .outerjoin(open_rows, open_rows.c.company_id == routes.company_id)
        .where(routes.state == text("'pending'"))
        .group_by(stage)
    )
    return by_stage | {name: Stage(many, _age(since, now)) for name, many, since in rows}


def open_refreshes(connection: Connection) -> OpenRefreshes:
    """Count the refreshes that have not ended."""
    now = clock(connection)
    # A refresh of the schedule may be due since long before it was planned.
    since_due = case((logs.c.due_at > logs.c.planned_at, logs.c.due_at), else_=logs.c.planned_at)
    is_scheduled = logs.c.reason == "scheduled"
    deferred = connection.execute(
        select(func.count()).where(TO_EMIT, logs.c.due_at > now)
    ).scalar_one()
    held_back, stale, since = connection.execute(
        select(
            func.count(case((~is_scheduled, 1))),
            func.count(case((is_scheduled, 1))),
            func.min(case((~is_scheduled, since_due)), type_=Utc),
        ).where(TO_EMIT, logs.c.due_at <= now)
    ).one()
    is_running = logs.c.state == "running"
    under_way = connection.execute(
        select(is_running, func.count(), func.min(logs.c.emitted_at))
        .where(UNDER_WAY)
        .group_by(is_running)
    ).all()
    by_state = {bool(state): (many, emitted) for state, many, emitted in under_way}
    handed_over, emitted = by_state.get(False, (0, None))
    return OpenRefreshes(
        deferred=deferred,
        held_back=held_back,
        held_back_seconds=_age(since, now),
        stale=stale,
        handed_over=handed_over,
        handed_over_seconds=_age(emitted, now),
        running=by_state.get(True, (0, None))[0],
    )


def dead_events(connection: Connection) -> int:
    """Count the dead events."""
    return connection.execute(
        select(func.count()).where(webhook_events.c.state == text("'dead'"))
    ).scalar_one()


def unreadable_events(connection: Connection) -> int:
    """Count the dead events whose verified body could not be read."""
    return connection.execute(
        select(func.count()).where(
            webhook_events.c.state == text("'dead'"),
            webhook_events.c.type.in_(UNREADABLE_TYPES),
        )
    ).scalar_one()


def newest_dead_event(connection: Connection, types: Sequence[str] = ()) -> DeadEvent | None:
    """Return the newest dead event, or that of these types, or `None`."""
    of_types = webhook_events.c.type.in_(types) if types else true()
    row = connection.execute(
        select(webhook_events.c.source, webhook_events.c.event_id, webhook_events.c.reason)
        .where(webhook_events.c.state == text("'dead'"), of_types)
        .order_by(webhook_events.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else DeadEvent(*row)


def dead_refreshes(connection: Connection) -> list[DeadRefresh]:
    """Return the companies whose newest refresh is dead, newest first.

    Refreshes that a user ended are left out. Retention deletes no dead refresh, so the query reads
    only the newest.
    """
    dead = (
        select(logs.c.refresh_id, logs.c.company_id, logs.c.planned_at, logs.c.finished_at,
               logs.c.error)
        .where(DEAD)
        .order_by(logs.c.finished_at.desc())
        .limit(_NEWEST)
        .subquery()
    )  # fmt: skip
    newer = logs.alias("newer")
    superseded = (
        select(newer.c.refresh_id)
        .where(newer.c.company_id == dead.c.company_id, newer.c.planned_at > dead.c.planned_at)
        .exists()
    )
    rows = connection.execute(
        select(dead.c.refresh_id, dead.c.company_id, dead.c.finished_at, dead.c.error)
        .where(~superseded, func.coalesce(dead.c.error, "") != CANCELLED)
        .order_by(dead.c.finished_at.desc())
    )
    return [DeadRefresh(*row) for row in rows]


def last_completed(connection: Connection) -> datetime | None:
    """Return when a refresh last completed; `None` if no recent attempt did."""
    newest = (
        select(refresh_attempts.c.ended_at, refresh_attempts.c.error)
        # True for every row; it makes the query plan search the index instead of scanning it.
        .where(refresh_attempts.c.started_at <= clock(connection))
        .order_by(refresh_attempts.c.started_at.desc())
        .limit(_NEWEST)
        .subquery()
    )
    return connection.execute(
        select(func.max(newest.c.ended_at, type_=Utc)).where(newest.c.error.is_(None))
    ).scalar()


def mean_seconds(connection: Connection) -> float:
    """Return how long the newest 1,000 completed attempts took on average; 1 s before the first."""
    newest = (
        select(refresh_attempts.c.started_at, refresh_attempts.c.ended_at)
        .where(refresh_attempts.c.started_at <= clock(connection))
        .where(refresh_attempts.c.ended_at.is_not(None), refresh_attempts.c.error.is_(None))
        .order_by(refresh_attempts.c.started_at.desc())
        .limit(_NEWEST)
    )
    seconds = [
        (row.ended_at - row.started_at).total_seconds() for row in connection.execute(newest)
    ]
    return max(0.0, sum(seconds) / len(seconds)) if seconds else 1.0


def groups_made(connection: Connection) -> tuple[int, int]:
    """Count the followed companies, and those of them that were refreshed at least once."""
    row = connection.execute(
        select(func.count(), func.count(companies.c.refreshed_at)).where(FOLLOWED)
    ).one()
    return row[0], row[1]


def census(connection: Connection) -> Census:
    """Count all members, groups and companies; the cost grows with their number."""
    reachable = buyer_group_members.c.contacts != "[]"
    members = connection.execute(
        select(buyer_group_members.c.role, reachable, func.count()).group_by(
            buyer_group_members.c.role, reachable
        )
    )
    followed = select(func.count()).where(companies.c.followed == true())
    return Census(
        members={(role, bool(can)): many for role, can, many in members},
        groups=connection.execute(select(func.count()).select_from(buyer_groups)).scalar_one(),
        companies=connection.execute(followed).scalar_one(),
    )


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
