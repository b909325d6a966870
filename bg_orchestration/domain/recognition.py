"""Match the people of a listing with stored people.

The safest identifier goes first: the provider's own id, the profile page, an email address. A name
counts only within the company, and only if no other person has it. So a person is stored once,
whatever provider or file reported them first, and two people of one name stay two.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bg_orchestration.domain.company_ids import fold_name


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person of a listing; `slug` and `emails` are in lower case."""

    source_id: str
    name: str
    slug: str | None = None
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A stored person; `slug` and `emails` are in lower case.

    Attributes:
        person_id: our id.
        name: as written.
        slug: the last part of the profile page.
        emails: the addresses.
        ids: the ids at the provider of the listing.
        here: whether the person works, or worked, at the company of the listing.
    """

    person_id: str
    name: str
    slug: str | None = None
    emails: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    here: bool = True


def match_listed(listed: Sequence[ListedPerson], stored: Sequence[StoredPerson]) -> dict[str, str]:
    """Return our ids of the stored people by the provider's ids; new people are missing."""
    matches: dict[str, str] = {}
    _match_by(
        listed,
        stored,
        lambda person: person.ids,
        lambda listed_person: {listed_person.source_id},
        matches,
    )
    _match_by(
        listed,
        stored,
        lambda person: _set(person.slug),
        lambda listed_person: _set(listed_person.slug),
        matches,
    )
    _match_by(
        listed,
        stored,
        lambda person: person.emails,
        lambda listed_person: listed_person.emails,
        matches,
    )
    _match_by_name(listed, stored, matches)
    return matches


def _match_by(
    listed: Sequence[ListedPerson],
    stored: Sequence[StoredPerson],
    stored_keys: Callable[[StoredPerson], Iterable[str]],
    listed_keys: Callable[[ListedPerson], Iterable[str]],
    matches: dict[str, str],
) -> None:
    """Add the people who share a key with exactly one stored person to `matches`."""
    holders: dict[str, list[StoredPerson]] = defaultdict(list)
    for person in stored:
        for key in stored_keys(person):
            holders[key].append(person)
    for listed_person in listed:
        if listed_person.source_id in matches:
            continue
        person_ids = {
            person.person_id
            for key in listed_keys(listed_person)
            for person in holders.get(key, ())
            if listed_person.source_id in person.ids or _may_match(listed_person, person)
        }
        # A shared address, such as office@, identifies no person.
        if len(person_ids) == 1:
            matches[listed_person.source_id] = person_ids.pop()


def _match_by_name(
    listed: Sequence[ListedPerson], stored: Sequence[StoredPerson], matches: dict[str, str]
) -> None:
    matched = set(matches.values())
    free = {
        fold_name(person.name): person
        for person in stored
        if person.here and not person.ids and person.person_id not in matched
    }
    listed_names = Counter(fold_name(listed_person.name) for listed_person in listed)
    stored_names = Counter(fold_name(person.name) for person in stored if person.here)
    for listed_person in listed:
        name = fold_name(listed_person.name)
        if listed_person.source_id in matches or not name or name not in free:
            continue
        if listed_names[name] == stored_names[name] == 1 and _may_match(listed_person, free[name]):
            matches[listed_person.source_id] = free[name].person_id


def _may_match(listed_person: ListedPerson, person: StoredPerson) -> bool:
    """Whether the two may be one person: a person has at most one profile page."""
    return listed_person.slug is None or person.slug is None or listed_person.slug == person.slug


def _set(slug: str | None) -> set[str]:
    return {slug} if slug else set()
