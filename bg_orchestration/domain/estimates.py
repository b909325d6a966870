"""Estimate the cost of a refresh: the number of requests of each kind, and their price.

The estimate is coarse on purpose. Each assumed number stands here with its source, and the output
names it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Contacts decay by 2 to 3 % a month in users' reports: this share changes jobs, and this share is
# new.
CHANGED_A_MONTH: Final = 0.03
# The share of people who are eligible by title and department: under the default profile 101 of the
# 205 people of the shipped real company, 46 % of all people of the sample.
LIKELY_SHARE: Final = 0.5
# The most records to buy if a provider shows people before the purchase: twice the largest group.
# The default profile reaches it in each sample company with 180 to 1,200 people.
RECORDS: Final = 22
# The assumed number of people at a company of unknown size.
EMPLOYEES: Final = 100
# In published surveys six to ten people decide on a purchase between companies.
MEMBERS: Final = 8
_MONTH_DAYS: Final = 30.0
_PREVIEW: Final = 20


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """CompanyFacts about a company before its refresh.

    Attributes:
        company_id: the company.
        has_website: whether the company has a web domain; providers need it.
        company_fresh: whether the paid facts about the company itself are still fresh.
        listed_days: the days since the last listing of its people, `None` if never.
        employees: the stated head count, or `None`.
        known_people: how many current employees are stored.
        members: how many members its groups have, `None` before the first group.
        lacking: how many members need a request for a usable contact.
        due: how many of their addresses need a verification.
        researched: how many members have paid research that is still fresh.
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
        preview: the price of a preview of 20 people, 0 if it is free.
        shown_first: whether a preview shows people, so that only records of likely members are
            bought.
        with_contacts: whether these records hold all contacts of their people.
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
    requests = {
        "company": int(facts.has_website and not facts.company_fresh),
        "people": records,
        "contact": 0 if fresh_start and prices.with_contacts else lacking,
        # A found address needs a verification.
        "verification": facts.due + (lacking if "contact" in prices.questions else 0),
        "research": max(0, members - facts.researched),
    }
    if fresh_start and "contact" not in prices.questions:
        # The records of people hold their addresses.
        requests["verification"] = members
    questions = {name: count for name, count in requests.items() if name in prices.questions}
    usd = {name: count * prices.questions[name] for name, count in questions.items()}
    if "people" in usd:
        usd["people"] += previews * prices.preview
    return Estimate(facts.company_id, questions, usd)


def _people(facts: CompanyFacts, *, shown_first: bool) -> tuple[int, int]:
    """Estimate the records of people to buy, and the pages of previews before that."""
    if not facts.has_website:
        return 0, 0
    employees = facts.employees or facts.known_people or EMPLOYEES
    most = math.ceil(employees * LIKELY_SHARE)
    if shown_first:
        most = min(most, RECORDS)
    if facts.listed_days is None:
        return most, math.ceil(employees / _PREVIEW)
    share = min(1.0, CHANGED_A_MONTH * facts.listed_days / _MONTH_DAYS)
    changed_people = math.ceil(facts.known_people * share)
    newcomers = employees * share
    if shown_first:
        # Changed people who stay on the shortlist, and people who enter it in their place.
        return math.ceil(2 * most * share), math.ceil((changed_people + newcomers) / _PREVIEW)
    return changed_people + math.ceil(newcomers * LIKELY_SHARE), math.ceil(newcomers / _PREVIEW)
