"""Section 2 of the policy: decision makers, who release the money."""

from collections.abc import Sequence

from bg_orchestration.domain.judgement.candidates import Candidate, Choice, Seats, highest
from bg_orchestration.domain.judgement.job_reading import function_words
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.reasons import dollars, management_words, rank_words
from bg_orchestration.domain.model import RANKS, Function, Seniority

# From this size on a founder who heads a function decides for that function alone.
_FOUNDERS_HEAD_FUNCTIONS = 250
# The work of the company itself: its head is general management, not the head of a function.
_OF_THE_PLACE: frozenset[Function] = frozenset(
    {"executive", "education", "healthcare", "legal", "other", "admin"}
)


def decision(purchase: Purchase, seats: Seats) -> Choice:
    """Return the decision makers with reasons; a gap is better than a guess."""
    if purchase.employees == 1:
        return [(each, "Works alone and decides alone") for each in seats.free[:1]]
    able = [each for each in seats.free if may_decide(purchase, each)]
    management = managements(purchase, able)
    if purchase.deal >= purchase.row.management.alone and management:
        return _joint(management, "decides what a company of this size buys")
    heads = _heads(purchase, able)
    if not heads:
        return _stand_in(purchase, able, management)
    if management and _asks_management(purchase, management[0]):
        beside = [
            each
            for each in _joint(management, "signs beside the head of the function")
            if each[0].person_id != heads[0][0].person_id
        ]
        return [*heads[:1], *beside[:1]]
    return heads


def may_decide(purchase: Purchase, candidate: Candidate) -> bool:
    """Return whether a job may decide at all: no deputy, front line, audit or representative."""
    return (
        not purchase.takes_no_part(candidate.job)
        and not purchase.watches(candidate.job)
        and not candidate.has("deputy", "front_line", "chief_of_staff")
        and (not candidate.has("customer_work") or candidate.has("runs_company"))
    )


