"""How fast a provider is asked: a bucket that holds one token, shared by everybody who asks.

Requests are spread evenly, since a burst that a provider's own window happens to cut in two would
be too much for one of the halves. Pure: the caller brings the instants and keeps the bucket.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """What an endpoint allows: requests a second, and requests at once."""

    per_second: float
    at_once: int


@dataclass(frozen=True, slots=True)
class Turn:
    """When a request may be sent, and when the one after it may be."""

    at: datetime
    next_at: datetime


def turn(next_at: datetime | None, pace: Pace, now: datetime) -> Turn:
    """The next turn. `next_at` is what the turn before left, `None` before the first one."""
    at = now if next_at is None else max(now, next_at)
    return Turn(at, at + timedelta(seconds=1 / pace.per_second))


def hold_back(next_at: datetime | None, now: datetime, seconds: float) -> datetime:
    """The bucket once the provider asked to wait so long: nobody's turn comes before."""
    until = now + timedelta(seconds=max(0.0, seconds))
    return until if next_at is None else max(next_at, until)
