"""The W3C trace context of a request, https://www.w3.org/TR/trace-context/#traceparent-header."""

import re
import secrets
from collections.abc import Sequence

from starlette.requests import Request

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


def trace_of(request: Request) -> str:
    """The trace that a request belongs to, see `traceparent_of`."""
    lines = request.headers.getlist("traceparent")
    return traceparent_of([value.encode("latin-1") for value in lines])


def traceparent_of(values: Sequence[bytes]) -> str:
    """The sender's trace in version 00, or a new one when the header is absent or not valid.

    A later version may append fields, which are dropped; `ff` and ids of zeros are not valid.
    """
    match = _TRACEPARENT.fullmatch(values[0]) if len(values) == 1 else None
    if match is None or match[1] == b"ff" or (match[1] == b"00" and match[5] is not None):
        return _new()
    trace, span = match[2].decode(), match[3].decode()
    if not trace.strip("0") or not span.strip("0"):
        return _new()
    return f"00-{trace}-{span}-{match[4].decode()}"


def _new() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
