"""Lines for users and programs: the inbox, changes, refreshes and counts."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, text, true

from bg_orchestration.domain.model import Change
from bg_orchestration.ledger.budget import spent_today
from bg_orchestration.refreshes.event_absorption import takes_event
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import (
    COMPLETED,
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    companies,
    employments,
    people,
    pipeline_operations,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.upserts import chunks


@dataclass(frozen=True, slots=True)
class EventLine:
    """A received event and its state.

    `refresh_ids` are the refreshes that handled it or will. `due_at` is when the earliest deferred
    refresh may start. `deferred` says why, if the budget is spent.
    """

    source: str
    event_id: str
    type: str
    company_id: str
    person_id: str
    received_at: datetime
    state: str
    reason: str | None
    conflicts: int
    refresh_ids: tuple[str, ...]
    due_at: datetime | None
    deferred: str | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in a published group; `name` is `None` once the person is erased.

    The fields from `kind` on, but for `refresh_id`, are those of `domain.model.Change`.
    """

    changed_at: datetime
    company_id: str
    profile_id: str
    person_id: str
    name: str | None
    kind: str
    old: str | None
    new: str | None
    title: str | None
    since: str | None
    refresh_id: str
    cause: str | None
    other_company: str | None
    other_company_id: str | None
    gaps_opened: tuple[str, ...]
    gaps_closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefreshLine:
    """One refresh and its present state."""

    refresh_id: str
    company_id: str
    reason: str
    state: str
    attempt: int
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    run_id: str | None
    error: str | None
    deferred: str | None
    cost_usd: float
    summary: dict[str, Any] | None


def events(
    connection: Connection,
    *,
    state: str | None = None,
    company_id: str | None = None,
    limit: int = 50,
) -> list[EventLine]:
    """Return the newest events, newest first; `company_id` selects those of a company."""
    query = select(webhook_events).order_by(webhook_events.c.id.desc()).limit(limit)
    of_state = () if state is None else (webhook_events.c.state == state,)
    if company_id is not None:
        # Each query walks its index from the newest row and ends at the limit.
        named_events = (
            select(webhook_events.c.id)
            .where(webhook_events.c.company_id == company_id, *of_state)
            .order_by(webhook_events.c.id.desc())
            .limit(limit)
        )
        routed_events = (
            select(webhook_event_companies.c.event)
            .join(webhook_events, webhook_events.c.id == webhook_event_companies.c.event)
            .where(webhook_event_companies.c.company_id == company_id, *of_state)
            .order_by(webhook_event_companies.c.event.desc())
            .limit(limit)
        )
        ids = {*connection.scalars(named_events), *connection.scalars(routed_events)}
        query = query.where(webhook_events.c.id.in_(ids))
    return _event_lines(connection, query.where(*of_state))


def events_named(connection: Connection, event_ids: Sequence[str]) -> list[EventLine]:
    """Return the events with these ids, of any source, newest first."""
    query = select(webhook_events).order_by(webhook_events.c.id.desc())
    return _event_lines(connection, query.where(webhook_events.c.event_id.in_(event_ids)))


def whole_event_ids(connection: Connection, beginning: str, limit: int = 4) -> list[str]:
    """Return the event ids that begin so, at most `limit`; an exact id is the only one."""
    ids = select(webhook_events.c.event_id).distinct().limit(limit)
    exact = connection.scalars(ids.where(webhook_events.c.event_id == beginning)).all()
    begun = ids.where(webhook_events.c.event_id.startswith(beginning, autoescape=True))
    return sorted(exact or connection.scalars(begun))


def _event_lines(connection: Connection, query: Select[Any]) -> list[EventLine]:
    rows = connection.execute(query).all()
    handled_by = _refreshes_of(connection, [row.id for row in rows])
    return [
        EventLine(
            row.source,
            row.event_id,
            row.type,
            row.company_id,
            row.person_id,
            row.received_at,
            row.state,
            row.reason,
            row.conflicts,
            *handled_by.get(row.id, ((), None, None)),
        )
        for row in rows
    ]


