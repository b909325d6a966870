"""Section 5 of the policy: blockers, who may object for a control."""

from bg_orchestration.domain.judgement.candidates import Candidate, Choice, Seats
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.reasons import rank_words
from bg_orchestration.domain.model import RANKS, Desk


def blocker(purchase: Purchase, seats: Seats) -> Choice:
    """Return the highest person of each required desk, in the order of desks."""
    desks: dict[Desk, Candidate] = {}
    for candidate in sorted(seats.free, key=lambda c: (*_height(c), *c.tie())):
        desk = purchase.desk(candidate.job)
        if desk is not None and purchase.may_object(candidate.job):
            desks.setdefault(desk, candidate)
    limits = purchase.policy.blockers
    most = limits.few if purchase.employees < limits.large_from else limits.many
    order = [desk for desk in purchase.policy.controls if desk in desks][:most]
    return [(desks[desk], _reason(purchase, desks[desk], desk)) for desk in order]


def _height(candidate: Candidate) -> tuple[bool, int]:
    return candidate.has("part", "deputy"), -RANKS.index(candidate.rank)


def _reason(purchase: Purchase, candidate: Candidate, desk: Desk) -> str:
    control = purchase.policy.controls[desk]
    if desk == "works_council":
        return f"Speaks for the employees; guards {control.guards}, by law"
    condition = ""
    if purchase.public and control.always_in_public:
        condition = "; a public buyer puts every purchase out to tender"
    elif control.from_usd:
        condition = f"; is asked from {control.from_usd:,.0f} USD"
    return f"{rank_words(candidate.job)}; guards {control.guards}{condition}"
