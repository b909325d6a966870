"""Admission of refreshes under the limits. The caller passes the time.

The limits: one automatic refresh of a company in each cool-down, a number of starts in any rolling
minute, and a number of refreshes at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Reason = Literal["manual", "event", "scheduled"]

RATE_WINDOW = timedelta(seconds=60)

# A run renews its lease every quarter of this time; a run that stopped renewing is dead.
LEASE = timedelta(seconds=40)

# How much later than its due time a refresh ranks. Users go before providers, and providers before
# the schedule. The rank improves with waiting, so no refresh waits for ever. A backlog of the
# schedule lasts days (10,000 companies at 8 starts a minute: 21 hours), and delays no event.
HANDICAP: dict[Reason, timedelta] = {
    "manual": timedelta(0),
    "event": timedelta(days=1),
    "scheduled": timedelta(days=30),
}

# The schedule and backfills fill at most this share of the limits; the rest stays free for events.
_BACKGROUND_SHARE = (4, 5)

# The queue holds this many times the concurrency: no slot waits for the sensor, and Dagster has no
# backlog to search.
QUEUE_DEPTH = 2

_FIRST_BACKOFF = timedelta(seconds=10)
_LAST_BACKOFF = timedelta(minutes=10)
# An attempt that no run started cost nothing and used up no attempt: after an outage of the broker
# the refresh soon follows. Each try creates a run in Dagster, so the pause is not shorter.
_LAST_UNSTARTED_BACKOFF = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the settings."""

    cooldown: timedelta
    starts_per_minute: int
    concurrency: int
    max_attempts: int

    @property
    def background(self) -> "Limits":
        """The part of the limits that the schedule and backfills may fill, at least 1 each."""
        part, whole = _BACKGROUND_SHARE
        return replace(
            self,
            starts_per_minute=max(1, self.starts_per_minute * part // whole),
            concurrency=max(1, self.concurrency * part // whole),
        )


@dataclass(frozen=True, slots=True)
class DueRefresh:
    """A planned refresh that is due and not enqueued."""

    refresh_id: str
    company_id: str
    reason: Reason
    attempt: int
    due_at: datetime
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """Refreshes in flight, and recent starts.

    Attributes:
        handed_over: enqueued refreshes that have not started.
        running: refreshes that have started and hold their lease.
        starts: instants of the starts in the last `RATE_WINDOW`, oldest first.
    """

    handed_over: int
    running: int
    starts: Sequence[datetime]


def automatic_due_at(last_start: datetime | None, limits: Limits, now: datetime) -> datetime:
    """Return when the next automatic refresh of a company is due."""
    return now if last_start is None else max(now, last_start + limits.cooldown)


def may_start_at(load: Load, limits: Limits, now: datetime) -> datetime | None:
    """Return when another refresh may start; `None` while a running refresh must end first."""
    if load.running >= limits.concurrency:
        return None
    recent = [start for start in load.starts if start > now - RATE_WINDOW]
    if len(recent) < limits.starts_per_minute:
        return now
    return recent[-limits.starts_per_minute] + RATE_WINDOW


def rank(due: DueRefresh) -> tuple[datetime, str]:
    """Return the sort key for enqueuing: oldest due first, with a handicap for each reason."""
    return (due.due_at + HANDICAP[due.reason], due.refresh_id)


def choose(
    due: Sequence[DueRefresh], load: Load, limits: Limits, now: datetime
) -> tuple[DueRefresh, ...]:
    """Choose the refreshes to enqueue now: as many as queue and rate limit allow.

    An enqueued refresh that has not started counts as a start. Scheduled refreshes fill no more
    than the background part of the limits, and none of them waits in Dagster's queue.
    """
    under_way = load.handed_over + load.running
    started = sum(start > now - RATE_WINDOW for start in load.starts) + load.handed_over
    background = limits.background
    room = min(QUEUE_DEPTH * limits.concurrency - under_way, limits.starts_per_minute - started)
    spare = min(background.concurrency - under_way, background.starts_per_minute - started)
    chosen: list[DueRefresh] = []
    for each in sorted(due, key=rank):
        if len(chosen) < (spare if each.reason == "scheduled" else room):
            chosen.append(each)
    return tuple(chosen)


def backoff(failures: int, *, started: bool = True) -> timedelta:
    """Return the wait after an attempt that failed: 10, 20, 40 s ... 10 min.

    Args:
        failures: the number of failed attempts, at least 1.
        started: whether a run took the refresh over in the attempt; if not, the wait ends at 30 s.
    """
    last = _LAST_BACKOFF if started else _LAST_UNSTARTED_BACKOFF
    return min(_FIRST_BACKOFF * (1 << min(failures - 1, 20)), last)
