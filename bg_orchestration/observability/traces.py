"""Spans of this process, by OpenTelemetry and its conventions.

A run's spans stay in memory until the run ends, and are then written and sent at once. So no fork
loses a thread, and the work does not wait. OpenTelemetry is imported when a first trace
begins, so that importing the definitions, or a receiver without a collector, pays nothing.

Attributes hold ids, counts and words of ours; an error is recorded by its type alone.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.trace import Span, SpanContext

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attribute = str | int | float | bool

# Far more than a run makes. Further spans are left out, so that no loop can fill a table.
_MOST_SPANS: Final = 500
# Places for steps, which end last: a large company makes many requests and transactions.
_RESERVED: Final = 50
_MOST_LINKS: Final = 128
_SERVER_ERROR: Final = 500
_TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")

_held: ContextVar["list[ReadableSpan] | None"] = ContextVar("held", default=None)
_trace_id: ContextVar[int | None] = ContextVar("trace_id", default=None)


@contextmanager
def span(
    name: str,
    kind: Kind = "internal",
    attributes: Mapping[str, Attribute] | None = None,
    parent: str | None = None,
) -> Iterator["Span | None"]:
    """Open a span around the block; `None` where no trace is recorded.

    The span is a child of `parent`, a foreign trace context, or of the open span. An error marks
    the span with its type and goes on.
    """
    if not _is_recorded(kind):
        yield None
        return
    from opentelemetry.trace import SpanKind

    with (
        tracer_provider()
        .get_tracer(__name__)
        .start_as_current_span(
            name,
            _context_of(parent) if parent else None,
            kind=SpanKind[kind.upper()],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as made
    ):
        try:
            yield made
        except BaseException as error:
            mark_failed(made, error)
            raise


def _is_recorded(kind: Kind) -> bool:
    """Return whether a span of this kind has a trace: of a run, or of a request."""
    if not _in_background:
        return _held.get() is not None
    from opentelemetry.trace import get_current_span

    # Work without a request, such as a check of the database's schema, is no trace.
    return kind == "server" or get_current_span().get_span_context().is_valid


def tell(attributes: Mapping[str, Attribute]) -> None:
    """Add attributes to the open span, if a trace is recorded."""
    if _is_recorded("internal"):
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes(attributes)


def mark_failed(open_span: "Span", error: BaseException) -> None:
    """Mark a span as failed, by the error's type: a message may quote what is personal."""
    from opentelemetry.trace import Status, StatusCode

    open_span.set_attribute("error.type", type(error).__name__)
    open_span.set_status(Status(StatusCode.ERROR, type(error).__name__))


def tell_status(open_span: "Span", status: int) -> None:
    """Put the status of our answer on a server's span; only 5xx is an error of ours."""
    from opentelemetry.trace import Status, StatusCode

    open_span.set_attribute("http.response.status_code", status)
    if status >= _SERVER_ERROR:
        open_span.set_attribute("error.type", str(status))
        open_span.set_status(Status(StatusCode.ERROR, str(status)))


def traceparent_now() -> str | None:
    """Return the open span's trace context; `None` where no trace is recorded."""
    if _held.get() is None and not _in_background:
        return None
    from opentelemetry.trace import get_current_span

    context = get_current_span().get_span_context()
    return _traceparent(context) if context.is_valid else None


def trace_id_in(traceparent: str | None) -> str | None:
    """Return the trace id in a trace context of version 00; `None` if it is not one."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    return match[1] if match else None


def child_of(traceparent: str) -> str:
    """Return a new span's context in the trace of `traceparent`; nothing is recorded."""
    return f"{traceparent[:36]}{secrets.token_hex(8)}{traceparent[52:]}"


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """An ended span as stored. Its times are of the clock of its machine."""

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: str
    began_at: datetime
    seconds: float
    error: str | None
    attributes: dict[str, Attribute]
    links: tuple[str, ...]


