"""What changed between two groups of one company and seller."""

from collections.abc import Iterator

from bg_orchestration.domain.model import Change, ContactPoint, Group, Member


def diff(old: Group | None, new: Group) -> tuple[Change, ...]:
    """The changes that make `old` into `new`, by person_id and then by kind.

    Only what a reader would call news is a change: members, their roles and titles, and how to
    reach somebody who was and stays a member. Scores, reasons and the order of contact points are
    not.
    """
    before = {member.person_id: member for member in old.group.members} if old else {}
    after = {member.person_id: member for member in new.group.members}
    reached_before = _contacts(old)
    reached_after = _contacts(new)
    changes = [
        change
        for person_id in before.keys() | after.keys()
        for change in _changes_of(person_id, before.get(person_id), after.get(person_id))
    ]
    changes += [
        Change(person_id=person_id, kind="contact_changed")
        for person_id in before.keys() & after.keys()
        if reached_before.get(person_id) != reached_after.get(person_id)
    ]
    return tuple(sorted(changes, key=lambda change: (change.person_id, change.kind)))


def _changes_of(person_id: str, old: Member | None, new: Member | None) -> Iterator[Change]:
    if old is None and new is not None:
        yield Change(person_id=person_id, kind="joined", new=new.role)
    elif old is not None and new is None:
        yield Change(person_id=person_id, kind="left", old=old.role)
    elif old is not None and new is not None:
        if old.role != new.role:
            yield Change(person_id=person_id, kind="role_changed", old=old.role, new=new.role)
        if old.title != new.title:
            yield Change(person_id=person_id, kind="title_changed", old=old.title, new=new.title)


def _contacts(group: Group | None) -> dict[str, frozenset[ContactPoint]]:
    found: dict[str, set[ContactPoint]] = {}
    for contact in group.contacts if group else ():
        found.setdefault(contact.person_id, set()).add(contact)
    return {person_id: frozenset(contacts) for person_id, contacts in found.items()}
