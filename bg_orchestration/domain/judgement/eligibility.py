"""Who may enter a group at all, and who may really: only their records are worth buying."""

from collections.abc import Callable, Mapping, Sequence

from bg_orchestration.domain.judgement.effective_seniority import Jobs
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score, score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.sizing import Purchase, company_size
from bg_orchestration.domain.model import BuyerGroup, Company, Decision, Job, Person


def likely(
    company: Company, profiles: Sequence[SellerProfile], policy: Policy, known_people: int
) -> Callable[[str, str | None], bool]:
    """Whether somebody of a title and department may take part in any purchase of this company.

    So does whoever the judgement gives a part in it by their function, but for those at the entry:
    trainees and interns. Chief officers and owners always: one of them decides where nobody nearer
    to the purchase does. So does whoever works alone.

    Args:
        company: the company that buys.
        profiles: what is sold.
        policy: the numbers of the judgement.
        known_people: how many people of the company are known, where nobody states its head count.
    """
    jobs = Jobs(company, policy)
    employees = company_size(company, known_people)
    purchases = [Purchase(profile, policy, employees) for profile in profiles]

    def may_enter(title: str, department: str | None) -> bool:
        if employees == 1:
            return True
        job = jobs.read(title, department)
        if job.standing in ("c_suite", "owner"):
            return True
        return job.standing != "entry" and any(_takes_part(job, one) for one in purchases)

    return may_enter


def _takes_part(job: Job, purchase: Purchase) -> bool:
    parts = score(job, purchase, since=None, country=None).parts
    return any(part.name == "function" and part.value > 0 for part in parts)


def worth_reading(
    company: Company,
    people: Sequence[Person],
    profiles: Sequence[SellerProfile],
    policy: Policy,
    decisions: Mapping[str, Sequence[Decision]],
) -> frozenset[str]:
    """The ids of those who may really be members: only their records are worth buying.

    Those whom the judgement seats by their jobs alone, since starts stand in the records only; and
    as many of the next best of each role again, for ties that the starts will decide and for
    members who drop out. So at most twice the largest group for each profile, and whom people gave
    a role. Nobody is bought for a profile for which somebody dismissed them. Where more people are
    equal than that, starts may seat one of the others.

    Args:
        company: the company that buys.
        people: everybody known there.
        profiles: what is sold.
        policy: the numbers of the judgement.
        decisions: what people decided, by the id of the profile.
    """
    undated = [one.model_copy(update={"started_on": None}) for one in people]
    scored = score_people(company, undated, profiles, policy)
    worth: set[str] = set()
    for profile in profiles:
        decided = list(decisions.get(profile.id, ()))
        seated = _seated(assign(company, scored, profile, policy, decided))
        aside = [Decision(person_id=one, kind="dismissed") for one in sorted(seated)]
        # Of two decisions about somebody the last one counts.
        worth |= seated | _seated(assign(company, scored, profile, policy, [*decided, *aside]))
    return frozenset(worth)


def _seated(group: BuyerGroup) -> set[str]:
    return {member.person_id for member in group.members}
