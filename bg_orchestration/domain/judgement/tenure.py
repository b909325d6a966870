"""The time in a job, up to the newest start among the judged people."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bg_orchestration.domain.judgement.policy import Scales, Share

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-\d{2})?")
_MIDYEAR = 6
_NEW = 12  # months; in words only


@dataclass(frozen=True, slots=True, eq=False)
class Since:
    """The value of a start, and its age in words; one object for each pair of steps.

    Ages are counted to `as_of`, the month of the newest start among the judged people: nobody
    states the day of the file.
    """

    tenure: float
    recency: float
    job_for: str
    started: str
    as_of: str


class Starts(dict[str | None, Since | None]):
    """The value of each start; `None` for an unknown or unreadable one."""

    def __init__(self, starts: Iterable[str | None], scales: Scales) -> None:
        months = (_month(start) for start in set(starts))
        self._newest = max((month for month in months if month is not None), default=0)
        self._scales = scales
        self._steps: dict[tuple[int, int], Since] = {}

    def __missing__(self, start: str | None) -> Since | None:
        month = _month(start)
        self[start] = found = None if month is None else self._since(self._newest - month)
        return found

    def _since(self, months: int) -> Since:
        steps = _step(self._scales.tenure, months), _step(self._scales.recency, months)
        if steps not in self._steps:
            tenure, recency = steps
            self._steps[steps] = Since(
                self._scales.tenure[tenure],
                self._scales.recency[recency],
                _span(self._scales.tenure, tenure),
                "new" if recency < _NEW else "no longer new",
                f"{(self._newest - 1) // 12}-{(self._newest - 1) % 12 + 1:02}",
            )
        return self._steps[steps]


def _month(start: str | None) -> int | None:
    """Return the months since year 0; of a bare year the middle."""
    match = _DATE.fullmatch(start) if start else None
    if match is None:
        return None
    return int(match[1]) * 12 + int(match[2] or _MIDYEAR)


def _step(curve: Mapping[int, Share], months: int) -> int:
    return max(first for first in curve if first <= months)


def _span(curve: Mapping[int, Share], first: int) -> str:
    after = next((month for month in curve if month > first), None)
    return f"{first} months or more" if after is None else f"{first} to {after} months"
