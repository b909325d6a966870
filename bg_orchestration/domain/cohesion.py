"""How complete a group is, and how well its members fit together.

completeness = covered required roles / required roles

cohesion = 0.4 * reach + 0.4 * backing + 0.2 * size, where
- reach: the share of the other members who have a way to a decision maker: they champion or
  introduce, or work in a decision maker's function; 0 without a decision maker, 1 if there are no
  others;
- backing: 1 if a champion works in a decision maker's function or decision makers are alone in the
  group, 0.5 if a champion works elsewhere, 0 without champion or decision maker;
- size: members / least members that fit this purchase, at most 1.

So the loss of a decision maker or of the champion is felt at once. The weights are ours.
"""

from collections.abc import Sequence

from bg_orchestration.domain.model import Member, Role

_REACH, _BACKING, _SIZE = 0.4, 0.4, 0.2


def completeness(members: Sequence[Member], required: Sequence[Role]) -> float:
    """The share of `required` roles that somebody holds; 1 if none is required."""
    held = {member.role for member in members}
    return round(sum(role in held for role in required) / len(required), 4) if required else 1.0


def cohesion(members: Sequence[Member], least: int) -> float:
    """How well `members` fit together, 0..1, see above; 0 for an empty group."""
    if not members:
        return 0.0
    size = min(1.0, len(members) / max(least, 1))
    return round(_REACH * _reach(members) + _BACKING * _backing(members) + _SIZE * size, 4)


def _reach(members: Sequence[Member]) -> float:
    deciding = {member.function for member in members if member.role == "decision"}
    others = [member for member in members if member.role != "decision"]
    if not deciding or not others:
        return float(bool(deciding))
    near = [m for m in others if m.role in ("champion", "introducer") or m.function in deciding]
    return len(near) / len(others)


def _backing(members: Sequence[Member]) -> float:
    deciding = {member.function for member in members if member.role == "decision"}
    backing = {member.function for member in members if member.role == "champion"}
    if not deciding or all(member.role == "decision" for member in members):
        return float(bool(deciding))
    if not backing:
        return 0.0
    return 1.0 if backing & deciding else 0.5
