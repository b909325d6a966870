"""A purchase: owners, users and checks of the product, and the ranks' limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bg_orchestration.domain.judgement.categories import Category
from bg_orchestration.domain.judgement.job_reading import (
    EXCLUDED,
    at_least,
    spaced,
)
from bg_orchestration.domain.judgement.policy import Control, DecisionRow, Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Company, Desk, Function, Job, Seniority, Trait

# These never decide or champion: sections 1 and 2 of the policy.
_WATCHING: frozenset[Trait] = frozenset({"audit", "employee_representative", "works_council"})
_DESKS: dict[Desk, Function] = {
    "procurement": "procurement",
    "security": "security",
    "privacy": "legal",
    "legal": "legal",
    "compliance": "legal",
    "finance": "finance",
}
_DESK_TRAITS: tuple[tuple[Trait, Desk], ...] = (
    ("works_council", "works_council"),
    ("employee_representative", "works_council"),
    ("data_protection", "privacy"),
    ("vendor_risk", "procurement"),
    ("public_buyer", "procurement"),
    ("compliance", "compliance"),
)


def company_size(company: Company, known_people: int) -> int:
    """Return the head count to judge with: the one stated, else the number of people known.

    One known person does not show that the person works alone, so a company of unknown size has at
    least two.
    """
    return company.employee_count or (max(known_people, 2) if known_people else 0)


@dataclass(frozen=True)
class Purchase:
    """A company of `employees` that buys what `profile` sells, judged by `policy`.

    Attributes:
        industry: what the company does, in its provider's words.
        country: where it is, name or code.
    """

    profile: SellerProfile
    policy: Policy
    employees: int
    industry: str | None = None
    country: str | None = None

    @cached_property
    def departments(self) -> Category:
        """The functions that own the budget, use the product, feel it and check it."""
        return self.profile.departments

    @property
    def deal(self) -> float:
        """The first year's price in US dollars."""
        return self.profile.deal_size_usd

    @cached_property
    def row(self) -> DecisionRow:
        """The row of the decision table that holds for a company of this size."""
        return [row for row in self.policy.decision if row.employees <= max(self.employees, 1)][-1]

    @cached_property
    def public(self) -> bool:
        """Whether the company is a public buyer, which must put purchases out to tender."""
        industry = spaced(self.industry or "")
        return any(spaced(word) in industry for word in self.policy.public)

    @cached_property
    def works_council_by_law(self) -> bool:
        """Whether the law of the country gives works councils a say in such a product."""
        return spaced(self.country or "").strip() in self.policy.works_councils

    @cached_property
    def most(self) -> int:
        """The most members of the group, never more than the company has people."""
        size = [row for row in self.policy.sizes if row.employees <= max(self.employees, 1)][-1]
        most = [most for deal, most in size.most.items() if deal <= self.deal][-1]
        return min(most, self.employees)

    @property
    def size_range(self) -> tuple[int, int]:
        """The least members of a group that could buy, and the most that fit."""
        return min(1, self.employees), self.most

    # What a job is to the purchase.

    def takes_no_part(self, job: Job) -> bool:
        """Return whether the title rules out every role: section 1."""
        if "customer_work" in job.traits and not self.uses(job):
            return True
        # A works council is elected, but works here.
        excluded = job.traits & EXCLUDED
        return bool(excluded - {"outside"} if "works_council" in job.traits else excluded)

    def owns(self, job: Job, function: Function | None = None) -> bool:
        """Return whether the job stands in `function`, by default the first owner of the budget."""
        target = function or self.departments.owners[0]
        return target in (job.function, job.second)

    def owns_jointly(self, job: Job) -> bool:
        """Return whether the job stands in one of the functions that own the budget."""
        owners = self.departments.owners[: 2 if self.departments.joint else 1]
        return any(self.owns(job, each) for each in owners)

    def function_concerned(self, job: Job) -> Function | None:
        """Return the function of the job that owns or uses the product, if one does."""
        departments = self.departments
        using = {
            departments.owners[0],
            *departments.users,
            *(departments.owners if departments.joint else ()),
        }
        for function in (job.function, job.second):
            if function in using:
                return function
        return None if departments.users_by_trait.isdisjoint(job.traits) else job.function

    def uses(self, job: Job) -> bool:
        """Return whether the job works in a function that owns or uses the product."""
        return self.function_concerned(job) is not None

    def watches(self, job: Job) -> bool:
        """Return whether the job audits, or represents the employees."""
        return not job.traits.isdisjoint(_WATCHING)

    def runs_company(self, job: Job) -> bool:
        """Return whether the job runs the whole company."""
        if job.traits & {"part", "deputy", "chief_of_staff", "employee_representative"}:
            return False
        if "runs_company" in job.traits:
            return True
        return job.standing == "owner" and "customer_work" not in job.traits

    def concerns(self, job: Job) -> bool:
        """Return whether any rule could give the job a role."""
        if self.takes_no_part(job):
            return False
        departments = self.departments
        functions = {job.function, job.second}
        feels = not functions.isdisjoint(departments.adjacent) and at_least(job.standing, "manager")
        return (
            feels
            or self.uses(job)
            or not functions.isdisjoint(departments.owners)
            or self.runs_company(job)
            or self.may_object(job)
            or self.introduces(job)
        )

    def introduces(self, job: Job) -> bool:
        """Return whether the job opens doors: section 6."""
        if self.takes_no_part(job) or "account_keeper" in job.traits:
            return False
        if "chief_of_staff" in job.traits:
            return True
        selling = self.departments.owners[0] in ("sales", "marketing")
        return selling and "prospecting" in job.traits and not at_least(job.standing, "vp")

    def desk(self, job: Job) -> Desk | None:
        """Return the control that the job guards, if any."""
        for trait, desk in _DESK_TRAITS:
            if trait in job.traits:
                return desk
        functions = (job.function, job.second)
        return next(
            (
                desk
                for desk, function in _DESKS.items()
                if function in functions and desk not in ("privacy", "compliance")
            ),
            None,
        )

    def may_object(self, job: Job) -> bool:
        """Return whether the job may say no on behalf of a control: section 5."""
        desk = self.desk(job)
        if desk is None or self.takes_no_part(job) or not self.calls_for(desk):
            return False
        control = self.policy.controls[desk]
        if desk == "works_council":
            return "works_council" in job.traits or self.works_council_by_law
        # Those that the product is made for block nothing, all desks of the function included.
        if self.uses(job) or "audit" in job.traits:
            return False
        if desk != "procurement" and job.traits & {"front_line", "clerk"}:
            return False
        if job.traits & {"part", "deputy"} and desk == "finance":
            return False
        return (
            at_least(job.standing, control.lowest)
            or not job.traits.isdisjoint(control.alone)
            or (desk == "procurement" and self.public and job.standing != "entry")
            or (self.employees < control.any_rank_below and job.standing != "entry")
        )

    def calls_for(self, desk: Desk) -> bool:
        """Return whether this deal calls for the control."""
        if desk == "works_council":
            return self.departments.records
        control: Control = self.policy.controls[desk]
        if _DESKS[desk] not in self.departments.controls:
            return False
        return self.deal >= control.from_usd or (control.always_in_public and self.public)

    # What ranks release.

    @cached_property
    def steps(self) -> Sequence[float]:
        """The limits of the ranks here, the lowest first."""
        return sorted(set(self.row.limits.values()))

    def step(self, rank: Seniority) -> int:
        """Return the step of a rank, counted from the lowest that releases money here; below -1."""
        limit = self.row.limits.get(rank)
        return -1 if limit is None else self.steps.index(limit)

    @cached_property
    def deal_step(self) -> int:
        """The lowest step that releases this deal; one above the highest if none does."""
        return next(
            (n for n, limit in enumerate(self.steps) if limit >= self.deal), len(self.steps)
        )

    def limit(self, rank: Seniority, highest: Seniority | None = None) -> float:
        """Return the limit of a rank, higher for the highest known rank of its function."""
        usual = self.row.limits.get(rank, 0.0)
        return max(usual, self.row.highest_known.get(rank, 0.0)) if rank == highest else usual

    def too_high(self, rank: Seniority) -> bool:
        """Return whether a rank is two steps or more above the deal: too high for it."""
        return self.step(rank) - self.deal_step >= 2
