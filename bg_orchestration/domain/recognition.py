"""Who of those a provider lists are people that we know already.

The most trusted first: the provider's own id, the profile page, an address; a name only within the
company, and only where it can mean nobody else. So nobody is known twice because a second provider
or a file told of them first, and two people of one name stay two.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bg_orchestration.domain.company_ids import fold_name


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody as a provider lists them; `slug` and `emails` are in lower case."""

    source_id: str
    name: str
    slug: str | None = None
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom we know; `slug` and `emails` are in lower case.

    Attributes:
        person_id: our id.
        name: as written.
        slug: the last part of their profile page.
        emails: their addresses.
        ids: those that the same provider knows them by.
        here: whether they work, or worked, at the company that is listed.
    """

    person_id: str
    name: str
    slug: str | None = None
    emails: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    here: bool = True


def recognize(listed: Sequence[Listed], known: Sequence[Known]) -> dict[str, str]:
    """Our ids of those who are known, by the provider's; whoever is missing in it is new."""
    found: dict[str, str] = {}
    _by(listed, known, lambda one: one.ids, lambda one: {one.source_id}, found)
    _by(listed, known, lambda one: _of(one.slug), lambda one: _of(one.slug), found)
    _by(listed, known, lambda one: one.emails, lambda one: one.emails, found)
    _by_name(listed, known, found)
    return found


def _by(
    listed: Sequence[Listed],
    known: Sequence[Known],
    keys_of_known: Callable[[Known], Iterable[str]],
    keys_of_listed: Callable[[Listed], Iterable[str]],
    found: dict[str, str],
) -> None:
    """Add to `found` those who share a key with exactly one known person."""
    holders: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        for key in keys_of_known(one):
            holders[key].append(one)
    for each in listed:
        if each.source_id in found:
            continue
        means = {
            one.person_id
            for key in keys_of_listed(each)
            for one in holders.get(key, ())
            if each.source_id in one.ids or _may_be(each, one)
        }
        # A shared address, such as office@, means nobody.
        if len(means) == 1:
            found[each.source_id] = means.pop()


def _by_name(listed: Sequence[Listed], known: Sequence[Known], found: dict[str, str]) -> None:
    taken = set(found.values())
    left = [one for one in listed if one.source_id not in found]
    free = [one for one in known if one.here and not one.ids and one.person_id not in taken]
    of_listed = Counter(fold_name(one.name) for one in listed)
    of_known = Counter(fold_name(one.name) for one in known if one.here)
    by_name = {fold_name(one.name): one for one in free}
    for each in left:
        name = fold_name(each.name)
        one = by_name.get(name) if name else None
        if one and of_listed[name] == of_known[name] == 1 and _may_be(each, one):
            found[each.source_id] = one.person_id


def _may_be(each: Listed, one: Known) -> bool:
    """Whether nothing speaks against the two being one: nobody has two profile pages."""
    return each.slug is None or one.slug is None or each.slug == one.slug


def _of(slug: str | None) -> set[str]:
    return {slug} if slug else set()