def managements(purchase: Purchase, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the general management, the first to ask first."""
    managers = [each for each in candidates if purchase.runs_company(each.job)]
    if purchase.employees >= _FOUNDERS_HEAD_FUNCTIONS:
        managers = [each for each in managers if each.has("runs_company")]
    return sorted(
        managers,
        key=lambda each: (
            each.has("elected"),
            _heads_function(each),
            -RANKS.index(each.rank),
            *each.tie(),
        ),
    )


def _runs_place(candidate: Candidate) -> bool:
    """Return whether a rector, hospital director or managing partner heads no function."""
    return candidate.has("runs_company") and candidate.job.function in _OF_THE_PLACE


def _heads_function(candidate: Candidate) -> bool:
    return candidate.job.function not in ("executive", "other", "admin")


def _asks_management(purchase: Purchase, management: Candidate) -> bool:
    """Return whether general management decides beside the head of the function."""
    limits = purchase.row.management
    return (
        purchase.deal >= limits.beside
        or (purchase.departments.joint and purchase.deal >= limits.joint)
        or (management.has("owner_led") and purchase.deal >= limits.owner_led)
    )


def _joint(management: Sequence[Candidate], subject: str) -> Choice:
    """Return the first of the management, and a co-founder or joint director of the same rank."""
    first, *others = management
    joint = [
        each
        for each in others
        if each.rank == first.rank and _heads_function(each) == _heads_function(first)
    ][:1]
    if not joint:
        return [(first, f"{management_words(first.job)}; {subject}")]
    return [
        (each, f"{management_words(each.job)}, {place} of two of the same rank; {subject}")
        for each, place in zip((first, *joint), ("first", "second"), strict=True)
    ]


def _heads(purchase: Purchase, able: Sequence[Candidate]) -> Choice:
    """Return the decision makers in the functions that own the budget."""
    owners = purchase.departments.owners
    if purchase.departments.joint:
        both = [seat for each in owners[:2] for seat in _head(purchase, able, each)]
        seats = {candidate.person_id: (candidate, reason) for candidate, reason in both[::-1]}
        if seats:
            return list(seats.values())[::-1]
        owners = owners[2:]
    for function in owners:
        if chosen := _head(purchase, able, function):
            return chosen
        if any(each.ranks("manager") and purchase.owns(each.job, function) for each in able):
            return []
    return []


def _head(purchase: Purchase, able: Sequence[Candidate], function: Function) -> Choice:
    """Return the person of a function who releases the deal, if any."""
    people = [
        each
        for each in able
        if purchase.owns(each.job, function) and each.ranks("manager") and not _runs_place(each)
    ]
    # A title with two functions owns by the first.
    people = [each for each in people if each.job.function == function] or people
    wholes = [each for each in people if not each.has("part", "process")]
    fits = _releasers(purchase, wholes, highest(wholes))
    if not fits and not any(
        each.ranks("director") and not purchase.too_high(each.rank) for each in wholes
    ):
        # A head of a process may decide; heads of regions and divisions only for their part.
        inner = [each for each in people if each.has("process") and not each.has("part")]
        fits = _releasers(purchase, inner, None if wholes else highest(inner))
        if len(fits) > 1 and fits[0].rank == fits[1].rank:
            fits = []  # no lot decides among equals
    return [(each, _signs(purchase, each, function)) for each in fits[:1]]


def _releasers(
    purchase: Purchase, people: Sequence[Candidate], top: Seniority | None
) -> list[Candidate]:
    """Return the people who release the deal and are not too high, the first to decide first.

    Args:
        purchase: what is bought, and where.
        people: heads of one function.
        top: the rank whose limit is raised, as it is the highest known of the function.
    """
    usual = any(purchase.step(each.rank) == purchase.deal_step for each in people)

    def signs_alone(each: Candidate) -> bool:
        return not usual and each.rank == "manager" and purchase.deal <= purchase.row.lone_manager

    def distance(each: Candidate) -> tuple[int, int]:
        steps = 0 if signs_alone(each) else purchase.step(each.rank) - purchase.deal_step
        return 0 if purchase.row.head else steps, -RANKS.index(each.rank)

    fits = [
        each
        for each in people
        if signs_alone(each)
        or (purchase.limit(each.rank, top) >= purchase.deal and not purchase.too_high(each.rank))
    ]
    return sorted(fits, key=lambda each: (distance(each), each.tie()))


def _signs(purchase: Purchase, chosen: Candidate, function: Function) -> str:
    """Return rank, scope and limit of a decision maker."""
    usual = purchase.limit(chosen.rank)
    limit = max(usual, purchase.limit(chosen.rank, chosen.rank))
    if chosen.rank == "manager":
        limit = max(limit, purchase.row.lone_manager)
    amount = "any amount" if limit == float("inf") else f"up to {dollars(limit)}"
    above = ", as no higher rank is known" if limit > usual and purchase.deal > usual else ""
    first = purchase.departments.owners[0]
    instead = (
        f"; stands in, as no head of {function_words(first)} is known"
        if function != first and not purchase.departments.joint
        else ""
    )
    return f"{rank_words(chosen.job)}; signs {amount} here{above}{instead}"


def _stand_in(
    purchase: Purchase, able: Sequence[Candidate], management: Sequence[Candidate]
) -> Choice:
    """Return general management where no head of the function releases the deal."""
    if not management:
        return []
    heads = [
        each
        for each in able
        if each.ranks("director")
        and purchase.owns(each.job)
        and not each.has("part", "process")
        and not purchase.runs_company(each.job)
    ]
    limits = purchase.row.management
    if not heads and purchase.deal >= min(limits.without_head, limits.beside):
        return _joint(management, "signs where no head of the function is known")
    small = purchase.row.limits.get("manager") is None
    if heads and small and purchase.deal > purchase.limit(heads[0].rank, heads[0].rank):
        return _joint(management, "signs above the limit of the head of the function")
    return []
