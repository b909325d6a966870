"""How well the followed companies are covered: freshness, roles, reachability, cost.

One line a company and seller profile goes in; figures under steady names come out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bg_orchestration.domain.freshness import TIERS, Tier
from bg_orchestration.domain.model import ROLES, Role

_DAY: Final = timedelta(days=1)
# The ages of groups, from the youngest; an age is below its bound.
AGES: Final[tuple[tuple[str, timedelta], ...]] = (
    ("under_1_day", _DAY),
    ("under_7_days", 7 * _DAY),
    ("under_30_days", 30 * _DAY),
)
OLDER: Final = "over_30_days"
NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A followed company with its group for one seller profile, or without any group.

    Attributes:
        company_id: the company.
        profile_id: the seller profile; `None` without a group.
        refreshed_at: the end of the last completed refresh (UTC); `None` before the first.
        tier: the tier of its freshness: red, orange or green.
        tier_reason: why, in words without personal data.
        due_at: when it is refreshed without an event.
        roles: the number of members by role.
        reachable: members with a contact point.
        completeness: share of the purchase's needs that are covered, 0..1.
        confidence: probability that decision and champion are right, 0..1.
        open_gaps: needs without a member.
        cost_usd: cost of the company's refreshes of the last 30 days, the same on each of its
            lines.
    """

    company_id: str
    profile_id: str | None
    refreshed_at: datetime | None
    tier: Tier
    tier_reason: str
    due_at: datetime
    roles: dict[Role, int] = field(default_factory=dict)
    reachable: int = 0
    completeness: float = 0.0
    confidence: float = 0.0
    open_gaps: int = 0
    cost_usd: float = 0.0

    @property
    def members(self) -> int:
        """How many people the group has."""
        return sum(self.roles.values())


@dataclass(frozen=True, slots=True)
class TierCount:
    """The companies of one tier.

    Attributes:
        tier: its name.
        companies: all of them.
        due: how many are due for a refresh now.
        by_age: how many have which age, with `never`.
        oldest_days: the age of the oldest group; 0 without any.
    """

    tier: Tier
    companies: int
    due: int
    by_age: dict[str, int]
    oldest_days: float


@dataclass(frozen=True, slots=True)
class Worst:
    """A company that needs a look: what is missing, and its tier of freshness with the reason."""

    company_id: str
    profile_id: str | None
    why: str
    tier: Tier
    tier_reason: str
    age_days: float | None


def age_of(line: CoverageLine, now: datetime) -> str:
    """Return the name of the line's age, as in `AGES`."""
    if line.refreshed_at is None:
        return NEVER
    age = now - line.refreshed_at
    return next((name for name, bound in AGES if age < bound), OLDER)


def tiers(lines: Iterable[CoverageLine], now: datetime) -> list[TierCount]:
    """Count each company once, by tier and age; every tier, the most urgent first."""
    companies = {line.company_id: line for line in lines}.values()
    names = [*(name for name, _ in AGES), OLDER, NEVER]
    counts = []
    for tier in TIERS:
        of_tier = [line for line in companies if line.tier == tier]
        ages = [age_of(line, now) for line in of_tier]
        counts.append(
            TierCount(
                tier,
                len(of_tier),
                sum(line.due_at <= now for line in of_tier),
                {name: ages.count(name) for name in names},
                max((_days(line, now) or 0.0 for line in of_tier), default=0.0),
            )
        )
    return counts


