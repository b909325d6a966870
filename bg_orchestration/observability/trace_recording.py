"""Parts for OpenTelemetry's SDK: span processor, sampler and ids.

Imported with the SDK, when a first trace begins.
"""

from collections.abc import Sequence
from contextvars import ContextVar

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes


class Holder(SpanProcessor):
    """The holder adds each ended span to the list of its open trace.

    It keeps at most `most` spans; `reserved` places are not for requests.
    """

    def __init__(
        self, held: ContextVar[list[ReadableSpan] | None], most: int, reserved: int
    ) -> None:
        self._held = held
        self._most = most
        self._reserved = reserved

    def on_end(self, span: ReadableSpan) -> None:
        """Keep the span, unless the list is full."""
        spans = self._held.get()
        most = self._most - (self._reserved if span.kind is SpanKind.CLIENT else 0)
        if spans is not None and len(spans) < most:
            spans.append(span)


class KeepAll(Sampler):
    """The sampler decides with `other` on the collector's spans, and records all for our table.

    A sender that does not sample its trace would otherwise leave our table empty.
    """

    def __init__(self, other: Sampler) -> None:
        self._other = other

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Sample with `other`, and record the dropped spans."""
        result = self._other.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )
        if result.decision is Decision.DROP:
            return SamplingResult(Decision.RECORD_ONLY, attributes, result.trace_state)
        return result

    def get_description(self) -> str:
        """Return the other sampler's description."""
        return f"KeepAll({self._other.get_description()})"


class TraceIds(RandomIdGenerator):
    """Random ids, except a requested trace id.

    The attempts of one refresh, each in any process, share one trace.
    """

    def __init__(self, wanted: ContextVar[int | None]) -> None:
        self._wanted = wanted

    def generate_trace_id(self) -> int:
        """Return the trace id that was set, else a random one."""
        return self._wanted.get() or super().generate_trace_id()
