"""The changes between two groups of a company and seller, as values and in words."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bg_orchestration.domain.model import Change, ContactPoint, Group, Member

# A job is new for half a year. Our own rule: a seller can still use the news of the start.
_NEW = timedelta(days=183)
_START = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# Not from the module `calendar`, which uses the machine's language.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def diff(old: Group | None, new: Group) -> tuple[Change, ...]:
    """Return the changes from `old` to `new`, by person_id and then by kind.

    Changes are: members, their roles and titles, and the contact points of lasting members. Not
    changes are: scores, reasons, starts, the author of a role, the order of contact points and the
    days on which they were seen.
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
        yield Change(kind="left", old=old.role, **_change_fields(old))
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


def in_words(change: Change, who: str, on: date, *, personal: bool = True) -> str:
    """Describe a change of the day `on` in one sentence, without a full stop.

    "Ada Example joined as champion (new Director of Procurement since March)". A job is new for
    183 days. The year of its start is named if it differs from that of `on`.

    Args:
        change: what changed.
        who: the name of the person in the sentence.
        on: the day of the change in UTC.
        personal: whether titles may appear. If not, as in Dagit, `who` should be an id: "p-12
            joined as champion (new since March)".
    """
    title = change.title if personal else None
    job = _bracketed(_job(title, change.since, on))
    match change.kind:
        case "joined":
            return f"{who} joined as {role_words(change.new)}{job}"
        case "left":
            return f"{who} left, was {role_words(change.old)}{_bracketed(title or '')}"
        case "role_changed":
            return f"{who} is now {role_words(change.new)}{job}, was {role_words(change.old)}"
        case "title_changed":
            since = _since(change.since, on) if _is_new(change.since, on) else ""
            if not personal:
                return f"{who} has a new title{_bracketed(since)}"
            return (
                f"{who} has a new title: {change.new or 'none'}{_bracketed(since)}, "
                f"before: {change.old or 'none'}"
            )
        case "contact_changed":
            return f"{who} can be reached otherwise than before"


def role_words(role: str | None) -> str:
    """Return the words for a role in a sentence."""
    return "decision maker" if role == "decision" else str(role)


def _job(title: str | None, started_on: str | None, on: date) -> str:
    since = _since(started_on, on)
    if not since:
        return title or ""
    if _is_new(started_on, on):
        return " ".join(filter(None, ("new", title, since)))
    return f"{title or 'in the job'} {since}"


def _bracketed(words: str) -> str:
    return f" ({words})" if words else ""


def _is_new(started_on: str | None, on: date) -> bool:
    start = _first_day(started_on)
    return start is not None and on - start <= _NEW


def _since(started_on: str | None, on: date) -> str:
    """Return since when, with the precision of `started_on`; empty if unknown."""
    start = _first_day(started_on)
    if start is None or started_on is None:
        return ""
    preposition = "since" if start <= on else "from"
    if len(started_on) == len("YYYY"):
        return f"{preposition} {start.year}"
    month = _MONTHS[start.month - 1]
    return (
        f"{preposition} {month}" if start.year == on.year else f"{preposition} {month} {start.year}"
    )


def _first_day(started_on: str | None) -> date | None:
    """Return the first day that `started_on` may mean, or `None`."""
    match = _START.fullmatch(started_on) if started_on else None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None
    except ValueError:
        return None
