"""Purchases: a provider shows people, and only shortlisted records are bought."""

from collections.abc import Callable, Collection, Iterable, Iterator

from bg_orchestration.providers.protocols import FoundPerson, PeopleQuery, UnchangedPerson

# The people of a listing by the provider's ids; `None` for a person who left by their record.
PeopleById = dict[str, FoundPerson | None]


def buy_records(
    query: PeopleQuery, present: Collection[str], seen: PeopleById, read: Callable[[str], None]
) -> None:
    """Read the shortlisted records into `seen`.

    A record may show that its person left or has another job, which puts other people on the
    shortlist. So the function repeats until no record is left to buy; it reads each once.

    Args:
        query: the people to list.
        present: the ids of all listed people.
        seen: the people seen so far; of stored people those that changed.
        read: reads the record of an id into `seen`, or does nothing if that is impossible.
    """
    here = frozenset(present)
    complete_ids = set(query.read_ids - seen.keys())
    while True:
        # A merged record has the id of its parent.
        complete_ids |= {person.source_id for person in seen.values() if person and person.whole}
        leaver_ids = {source_id for source_id, person in seen.items() if person is None}
        people = [person for person in seen.values() if person]
        shortlist = query.shortlist(people, (query.known_ids - here) | leaver_ids)
        missing = sorted((shortlist & here) - complete_ids - leaver_ids)
        if not missing:
            return
        complete_ids.update(missing)
        for source_id in missing:
            read(source_id)


def listing_entries(
    query: PeopleQuery, present: Iterable[str], seen: PeopleById
) -> Iterator[FoundPerson | UnchangedPerson]:
    """Yield the entries of a listing, once all shortlisted records are read.

    A person who was shown without a usable name stays unknown.
    """
    for source_id in present:
        if source_id not in seen:
            if source_id in query.known_ids:
                yield UnchangedPerson(source_id)
        elif (person := seen[source_id]) and person.name:
            yield person
