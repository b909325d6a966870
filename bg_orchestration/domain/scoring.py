"""How much each person matters to a purchase: seniority, function and influence, with reasons.

A score is the weighted mean of three parts, each 0..1, with the weights of the seller's profile.
Dates play no part: the same people score the same whether or not their start is known. The steps
below are our own judgement of how a seller ranks people; no published scale is as fine.
"""

from collections.abc import Iterable, Sequence

from bg_orchestration.domain.model import (
    Company,
    Function,
    Person,
    Score,
    ScoredPerson,
    ScorePart,
    Seniority,
)
from bg_orchestration.domain.profiles import Category, SellerProfile
from bg_orchestration.domain.sizing import (
    Band,
    can_approve,
    company_band,
    company_size,
    lowest_approver,
)
from bg_orchestration.domain.titles import read_title

# Owners and chief officers stand on one step: either can approve anything.
_STEPS: dict[Seniority, int] = {
    "entry": 0, "individual": 1, "senior": 2, "manager": 3, "director": 4, "vp": 5, "c_suite": 6,
    "owner": 6,
}  # fmt: skip
_BELOW = (1.0, 0.75, 0.55, 0.4, 0.3, 0.2)
_ABOVE_PER_STEP = 0.1
_RANK_INFLUENCE: dict[Seniority, float] = {
    "owner": 1.0, "c_suite": 1.0, "vp": 0.85, "director": 0.7, "manager": 0.5, "senior": 0.35,
    "individual": 0.2, "entry": 0.0,
}  # fmt: skip
_EXECUTIVE_FIT: dict[Band, float] = {"small": 1.0, "typical": 0.5, "large": 0.25}


def score_people(
    company: Company, people: Sequence[Person], profiles: Iterable[SellerProfile]
) -> tuple[ScoredPerson, ...]:
    """Read each person's title and score them for each profile, in the order of person_id."""
    size = company_size(company, len({person.person_id for person in people}))
    sellers = tuple(profiles)
    scores: dict[tuple[str, Seniority, Function], Score] = {}
    scored = []
    for person in sorted(people, key=lambda each: (each.person_id, each.title)):
        reading = read_title(person.title, person.department)
        for seller in sellers:
            key = (seller.id, reading.seniority, reading.function)
            if key not in scores:
                scores[key] = score(reading.seniority, reading.function, size, seller)
        scored.append(
            ScoredPerson(
                person=person,
                seniority=reading.seniority,
                function=reading.function,
                scores={
                    seller.id: scores[seller.id, reading.seniority, reading.function]
                    for seller in sellers
                },
            )
        )
    return tuple(scored)


def score(
    seniority: Seniority, function: Function, employees: int, profile: SellerProfile
) -> Score:
    """The score of a rank and a function in a company of `employees`, for one seller."""
    fit, fit_reason = _function_fit(function, seniority, company_band(employees), profile.policy)
    rank, rank_reason = _seniority_fit(seniority, employees, profile.deal_size_usd)
    influence = round(_RANK_INFLUENCE[seniority] * (0.2 + 0.8 * fit), 4)
    weights = profile.weights
    parts = (
        ScorePart(name="seniority", value=rank, weight=weights.seniority, reason=rank_reason),
        ScorePart(name="function", value=fit, weight=weights.function, reason=fit_reason),
        ScorePart(
            name="influence",
            value=influence,
            weight=weights.influence,
            reason=_influence_reason(seniority, fit),
        ),
    )
    weight = sum(part.weight for part in parts)
    # Four digits: no sum of floats may differ in print from one machine to another.
    total = round(sum(part.value * part.weight for part in parts) / weight, 4)
    return Score(total=min(1.0, total), parts=parts)


def _seniority_fit(seniority: Seniority, employees: int, deal_size_usd: float) -> tuple[float, str]:
    named = seniority_words(seniority)
    deal = f"{deal_size_usd:,.0f} USD in a company of {employees:,}"
    distance = _STEPS[seniority] - _STEPS[lowest_approver(employees, deal_size_usd)]
    if not can_approve(seniority, employees, deal_size_usd):
        return _BELOW[
            min(-distance, len(_BELOW) - 1)
        ], f"{named}: below the rank that approves {deal}"
    if company_band(employees) == "small" or distance <= 1:
        return 1.0, f"{named}: a rank that approves {deal}"
    value = round(1.0 - _ABOVE_PER_STEP * (distance - 1), 4)
    return value, f"{named}: above the rank that usually approves {deal}"


def _function_fit(
    function: Function, seniority: Seniority, band: Band, policy: Category
) -> tuple[float, str]:
    named = function_words(function)
    if function == policy.owners[0]:
        return 1.0, f"{named} owns the budget"
    if seniority == "owner" and band == "small":
        return 1.0, "founders of a small company take part in every purchase"
    if function in policy.users:
        return 0.85, f"{named} uses the product"
    if function in policy.owners:
        return 0.75, f"{named} owns the budget where nobody of {policy.owners[0]} does"
    if function == "executive":
        return _EXECUTIVE_FIT[band], f"general management of a {band} company"
    if function in policy.controls:
        return 0.45, f"{named} checks such purchases"
    if function in policy.adjacent:
        return 0.4, f"{named} feels the change but does not live in the product"
    if function == "admin":
        return 0.15, "administration can reach those who decide"
    return 0.0, f"{named} has no part in such purchases"


def _influence_reason(seniority: Seniority, fit: float) -> str:
    leads = "leads people" if _STEPS[seniority] >= _STEPS["manager"] else "leads nobody"
    where = "close to this purchase" if fit >= 0.5 else "far from this purchase"
    return f"{leads}, {where}"


_WORDS = {"c_suite": "chief officer", "vp": "vice president", "hr": "HR", "it": "IT"}


def seniority_words(seniority: Seniority) -> str:
    """`seniority` in plain words."""
    return _WORDS.get(seniority, seniority)


def function_words(function: Function) -> str:
    """`function` in plain words."""
    return _WORDS.get(function, function.replace("_", " "))
