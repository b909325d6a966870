"""One purchase: how many people take part, and how high the rank must be that approves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bg_orchestration.domain.judgement.categories import Category
from bg_orchestration.domain.judgement.policy import (
    Band,
    Group,
    Policy,
)
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import RANKS, Company, DutyName, Function, Role, Seniority

# Owners and chief officers stand on one step: either can approve anything.
_STEPS = {rank: min(step, RANKS.index("c_suite")) for step, rank in enumerate(RANKS)}

CONTROLLING: frozenset[DutyName | None] = frozenset({"controlling", "compliance", "privacy"})
BAND_WORDS: dict[Band, str] = {"small": "small", "typical": "mid-sized", "large": "large"}
# Whoever watches others' work neither works with what they buy nor decides about it.
WATCHING: frozenset[DutyName | None] = frozenset({"audit", "representing"})


def company_size(company: Company, known_people: int) -> int:
    """The head count to judge with: the one stated, else the number of people known."""
    return company.employee_count or known_people


@dataclass(frozen=True)
class Purchase:
    """A company of `employees` that buys what `profile` sells, judged by `policy`."""

    profile: SellerProfile
    policy: Policy
    employees: int

    @cached_property
    def departments(self) -> Category:
        """Who owns the budget, uses the product, feels it and checks it."""
        return self.profile.departments

    @cached_property
    def company(self) -> Band:
        """The kind of company."""
        bands = self.policy.companies
        if self.employees < bands.typical_from:
            return "small"
        return "typical" if self.employees < bands.large_from else "large"

    @cached_property
    def group(self) -> Group:
        """The kind of group that buys: a large company buys small things like a smaller one."""
        deal = self.profile.deal_size_usd
        return next(
            self.policy.groups[step.kind]
            for step in self.policy.group_steps
            if self.employees >= step.employees and deal >= step.deal_usd
        )

    @property
    def size_range(self) -> tuple[int, int]:
        """The least and the most members of the group, never more than the company has people."""
        return min(self.group.least, self.employees), min(self.group.most, self.employees)

    @property
    def seats(self) -> Mapping[Role, int]:
        """The most members of each role; roles not named take what is left."""
        return self.group.seats

    @property
    def authority_usd(self) -> Mapping[Seniority, float]:
        """What each rank approves alone here; ranks not named approve nothing."""
        return self.policy.authority_usd[self.company]

    def approves(self, rank: Seniority) -> bool:
        """Whether this rank may approve the deal alone, within its own function."""
        return self.authority_usd.get(rank, 0.0) >= self.profile.deal_size_usd

    @cached_property
    def lowest_approver(self) -> Seniority:
        """The lowest rank that approves the deal: where to look when nobody known can."""
        return next(rank for rank in RANKS if self.approves(rank))

    def steps_above(self, rank: Seniority) -> int:
        """How many steps this rank stands above the lowest that approves the deal."""
        return _STEPS[rank] - _STEPS[self.lowest_approver]

    def usually_approves(self, rank: Seniority) -> bool:
        """Whether a deal like this is settled at this rank, neither strained nor bothered by it."""
        usual = self.policy.usual_approver
        limit = self.authority_usd.get(rank, 0.0) * usual.share_of_limit.get(rank, 1.0)
        return self.profile.deal_size_usd <= limit and self.steps_above(rank) <= usual.steps_above

    def uses(self, function: Function, duty: DutyName | None) -> bool:
        """Whether this job works with the product every day."""
        if duty in WATCHING:
            return False
        return function in self.departments.users or duty in self.departments.duties

    def may_object(self, function: Function, rank: Seniority, duty: DutyName | None) -> bool:
        """Whether this job has a say about what the product touches, and does not use it itself."""
        control = self.policy.controls.get(function)
        if (
            control is None
            or duty == "clerical"
            or function not in self.departments.controls
            or self.uses(function, duty)
        ):
            return False
        return duty in CONTROLLING or RANKS.index(rank) >= RANKS.index(control.lowest)
