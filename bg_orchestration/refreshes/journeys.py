"""Spans as rows, and everything on record about the way from events to a published group."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, or_, select

from bg_orchestration.observability.traces import SpanRecord
from bg_orchestration.refreshes.event_absorption import takes_event
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    refresh_attempts,
    trace_spans,
    webhook_event_companies,
    webhook_events,
)

_MOST = 100


@dataclass(frozen=True, slots=True)
class Received:
    """An event and the trace context of its request."""

    event_id: str
    type: str
    received_at: datetime
    state: str
    traceparent: str | None
    refresh_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One start of a refresh, and the spans of its run; none if it was killed before its end."""

    number: int
    run_id: str
    started_at: datetime
    ended_at: datetime | None
    error: str | None
    spans: tuple[SpanRecord, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """The way of a refresh: its rows and the spans of its runs."""

    refresh_id: str
    company_id: str
    reason: str
    state: str
    planned_at: datetime
    due_at: datetime
    emitted_at: datetime | None
    traceparent: str | None
    events: tuple[Received, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search: refreshes with their events, events without one, lone runs."""

    refreshes: tuple[Journey, ...]
    events: tuple[Received, ...]
    runs: dict[str, tuple[SpanRecord, ...]]


@dataclass(frozen=True, slots=True)
class Causes:
    """The causes of a running refresh, which its trace shows.

    `waiting_since` is when it was planned or, on a later attempt, when the one before it ended.
    `traceparents` are the trace contexts of the events it handles, oldest first.
    """

    waiting_since: datetime
    due_at: datetime
    emitted_at: datetime | None
    traceparents: tuple[str, ...]

    def waits(self, until: datetime) -> list[tuple[str, datetime, datetime]]:
        """The times of waiting before the run began at `until`: name, begin and end of each."""
        handed = self.emitted_at or until
        due = min(max(self.due_at, self.waiting_since), handed)
        return [
            ("wait: deferred", self.waiting_since, due),
            ("wait: held back by limits", due, handed),
            ("wait: in Dagster's queue", handed, until),
        ]


def causes(connection: Connection, refresh_id: str) -> Causes:
    """Why a running refresh is made, and what it waited for."""
    row = connection.execute(select(logs).where(logs.c.refresh_id == refresh_id)).one()
    contexts = connection.execute(
        select(webhook_events.c.traceparent)
        .join(webhook_event_companies, webhook_event_companies.c.event == webhook_events.c.id)
        .where(webhook_event_companies.c.refresh_id == refresh_id)
        .where(webhook_events.c.traceparent.is_not(None))
        .order_by(webhook_event_companies.c.received_at)
        .limit(_MOST)
    ).scalars()
    before = connection.execute(
        select(func.max(refresh_attempts.c.ended_at)).where(
            refresh_attempts.c.refresh_id == refresh_id,
            refresh_attempts.c.attempt < row.attempt,
        )
    ).scalar()
    return Causes(
        before or row.planned_at,
        row.due_at,
        row.emitted_at,
        tuple(one for one in contexts if one),
    )


def save(engine: Engine, run_id: str, spans: Sequence[SpanRecord]) -> None:
    """Store the spans of a run, in one transaction.

    Raises:
        SQLAlchemyError: the database does not take them.
    """
    rows = [
        {
            **asdict(one),
            "run_id": run_id,
            "attributes": json.dumps(one.attributes, sort_keys=True),
            "links": json.dumps(one.links),
        }
        for one in spans
    ]
    if rows:
        with writing(engine) as connection:
            connection.execute(insert(trace_spans), rows)


def forget_spans(connection: Connection, age: timedelta, most: int) -> int:
    """Delete the spans of at most `most` old runs; returns how many runs."""
    old = list(
        connection.execute(
            select(trace_spans.c.run_id)
            .where(trace_spans.c.began_at < clock(connection) - age)
            .distinct()
            .limit(most)
        ).scalars()
    )
    connection.execute(delete(trace_spans).where(trace_spans.c.run_id.in_(old)))
    return len(old)


def find(connection: Connection, wanted: str) -> Found:
    """Find an event, a refresh, a run or a trace by its id; ids of ours may be cut short.

    The newest 100 of each, if it names more.
    """
    prefix = _prefix(wanted)
    events = _events(connection, webhook_events.c.event_id == wanted)
    refresh_ids = {one for event in events for one in event.refresh_ids}
    runs = select(refresh_attempts.c.refresh_id).where(refresh_attempts.c.run_id.like(prefix))
    lone: dict[str, tuple[SpanRecord, ...]] = {}
    if prefix:
        refresh_ids |= set(
            connection.execute(
                select(logs.c.refresh_id)
                .where(or_(logs.c.refresh_id.like(prefix), logs.c.refresh_id.in_(runs)))
                .order_by(logs.c.planned_at.desc())
                .limit(_MOST)
            ).scalars()
        )
        lone = _spans(
            connection,
            or_(trace_spans.c.run_id.like(prefix), trace_spans.c.trace_id == wanted),
        )
        known = connection.execute(
            select(refresh_attempts.c.run_id, refresh_attempts.c.refresh_id).where(
                refresh_attempts.c.run_id.in_(lone)
            )
        )
        for run_id, refresh_id in known:
            refresh_ids.add(refresh_id)
            del lone[run_id]
    return Found(
        tuple(_journeys(connection, refresh_ids)),
        tuple(event for event in events if not event.refresh_ids),
        lone,
    )


def _prefix(wanted: str) -> str:
    """The pattern of ids that begin so; empty for what cannot begin an id of ours."""
    plain = len(wanted) >= 6 and not set(wanted) - set("0123456789abcdef-")
    return f"{wanted}%" if plain else ""


def _events(connection: Connection, which: ColumnElement[bool]) -> list[Received]:
    rows = connection.execute(
        select(webhook_events).where(which).order_by(webhook_events.c.id.desc()).limit(_MOST)
    ).all()
    takers: dict[int, list[str]] = {}
    for event, refresh_id in connection.execute(
        select(webhook_event_companies.c.event, logs.c.refresh_id)
        .join(logs, takes_event())
        .where(webhook_event_companies.c.event.in_([row.id for row in rows]))
        .order_by(logs.c.planned_at)
    ):
        takers.setdefault(event, []).append(refresh_id)
    return [
        Received(
            row.event_id,
            row.type,
            row.received_at,
            row.state,
            row.traceparent,
            tuple(takers.get(row.id, ())),
        )
        for row in rows
    ]


def _journeys(connection: Connection, refresh_ids: set[str]) -> list[Journey]:
    rows = connection.execute(
        select(logs).where(logs.c.refresh_id.in_(refresh_ids)).order_by(logs.c.planned_at)
    ).all()
    return [
        Journey(
            row.refresh_id,
            row.company_id,
            row.reason,
            row.state,
            row.planned_at,
            row.due_at,
            row.emitted_at,
            row.traceparent,
            tuple(reversed(_events_of(connection, row.refresh_id))),
            _attempts(connection, row.refresh_id),
        )
        for row in rows
    ]


def _events_of(connection: Connection, refresh_id: str) -> list[Received]:
    taken = (
        select(webhook_event_companies.c.event)
        .join(logs, takes_event())
        .where(logs.c.refresh_id == refresh_id)
    )
    return _events(connection, webhook_events.c.id.in_(taken))


def _attempts(connection: Connection, refresh_id: str) -> tuple[Attempt, ...]:
    rows = connection.execute(
        select(refresh_attempts)
        .where(refresh_attempts.c.refresh_id == refresh_id)
        .order_by(refresh_attempts.c.attempt)
    ).all()
    spans = _spans(connection, trace_spans.c.run_id.in_([row.run_id for row in rows]))
    return tuple(
        Attempt(
            row.attempt,
            row.run_id,
            row.started_at,
            row.ended_at,
            row.error,
            spans.get(row.run_id, ()),
        )
        for row in rows
    )


def _spans(connection: Connection, which: ColumnElement[bool]) -> dict[str, tuple[SpanRecord, ...]]:
    """By run, in the order in which they began."""
    found: dict[str, list[SpanRecord]] = {}
    rows = connection.execute(
        select(trace_spans)
        .where(which)
        .order_by(trace_spans.c.began_at, trace_spans.c.seconds.desc())
    )
    for row in rows:
        fields = {name: row._mapping[name] for name in SpanRecord.__dataclass_fields__}
        fields |= {
            "attributes": json.loads(row.attributes),
            "links": tuple(json.loads(row.links)),
        }
        found.setdefault(row.run_id, []).append(SpanRecord(**fields))
    return {run_id: tuple(spans) for run_id, spans in found.items()}
