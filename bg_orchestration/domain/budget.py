"""What may still be spent today: pure rules on sums that the caller brings."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

# Sums of many small prices are not exact: a millionth of a cent is no overspending.
_EPSILON = 1e-8


@dataclass(frozen=True, slots=True)
class Limits:
    """What a day may cost in USD, in all and with one provider; `None` is no limit."""

    daily: float | None = None
    provider: float | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What today has cost in USD, including the most that calls under way may cost."""

    total: float
    provider: float


def day_of(now: datetime) -> tuple[datetime, datetime]:
    """The first instant of the day of `now` in UTC, and of the day after."""
    begin = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return begin, begin + timedelta(days=1)


def left(limit: float | None, spent: float) -> float | None:
    """What may still be spent; `None` without a limit, never below zero."""
    return None if limit is None else max(0.0, limit - spent)


def passes(limit: float | None, spent: float, most: float) -> bool:
    """Whether a call that costs at most `most` could pass the limit. A free one never does."""
    return limit is not None and most > 0 and spent + most > limit + _EPSILON
