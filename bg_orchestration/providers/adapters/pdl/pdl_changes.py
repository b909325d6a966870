"""The free changelog of People Data Labs for stored people.

It compares two consecutive releases of the data set. Releases have numbers and come monthly: 35 was
July 2026, so a day gives the number of its release, or of the one before if that month's is not out
yet. If the numbers prove wrong, the changelog refuses the call and is not used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bg_orchestration.ledger.calls import Call, Request
from bg_orchestration.ledger.errors import CallRefusedError
from bg_orchestration.providers.answers import read

_JULY_2026: Final = 35
_MOST_RELEASES: Final = 24
# Ids in one call; the documentation states no limit.
_IDS: Final = 100
_JOB_FIELDS: Final = (
    "full_name", "job_company_id", "job_start_date", "job_title", "job_title_levels",
    "job_title_role",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of changed people and of removed people, and the day of these facts."""

    changed: frozenset[str]
    gone: frozenset[str]
    version: str


def release_at(day: datetime) -> int:
    """Return the number of the release in the month of `day`."""
    return _JULY_2026 + (day.year - 2026) * 12 + day.month - 7


def changes_since(request: Request, since: datetime, ids: Sequence[str]) -> Changes | None:
    """Return the changes of these people since then; `None` if the changelog is too short.

    It ends with this month's release, or the one before while that is not out yet.
    """
    changelog = _Changelog(request, ids)
    first = release = release_at(since) - 1
    while release == first or (release < changelog.newest and release < first + _MOST_RELEASES):
        try:
            changelog.read(release)
        except CallRefusedError as error:
            if error.kind != "invalid" or release == first:
                return None
            break
        release += 1
    changed = frozenset(changelog.changed - changelog.gone)
    return Changes(changed, frozenset(changelog.gone), f"{release}.0")


class _Changelog:
    """The part that was read; `newest` is the release of the month of the last answer."""

    def __init__(self, request: Request, ids: Sequence[str]) -> None:
        self._ask = request
        self._ids = ids
        self.changed: set[str] = set()
        self.gone: set[str] = set()
        self.newest = 0

    def read(self, release: int) -> None:
        """Read the changes of these people between a release and the next one."""
        for kind in ("updated", "merged"):
            self.changed.update(self._told(kind, release))
        for kind in ("deleted", "opted_out"):
            self.gone.update(self._told(kind, release))

    def _told(self, kind: str, release: int) -> Iterator[str]:
        for at in range(0, len(self._ids), _IDS):
            body: dict[str, object] = {
                "origin_version": f"{release}.0",
                "current_version": f"{release + 1}.0",
                "type": kind,
                "ids": list(self._ids[at : at + _IDS]),
            }
            if kind == "updated":
                body["fields_updated"] = list(_JOB_FIELDS)
            call = Call("people", "pdl", "person/changelog", "POST", "person/changelog", json=body)
            answer = self._ask(call)
            self.newest = release_at(answer.asked_at)
            if answer.found:
                for entry in read(answer, call).children(kind):
                    yield entry.need_id("id")
