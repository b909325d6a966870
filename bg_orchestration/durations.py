"""Durations as people write them in settings and options."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)?", re.I
)


def parse_duration(value: Any) -> Any:
    """Read `90`, `90 s`, `2 min`, `1h` or `30 days`; a bare number is seconds."""
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        raise ValueError("a duration such as 90s, 10m, 1h or 30d; a bare number is seconds")
    return timedelta(**{_UNITS[(match[2] or "s")[0].lower()]: float(match[1])})


def format_duration(value: timedelta) -> str:
    """Write `value` in its largest whole unit, as in a setting: `1h`, `30d`, `90s`."""
    seconds = value.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    Field(ge=timedelta(0)),
    PlainSerializer(format_duration),
]
