"""Addresses whose requests keep failing verification: slowed down, never shut out."""

import math
from collections import OrderedDict

_WINDOW_SECONDS = 60.0
# One a second. A sender under test with a wrong secret still reads 401, the cause.
_FAILURES = 60
_ADDRESSES = 10_000


class Suspects:
    """Counts failures for each address over a minute, for the last 10,000 addresses that failed.

    The count matters only to a request that has failed. A request that verifies is never turned
    away: a stranger's junk must not use up the budget of a genuine sender behind the same address.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def failed(self, address: str, now: float) -> int | None:
        """Count a failure at `now`, monotonic seconds.

        Returns:
            Whole seconds to wait if the address has failed too often, else `None`.
        """
        began, count = self._failures.pop(address, (now, 0))
        if now - began >= _WINDOW_SECONDS:
            began, count = now, 0
        self._failures[address] = (began, count + 1)
        if len(self._failures) > _ADDRESSES:
            self._failures.popitem(last=False)
        return math.ceil(began + _WINDOW_SECONDS - now) if count >= _FAILURES else None
