"""The W3C trace context of a request, https://www.w3.org/TR/trace-context/#traceparent-header."""

import re
import secrets
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from structlog.contextvars import bound_contextvars

from bg_orchestration.observability.traces import (
    child_of,
    span,
    tell_status,
    trace_id_in,
    traceparent_now,
)

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")

_Handler = Callable[[Request], Awaitable[Response]]


async def traced(route: str, handler: _Handler, request: Request) -> Response:
    """What `handler` answers to a POST, in the sender's trace; log lines carry the trace's id.

    `route` is the path with its parameters as `{name}`: a path may hold a token.
    """
    lines = request.headers.getlist("traceparent")
    sent = sent_context([value.encode("latin-1") for value in lines])
    facts = {"http.request.method": "POST", "http.route": route, "url.path": route}
    with span(f"POST {route}", "server", facts, parent=sent) as made:
        request.state.traceparent = traceparent_now() or own_context(sent)
        with bound_contextvars(trace_id=trace_id_in(trace_of(request))):
            response = await handler(request)
        if made is not None:
            tell_status(made, response.status_code)
        return response


def trace_of(request: Request) -> str:
    """The trace context with which what a `traced` request brings is stored."""
    traceparent: str = request.state.traceparent
    return traceparent


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
    return child_of(sent) if sent else f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
