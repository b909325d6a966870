"""Which records to buy of those whom a provider shows before they are paid for."""

from collections.abc import Callable, Collection, Iterable, Iterator

from bg_orchestration.providers.protocols import FoundPerson, PeopleQuery, Unchanged

# Who was seen in a listing, by the provider's ids; `None` where their record says that they left.
Seen = dict[str, FoundPerson | None]


def buy(
    query: PeopleQuery, present: Collection[str], seen: Seen, look: Callable[[str], None]
) -> None:
    """Read the records worth buying into `seen`.

    A record may show that its person left or does something else, which makes others worth theirs:
    so until nobody is left to buy. Each is read once, so that this ends.

    Args:
        query: whom to list.
        present: the ids of all who are listed.
        seen: who was seen so far; of others those known are as we know them.
        look: reads the record of one id into `seen`; where it cannot be read, it does nothing.
    """
    here = frozenset(present)
    done = set(query.read - seen.keys())
    while True:
        # A merged record is known by its parent's id.
        done |= {person.source_id for person in seen.values() if person and person.whole}
        left = {source_id for source_id, person in seen.items() if person is None}
        told = [person for person in seen.values() if person]
        worth = query.worth(told, (query.known - here) | left)
        wanted = sorted((worth & here) - done - left)
        if not wanted:
            return
        done.update(wanted)
        for source_id in wanted:
            look(source_id)


def listed(
    query: PeopleQuery, present: Iterable[str], seen: Seen
) -> Iterator[FoundPerson | Unchanged]:
    """What a listing tells of everybody listed, once all is read that is worth reading.

    Whoever was shown without a name that could be stored stays unknown.
    """
    for source_id in present:
        if source_id not in seen:
            if source_id in query.known:
                yield Unchanged(source_id)
        elif (person := seen[source_id]) and person.name:
            yield person
