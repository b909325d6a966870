"""Section 4 of the policy: stakeholders, who live with the product."""

from bg_orchestration.domain.judgement.candidates import Candidate, Choice, Seats, unique
from bg_orchestration.domain.judgement.decision import managements
from bg_orchestration.domain.judgement.job_reading import function_words
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.reasons import rank_words
from bg_orchestration.domain.model import RANKS


def _free(purchase: Purchase, seats: Seats) -> list[Candidate]:
    return [
        c
        for c in seats.free
        if not purchase.takes_no_part(c.job)
        and not purchase.watches(c.job)
        and purchase.desk(c.job) != "privacy"
        and not c.has("chief_of_staff")
    ]


def _lives(purchase: Purchase, candidate: Candidate) -> bool:
    return purchase.uses(candidate.job) and not purchase.takes_no_part(candidate.job)


def it_head(purchase: Purchase, seats: Seats) -> Choice:
    """Return the head of IT, where the product touches its systems."""
    if "it" not in purchase.departments.adjacent:
        return []
    heads = [
        c
        for c in _free(purchase, seats)
        if c.job.function == "it"
        and c.ranks("manager")
        and not _is_distant(purchase, c)
        and not purchase.uses(c.job)
    ]
    heads.sort(key=lambda c: (-RANKS.index(c.rank), *c.tie()))
    return [(c, f"{rank_words(c.job)}; the product touches data and logins") for c in heads[:1]]


def voices(purchase: Purchase, seats: Seats) -> Choice:
    """Return one person for each using function; front line only if the rest is unknown."""
    speaking: Choice = []
    free = _free(purchase, seats)
    for function in dict.fromkeys((*purchase.departments.owners[:1], *purchase.departments.users)):
        users = [
            c
            for c in free
            if c.job.function == function
            and not c.ranks("manager")
            and _lives(purchase, c)
            and not c.has("prospecting")
        ]
        rest = [
            c
            for c in seats.known
            if c.job.function == function and _lives(purchase, c) and not _is_crowd(c)
        ]
        users = [c for c in users if not _is_crowd(c)] or ([] if rest else users)
        users.sort(key=lambda c: (-RANKS.index(c.rank), *c.tie()))
        speaking += [
            (c, f"{rank_words(c.job)}; speaks for the users in {function_words(function)}")
            for c in users[:1]
        ]
    return speaking


def _is_crowd(candidate: Candidate) -> bool:
    return candidate.has("front_line", "clerk") or candidate.rank == "entry"


def _is_distant(purchase: Purchase, candidate: Candidate) -> bool:
    """Return whether a chief of another function is not asked about a deal of this size."""
    return (
        candidate.ranks("c_suite") and purchase.deal < purchase.policy.stakeholders.chief_from_usd
    )


def heads_and_sponsor(purchase: Purchase, seats: Seats) -> Choice:
    """Return heads and managers of affected functions, and the management as sponsor."""
    free = _free(purchase, seats)
    limits = purchase.policy.stakeholders
    rest: list[tuple[Candidate, str]] = []
    for candidate in unique(sorted(free, key=lambda c: (-RANKS.index(c.rank), *c.tie()))):
        why = _stake(purchase, candidate)
        if why is not None:
            rest.append((candidate, f"{rank_words(candidate.job)}; {why}"))
    sponsors = managements(purchase, free)
    if (
        purchase.deal >= limits.sponsor_from_usd
        and purchase.employees < limits.sponsor_below_employees
    ):
        rest += [
            (c, "Runs the whole company; sponsors a purchase of this size") for c in sponsors[:1]
        ]
    return rest


def _stake(purchase: Purchase, candidate: Candidate) -> str | None:
    job = candidate.job
    words = function_words(job.function)
    if purchase.runs_company(job):
        return None
    if purchase.uses(job):
        if not candidate.ranks("manager") or candidate.has("front_line"):
            return None
        if purchase.too_high(candidate.rank) and purchase.owns(job):
            return None
        if _is_distant(purchase, candidate) and not purchase.owns(job):
            return None
        return f"leads people in {words} who work with the product"
    if job.function not in purchase.departments.adjacent or _is_distant(purchase, candidate):
        return None
    if job.function == "it" or candidate.has("front_line"):
        return None
    return f"{words} feels the change" if candidate.ranks("director") else None
