"""The delays after a failed delivery: the next attempt, and the rest of the address.

The delays are the example of Standard Webhooks: five seconds to a day, 75.6 hours in all.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
# The delays after the first failed attempt, the second, and so on; no attempt follows the last.
WAITS: Final = (
    timedelta(seconds=5), 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR,
    20 * _HOUR, 24 * _HOUR,
)  # fmt: skip
MOST_ATTEMPTS: Final = len(WAITS) + 1

# A failing address rests for 5, 10, 20 s ... 5 min. Our own numbers: short, so that pending
# messages go out soon after the address works again.
_FIRST_REST: Final = timedelta(seconds=5)
_LAST_REST: Final = 5 * _MINUTE
# This many failures in a row are an outage. After it, the delayed messages are due at once.
OUTAGE: Final = 3

# These statuses concern the message, not the address.
_ABOUT_THE_MESSAGE: Final = (400, 413, 422)
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of one attempt.

    Attributes:
        status: the HTTP status; `None` without an answer in time.
        fault: the kind of the error without an answer.
        retry_after: the wait that the receiver asks for.
    """

    status: int | None
    fault: str = ""
    retry_after: timedelta | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver has the message; a redirect is a refusal."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def summary(self) -> str:
        """The result in two words, without any text of the receiver."""
        return self.fault if self.status is None else f"HTTP {self.status}"


@dataclass(frozen=True, slots=True)
class Backoff:
    """The delays after a failed attempt.

    Attributes:
        delay: until the next attempt; `None` gives the message up.
        rest: how long the address gets no message; `None` if the address works.
    """

    delay: timedelta | None
    rest: timedelta | None


def backoff(reply: Reply, attempts: int, failures: int) -> Backoff:
    """Return the delays after a failed attempt.

    Args:
        reply: its result.
        attempts: attempts of the message, this one included.
        failures: failures of the address in a row, this one included.
    """
    wait = min(reply.retry_after or timedelta(0), WAITS[-1])
    delay = None
    if attempts < MOST_ATTEMPTS and reply.status != _GONE:
        delay = max(WAITS[attempts - 1], wait)
    if reply.status in _ABOUT_THE_MESSAGE:
        return Backoff(delay, None)
    rest = min(_FIRST_REST * (1 << min(failures - 1, 20)), _LAST_REST)
    return Backoff(delay, max(rest, wait))
