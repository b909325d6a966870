"""Section 3 of the policy: champions, who lead the work that the product changes."""

from bg_orchestration.domain.judgement.candidates import Candidate, Choice, Seats, unique
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.reasons import rank_words
from bg_orchestration.domain.model import RANKS

# The lines of the table, the first to call first.
_PROCESS, _OWNING, _USING, _CHIEF, _PROCESS_STAFF, _SENIOR, _STAFF = range(7)


def champion(purchase: Purchase, seats: Seats) -> Choice:
    """Return the champions, the first to call first."""
    fitting = fitting_champions(purchase, seats)
    limits = purchase.policy.champions
    most = 2
    if (
        purchase.deal < limits.single_below_usd
        or purchase.employees < limits.single_below_employees
    ):
        most = 1
    chosen = unique(fitting)[:most]
    equals = [c for c in fitting if c not in chosen and chosen and c.kind == chosen[0].kind]
    if len(chosen) < most and equals:
        chosen.append(equals[0])  # no lot decides among equals
    large = purchase.employees >= limits.three_from_employees
    if purchase.deal >= limits.three_from_usd and large:
        teams = {_team(each) for each in chosen}
        chosen += [c for c in fitting if _team(c) not in teams][:1]
    return [(each, _reason(purchase, seats, each, place)) for place, each in enumerate(chosen)]


def fitting_champions(purchase: Purchase, seats: Seats) -> list[Candidate]:
    """Return all free people who may champion, the first to call first."""
    leads = any(
        c.ranks("manager") and purchase.uses(c.job) and not purchase.takes_no_part(c.job)
        for c in seats.known
    )
    decided = [RANKS.index(c.rank) for c in seats.of("decision")]
    top = max(decided, default=len(RANKS))
    places: list[tuple[tuple[object, ...], Candidate]] = []
    for candidate in seats.free:
        place = _place(purchase, candidate, decided=bool(decided), leads=leads)
        if place is None:
            continue
        below = top - RANKS.index(candidate.rank)
        # The nearest below the decision maker first; a higher rank champions last.
        nearest = below if below >= 0 else len(RANKS) - below
        places.append(((place, nearest, *candidate.tie()), candidate))
    return [candidate for _, candidate in sorted(places, key=lambda each: each[0])]


def _place(purchase: Purchase, candidate: Candidate, *, decided: bool, leads: bool) -> int | None:
    """Return the line of the table that gives a place, the best is 0; `None`: may not champion."""
    if not _may_champion(purchase, candidate):
        return None
    process = candidate.has("process")
    if candidate.rank in ("manager", "director") or candidate.has("deputy"):
        if process and not candidate.job.scope:
            return _PROCESS
        return _OWNING if purchase.owns_jointly(candidate.job) else _USING
    if candidate.ranks("vp"):
        return _PROCESS if process else _place_of_chief(purchase, candidate, decided=decided)
    return _place_of_staff(purchase, candidate, process=process, leads=leads)


def _may_champion(purchase: Purchase, candidate: Candidate) -> bool:
    job = candidate.job
    return (
        purchase.uses(job)
        and not purchase.takes_no_part(job)
        and not purchase.watches(job)
        and not purchase.runs_company(job)
        and not candidate.has("front_line", "clerk", "chief_of_staff", "data_protection")
        and candidate.rank != "entry"
    )


def _place_of_chief(purchase: Purchase, candidate: Candidate, *, decided: bool) -> int | None:
    limits = purchase.policy.champions
    if purchase.employees < limits.chief_below_employees or purchase.deal >= limits.chief_from_usd:
        return _CHIEF
    # Heads of parts champion where no head of the whole decides.
    part = candidate.has("part") and purchase.owns(candidate.job)
    return _OWNING if part and not decided else None


def _place_of_staff(
    purchase: Purchase, candidate: Candidate, *, process: bool, leads: bool
) -> int | None:
    limits, employees = purchase.policy.champions, purchase.employees
    if candidate.rank == "senior":
        if process:
            return _PROCESS_STAFF
        return _SENIOR if employees < limits.senior_below_employees or not leads else None
    if process and (employees < limits.process_below_employees or not leads):
        return _PROCESS_STAFF
    small = employees < limits.staff_below_employees or purchase.deal < limits.staff_below_usd
    return _STAFF if small else None


def _team(candidate: Candidate) -> tuple[object, ...]:
    return candidate.job.function, candidate.has("process"), candidate.job.scope


def _reason(purchase: Purchase, seats: Seats, candidate: Candidate, place: int) -> str:
    job = candidate.job
    words = rank_words(job)
    owning = "the function that owns the budget"
    if not purchase.owns_jointly(job):
        owning = "a function that uses the product"
    deciders = seats.of("decision")
    if candidate.has("part") and not deciders:
        why = "no head of the whole decides"
    elif not deciders:
        why = f"works in {owning}, and no decision maker is known"
    elif any(purchase.owns(d.job) and d.job.function == job.function for d in deciders):
        equal = any(each.rank == candidate.rank for each in deciders)
        where = "beside" if equal else "below"
        why = f"works {where} the decision maker in {owning}"
    else:
        why = f"works in {owning} and is heard by who decides"
    order = ("first to call", "second to call", "third to call, of another team")[min(place, 2)]
    return f"{words}; {why}; {order}"
