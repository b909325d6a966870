"""Checks of a new group before it is published; Dagit shows each of them.

A fault is a sentence that names people by id only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bg_orchestration.domain.model import ROLES, BuyerGroup

# An empty group is published only while at most this share of the company's people is gone.
_MOST_LOST_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a new group.

    Attributes:
        name: the name under which Dagit keeps the results.
        passes: the condition of a group that passes, in one sentence.
        faults: yields the faults of a new group, given the published group.
        blocking: whether a group that fails must not be published.
    """

    name: str
    passes: str
    faults: Callable[[BuyerGroup, BuyerGroup | None], Iterator[str]]
    blocking: bool = False


def faults(
    check: Check, groups: Iterable[BuyerGroup], published: Mapping[str, BuyerGroup]
) -> tuple[str, ...]:
    """Return the faults of the new groups of a company, each with its seller profile.

    Args:
        check: the check.
        groups: the new groups.
        published: the published groups, by seller profile.
    """
    return tuple(
        f"{group.profile_id}: {fault}"
        for group in groups
        for fault in check.faults(group, published.get(group.profile_id))
    )


def _decision_maker_known(new: BuyerGroup, _old: BuyerGroup | None) -> Iterator[str]:
    if all(member.role != "decision" for member in new.members):
        look_for = (gap.look_for for gap in new.gaps if gap.need == "decision")
        yield next(look_for, "no member can decide")


def _required_roles_covered(new: BuyerGroup, _old: BuyerGroup | None) -> Iterator[str]:
    # Without any stored person the only need is members.
    needs = ROLES if new.people_known else ("members",)
    yield from (gap.look_for for gap in new.gaps if gap.need in needs)


def _size_in_range(new: BuyerGroup, _old: BuyerGroup | None) -> Iterator[str]:
    low, high = new.size_range
    if not low <= len(new.members) <= high:
        yield f"{len(new.members)} members, where {low} to {high} fit"


def _no_one_twice(new: BuyerGroup, _old: BuyerGroup | None) -> Iterator[str]:
    times = Counter(member.person_id for member in new.members)
    yield from (
        f"{person_id} stands in it {count} times" for person_id, count in times.items() if count > 1
    )


def _members_explained(new: BuyerGroup, _old: BuyerGroup | None) -> Iterator[str]:
    for member in new.members:
        if not any(reason.strip() for reason in member.reasons):
            yield f"{member.person_id} has no reason"


def _did_not_shrink_by_half(new: BuyerGroup, old: BuyerGroup | None) -> Iterator[str]:
    if old is not None and old.members and 2 * len(new.members) <= len(old.members):
        yield f"{len(new.members)} members, {len(old.members)} as published before"


def _possible_group(new: BuyerGroup, old: BuyerGroup | None) -> Iterator[str]:
    if new.members or old is None or not old.members:
        return
    # A group from before people were counted had at least its members.
    before = max(old.people_known, len(old.members))
    if (before - new.people_known) * 100 > before * _MOST_LOST_PERCENT:
        yield (
            f"the group would be empty, {len(old.members)} members are published; of {before:,} "
            f"people known then, {new.people_known:,} are known now"
        )


CHECKS = (
    Check(
        "decision_maker_known",
        "Each group has a member who decides on the purchase.",
        _decision_maker_known,
    ),
    Check(
        "required_roles_covered",
        "Each role that the seller profile requires has a member.",
        _required_roles_covered,
    ),
    Check(
        "size_in_range",
        "No group is empty, or larger than its company and deal allow.",
        _size_in_range,
    ),
    Check("no_one_twice", "No person is in a group twice.", _no_one_twice, blocking=True),
    Check(
        "members_explained",
        "Each member has a reason to be in the group.",
        _members_explained,
        blocking=True,
    ),
    Check(
        "did_not_shrink_by_half",
        "Each group has more than half of the members that are published.",
        _did_not_shrink_by_half,
    ),
    Check(
        "possible_group",
        "No group is empty that had members, while more than 80 % of the company's people are "
        "gone: then the people were lost, not the group.",
        _possible_group,
        blocking=True,
    ),
)
