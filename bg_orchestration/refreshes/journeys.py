"""The stored way from events to a published group, with the spans of its runs."""

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
class ReceivedEvent:
    """A received event with the trace context of its request."""

    event_id: str
    type: str
    received_at: datetime
    state: str
    traceparent: str | None
    refresh_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One start of a refresh with the spans of its run; a killed run has no spans."""

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
    events: tuple[ReceivedEvent, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class JourneySearch:
    """The result of a search: refreshes with events, events without refresh, lone runs."""

    refreshes: tuple[Journey, ...]
    events: tuple[ReceivedEvent, ...]
    runs: dict[str, tuple[SpanRecord, ...]]


@dataclass(frozen=True, slots=True)
class Causes:
    """The causes of a running refresh, which its trace shows.

    `waiting_since` is the time of planning or, for a later attempt, the end of the attempt before.
    `traceparents` are the trace contexts of its events, oldest first.
    """

    waiting_since: datetime
    due_at: datetime
    emitted_at: datetime | None
    traceparents: tuple[str, ...]

    def waits(self, until: datetime) -> list[tuple[str, datetime, datetime]]:
        """Return the waits before the run began at `until`: name, begin and end of each."""
        enqueued_at = self.emitted_at or until
        due_at = min(max(self.due_at, self.waiting_since), enqueued_at)
        return [
            ("wait: deferred", self.waiting_since, due_at),
            ("wait: held back by limits", due_at, enqueued_at),
            ("wait: in Dagster's queue", enqueued_at, until),
        ]


def causes(connection: Connection, refresh_id: str) -> Causes:
    """Return the causes of a running refresh and its times of waiting."""
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
        tuple(context for context in contexts if context),
    )


def save(engine: Engine, run_id: str, spans: Sequence[SpanRecord]) -> None:
    """Store the spans of a run, in one transaction.

    Raises:
        SQLAlchemyError: the database does not take them.
    """
    rows = [
        {
            **asdict(span),
            "run_id": run_id,
            "attributes": json.dumps(span.attributes, sort_keys=True),
            "links": json.dumps(span.links),
        }
        for span in spans
    ]
    if rows:
        with writing(engine) as connection:
            connection.execute(insert(trace_spans), rows)


def delete_spans(connection: Connection, age: timedelta, most: int) -> int:
    """Delete the spans of at most `most` old runs; return the number of runs."""
    run_ids = list(
        connection.execute(
            select(trace_spans.c.run_id)
            .where(trace_spans.c.began_at < clock(connection) - age)
            .distinct()
            .limit(most)
        ).scalars()
    )
    connection.execute(delete(trace_spans).where(trace_spans.c.run_id.in_(run_ids)))
    return len(run_ids)


def find(connection: Connection, text: str) -> JourneySearch:
    """Find an event, a refresh, a run or a trace by its id.

    The first characters of a refresh or run id are enough. At most 100 of each, the newest.
    """
    prefix = _prefix(text)
    events = _events(connection, webhook_events.c.event_id == text)
    refresh_ids = {refresh for event in events for refresh in event.refresh_ids}
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
            or_(trace_spans.c.run_id.like(prefix), trace_spans.c.trace_id == text),
        )
        lone_attempts = connection.execute(
            select(refresh_attempts.c.run_id, refresh_attempts.c.refresh_id).where(
                refresh_attempts.c.run_id.in_(lone)
            )
        )
        for run_id, refresh_id in lone_attempts:
            refresh_ids.add(refresh_id)
            del lone[run_id]
    return JourneySearch(
        tuple(_journeys(connection, refresh_ids)),
        tuple(event for event in events if not event.refresh_ids),
        lone,
    )


def _prefix(text: str) -> str:
    """Return the pattern of ids that begin with `text`; empty if no id can."""
    plain = len(text) >= 6 and not set(text) - set("0123456789abcdef-")
    return f"{text}%" if plain else ""


def _events(connection: Connection, condition: ColumnElement[bool]) -> list[ReceivedEvent]:
    rows = connection.execute(
        select(webhook_events).where(condition).order_by(webhook_events.c.id.desc()).limit(_MOST)
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
        ReceivedEvent(
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


def _events_of(connection: Connection, refresh_id: str) -> list[ReceivedEvent]:
    event_keys = (
        select(webhook_event_companies.c.event)
        .join(logs, takes_event())
        .where(logs.c.refresh_id == refresh_id)
    )
    return _events(connection, webhook_events.c.id.in_(event_keys))


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


def _spans(
    connection: Connection, condition: ColumnElement[bool]
) -> dict[str, tuple[SpanRecord, ...]]:
    """Return spans by run, in the order of their begin."""
    by_run: dict[str, list[SpanRecord]] = {}
    rows = connection.execute(
        select(trace_spans)
        .where(condition)
        .order_by(trace_spans.c.began_at, trace_spans.c.seconds.desc())
    )
    for row in rows:
        fields = {name: row._mapping[name] for name in SpanRecord.__dataclass_fields__}
        fields |= {
            "attributes": json.loads(row.attributes),
            "links": tuple(json.loads(row.links)),
        }
        by_run.setdefault(row.run_id, []).append(SpanRecord(**fields))
    return {run_id: tuple(spans) for run_id, spans in by_run.items()}
