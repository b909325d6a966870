"""What follows from an attempt to deliver a message: it is over, or when it is tried again.

Pure, on what the other side answered. The waits are those that Standard Webhooks gives as its
example: five seconds to a day, 75.6 hours in all.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
# How long to wait after the first failed attempt, the second, and so on; none after the last.
WAITS: Final = (
    timedelta(seconds=5), 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR,
    20 * _HOUR, 24 * _HOUR,
)  # fmt: skip
MOST_ATTEMPTS: Final = len(WAITS) + 1

# An address that takes nothing is left alone for 5, 10, 20 s ... 5 min: our own numbers, short
# enough that what waits goes out soon after it is back.
_FIRST_REST: Final = timedelta(seconds=5)
_LAST_REST: Final = 5 * _MINUTE
# So many failures in a row are an outage: once it is over, what it held up need not wait longer.
OUTAGE: Final = 3

# Whatever is wrong then is wrong with this one message.
_ABOUT_THE_MESSAGE: Final = (400, 413, 422)
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one attempt.

    Attributes:
        status: the HTTP status; `None` when there was no answer in time.
        fault: the kind of the error when there was none.
        retry_after: how long the other side asks to wait.
    """

    status: int | None
    fault: str = ""
    retry_after: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the other side has the message: a redirect is no yes."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def told(self) -> str:
        """The outcome in two words, without anything that the other side wrote."""
        return self.fault if self.status is None else f"HTTP {self.status}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do after an attempt that failed.

    Attributes:
        again: after which time the message is tried again; `None`: it is given up.
        rest: for how long the address is left alone; `None`: it is not its fault.
    """

    again: timedelta | None
    rest: timedelta | None


def judge(reply: Reply, attempts: int, failures: int) -> Verdict:
    """What follows from an attempt that failed.

    Args:
        reply: what came of it.
        attempts: how often the message was tried, this time included.
        failures: how often in a row the address took nothing, this time included.
    """
    asked = min(reply.retry_after or timedelta(0), WAITS[-1])
    again = None
    if attempts < MOST_ATTEMPTS and reply.status != _GONE:
        again = max(WAITS[attempts - 1], asked)
    if reply.status in _ABOUT_THE_MESSAGE:
        return Verdict(again, None)
    rest = min(_FIRST_REST * (1 << min(failures - 1, 20)), _LAST_REST)
    return Verdict(again, max(rest, asked))