@dataclass(slots=True)
class Trace:
    """One run's part of a trace: its root span, and the ended spans below it.

    Attributes:
        root: covers the run, and gets attributes as they become known.
        ended: spans in the order of their ends.
    """

    root: "Span"
    ended: "list[ReadableSpan]" = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        name: str,
        parent: str | None,
        trace_id: str,
        attributes: Mapping[str, Attribute],
    ) -> "Trace":
        """Continue the trace of `parent`, or start the trace `trace_id` where there is none."""
        from opentelemetry.trace import SpanKind

        tracer = tracer_provider().get_tracer(__name__)
        seed = _trace_id.set(int(trace_id, 16))
        try:
            root = tracer.start_span(
                name, _context_of(parent), kind=SpanKind.CONSUMER, attributes=attributes
            )
        finally:
            _trace_id.reset(seed)
        return cls(root)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Make spans within the block children of the root, and keep them."""
        from opentelemetry.trace import use_span

        held = _held.set(self.ended)
        try:
            with use_span(self.root, record_exception=False, set_status_on_exception=False):
                yield
        finally:
            _held.reset(held)

    @property
    def trace_id(self) -> str:
        """In hexadecimal digits."""
        return f"{self.root.get_span_context().trace_id:032x}"

    def link(self, traceparents: Sequence[str]) -> None:
        """Link the other traces that caused this one."""
        own = self.trace_id
        for traceparent in traceparents[:_MOST_LINKS]:
            context = _span_context(traceparent)
            if context is not None and trace_id_in(traceparent) != own:
                self.root.add_link(context)

    def add(self, name: str, began: datetime, ended: datetime) -> None:
        """Add a waiting time from the tables as a span."""
        from opentelemetry.trace import set_span_in_context

        with self.open():
            wait = (
                tracer_provider()
                .get_tracer(__name__)
                .start_span(name, set_span_in_context(self.root), start_time=_nanoseconds(began))
            )
            wait.end(max(_nanoseconds(began), _nanoseconds(ended)))

    def end(self) -> "list[ReadableSpan]":
        """End the root; returns every span of the run."""
        with self.open():
            self.root.end()
        return self.ended


def span_records(ended: "Sequence[ReadableSpan]") -> list[SpanRecord]:
    """Return OpenTelemetry's spans as stored records."""
    return [_span_record(span) for span in ended]


def _span_record(ended: "ReadableSpan") -> SpanRecord:
    context = ended.get_span_context()
    began, until = ended.start_time, ended.end_time
    assert context is not None
    assert began is not None
    assert until is not None
    return SpanRecord(
        trace_id=f"{context.trace_id:032x}",
        span_id=f"{context.span_id:016x}",
        parent_id=f"{ended.parent.span_id:016x}" if ended.parent else None,
        name=ended.name,
        kind=ended.kind.name.lower(),
        began_at=datetime.fromtimestamp(began / 1e9, UTC),
        seconds=(until - began) / 1e9,
        error=ended.status.description if not ended.status.is_unset else None,
        # Our attributes have no sequences.
        attributes={
            name: value
            for name, value in (ended.attributes or {}).items()
            if isinstance(value, (str, int, float, bool))
        },
        links=tuple(_traceparent(link.context) for link in ended.links),
    )


_in_background = False


def trace_in_background() -> None:
    """Record spans also outside of a `Trace`, for a process that sends each at its end."""
    global _in_background
    _in_background = True


@cache
def tracer_provider() -> "TracerProvider":
    """Return the tracer provider of this process.

    `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES` and the variables of the sampler have
    OpenTelemetry's meaning.
    """
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider

    from bg_orchestration.observability.trace_recording import (
        Holder,
        KeepAll,
        TraceIds,
    )

    named = Resource.create()
    if str(named.attributes[SERVICE_NAME]).startswith("unknown_service"):
        named = named.merge(Resource({SERVICE_NAME: "bg_orchestration"}))
    provider = TracerProvider(
        resource=named,
        id_generator=TraceIds(_trace_id),
        shutdown_on_exit=False,
    )
    provider.sampler = KeepAll(provider.sampler)
    provider.add_span_processor(Holder(_held, _MOST_SPANS, _RESERVED))
    return provider


def _context_of(parent: str | None) -> "Context":
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, set_span_in_context

    context = _span_context(parent or "")
    # An open span of this thread is not the parent.
    return (
        Context() if context is None else set_span_in_context(NonRecordingSpan(context), Context())
    )


def _span_context(traceparent: str) -> "SpanContext | None":
    from opentelemetry.trace import SpanContext, TraceFlags

    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None:
        return None
    context = SpanContext(int(match[1], 16), int(match[2], 16), True, TraceFlags(int(match[3], 16)))
    return context if context.is_valid else None


def _traceparent(context: "SpanContext") -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _nanoseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000) * 1_000
