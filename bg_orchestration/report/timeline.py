"""A trace as text: one bar a span, below its parent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bg_orchestration.observability.traces import SpanRecord
from bg_orchestration.refreshes.journeys import (
    Attempt,
    Journey,
    ReceivedEvent,
)

_WAIT = "wait: "
# A time of mere waiting takes at most this share of the room of busy time.
_SHARE_OF_WAITING = 0.3


@dataclass(frozen=True, slots=True)
class Bar:
    """A line; `ended` is `None` while it lasts, `note` has ids, counts or an error's type."""

    name: str
    began: datetime
    ended: datetime | None
    depth: int = 0
    note: str = ""
    failed: bool = False

    @property
    def is_wait(self) -> bool:
        """Whether no process worked in this time."""
        return self.name.startswith(_WAIT)


def bars_of(journey: Journey) -> list[Bar]:
    """Return the bars of a refresh: events, attempts and the present wait."""
    bars = [_bar_of_event(event, journey) for event in journey.events]
    for attempt in journey.attempts:
        bars += bars_of_run(attempt.spans) or [_bar_without_spans(attempt)]
    if waits := _waits_for(journey):
        bars.append(waits)
    return bars


def bars_of_run(spans: Sequence[SpanRecord]) -> list[Bar]:
    """Return the spans of one run by their begin, children below their parents."""
    span_ids = {span.span_id for span in spans}
    children: dict[str | None, list[SpanRecord]] = {}
    for span in sorted(spans, key=lambda span: (span.began_at, -span.seconds)):
        parent = span.parent_id if span.parent_id in span_ids else None
        children.setdefault(parent, []).append(span)

    def below(parent: str | None, depth: int) -> Iterator[Bar]:
        for span in children.get(parent, ()):
            yield _bar_of_span(span, depth)
            yield from below(span.span_id, depth + 1)

    return list(below(None, 0))


def bar_of_event(event: ReceivedEvent) -> Bar:
    """Return the bar of an event without a refresh."""
    return Bar("POST received", event.received_at, event.received_at, note=_of_event(event))


def _bar_of_event(event: ReceivedEvent, journey: Journey) -> Bar:
    note = _of_event(event)
    if event.traceparent != journey.traceparent:
        note += ", linked"
    return Bar("POST received", event.received_at, event.received_at, note=note)


def _of_event(event: ReceivedEvent) -> str:
    return f"event {event.event_id}, {event.type}, {event.state}"


def _bar_of_span(span: SpanRecord, depth: int) -> Bar:
    attributes = span.attributes
    note = [
        f"{word} {attributes[name]}"
        for word, name in (
            ("run", "bg.run_id"),
            ("attempt", "bg.attempt"),
            ("events", "messaging.batch.message_count"),
            ("provider", "bg.provider"),
            ("status", "http.response.status_code"),
            ("outcome", "bg.outcome"),
            ("USD", "bg.cost_usd"),
            ("answered by the ledger", "bg.ledger_hits"),
            ("retry", "bg.step_retry"),
        )
        if name in attributes
    ]
    if span.error is not None:
        note.insert(0, span.error)
    return Bar(
        span.name,
        span.began_at,
        span.began_at + timedelta(seconds=span.seconds),
        depth,
        ", ".join(note),
        failed=span.error is not None,
    )


def _bar_without_spans(attempt: Attempt) -> Bar:
    state = "under way" if attempt.ended_at is None else "no spans: killed, or too old"
    note = f"run {attempt.run_id}, attempt {attempt.number}, {attempt.error or state}"
    return Bar(
        "run", attempt.started_at, attempt.ended_at, note=note, failed=attempt.error is not None
    )


def _waits_for(journey: Journey) -> Bar | None:
    if journey.state not in ("planned", "failed"):
        return None
    since = max(
        [
            journey.planned_at,
            *(attempt.ended_at for attempt in journey.attempts if attempt.ended_at is not None),
        ]
    )
    if journey.emitted_at is not None:
        return Bar(f"{_WAIT}in Dagster's queue", journey.emitted_at, None)
    note = f"not before {journey.due_at:%Y-%m-%d %H:%M:%S} UTC, then as the limits allow"
    return Bar(f"{_WAIT}deferred", since, None, note=note)


class Axis:
    """The axis maps instants to columns, and shortens long waits.

    Args:
        shown: the bars; one that lasts ends at `now`.
        now: by the database's clock.
        columns: the line's length.
    """

    def __init__(self, bars: Sequence[Bar], now: datetime, columns: int) -> None:
        self._now = now
        self._columns = columns
        self.start = min(bar.began for bar in bars)
        points = sorted({point for bar in bars for point in (bar.began, bar.ended or now)})
        busy = [bar for bar in bars if not bar.is_wait]
        lengths = [
            ((b - a).total_seconds(), _is_busy(a, b, busy, now)) for a, b in pairwise(points)
        ]
        worked = sum(length for length, covered in lengths if covered)
        longest = worked * _SHARE_OF_WAITING if worked else float("inf")
        self._places = {points[0]: 0.0}
        place = 0.0
        for point, (length, covered) in zip(points[1:], lengths, strict=True):
            place += length if covered else min(length, longest)
            self._places[point] = place
        self._length = place or 1.0

    def draw(self, bar: Bar) -> str:
        """Return the bar as text of at most `columns` columns."""
        first = min(self._columns - 1, self._column(bar.began))
        last = max(first + 1, self._column(bar.ended or self._now))
        return " " * first + ("┄" if bar.is_wait else "━") * (last - first)

    def seconds(self, bar: Bar) -> float:
        """Return the duration of the bar, in real time."""
        return ((bar.ended or self._now) - bar.began).total_seconds()

    def _column(self, instant: datetime) -> int:
        return round(self._places[instant] / self._length * self._columns)


def _is_busy(begin: datetime, end: datetime, busy: Iterable[Bar], now: datetime) -> bool:
    return any(bar.began <= begin and end <= (bar.ended or now) for bar in busy)


def in_words(seconds: float) -> str:
    """Return a duration in words: `0.4 ms`, `1.23 s`, `5 min 3 s`, `1 h 2 min`."""
    if seconds < 1:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
