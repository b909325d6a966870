"""Open work: what waits, what is in flight, what is dead, for the sensor and for metrics.

Every question but `census` reads an index of what is open, so its cost does not grow with history.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, func, select, text, true

from bg_orchestration.domain.admission import RATE_WINDOW, Due, Load
from bg_orchestration.domain.diagnosis.facts import (
    DeadEvent,
    DeadRefresh,
    OpenRefreshes,
    Stage,
)
from bg_orchestration.observability.metric_families import STAGES
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import (
    DEAD,
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

# How many of the newest attempts, and of the newest dead refreshes, are looked through.
_NEWEST = 1_000
# The error of a refresh that a person ended: it needs no attention.
CANCELLED: Final = "cancelled by a person"


@dataclass(frozen=True, slots=True)
class Census:
    """Counts of members by (role, whether they can be reached), of groups and of companies."""

    members: dict[tuple[str, bool], int]
    groups: int
    companies: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of open work, for the tick's text.

    Attributes:
        pending_events: events that no refresh has handled yet, counted once for each company.
        deferred: refreshes planned for later: cool-down, backoff or another day's budget.
        deferred_until: when the first of them is due.
        over_budget: how many of them wait because the day's budget is spent.
        over_limit: refreshes that are due and wait for the limits.
        under_way: refreshes enqueued or running.
        dead_events: events that were given up and wait for a replay.
    """

    pending_events: int
    deferred: int
    deferred_until: datetime | None
    over_budget: int
    over_limit: int
    under_way: int
    dead_events: int


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A refresh in flight: enqueued or running, as our rows know it.

    `lease_lost` says that its run has not renewed the lease in time.
    """

    due: Due
    state: str
    emitted_at: datetime
    run_id: str | None
    lease_lost: bool


def load(connection: Connection, now: datetime) -> Load:
    """Count what is in flight and the starts of the last minute."""
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
    running = counts.pop("running", 0)
    return Load(handed_over=sum(counts.values()), running=running, starts=starts)


def under_way(connection: Connection) -> list[UnderWay]:
    """Every refresh in flight: at most a few times the concurrency."""
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
        UnderWay(
            Due(*(row._mapping[name] for name in Due.__dataclass_fields__)),
            row.state,
            row.emitted_at,
            row.run_id,
            lease_lost=row.expires_at is None or row.expires_at <= now,
        )
        for row in rows
    ]


def is_over(connection: Connection, run_id: str, since: timedelta) -> bool:
    """Whether a run holds no refresh: it never took a lease, or ended it `since` ago."""
    row = connection.execute(select(logs.c.finished_at).where(logs.c.run_id == run_id)).first()
    if row is None:
        return True
    return row.finished_at is not None and row.finished_at <= clock(connection) - since


def backlog(connection: Connection) -> Backlog:
    """Count what waits at this moment."""
    now = clock(connection)
    later = case((logs.c.due_at > now, 1))
    # No condition but the index's own: both databases then read the index of what is to be emitted.
    planned = connection.execute(
        select(
            func.count().label("all"),
            func.count(later).label("deferred"),
            func.min(case((logs.c.due_at > now, logs.c.due_at)), type_=Utc).label("until"),
            func.count(case((logs.c.deferred.is_not(None), later))).label("over_budget"),
        ).where(TO_EMIT)
    ).one()
    routes = webhook_event_companies
    pending = select(func.count()).where(routes.c.state == text("'pending'")).scalar_subquery()
    in_flight = select(func.count()).select_from(logs).where(UNDER_WAY).scalar_subquery()
    dead = select(func.count()).where(webhook_events.c.state == text("'dead'")).scalar_subquery()
    counts = connection.execute(select(pending, in_flight, dead)).one()
    return Backlog(
        pending_events=counts[0],
        deferred=planned.deferred,
        deferred_until=planned.until,
        over_budget=planned.over_budget,
        over_limit=planned.all - planned.deferred,
        under_way=counts[1],
        dead_events=counts[2],
    )


def stages(connection: Connection) -> dict[str, Stage]:
    """Every event that is not handled yet, once for each company it concerns.

    received: no tick has planned it yet, so the daemon is behind. due: nothing but the limits keeps
    its refresh. under_way: its refresh is handed over or running. deferred: its refresh waits for
    the end of a cool-down or of a backoff.
    """
    now = clock(connection)
    received = select(func.count(), func.min(webhook_events.c.received_at)).where(
        webhook_events.c.state == text("'received'")
    )
    many, since = connection.execute(received).one()
    found = {name: Stage(0, 0.0) for name in STAGES}
    found["received"] = Stage(many, _age(since, now))
    # A select of its own: the condition names its column without the table.
    planned = select(logs.c.company_id, logs.c.due_at, logs.c.emitted_at).where(OPEN).subquery()
    routes = webhook_event_companies.c
    stage = case(
        (planned.c.emitted_at.is_not(None), "under_way"),
        (planned.c.due_at > now, "deferred"),
        else_="due",
    )
    waits_since = case(
        ((planned.c.due_at > routes.received_at) & (planned.c.due_at <= now), planned.c.due_at),
        else_=routes.received_at,
    )
    rows = connection.execute(
        select(stage, func.count(), func.min(waits_since, type_=Utc))
        .select_from(webhook_event_companies)
        .outerjoin(planned, planned.c.company_id == routes.company_id)
        .where(routes.state == text("'pending'"))
        .group_by(stage)
    )
    return found | {name: Stage(many, _age(since, now)) for name, many, since in rows}


def open_refreshes(connection: Connection) -> OpenRefreshes:
    """Every refresh that has not ended."""
    now = clock(connection)
    first = func.min(logs.c.due_at)
    later = connection.execute(
        select(func.count()).where(TO_EMIT, logs.c.due_at > now)
    ).scalar_one()
    held, since = connection.execute(
        select(func.count(), first).where(TO_EMIT, logs.c.due_at <= now)
    ).one()
    running = logs.c.state == "running"
    under_way = connection.execute(
        select(running, func.count(), func.min(logs.c.emitted_at))
        .where(UNDER_WAY)
        .group_by(running)
    ).all()
    by_state = {bool(state): (many, emitted) for state, many, emitted in under_way}
    handed_over, emitted = by_state.get(False, (0, None))
    return OpenRefreshes(
        deferred=later,
        held_back=held,
        held_back_seconds=_age(since, now),
        handed_over=handed_over,
        handed_over_seconds=_age(emitted, now),
        running=by_state.get(True, (0, None))[0],
    )


def dead_events(connection: Connection) -> int:
    """How many events were given up and wait for a replay."""
    return connection.execute(
        select(func.count()).where(webhook_events.c.state == text("'dead'"))
    ).scalar_one()


def newest_dead_event(connection: Connection) -> DeadEvent | None:
    """The dead event that was received last; `None` if there is none."""
    row = connection.execute(
        select(webhook_events.c.source, webhook_events.c.event_id, webhook_events.c.reason)
        .where(webhook_events.c.state == text("'dead'"))
        .order_by(webhook_events.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else DeadEvent(*row)


def dead_refreshes(connection: Connection) -> list[DeadRefresh]:
    """The companies whose newest refresh was given up, newest first; what a person ended is not.

    Dead refreshes are never forgotten: only the newest are looked at.
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
    """When a refresh last ended well; `None` if none of the newest attempts did."""
    newest = (
        select(refresh_attempts.c.ended_at, refresh_attempts.c.error)
        # True of all of them; it lets the plan tell a search of the index from a walk through it.
        .where(refresh_attempts.c.started_at <= clock(connection))
        .order_by(refresh_attempts.c.started_at.desc())
        .limit(_NEWEST)
        .subquery()
    )
    return connection.execute(
        select(func.max(newest.c.ended_at, type_=Utc)).where(newest.c.error.is_(None))
    ).scalar()


def census(connection: Connection) -> Census:
    """Counts over everything there is: the more groups, the longer it takes."""
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
