"""How one purchase is judged, in words: who pays, uses and checks, and how high approval goes."""

from collections.abc import Iterable
from itertools import zip_longest

from bg_orchestration.domain.judgement.effective_seniority import function_words, seniority_words
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.sizing import BAND_WORDS, Purchase
from bg_orchestration.domain.model import RANKS, Function

Rules = tuple[tuple[str, str], ...]


def who_takes_part(profile: SellerProfile, policy: Policy) -> Rules:
    """Which functions pay for the product, use it, feel it and may object, each with its name."""
    who = profile.departments
    owners = function_words(who.owners[0])
    if who.owners[1:]:
        owners += f"; where nobody there can decide, {_listed(who.owners[1:])}"
    asked = [each for each in who.controls if _asked_from(each, policy) <= profile.deal_size_usd]
    later = [
        f"{function_words(each)} from {_asked_from(each, policy):,.0f} USD"
        for each in who.controls
        if each not in asked and each in policy.controls
    ]
    return (
        ("Owns the budget", owners),
        ("Use the product", _listed(who.users)),
        ("Feel the change", _listed(who.adjacent)),
        ("May object", _listed(asked) + (f" ({', '.join(later)})" if later else "")),
    )


def _asked_from(function: Function, policy: Policy) -> float:
    control = policy.controls.get(function)
    return control.from_usd if control else float("inf")


def rules_in_words(purchase: Purchase) -> Rules:
    """How `purchase` is judged."""
    profile = purchase.profile
    low, high = purchase.size_range
    return (
        ("What is sold", f"{profile.name}, category {profile.category}"),
        ("First year", f"{profile.deal_size_usd:,.0f} USD"),
        ("Company", f"{purchase.employees:,} employees, a {BAND_WORDS[purchase.company]} one"),
        ("People who fit", f"{low} to {high}" if low != high else str(low)),
        *who_takes_part(profile, purchase.policy),
        ("Approves it", approvers(purchase)),
        ("Required roles", ", ".join(profile.required_roles) or "none"),
        ("What counts", weights_in_words(profile)),
    )


def approvers(purchase: Purchase) -> str:
    """The lowest rank that may approve the deal, and what the rank below may."""
    rank = purchase.lowest_approver
    words = f"{seniority_words(rank)} or higher"
    below = RANKS[RANKS.index(rank) - 1] if RANKS.index(rank) else None
    limit = purchase.authority_usd.get(below, 0.0) if below else 0.0
    if below and limit:
        words += f" (a {seniority_words(below)} approves up to {limit:,.0f} USD)"
    if purchase.company != "small" and not purchase.usually_approves(rank):
        words += f"; a {seniority_words(rank)} only where nobody higher is known"
    if purchase.company != "small" and not purchase.usually_approves("c_suite"):
        words += f"; a {seniority_words('c_suite')} only where nobody nearer is known"
    return words


def approvals(profile: SellerProfile, policy: Policy) -> tuple[tuple[str, str], ...]:
    """Which rank approves the deal in a small, a typical and a large company."""
    typical, large = policy.companies.typical_from, policy.companies.large_from
    bands = ((1, typical - 1), (typical, large - 1), (large, None))
    return tuple(
        (_employees(first, last), approvers(Purchase(profile, policy, first)))
        for first, last in bands
    )


def group_sizes(profile: SellerProfile, policy: Policy) -> tuple[tuple[str, str], ...]:
    """How many people take part, by the company's employees."""
    starts = {1, policy.companies.typical_from, *(step.employees for step in policy.group_steps)}
    found: list[tuple[int, int, int]] = []
    for employees in sorted(starts - {0}):
        group = Purchase(profile, policy, employees).group
        if not found or found[-1][1:] != (group.least, group.most):
            found.append((employees, group.least, group.most))
    ends = [start - 1 for start, _, _ in found[1:]]
    return tuple(
        (_employees(start, end), f"{least} to {most} people")
        for (start, least, most), end in zip_longest(found, ends)
    )


def _employees(first: int, last: int | None) -> str:
    if last is None:
        return f"from {first:,}" if first > 1 else "of any size"
    return f"{first:,} to {last:,}"


def weights_in_words(profile: SellerProfile) -> str:
    """The weights as shares, the heaviest first."""
    weights = profile.weights.model_dump()
    if not profile.countries:
        del weights["location"]
    total = sum(weights.values())
    ordered = sorted(weights.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {weight / total:.0%}" for name, weight in ordered if weight)


def _listed(functions: Iterable[Function]) -> str:
    return ", ".join(map(function_words, functions)) or "nobody"
