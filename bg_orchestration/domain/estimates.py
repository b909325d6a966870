"""Estimate the cost of a refresh: the number of requests of each kind, and their price.

Pure, and on purpose coarse: each number that is assumed stands here with its source, and is told
beside the result.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Contacts decay by 2 to 3 % a month in users' reports: as many people change their job, and as many
# records are new.
CHANGED_A_MONTH: Final = 0.03
# The share of people whose title and department make them worth a record: under the default
# profile 101 of the 205 people of the real company that ships, 46 % of all people of the sample.
LIKELY_SHARE: Final = 0.5
# Of these, whose records are bought where a provider shows people before that: twice the largest
# group. Under the default profile so many in each company of the sample with 180 to 1,200 people.
RECORDS: Final = 22
# The assumed number of people at a company whose size is not stated.
EMPLOYEES: Final = 100
# Purchases between companies have six to ten people deciding in published surveys.
MEMBERS: Final = 8
_MONTH_DAYS: Final = 30.0
_PREVIEW: Final = 20


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """CompanyFacts about a company before its refresh.

    Attributes:
        company_id: the company.
        has_website: without a web domain of its own, no provider is asked about it.
        company_fresh: whether what was paid for about the company itself is still fresh.
        listed_days: how many days ago its people were listed last, `None` if never.
        employees: how many people work there, where that is stated.
        known_people: how many people are known to work there.
        members: how many are in its groups, `None` if it has none yet.
        lacking: how many of the members lack a contact that is fit for use and is asked for.
        due: how many of their addresses are due to be verified.
        researched: how many of the members research that is still fresh was paid for.
    """

    company_id: str
    has_website: bool = True
    company_fresh: bool = False
    listed_days: float | None = None
    employees: int | None = None
    known_people: int = 0
    members: int | None = None
    lacking: int = 0
    due: int = 0
    researched: int = 0


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a request in USD, by capability; a capability without a provider is left out.

    Attributes:
        questions: the prices.
        preview: the price of looking at 20 people before their records, 0 where that is free.
        shown_first: whether people are shown before their records are bought, so that only those of
            likely members are.
        with_contacts: whether these records hold all that is known of how to reach their people.
    """

    questions: Mapping[str, float]
    preview: float = 0.0
    shown_first: bool = False
    with_contacts: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """The likely number of requests of a refresh by capability, and their cost in USD."""

    company_id: str
    questions: Mapping[str, int]
    usd: Mapping[str, float]

    @property
    def total_usd(self) -> float:
        """The total cost in USD."""
        return sum(self.usd.values())


def estimate(facts: CompanyFacts, prices: Prices) -> Estimate:
    """Estimate the requests of a company's next refresh, and their cost."""
    records, previews = _people(facts, shown_first=prices.shown_first)
    fresh_start = facts.members is None
    members = MEMBERS if facts.members is None else facts.members
    lacking = members if fresh_start else min(facts.lacking, members)
    asked = {
        "company": int(facts.has_website and not facts.company_fresh),
        "people": records,
        "contact": 0 if fresh_start and prices.with_contacts else lacking,
        # A new address is verified.
        "verification": facts.due + (lacking if "contact" in prices.questions else 0),
        "research": max(0, members - facts.researched),
    }
    if fresh_start and "contact" not in prices.questions:
        # The records of people bring their addresses.
        asked["verification"] = members
    questions = {name: count for name, count in asked.items() if name in prices.questions}
    usd = {name: count * prices.questions[name] for name, count in questions.items()}
    if "people" in usd:
        usd["people"] += previews * prices.preview
    return Estimate(facts.company_id, questions, usd)


def _people(facts: CompanyFacts, *, shown_first: bool) -> tuple[int, int]:
    """Estimate the records of people to buy, and the pages of previews before that."""
    if not facts.has_website:
        return 0, 0
    there = facts.employees or facts.known_people or EMPLOYEES
    most = math.ceil(there * LIKELY_SHARE)
    if shown_first:
        most = min(most, RECORDS)
    if facts.listed_days is None:
        return most, math.ceil(there / _PREVIEW)
    share = min(1.0, CHANGED_A_MONTH * facts.listed_days / _MONTH_DAYS)
    changed = math.ceil(facts.known_people * share)
    news = there * share
    if shown_first:
        # People who changed and stay on the shortlist, and people who enter it in place of others.
        return math.ceil(2 * most * share), math.ceil((changed + news) / _PREVIEW)
    return changed + math.ceil(news * LIKELY_SHARE), math.ceil(news / _PREVIEW)
