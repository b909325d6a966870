"""The rules for one purchase in words: owners, users, checks and approvals."""

from collections.abc import Iterable
from itertools import zip_longest

from bg_orchestration.domain.judgement.gaps import approver
from bg_orchestration.domain.judgement.job_reading import function_words
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Desk, Function

Rules = tuple[tuple[str, str], ...]


def who_takes_part(profile: SellerProfile, policy: Policy) -> Rules:
    """Return which functions own the product, use it, feel it and may object."""
    departments = profile.departments
    owners = function_words(departments.owners[0])
    if departments.joint:
        owners = f"{owners} with {_enumeration(departments.owners[1:])}"
    elif departments.owners[1:]:
        owners += f"; where no head of it is known, {_enumeration(departments.owners[1:])}"
    purchase = Purchase(profile, policy, max(row.employees for row in policy.decision))
    desks = [desk for desk in policy.controls if purchase.calls_for(desk)]
    return (
        ("Owns the budget", owners),
        ("Use the product", _enumeration(departments.users)),
        ("Feel the change", _enumeration(departments.adjacent)),
        ("May object", ", ".join(_desk_words(desk) for desk in desks) or "none"),
    )


def _desk_words(desk: Desk) -> str:
    return desk.replace("_", " ")


def rules_in_words(purchase: Purchase) -> Rules:
    """Return the rules for `purchase`, as headings with texts."""
    profile = purchase.profile
    public = ", a public buyer" if purchase.public else ""
    return (
        ("What is sold", f"{profile.name}, category {profile.category}"),
        ("First year", f"{purchase.deal:,.0f} USD"),
        ("Company", f"judged as {purchase.employees:,} employees{public}"),
        ("People who fit", f"at most {purchase.most}"),
        *who_takes_part(profile, purchase.policy),
        ("Decides here", approver(purchase)),
        ("Required roles", ", ".join(profile.required_roles) or "none"),
        ("What counts in a score", weights_in_words(profile)),
    )


def approvals(profile: SellerProfile, policy: Policy) -> Rules:
    """Return who decides on the deal, by the company's employees."""
    starts = [row.employees for row in policy.decision]
    return _by_size(starts, [approver(Purchase(profile, policy, start)) for start in starts])


def group_sizes(profile: SellerProfile, policy: Policy) -> Rules:
    """Return the largest group, by the company's employees."""
    starts = [row.employees for row in policy.sizes]
    most = [
        [most for deal, most in row.most.items() if deal <= profile.deal_size_usd][-1]
        for row in policy.sizes
    ]
    return _by_size(starts, [f"at most {each}" for each in most])


def _by_size(starts: list[int], words: list[str]) -> Rules:
    """Return each size of company with its words; merge neighbours with the same words."""
    lines = [
        (start, each)
        for place, (start, each) in enumerate(zip(starts, words, strict=True))
        if not place or words[place - 1] != each
    ]
    ends = [start - 1 for start, _ in lines[1:]]
    return tuple((_employees(start, end), each) for (start, each), end in zip_longest(lines, ends))


def _employees(first: int, last: int | None) -> str:
    if last is None:
        return f"from {first:,}" if first > 1 else "of any size"
    return f"{first:,} to {last:,}" if last > first else f"{first:,}"


def weights_in_words(profile: SellerProfile) -> str:
    """Return the weights as shares, the heaviest first."""
    weights = profile.weights.model_dump()
    if not profile.countries:
        del weights["location"]
    total = sum(weights.values())
    ordered = sorted(weights.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {weight / total:.0%}" for name, weight in ordered if weight)


def _enumeration(functions: Iterable[Function]) -> str:
    return ", ".join(map(function_words, functions)) or "none"
