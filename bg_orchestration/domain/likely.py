"""Who may enter a group at all: only their records are worth buying from a provider."""

from collections.abc import Callable, Sequence

from bg_orchestration.domain.model import Company, Job
from bg_orchestration.domain.policy import Policy
from bg_orchestration.domain.profiles import SellerProfile
from bg_orchestration.domain.scoring import score
from bg_orchestration.domain.sizing import Purchase, company_size
from bg_orchestration.domain.standing import Jobs


def likely(
    company: Company, profiles: Sequence[SellerProfile], policy: Policy, known_people: int
) -> Callable[[str, str | None], bool]:
    """Whether somebody of a title and department may take part in any purchase of this company.

    So does whoever the judgement gives a part in it by their function, but for those at the entry:
    trainees and interns. Chief officers and owners always: one of them decides where nobody nearer
    to the purchase does.

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
        job = jobs.read(title, department)
        if job.standing in ("c_suite", "owner"):
            return True
        return job.standing != "entry" and any(_takes_part(job, one) for one in purchases)

    return may_enter


def _takes_part(job: Job, purchase: Purchase) -> bool:
    parts = score(job, purchase, since=None, country=None).parts
    return any(part.name == "function" and part.value > 0 for part in parts)
