"""What the metrics and `bg status` ask of the tables: what waits, what is dead, what there is.

Every question but `census` reads an index of what is open, so its cost does not grow with history;
all are asked under a time-out of a few seconds.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, case, func, select, text, true

from bg_orchestration.domain.diagnosis.facts import (
    DeadRefresh,
    OpenRefreshes,
    Stage,
)
from bg_orchestration.observability.metric_families import STAGES
from bg_orchestration.refreshes.life_cycle import CANCELLED
from bg_orchestration.store.database import clock, reading
from bg_orchestration.store.schema.tables import (
    DEAD,
    OPEN,
    TO_EMIT,
    UNDER_WAY,
    Utc,
    buyer_group_members,
    buyer_groups,
    companies,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

# How many of the newest attempts, and of the newest dead refreshes, are looked through.
_NEWEST = 1_000
# SQLite asks after so many steps of its machine, some milliseconds, whether to go on.
_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Census:
    """What there is: members by (role, whether they can be reached), groups, companies."""

    members: dict[tuple[str, bool], int]
    groups: int
    companies: int


@contextmanager
def quickly(engine: Engine, seconds: float) -> Iterator[Connection]:
    """A reading transaction of which no statement takes longer than `seconds`.

    Raises:
        OperationalError: one would have.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            limit = {"limit": f"{int(seconds * 1000)}ms"}
            connection.execute(text("SELECT set_config('statement_timeout', :limit, true)"), limit)
            yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        until = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield connection
        finally:
            driver.set_progress_handler(None, _STEPS)


def stages(connection: Connection) -> dict[str, Stage]:
    """Every event that is not handled yet, once for each company it concerns.

    received: nobody has looked at it, so the daemon is behind. due: nothing but the limits keeps
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
    """How many events were given up and wait for somebody."""
    return connection.execute(
        select(func.count()).where(webhook_events.c.state == text("'dead'"))
    ).scalar_one()


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