def _refreshes_of(
    connection: Connection, event_keys: Sequence[int]
) -> dict[int, tuple[tuple[str, ...], datetime | None, str | None]]:
    """Return the refreshes of each event: those that absorbed it, else the open refresh.

    With them comes when the first deferred refresh is due (cool-down, backoff or budget), and why
    if the budget is spent.
    """
    now = clock(connection)
    rows = connection.execute(
        select(
            webhook_event_companies.c.event,
            logs.c.refresh_id,
            logs.c.emitted_at,
            logs.c.due_at,
            logs.c.deferred,
        )
        .join(logs, takes_event())
        .where(webhook_event_companies.c.event.in_(event_keys))
        .order_by(logs.c.due_at)
    ).all()
    by_event: dict[int, tuple[tuple[str, ...], datetime | None, str | None]] = {}
    for row in rows:
        ids, due_at, deferred = by_event.get(row.event, ((), None, None))
        if due_at is None and row.emitted_at is None and row.due_at > now:
            due_at, deferred = row.due_at, row.deferred
        by_event[row.event] = ((*ids, row.refresh_id), due_at, deferred)
    return by_event


def changes(
    connection: Connection,
    *,
    company_id: str | None = None,
    profile_id: str | None = None,
    since: datetime | None = None,
    refresh_id: str | None = None,
    limit: int = 100,
) -> list[ChangeLine]:
    """Return the newest changes in published groups, the oldest of them first."""
    query = _change_query().limit(limit)
    if company_id is not None:
        query = query.where(buyer_group_changes.c.company_id == company_id)
    if profile_id is not None:
        query = query.where(buyer_group_changes.c.profile_id == profile_id)
    if since is not None:
        query = query.where(buyer_group_changes.c.changed_at >= since)
    if refresh_id is not None:
        query = query.where(buyer_group_changes.c.refresh_id == refresh_id)
    return _change_lines(connection, query)


def changes_between(connection: Connection, start: datetime, end: datetime) -> list[ChangeLine]:
    """Return the changes from `start` until before `end`, the oldest first."""
    changed_at = buyer_group_changes.c.changed_at
    return _change_lines(connection, _change_query().where(changed_at >= start, changed_at < end))


def _change_query() -> Select[Any]:
    """Return the query of the changes about visible people, newest first."""
    return (
        select(buyer_group_changes, people.c.name)
        .outerjoin(people, people.c.person_id == buyer_group_changes.c.person_id)
        .where(visible(buyer_group_changes.c.person_id))
        .order_by(buyer_group_changes.c.id.desc())
    )


def _change_lines(connection: Connection, query: Select[Any]) -> list[ChangeLine]:
    """Return the changes of a query, the oldest first."""
    rows = connection.execute(query).all()
    return [
        ChangeLine(
            row.changed_at,
            row.company_id,
            row.profile_id,
            row.person_id,
            row.name,
            row.kind,
            row.old,
            row.new,
            row.title,
            row.since,
            row.refresh_id,
            row.cause,
            row.other_company,
            row.other_company_id,
            tuple(json.loads(row.gaps_opened or "[]")),
            tuple(json.loads(row.gaps_closed or "[]")),
        )
        for row in reversed(rows)
    ]


def as_change(line: ChangeLine) -> Change:
    """Return the change of a line, for its sentence."""
    return Change.model_validate(line, from_attributes=True)


def other_ends(connection: Connection, lines: Sequence[ChangeLine]) -> dict[ChangeLine, ChangeLine]:
    """Return the published changes at the other ends of moves, by the change at this end.

    Of several, that of the same seller profile counts, then the newest.
    """
    moves = [line for line in lines if line.other_company_id is not None]
    if not moves:
        return {}
    query = (
        _change_query()
        .where(buyer_group_changes.c.company_id.in_({line.other_company_id for line in moves}))
        .where(buyer_group_changes.c.person_id.in_({line.person_id for line in moves}))
        .where(buyer_group_changes.c.cause == "moved")
    )
    found = {}
    candidates = list(reversed(_change_lines(connection, query)))
    for line in moves:
        ends = [
            end
            for end in candidates
            if (end.person_id, end.company_id, end.other_company_id)
            == (line.person_id, line.other_company_id, line.company_id)
            and end.kind != line.kind
        ]
        if ends:
            found[line] = max(ends, key=lambda end: end.profile_id == line.profile_id)
    return found


