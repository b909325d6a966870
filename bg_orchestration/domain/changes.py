"""The changes between two groups of a company and seller, with their causes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bg_orchestration.domain.change_words import is_new
from bg_orchestration.domain.model import Change, ChangeCause, ContactPoint, Group, Member


@dataclass(frozen=True, slots=True)
class OtherEnd:
    """The other company of a move; `company_id` is `None` unless the company is followed."""

    name: str
    company_id: str | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    """The job of a person at the company of a group, as the directory knows it now.

    Attributes:
        current: whether the job lasts.
        title: its present or last title.
        came_from: the company that the person left for this job.
        went_to: the company for which the person left it.
    """

    current: bool
    title: str = ""
    came_from: OtherEnd | None = None
    went_to: OtherEnd | None = None


def diff(old: Group | None, new: Group) -> tuple[Change, ...]:
    """Return the changes from `old` to `new`, by person_id and then by kind.

    A person who is out of the group is `dropped`: two groups do not show who left the company, see
    `with_causes`. A gap that opens or closes is named with the change of the person who covered or
    covers it. Changes are: members, their roles and titles, and the contact points of lasting
    members. Not changes are: scores, reasons, starts, the author of a role, the order of contact
    points and the days on which they were seen.
    """
    before = {member.person_id: member for member in old.group.members} if old else {}
    after = {member.person_id: member for member in new.group.members}
    reached_before = _contacts(old)
    reached_after = _contacts(new)
    changes = [
        change
        for person_id in before.keys() | after.keys()
        for change in _changes_of(before.get(person_id), after.get(person_id))
    ]
    if old is None:
        changes = [change.model_copy(update={"cause": "first"}) for change in changes]
    else:
        changes = [_with_gaps(change, old, new) for change in changes]
    changes += [
        Change(kind="contact_changed", **_change_fields(after[person_id]))
        for person_id in before.keys() & after.keys()
        if reached_before.get(person_id) != reached_after.get(person_id)
    ]
    return tuple(sorted(changes, key=lambda change: (change.person_id, change.kind)))


def _changes_of(old: Member | None, new: Member | None) -> Iterator[Change]:
    if old is None and new is not None:
        yield Change(kind="joined", new=new.role, **_change_fields(new))
    elif old is not None and new is None:
        yield Change(kind="dropped", old=old.role, **_change_fields(old))
    elif old is not None and new is not None:
        if old.role != new.role:
            yield Change(kind="role_changed", old=old.role, new=new.role, **_change_fields(new))
        if old.title != new.title:
            yield Change(kind="title_changed", old=old.title, new=new.title, **_change_fields(new))


def _change_fields(member: Member) -> dict[str, str | None]:
    return {
        "person_id": member.person_id,
        "title": member.title or None,
        "since": member.started_on,
    }


def _contacts(group: Group | None) -> dict[str, frozenset[ContactPoint]]:
    by_person: dict[str, set[ContactPoint]] = {}
    for contact in group.contacts if group else ():
        dateless = contact.model_copy(update={"seen_on": None, "verified_on": None})
        by_person.setdefault(contact.person_id, set()).add(dateless)
    return {person_id: frozenset(contacts) for person_id, contacts in by_person.items()}


def _with_gaps(change: Change, old: Group, new: Group) -> Change:
    """Return the change with the needs that it leaves uncovered or covers."""
    if change.kind not in ("joined", "dropped", "role_changed"):
        return change
    before, after = ({gap.need for gap in group.group.gaps} for group in (old, new))
    return change.model_copy(
        update={
            "gaps_opened": _covered_by(old, change.person_id, after - before),
            "gaps_closed": _covered_by(new, change.person_id, before - after),
        }
    )


def _covered_by(group: Group, person_id: str, needs: Collection[str]) -> tuple[str, ...]:
    """Return the needs that a member covers by role, function or control."""
    member = next((each for each in group.group.members if each.person_id == person_id), None)
    if member is None:
        return ()
    return tuple(
        need
        for need in sorted(needs)
        if need in (member.role, f"function {member.function}")
        or (member.role == "blocker" and need.startswith("control "))
    )


def with_causes(
    changes: Iterable[Change],
    employments: Mapping[str, Employment],
    dismissed: Collection[str],
    on: date,
    *,
    retired: bool = False,
) -> tuple[Change, ...]:
    """Return the changes of one group with the causes of joining, leaving and being dropped.

    Args:
        changes: the changes of `diff`.
        employments: the jobs at the company, by person id; a missing person has none.
        dismissed: the people whom a user keeps out of the group.
        on: the day of the change in UTC.
        retired: whether the seller profile was removed.
    """
    return tuple(
        _joined(change, employments.get(change.person_id), on)
        if change.kind == "joined" and change.cause is None
        else _gone(change, employments.get(change.person_id), dismissed, retired)
        if change.kind == "dropped"
        else change
        for change in changes
    )


def _joined(change: Change, employment: Employment | None, on: date) -> Change:
    if employment is not None and employment.came_from is not None:
        return _moved(change, employment.came_from)
    return change.model_copy(update={"cause": "hired" if is_new(change.since, on) else "ranked"})


def _gone(
    change: Change, employment: Employment | None, dismissed: Collection[str], retired: bool
) -> Change:
    if employment is not None and not employment.current:
        change = change.model_copy(update={"kind": "left", "cause": "left"})
        return change if employment.went_to is None else _moved(change, employment.went_to)
    cause: ChangeCause = "ranked"
    if retired:
        cause = "profile"
    elif employment is None:
        cause = "unlisted"
    elif change.person_id in dismissed:
        cause = "dismissed"
    elif employment.title != (change.title or ""):
        change = change.model_copy(update={"title": employment.title or None})
        cause = "retitled"
    return change.model_copy(update={"cause": cause})


def _moved(change: Change, other: OtherEnd) -> Change:
    return change.model_copy(
        update={
            "cause": "moved",
            "other_company": other.name,
            "other_company_id": other.company_id,
        }
    )
