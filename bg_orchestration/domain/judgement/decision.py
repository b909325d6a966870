"""Section 2 of the policy: who releases this money."""

from collections.abc import Sequence

from bg_orchestration.domain.judgement.candidates import Candidate, Choice, Seats, highest
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.reasons import dollars, management_words, rank_words
from bg_orchestration.domain.model import RANKS, Function

_DISTANT = 99


def decision(purchase: Purchase, seats: Seats) -> Choice:
    """Return who decides, each with the reason; nobody is made a decider for want of a better."""
    if purchase.employees == 1:
        return [(each, "Works alone and decides alone") for each in seats.free[:1]]
    able = [c for c in seats.free if may_decide(purchase, c)]
    management = managements(purchase, able)
    if _management_alone(purchase):
        if management:
            return _managements(purchase, management, "decides what a company of this size buys")
        return _owners(purchase, able)
    heads = _owners(purchase, able)
    if not heads:
        return _without_head(purchase, able, management)
    if management and _management_beside(purchase):
        return [*heads[:1], *_managements(purchase, management[:1], "also signs a deal of this size")]
    return heads


def may_decide(purchase: Purchase, candidate: Candidate) -> bool:
    """Return whether a job may decide at all: no deputy, front line, audit or control of others."""
    return (
        not purchase.takes_no_part(candidate.job)
        and not purchase.watches(candidate.job)
        and not candidate.has("deputy", "front_line", "chief_of_staff")
    )


def managements(purchase: Purchase, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return those who run the company, the first to ask first."""
    found = [c for c in candidates if purchase.runs_company(c.job)]
    if purchase.employees >= 250:
        # Founders who head a function of a larger company decide for that function alone.
        found = [c for c in found if c.has("runs_company") or c.job.function == "executive"]
    return sorted(
        found,
        key=lambda c: (
            c.job.function not in ("executive", "other", "admin"),
            -RANKS.index(c.rank),
            *c.tie(),
        ),
    )


def _management_alone(purchase: Purchase) -> bool:
    return purchase.deal >= purchase.row.management.alone


def _management_beside(purchase: Purchase) -> bool:
    limits = purchase.row.management
    return purchase.deal >= limits.beside or (
        purchase.departments.joint and purchase.deal >= limits.joint
    )


def _managements(purchase: Purchase, management: Sequence[Candidate], what: str) -> Choice:
    """Return the first of the management, with a co-founder or joint director beside."""
    first, *others = management
    joint = [
        each
        for each in others
        if (each.rank == first.rank == "owner" or each.job.scope == first.job.scope)
        and each.job.function == first.job.function
        and each.rank == first.rank
    ][:1]
    together = " together with a colleague of the same rank" if joint else ""
    return [
        (each, f"{management_words(each.job)}; {what}{together}{ordinal}")
        for each, ordinal in zip([first, *joint], ["", " (second)"], strict=False)
    ]


def _owners(purchase: Purchase, able: Sequence[Candidate]) -> Choice:
    """Return who decides in the functions that own the budget."""
    owners = purchase.departments.owners
    if purchase.departments.joint:
        both = [seat for each in owners[:2] for seat in _head(purchase, able, each)]
        if not both:
            both = [seat for each in owners[2:] for seat in _head(purchase, able, each)][:1]
        seen: dict[str, tuple[Candidate, str]] = {}
        for candidate, reason in both:
            seen.setdefault(candidate.person_id, (candidate, reason))
        return list(seen.values())
    for function in owners:
        if chosen := _head(purchase, able, function):
            return chosen
        if any(c.ranks("manager") for c in able if purchase.owns(c.job, function)):
            return []
    return []


def _head(purchase: Purchase, able: Sequence[Candidate], function: Function) -> Choice:
    """Return the one of a function who releases the deal, if there is one."""
    people = [
        c for c in able
        if purchase.owns(c.job, function) and c.ranks("manager")
        and (c.job.function != "executive")
    ]
    first = [c for c in people if c.job.function == function] or people
    wholes = [c for c in first if not c.has("part", "process")]
    top = highest(wholes)
    fits = _fitting(purchase, wholes, top)
    if not fits and not any(c.ranks("director") for c in wholes if not purchase.too_high(c.rank)):
        # Heads of a region or division decide for their part alone.
        inner = [c for c in first if c.has("process") and not c.has("part")]
        fits = _fitting(purchase, inner, top or highest(inner))
        fits = fits if len(fits) == 1 or _distinct(purchase, fits) else []
    if not fits:
        return []
    chosen = fits[0]
    limit = purchase.limit(chosen.rank, top if chosen in wholes else highest(first))
    return [(chosen, _reason(purchase, chosen, function, limit, top))]


def _fitting(purchase: Purchase, people: Sequence[Candidate], top: object) -> list[Candidate]:
    """Return those who release the deal and are not too high for it, the first to decide first."""
    highest_known = highest(people)
    known = highest_known if top == highest_known else None
    usual = any(purchase.step(each.rank) == purchase.deal_step for each in people)

    def fit(candidate: Candidate) -> bool:
        if candidate.rank == "manager" and not usual and purchase.deal <= purchase.row.lone_manager:
            return True
        limit = purchase.limit(candidate.rank, known)
        return limit >= purchase.deal and not purchase.too_high(candidate.rank)

    def distance(candidate: Candidate) -> int:
        if purchase.row.head:
            return -RANKS.index(candidate.rank)
        if candidate.rank == "manager":
            return 0
        return abs(purchase.step(candidate.rank) - purchase.deal_step)

    fits = [each for each in people if fit(each)]

    return sorted(fits, key=lambda c: (distance(c), -RANKS.index(c.rank), *c.tie()))


def _distinct(purchase: Purchase, fits: Sequence[Candidate]) -> bool:
    """Return whether the first stands above its equals: nobody is picked by lot."""
    return len(fits) > 1 and fits[0].rank != fits[1].rank


def _reason(
    purchase: Purchase, chosen: Candidate, function: Function, limit: float, top: object
) -> str:
    words = rank_words(chosen.job)
    usual = purchase.row.limits.get(chosen.rank, 0.0)
    amount = "any amount" if limit == float("inf") else f"up to {dollars(limit)}"
    above = ", and no higher rank is known" if limit > usual and top == chosen.rank else ""
    instead = ""
    if not purchase.departments.joint and function != purchase.departments.owners[0]:
        from bg_orchestration.domain.judgement.jobs import function_words

        instead = f", as no head of {function_words(purchase.departments.owners[0])} is known"
    return f"{words}; signs {amount} here{above}{instead}"


def _without_head(
    purchase: Purchase, able: Sequence[Candidate], management: Sequence[Candidate]
) -> Choice:
    """Return general management where it stands in for a head of the function."""
    known = [
        c for c in able
        if c.ranks("director") and purchase.owns(c.job) and not c.has("part", "process")
        and not purchase.runs_company(c.job)
    ]
    limits = purchase.row.management
    if not management:
        return []
    if known:
        # The deal passes the limit of the head: then whoever stands above.
        if purchase.employees < 1000 and purchase.deal > purchase.limit(known[0].rank, known[0].rank):
            return _managements(purchase, management, "signs above the limit of the head of the function")
        return []
    if purchase.deal >= min(limits.without_head, limits.beside):
        return _managements(purchase, management, "signs where no head of the function is known")
    return []


__all__ = ["decision", "managements", "may_decide"]
