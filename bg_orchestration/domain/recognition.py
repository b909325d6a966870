"""Matches the people of a listing with stored people.

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
    _match_by(listed, stored, lambda known: known.ids, lambda new: {new.source_id}, matches)
    _match_by(listed, stored, lambda known: _set(known.slug), lambda new: _set(new.slug), matches)
    _match_by(listed, stored, lambda known: known.emails, lambda new: new.emails, matches)
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
    for known in stored:
        for key in stored_keys(known):
            holders[key].append(known)
    for new in listed:
        if new.source_id in matches:
            continue
        person_ids = {
            known.person_id
            for key in listed_keys(new)
            for known in holders.get(key, ())
            if new.source_id in known.ids or _may_match(new, known)
        }
        # A shared address, such as office@, identifies no person.
        if len(person_ids) == 1:
            matches[new.source_id] = person_ids.pop()


def _match_by_name(
    listed: Sequence[ListedPerson], stored: Sequence[StoredPerson], matches: dict[str, str]
) -> None:
    matched = set(matches.values())
    free = {
        fold_name(known.name): known
        for known in stored
        if known.here and not known.ids and known.person_id not in matched
    }
    listed_names = Counter(fold_name(new.name) for new in listed)
    stored_names = Counter(fold_name(known.name) for known in stored if known.here)
    for new in listed:
        name = fold_name(new.name)
        if new.source_id in matches or not name or name not in free:
            continue
        if listed_names[name] == stored_names[name] == 1 and _may_match(new, free[name]):
            matches[new.source_id] = free[name].person_id


def _may_match(new: ListedPerson, known: StoredPerson) -> bool:
    """Whether the two may be one person: a person has at most one profile page."""
    return new.slug is None or known.slug is None or new.slug == known.slug


def _set(slug: str | None) -> set[str]:
    return {slug} if slug else set()