def refreshes(connection: Connection, refresh_ids: Sequence[str]) -> list[RefreshLine]:
    """Return these refreshes in order of their start; planned ones come last."""
    return _refresh_lines(connection, _refresh_query().where(logs.c.refresh_id.in_(refresh_ids)))


def refresh_of_run(connection: Connection, run_id: str) -> RefreshLine | None:
    """Return the refresh that a run started, also after a failed attempt."""
    refresh_ids = select(refresh_attempts.c.refresh_id).where(refresh_attempts.c.run_id == run_id)
    lines = _refresh_lines(connection, _refresh_query().where(logs.c.refresh_id.in_(refresh_ids)))
    return lines[-1] if lines else None


def _refresh_query() -> Select[Any]:
    columns = [logs.c[name] for name in RefreshLine.__dataclass_fields__]
    return select(*columns).order_by(logs.c.started_at.nulls_last(), logs.c.planned_at)


def _refresh_lines(connection: Connection, query: Select[Any]) -> list[RefreshLine]:
    return [
        RefreshLine(**{**row._mapping, "summary": json.loads(row.summary or "null")})
        for row in connection.execute(query)
    ]


def names_of(connection: Connection, person_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of these people by id, without people under erasure."""
    query = select(people.c.person_id, people.c.name).where(visible(people.c.person_id))
    return {
        row.person_id: row.name
        for chunk in chunks(sorted(set(person_ids)))
        for row in connection.execute(query.where(people.c.person_id.in_(chunk)))
    }


def titles_of(connection: Connection, company_id: str, person_ids: Sequence[str]) -> dict[str, str]:
    """Return the titles of these people by id, if they work at the company now."""
    query = select(employments.c.person_id, employments.c.title).where(
        employments.c.company_id == company_id,
        employments.c.current == true(),
        employments.c.person_id.in_(person_ids),
        visible(employments.c.person_id),
    )
    return dict(connection.execute(query).all())


def employees_called(connection: Connection, company_id: str, name: str) -> list[str]:
    """Return the sorted ids of current employees with exactly this name."""
    query = (
        select(people.c.person_id)
        .join_from(employments, people)
        .where(employments.c.company_id == company_id, employments.c.current == true())
        .where(people.c.name == name, visible(people.c.person_id))
    )
    return sorted(connection.scalars(query))


def stats(connection: Connection) -> dict[str, Any]:
    """Count everything, for `bg stats`."""
    oldest = select(func.min(webhook_event_companies.c.received_at)).where(
        webhook_event_companies.c.state == text("'pending'")
    )
    # One query for each large table; `_sums` adds its counts up.
    last = select(func.max(logs.c.finished_at)).where(COMPLETED)
    refreshes_by = connection.execute(
        select(logs.c.state, logs.c.reason, func.count()).group_by(logs.c.state, logs.c.reason)
    ).all()
    operations = connection.execute(
        select(
            pipeline_operations.c.state,
            func.count(),
            func.sum(pipeline_operations.c.cost_usd),
        ).group_by(pipeline_operations.c.state)
    ).all()
    return {
        "companies": _count(connection, companies),
        "people": _count(connection, people),
        "current_jobs": connection.execute(
            select(func.count()).where(employments.c.current)
        ).scalar_one(),
        "groups": _count(connection, buyer_groups),
        "members_by_role": _by(connection, buyer_group_members.c.role),
        "events_by_state": _by(connection, webhook_events.c.state),
        "refreshes_by_state": _sums((state, count) for state, _, count in refreshes_by),
        "refreshes_by_reason": _sums((reason, count) for _, reason, count in refreshes_by),
        "changes": _count(connection, buyer_group_changes),
        "operations_by_state": _sums((state, count) for state, count, _ in operations),
        "spent_usd": float(sum(usd for _, _, usd in operations)),
        "spent_today_usd": spent_today(connection),
        "oldest_pending_event": connection.execute(oldest).scalar(),
        "last_completed_refresh": connection.execute(last).scalar(),
    }


def _sums(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up the counts of each word, sorted by word."""
    totals: Counter[str] = Counter()
    for word, count in counts:
        totals[word] += count
    return dict(sorted(totals.items()))


def _count(connection: Connection, table: Any) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _by(connection: Connection, column: Any) -> dict[str, int]:
    query = select(column, func.count()).group_by(column).order_by(column)
    return dict(connection.execute(query).all())
