"""The only reader of `Retry-After` in answers of other servers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# 2^31 seconds are 68 years; a larger number is a mistake of the server.
_LARGEST = 2**31


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of an answer's `Retry-After`; `None` without a readable header.

    RFC 9110, 10.2.3: whole seconds, or an HTTP date. A date counts from the answer's own `Date`,
    so that a wrong clock here or there changes nothing; without `Date` it counts from `now`. A
    date in the past is 0.

    Args:
        headers: the answer's headers, with names in lower case or a mapping that ignores case.
        now: the local time, timezone-aware.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) <= 10 and int(text) <= _LARGEST else None
    until = _instant(text)
    if until is None:
        return None
    sent = _instant(headers.get("date", "")) or now
    return max(0.0, (until - sent).total_seconds())


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text.strip())
        # HTTP dates are in UTC; `-0000` and a missing zone mean the same here.
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
    except (TypeError, ValueError, OverflowError):
        return None