def figures(lines: Sequence[CoverageLine], now: datetime) -> dict[str, int | float]:
    """Return all figures under steady names; shares and means from 0 to 1, cost in USD."""
    companies = {line.company_id: line for line in lines}
    groups = [line for line in lines if line.profile_id is not None]
    members = sum(line.members for line in groups)
    ages = [age_of(line, now) for line in companies.values()]
    days = [days for line in companies.values() if (days := _days(line, now)) is not None]
    found: dict[str, int | float] = {
        "companies": len(companies),
        "groups": len(groups),
        "members": members,
    }
    for name in (*(name for name, _ in AGES), OLDER, NEVER):
        found[f"companies_{name}"] = ages.count(name)
    for count in tiers(lines, now):
        found[f"companies_{count.tier}"] = count.companies
        found[f"due_{count.tier}"] = count.due
    for role in ROLES:
        found[f"share_with_{role}"] = _share(groups, lambda line, role=role: role in line.roles)  # type: ignore[misc]
    return found | {
        "oldest_days": max(days, default=0.0),
        "share_reachable": _ratio(sum(line.reachable for line in groups), members),
        "completeness": _mean([line.completeness for line in groups]),
        "confidence": _mean([line.confidence for line in groups]),
        "cost_30_days_usd": round(sum(line.cost_usd for line in companies.values()), 4),
    }


def worst(lines: Iterable[CoverageLine], now: datetime, most: int = 20) -> list[Worst]:
    """Return the companies that need a look most: no group first, then by what is missing."""
    faulty = [(fault, line) for line in lines if (fault := _fault(line)) is not None]
    faulty.sort(key=lambda pair: (pair[0], -(_days(pair[1], now) or 0.0), pair[1].company_id))
    return [
        Worst(
            line.company_id,
            line.profile_id,
            _FAULTS[fault][0],
            line.tier,
            line.tier_reason,
            _days(line, now),
        )
        for fault, line in faulty[:most]
    ]


# One sign for each age; distinct without colours.
_SIGNS: Final = dict(zip((*(name for name, _ in AGES), OLDER, NEVER), "█▓▒░·", strict=True))
_BAR: Final = 30


def coverage_picture(counts: Sequence[TierCount], numbers: Mapping[str, int | float]) -> str:
    """Return two bar charts as Markdown: ages of groups by tier, and groups with each role.

    It stays below 1,000 characters, because Dagit hides longer Markdown behind a click.
    """
    legend = [f"{sign} {name.replace('_', ' ')}" for name, sign in _SIGNS.items()]
    most = max((count.companies for count in counts), default=0)
    lines = ["Age of groups by tier of freshness", "  ".join(legend[:3]), "  ".join(legend[3:])]
    for count in counts:
        bar = "".join(sign * _signs(count.by_age[name], most) for name, sign in _SIGNS.items())
        due = f", {count.due} due" if count.due else ""
        lines.append(f"{count.tier:<12}{bar} {count.companies}{due}")
    lines += ["", "Groups with at least one"]
    for role in ROLES:
        share = float(numbers[f"share_with_{role}"])
        lines.append(f"{role:<12}{'█' * round(share * _BAR)} {share:.0%}")
    share = float(numbers["share_reachable"])
    lines += ["", f"{'reachable':<12}{'█' * round(share * _BAR)} {share:.0%} of members"]
    return "\n".join(["```", *lines, "```"])


def _signs(part: int, whole: int) -> int:
    """Return the length of a part of a bar; at least one sign for what is there."""
    return max(1, round(part * _BAR / whole)) if part else 0


# The worst first.
_FAULTS: Final[tuple[tuple[str, Callable[[CoverageLine], bool]], ...]] = (
    ("no refresh has completed", lambda line: line.profile_id is None),
    ("has no member", lambda line: line.members == 0),
    ("has no decision maker", lambda line: "decision" not in line.roles),
    ("has no champion", lambda line: "champion" not in line.roles),
    ("no member can be reached", lambda line: line.reachable == 0),
    ("covers less than half of the purchase's needs", lambda line: line.completeness < 0.5),
)


def _fault(line: CoverageLine) -> int | None:
    return next((place for place, (_, holds) in enumerate(_FAULTS) if holds(line)), None)


def _days(line: CoverageLine, now: datetime) -> float | None:
    if line.refreshed_at is None:
        return None
    return round(max(0.0, (now - line.refreshed_at) / _DAY), 2)


def _share(lines: Sequence[CoverageLine], holds: Callable[[CoverageLine], bool]) -> float:
    return _ratio(sum(map(holds, lines)), len(lines))


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
