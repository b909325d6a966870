"""The W3C trace context of a request, https://www.w3.org/TR/trace-context/#traceparent-header."""

import re
import secrets
from collections.abc import Sequence

from bg_orchestration.observability.traces import child_of

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


def sent_context(values: Sequence[bytes]) -> str | None:
    """The sender's trace context in version 00; `None` if the header is absent or not valid.

    A later version may append fields, which are dropped; `ff` and ids of zeros are not valid.
    """
    match = _TRACEPARENT.fullmatch(values[0]) if len(values) == 1 else None
    if match is None or match[1] == b"ff" or (match[1] == b"00" and match[5] is not None):
        return None
    trace, span = match[2].decode(), match[3].decode()
    if not trace.strip("0") or not span.strip("0"):
        return None
    return f"00-{trace}-{span}-{match[4].decode()}"


def own_context(sent: str | None) -> str:
    """A new span's context: in the sender's trace, or in a new one where there is none."""
    return child_of(sent) if sent else f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
