"""The W3C trace context of a request, https://www.w3.org/TR/trace-context/#traceparent-header."""

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from bg_orchestration.observability.traces import child_of, span, tell_status, traceparent_now

if TYPE_CHECKING:
    from opentelemetry.trace import Span

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
# Ids have to differ, not to be secret; the system's source costs a call of the kernel each.
_ids = random.Random(random.SystemRandom().getrandbits(128))  # noqa: S311


@dataclass(frozen=True, slots=True)
class TracedRequest:
    """A request within the trace of its sender.

    Attributes:
        traceparent: the context under which its events are stored.
    """

    traceparent: str
    _span: "Span | None"

    def end(self, status: int) -> None:
        """Put the status of the answer on the span, where one is recorded."""
        if self._span is not None:
            tell_status(self._span, status)


@contextmanager
def request_span(route: str, request: Request) -> Iterator[TracedRequest]:
    """A span around the handling of a POST.

    Args:
        route: the path with its parameters as `{name}`: a path may hold a token.
        request: its header `traceparent` names the sender's trace.
    """
    sent = sent_context([value for name, value in request.headers.raw if name == b"traceparent"])
    facts = {"http.request.method": "POST", "http.route": route, "url.path": route}
    with span(f"POST {route}", "server", facts, parent=sent) as made:
        yield TracedRequest(traceparent_now() or own_context(sent), made)


def sent_context(values: Sequence[bytes]) -> str | None:
    """The sender's trace context in version 00; `None` if the header is absent or not valid.

    A later version may append fields, which are dropped; `ff` and ids of zeros are not valid.
    """
    match = _TRACEPARENT.fullmatch(values[0]) if len(values) == 1 else None
    if match is None or match[1] == b"ff" or (match[1] == b"00" and match[5] is not None):
        return None
    trace, parent = match[2].decode(), match[3].decode()
    if not trace.strip("0") or not parent.strip("0"):
        return None
    return f"00-{trace}-{parent}-{match[4].decode()}"


def own_context(sent: str | None) -> str:
    """A new span's context: in the sender's trace, or in a new one where there is none."""
    if sent:
        return child_of(sent)
    return f"00-{_ids.randbytes(16).hex()}-{_ids.randbytes(8).hex()}-01"
