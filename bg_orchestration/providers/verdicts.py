"""What an answer means as far as providers agree; each adapter adds where its provider differs."""

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

from bg_orchestration.providers.protocols import Outcome, Verdict

# What a status means where a provider's documentation does not say otherwise.
_STATUSES: Final[Mapping[int, Outcome]] = {
    401: "bad_key",
    402: "no_credit",
    403: "forbidden",
    404: "not_found",
    408: "transient",
    429: "rate_limited",
}


def parse(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        ValueError: it is none: empty, cut, a page of HTML, or nested too deep to read.
    """
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, an empty one where there is none: for error bodies."""
    try:
        content = parse(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def verdict_on(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    exceptions: Mapping[int, Outcome] | None = None,
) -> Verdict:
    """What a status means, with a provider's exceptions; a success must bring JSON.

    A success without JSON comes from something between us and the provider, so it may pass.
    """
    outcome = (exceptions or {}).get(status) or _STATUSES.get(status)
    if outcome is None and 200 <= status < 300:
        try:
            parse(body)
        except ValueError:
            return Verdict("transient", f"HTTP {status} without JSON")
        return Verdict("ok")
    if outcome is None:
        outcome = "transient" if status >= 500 else "invalid"
    wait = seconds_asked(headers) if outcome in ("rate_limited", "transient", "pending") else None
    return Verdict(outcome, f"HTTP {status}", wait)


def seconds_asked(headers: Mapping[str, str]) -> float | None:
    """The wait that `retry-after` asks for, in seconds; a date there is compared with `date`."""
    asked = headers.get("retry-after", "").strip()
    try:
        if asked.isascii() and asked.isdigit():
            return float(asked)
        until, now = parsedate_to_datetime(asked), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return None


def amount(value: object) -> float | None:
    """Credits or seconds that a body tells; `None` for what is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e9 else None
