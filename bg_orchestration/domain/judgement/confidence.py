"""Section 8 of the policy: completeness and confidence of a group."""

from collections.abc import Sequence

from bg_orchestration.domain.judgement.candidates import Candidate, Seats
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.model import Gap


def completeness(covered: Sequence[str], missing: Sequence[Gap]) -> float:
    """Return the share of the needs of the purchase that a member meets, 0..1."""
    needs = len(covered) + len(missing)
    return round(len(covered) / needs, 4) if needs else 1.0


def confidence(purchase: Purchase, seats: Seats, *, counted: bool) -> float:
    """Return the probability that decision and champion are right, 0..1.

    Args:
        purchase: product and company.
        seats: the candidates, and the seats given.
        counted: whether a source states the head count.
    """
    factors = purchase.policy.confidence
    deciders, champions = seats.of("decision"), seats.of("champion")
    doubts = [factors.best]
    if not deciders:
        doubts.append(factors.no_decision)
    if not champions:
        doubts.append(factors.no_champion)
    leads = [*deciders[:1], *champions[:1]]
    if any(each.job.confidence < factors.clear_from for each in leads):
        doubts.append(factors.unclear_title)
    if deciders and _equals(purchase, seats, deciders[0]):
        doubts.append(factors.equals)
    if deciders and not any(purchase.owns(each.job) for each in deciders):
        doubts.append(factors.stand_in)
    if not any(purchase.owns(c.job) and not purchase.takes_no_part(c.job) for c in seats.known):
        doubts.append(factors.no_owner)
    if not counted:
        doubts.append(factors.size_unknown)
    value = 1.0
    for doubt in doubts:
        value *= doubt
    return round(value, 4)


def _equals(purchase: Purchase, seats: Seats, decider: Candidate) -> bool:
    """Return whether a colleague without a decision could decide as well."""
    return any(
        each.rank == decider.rank
        and each.job.function == decider.job.function
        and each.has("part") == decider.has("part")
        and each.has("process") == decider.has("process")
        and not each.has("deputy")
        and not purchase.takes_no_part(each.job)
        for each in seats.known
        if each.person_id not in {seat.person_id for seat in seats.of("decision")}
    )
