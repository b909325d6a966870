"""The digest: the changes of a period in sections, one for each seller profile and owner."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from bg_orchestration.domain.model import RANKS, Change, Seniority

Heading = Literal[
    "joined",
    "promoted",
    "left",
    "moved to a company that is followed",
    "moved to a company that is not followed",
    "out of the group",
    "new role in the group",
]
# In the order of the digest. New titles of the same rank and new contacts are no news of a week.
HEADINGS: Final[tuple[Heading, ...]] = (
    "left",
    "moved to a company that is followed",
    "moved to a company that is not followed",
    "joined",
    "promoted",
    "new role in the group",
    "out of the group",
)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A change in the digest.

    Attributes:
        day: of the change, UTC.
        company_id: the company.
        company: its name.
        change: what changed.
        name: of the person.
        other_end: of a move, the change at the other company, if it is published.
        repeated: whether the same section has the line of the other end.
    """

    day: date
    company_id: str
    company: str
    change: Change
    name: str
    other_end: Change | None = None
    repeated: bool = False


@dataclass(slots=True)
class DigestSection:
    """The changes at the accounts of one owner, for one seller profile.

    Attributes:
        profile_id: the seller profile.
        owner: the owner of the accounts; `None` for accounts without an owner.
        lines: the changes by heading.
        first_groups: the companies with a first published group.
        gaps_opened: the needs that lost their last member, by company.
        gaps_closed: the needs that found a member, by company.
    """

    profile_id: str
    owner: str | None
    lines: dict[Heading, list[DigestLine]] = field(default_factory=dict)
    first_groups: dict[str, str] = field(default_factory=dict)
    gaps_opened: dict[str, list[str]] = field(default_factory=dict)
    gaps_closed: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of the days from `first` to `last`, in UTC."""

    first: date
    last: date
    sections: tuple[DigestSection, ...]


def week_days(text: str) -> tuple[date, date]:
    """Return Monday and Sunday of an ISO week such as `2026-W09`.

    Raises:
        ValueError: it is no such week.
    """
    year, separator, week = text.upper().partition("-W")
    if not separator or not (year + week).isascii() or not (year + week).isdigit():
        raise ValueError(f"{text!r} is no week such as 2026-W09")
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        raise ValueError(f"{text!r} is no week of that year") from None
    return monday, monday + timedelta(days=6)


def digest(
    first: date,
    last: date,
    lines: Iterable[tuple[str, DigestLine]],
    owners: Mapping[str, str | None],
    ranks: Mapping[str, Seniority],
) -> Digest:
    """Sort the changes of a period into sections.

    Args:
        first: the first day, UTC.
        last: the last day, UTC.
        lines: pairs of seller profile and change, the oldest first.
        owners: the owner of each account, by company_id.
        ranks: the rank of each title, by title.
    """
    sections: dict[tuple[str, str], DigestSection] = {}
    for profile_id, line in lines:
        owner = owners.get(line.company_id)
        section = sections.setdefault((profile_id, owner or ""), DigestSection(profile_id, owner))
        _add(section, line, ranks)
    # Accounts without an owner come last.
    ordered = sorted(sections.items(), key=lambda item: (item[0][0], not item[0][1], item[0][1]))
    return Digest(first, last, tuple(section for _, section in ordered if _has_news(section)))


def _add(section: DigestSection, line: DigestLine, ranks: Mapping[str, Seniority]) -> None:
    change = line.change
    if change.kind == "joined" and change.cause == "first":
        section.first_groups[line.company_id] = line.company
        return
    for needs, by_company in (
        (change.gaps_opened, section.gaps_opened),
        (change.gaps_closed, section.gaps_closed),
    ):
        if needs:
            listed = by_company.setdefault(line.company_id, [])
            listed += [need for need in needs if need not in listed]
    heading = heading_of(change, ranks)
    if heading is not None and not line.repeated:
        section.lines.setdefault(heading, []).append(line)


def _has_news(section: DigestSection) -> bool:
    return bool(section.lines or section.first_groups or section.gaps_opened or section.gaps_closed)


def heading_of(change: Change, ranks: Mapping[str, Seniority]) -> Heading | None:
    """Return the heading of a change, or `None` if it is no news of a week.

    A promotion is a new title with a higher rank.
    """
    match change.kind:
        case "left" if change.cause == "moved":
            return (
                "moved to a company that is not followed"
                if change.other_company_id is None
                else "moved to a company that is followed"
            )
        case "left":
            return "left"
        case "dropped":
            return "out of the group"
        case "joined":
            return "joined"
        case "role_changed":
            return "new role in the group"
        case "title_changed":
            old, new = ranks.get(change.old or ""), ranks.get(change.new or "")
            if old is not None and new is not None and RANKS.index(new) > RANKS.index(old):
                return "promoted"
    return None
