"""The collector of spans, by OTLP over HTTP; imported only if one is configured."""

import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

from bg_orchestration.observability.traces import trace_in_background, tracer_provider

if TYPE_CHECKING:
    from collections.abc import Iterable

# The longest wait of a run's end for a collector, retries included.
PATIENCE_SECONDS: Final = 3.0
# After a failure a process stops calling the collector for this time: each run would wait.
PAUSE_SECONDS: Final = 30.0

_FLUSH_MILLISECONDS: Final = 3_000

log = structlog.stdlib.get_logger(__name__)


class Collector:
    """The collector gets the spans of ended runs; while it is away they are dropped."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._exporter = OTLPSpanExporter(timeout=PATIENCE_SECONDS)
        self._now = now
        self._again_at = 0.0

    def send(self, spans: Sequence[ReadableSpan]) -> bool:
        """Send the sampled spans in one request; returns whether all were sent.

        Takes at most `PATIENCE_SECONDS`, and raises nothing.
        """
        sampled = list(_sampled_spans(spans))
        if not sampled:
            return True
        if self._now() < self._again_at:
            return False
        sent = self._exporter.export(sampled) is SpanExportResult.SUCCESS
        if not sent:
            self._again_at = self._now() + PAUSE_SECONDS
            log.warning("spans_not_sent", spans=len(sampled), pause_seconds=PAUSE_SECONDS)
        return sent


def _sampled_spans(spans: Sequence[ReadableSpan]) -> "Iterable[ReadableSpan]":
    for span in spans:
        context = span.get_span_context()
        if context is not None and context.trace_flags.sampled:
            yield span


@cache
def collector() -> Collector:
    """Return the collector of this process: made at its first use, so after any fork."""
    return Collector()


def send_in_background() -> Callable[[], object]:
    """Send each span of this process, a few seconds after its end, from a thread.

    For a process that lives long and never forks. Returns the function to call at the end of the
    process: it sends the rest, for a bounded time.
    """
    batches = BatchSpanProcessor(OTLPSpanExporter(timeout=PATIENCE_SECONDS))
    tracer_provider().add_span_processor(batches)
    trace_in_background()
    return lambda: batches.force_flush(_FLUSH_MILLISECONDS)
