"""Eligibility: people who may enter a group, and the records to buy."""

from collections.abc import Callable, Mapping, Sequence

from bg_orchestration.domain.judgement.job_reading import Jobs
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.purchase import Purchase, company_size
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Company, Decision, Person


def likely(
    company: Company, profiles: Sequence[SellerProfile], policy: Policy, known_people: int
) -> Callable[[str, str | None], bool]:
    """Return whether a title and department may take part in any purchase of this company.

    Args:
        company: the company that buys.
        profiles: what is sold.
        policy: the tables of the judgement.
        known_people: how many people of the company are known, where no source states its size.
    """
    jobs = Jobs(company, policy)
    employees = company_size(company, known_people)
    purchases = [
        Purchase(profile, policy, employees, company.industry, company.country)
        for profile in profiles
    ]

    def may_enter(title: str, department: str | None) -> bool:
        if employees == 1:
            return True
        job = jobs.read(title, department)
        return any(purchase.concerns(job) for purchase in purchases)

    return may_enter


def worth_reading(
    company: Company,
    people: Sequence[Person],
    profiles: Sequence[SellerProfile],
    policy: Policy,
    decisions: Mapping[str, Sequence[Decision]],
) -> frozenset[str]:
    """Return the ids of likely members: only their records are worth buying.

    These are the members by job alone, since starts stand in the records only, and the members
    if any or all of them left. The record of a dismissed person is not bought for that profile.
    Among more equal people, starts may seat another one.

    Args:
        company: the company that buys.
        people: all known people of the company.
        profiles: what is sold.
        policy: the numbers of the judgement.
        decisions: people's decisions, by the id of the profile.
    """
    undated = [person.model_copy(update={"started_on": None}) for person in people]
    scored = score_people(company, undated, profiles, policy)
    worth: set[str] = set()
    for profile in profiles:
        decided = list(decisions.get(profile.id, ()))
        seated = _member_ids(assign(company, scored, profile, policy, decided))
        aside = [Decision(person_id=person_id, kind="dismissed") for person_id in sorted(seated)]
        worth |= seated
        for gone in (aside, *([each] for each in aside)):
            # Of two decisions about a person the last one counts.
            worth |= _member_ids(assign(company, scored, profile, policy, [*decided, *gone]))
    return frozenset(worth)


def _member_ids(group: BuyerGroup) -> set[str]:
    return {member.person_id for member in group.members}
