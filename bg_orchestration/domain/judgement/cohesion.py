"""How well the members of a group fit together, and how far it can be trusted.

cohesion = the weighted mean (weights in the policy) of
- reach: the share of the other members who have a way to a decision maker: they champion or
  introduce, or work in a decision maker's function; 0 without a decision maker;
- backing: 1 if a champion works in a decision maker's function, 0.5 if a champion works elsewhere,
  0 without champion or decision maker;
- size: members / least members that fit this purchase, at most 1; it stands for reach and backing
  too where decision makers are alone in the group.

So the loss of a decision maker or of the champion is felt at once.

confidence = known * clear * counted, so that it falls when either is thin:
- known: people known / people enough to know (the policy's number, or everybody), at most 1;
- clear: the mean over the people known of how clear their title was, at most 1 each;
- counted: 1, or what the policy leaves where nobody has stated the head count.

completeness = needs covered / needs, where needs are roles and functions, see `domain.gaps`; 1 if
there are none, 0 where nobody is known. How many members there are counts in cohesion.
"""

from collections.abc import Sequence
from math import fsum

from bg_orchestration.domain.judgement.sizing import Purchase
from bg_orchestration.domain.model import Gap, Member


def cohesion(members: Sequence[Member], purchase: Purchase) -> float:
    """How well `members` fit together, 0..1, see above; 0 for an empty group."""
    if not members:
        return 0.0
    weights = purchase.policy.cohesion
    size = min(1.0, len(members) / max(purchase.size_range[0], 1))
    if all(member.role == "decision" for member in members):
        return round(size, 4)
    parts = weights.reach * _reach(members) + weights.backing * _backing(members)
    whole = weights.reach + weights.backing + weights.size
    return round((parts + weights.size * size) / whole, 4)


def completeness(covered: Sequence[str], missing: Sequence[Gap]) -> float:
    """How much of what the purchase needs is covered, 0..1, see above."""
    if not covered:
        return 0.0 if missing else 1.0
    lacking = sum(gap.need != "members" for gap in missing)
    return round(len(covered) / (len(covered) + lacking), 4)


def confidence(
    readings: Sequence[tuple[float, int]], purchase: Purchase, *, counted: bool
) -> float:
    """How far a group can be trusted, 0..1, see above; 0 where nobody is known.

    Args:
        readings: how sure titles were read, 0..1, each with the number of people it holds for.
        purchase: what is bought, and where.
        counted: whether somebody has stated the head count.
    """
    people = sum(count for _, count in readings)
    if not people:
        return 0.0
    enough = purchase.policy.confidence
    known = min(1.0, people / min(enough.people, purchase.employees))
    clear = fsum(min(1.0, sure / enough.clear_title) * count for sure, count in readings) / people
    return round(known * clear * (1.0 if counted else enough.size_unknown), 4)


def _reach(members: Sequence[Member]) -> float:
    deciding = {member.function for member in members if member.role == "decision"}
    others = [member for member in members if member.role != "decision"]
    if not deciding:
        return 0.0
    near = [m for m in others if m.role in ("champion", "introducer") or m.function in deciding]
    return len(near) / len(others)


def _backing(members: Sequence[Member]) -> float:
    deciding = {member.function for member in members if member.role == "decision"}
    backing = {member.function for member in members if member.role == "champion"}
    if not deciding or not backing:
        return 0.0
    return 1.0 if backing & deciding else 0.5
