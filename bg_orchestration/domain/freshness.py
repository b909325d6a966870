"""Tiers of freshness: how often a company is refreshed without an event.

A tier follows from the risk that the published group is wrong. `red` is refreshed daily, `orange`
weekly, `green` monthly; the settings change each age. The caller passes the time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from bg_orchestration.domain.admission import Limits

Tier = Literal["red", "orange", "green"]
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)


@dataclass(frozen=True, slots=True)
class FreshnessRules:
    """The thresholds of the settings.

    Attributes:
        ages: the age at which a group of each tier is refreshed.
        changes_within: the time over which changes of a group count.
        many_changes: this many changes in that time make a company red; fewer make it orange.
        thin_below: a completeness below this share makes a company orange.
        leaving_from: months in a job from which a decider or champion may soon leave.
        leaving_to: months in a job after which a person is expected to stay.
    """

    ages: dict[Tier, timedelta]
    changes_within: timedelta
    many_changes: int
    thin_below: float
    leaving_from: int
    leaving_to: int


@dataclass(frozen=True, slots=True)
class FreshnessFacts:
    """What the tables say about one company.

    Attributes:
        company_id: its id.
        domain: its web domain, if known.
        created_at: when the company was added.
        refreshed_at: the end of its last completed refresh; `None` before the first.
        changes: members who joined, left or changed role or title within `changes_within`.
        completeness: the lowest of its groups, 0 to 1; `None` without a group.
        leads: its deciders and champions.
        leaving: those of `leads` whose job began between `leaving_to` and `leaving_from` ago.
    """

    company_id: str
    domain: str | None
    created_at: datetime
    refreshed_at: datetime | None
    changes: int = 0
    completeness: float | None = None
    leads: int = 0
    leaving: int = 0


@dataclass(frozen=True, slots=True)
class Freshness:
    """The tier of a company, the reasons in words without personal data, and its due time."""

    company_id: str
    tier: Tier
    reason: str
    refreshed_at: datetime | None
    due_at: datetime


def freshness_of(
    facts: FreshnessFacts, rules: FreshnessRules, key_companies: Collection[str], now: datetime
) -> Freshness:
    """Return the tier of a company with every reason for it.

    A company without a group is red and due since it was added. One of `key_companies` (an id or a
    web domain that a seller profile names) is a tier higher than its facts alone make it.
    """
    if facts.refreshed_at is None:
        return Freshness(facts.company_id, "red", "no group yet", None, facts.created_at)
    tier, reasons = _by_facts(facts, rules, now)
    if facts.company_id in key_companies or (facts.domain and facts.domain in key_companies):
        tier = TIERS[max(0, TIERS.index(tier) - 1)]
        reasons.append("a key company of a seller profile")
    due_at = facts.refreshed_at + rules.ages[tier]
    # A company that was missed is shown as red, and stays due since the age of its own tier.
    if due_at + rules.ages["red"] < now and tier != "red":
        tier = "red"
        reasons.insert(0, f"not refreshed since {facts.refreshed_at.date()}")
    words = "; ".join(reasons) or "a complete group without recent changes"
    return Freshness(facts.company_id, tier, words, facts.refreshed_at, due_at)


def _by_facts(
    facts: FreshnessFacts, rules: FreshnessRules, now: datetime
) -> tuple[Tier, list[str]]:
    """Return the tier of the facts alone, and their reasons, the weightiest first."""
    red: list[str] = []
    orange: list[str] = []
    if facts.changes:
        noun = "change" if facts.changes == 1 else "changes"
        words = f"{facts.changes} {noun} since {(now - rules.changes_within).date()}"
        (red if facts.changes >= rules.many_changes else orange).append(words)
    if facts.completeness is None:
        orange.append("no group")
    elif facts.completeness < rules.thin_below:
        orange.append(f"{facts.completeness:.0%} of the needed roles are filled")
    if facts.leaving and 2 * facts.leaving >= facts.leads:
        orange.append(
            f"{facts.leaving} of {facts.leads} deciders and champions are in months "
            f"{rules.leaving_from} to {rules.leaving_to} of their job"
        )
    return ("red" if red else "orange" if orange else "green"), [*red, *orange]


def starts_an_hour(limits: Limits, seconds: float) -> float:
    """Return how many background refreshes start in an hour, if each takes `seconds`.

    The schedule and backfills fill the background part of the limits: with 10 starts a minute and
    refreshes of a few seconds that is 480 an hour.
    """
    background = limits.background
    by_slots = background.concurrency * 3_600 / max(seconds, 0.001)
    return min(background.starts_per_minute * 60.0, by_slots)
