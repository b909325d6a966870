"""Propose: compare the CRM with our groups, and store what would be written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from sqlalchemy import Engine, select

from bg_orchestration.destinations.crm.crm_people import (
    CrmPeople,
    match_ids,
    new_contacts,
    read_people,
)
from bg_orchestration.destinations.crm.protocol import Crm
from bg_orchestration.destinations.crm.recovery import recover_writes
from bg_orchestration.domain.crm_cells import (
    CrmCell,
    CrmPerson,
    LastWrite,
    compare_values,
)
from bg_orchestration.store.crm_outbox import (
    CONTACT,
    CrmWrite,
    last_writes,
    replace_proposals,
)
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import people as people_table
from bg_orchestration.store.upserts import chunks

# Contacts that one request reads.
BATCH = 100
CREATED = "created"


@dataclass(frozen=True, slots=True)
class CrmConflict:
    """What is not written, and what to do; `person_id` is empty for a company."""

    person_id: str
    text: str
    cell: CrmCell | None = None


@dataclass(slots=True)
class Differences:
    """The differences between the CRM and our groups.

    Attributes:
        changes: what apply would write.
        missing: contacts that do not exist there; apply creates them only with `--create`.
        conflicts: what is not written.
        same: how many cells hold our value already.
        undone: how many cells a user undid.
        unreachable: how many members have no contact there and no usable address.
        names: the people's names, by person_id.
    """

    changes: list[CrmWrite] = field(default_factory=list)
    missing: list[CrmWrite] = field(default_factory=list)
    conflicts: list[CrmConflict] = field(default_factory=list)
    same: int = 0
    undone: int = 0
    unreachable: int = 0
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WantedValues:
    """The values that cells should have, with our last writes of them."""

    people: CrmPeople
    values: Mapping[str, Mapping[CrmCell, str]]
    last: Mapping[CrmCell, LastWrite]

    def only(self, fields: Collection[str]) -> Self:
        """Return the values of these fields."""
        values = {
            person_id: {cell: value for cell, value in each.items() if cell.field in fields}
            for person_id, each in self.values.items()
        }
        return replace(self, values=values)


def wanted_values(engine: Engine, crm: Crm) -> WantedValues:
    """Return the wanted values of all cells, by person."""
    with reading(engine) as connection:
        writes = last_writes(connection, crm.name)
        people = read_people(connection, crm, {person for person, _ in writes.values()})
    crm.prepare(people.companies)
    cells: dict[str, list[CrmCell]] = {}
    for cell, (person_id, _) in writes.items():
        person = people.people.get(person_id)
        # A contact that is not ours any more is left alone.
        if person is not None and person.contact == cell.record:
            cells.setdefault(person_id, []).append(cell)
    values = {
        person_id: crm.wanted(person, cells.get(person_id, ()))
        for person_id, person in people.people.items()
    }
    return WantedValues(people, values, {cell: last for cell, (_, last) in writes.items()})


def propose(
    engine: Engine, crm: Crm, *, again: bool = False, fields: Collection[str] | None = None
) -> Differences:
    """Compare the CRM with our groups and store the proposals in place of the former ones.

    Args:
        engine: our database.
        crm: the CRM; it is only read.
        again: whether to propose again what a user undid.
        fields: only these fields; the proposals of others stay as a user saw them.

    Raises:
        CrmError: the CRM cannot be used; nothing is proposed.
    """
    crm.check()
    recover_writes(engine, crm)
    ambiguous = match_ids(engine, crm)
    wanted = wanted_values(engine, crm)
    found = Differences(
        conflicts=[CrmConflict(*each) for each in (*ambiguous, *wanted.people.conflicts)]
    )
    if fields is not None:
        wanted = wanted.only(fields)
    for chunk in chunks_of(list(wanted.values)):
        _compare(crm, wanted, chunk, found, again=again)
    with reading(engine) as connection:
        contacts = new_contacts(connection, wanted.people.missing)
        found.unreachable = len(wanted.people.missing) - len(contacts)
        found.missing = [
            CrmWrite(
                person_id,
                CrmCell(CONTACT, "", person_id),
                "",
                CREATED,
                wanted.people.reasons[person_id],
                wanted.people.refreshes.get(person_id),
            )
            for person_id in sorted(contacts)
        ]
        told = {write.person_id for write in (*found.changes, *found.missing)}
        told |= {conflict.person_id for conflict in found.conflicts}
        for ids in chunks(sorted(told)):
            names = select(people_table.c.person_id, people_table.c.name).where(
                people_table.c.person_id.in_(ids)
            )
            found.names |= dict(connection.execute(names).all())
    with writing(engine) as connection:
        stored = found.changes if fields is not None else [*found.changes, *found.missing]
        replace_proposals(connection, crm.name, stored, fields)
    return found


def chunks_of(items: Sequence[str]) -> Iterable[Sequence[str]]:
    """Yield chunks that one request of a CRM takes."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _compare(
    crm: Crm, wanted: WantedValues, person_ids: Sequence[str], found: Differences, *, again: bool
) -> None:
    cells = [cell for person_id in person_ids for cell in wanted.values[person_id]]
    reading_ = crm.read(cells)
    for person_id in person_ids:
        person = wanted.people.people[person_id]
        if (problem := reading_.problems.get(person.contact)) is not None:
            found.conflicts.append(CrmConflict(person_id, problem))
            continue
        for cell, value in sorted(wanted.values[person_id].items()):
            if cell not in reading_.values:
                continue
            current, last = reading_.values[cell], wanted.last.get(cell)
            match compare_values(value, current, last):
                case "same":
                    found.same += 1
                case "undone" if not again:
                    found.undone += 1
                case "conflict":
                    text = describe_conflict(crm, cell, value, current, last)
                    found.conflicts.append(CrmConflict(person_id, text, cell))
                case _:
                    found.changes.append(
                        CrmWrite(
                            person_id,
                            cell,
                            current,
                            value,
                            _reason(person, cell, wanted.people, value),
                            wanted.people.refreshes.get(person_id),
                        )
                    )


def describe_conflict(
    crm: Crm, cell: CrmCell, wanted: str, current: str, last: LastWrite | None
) -> str:
    """Say that a person set a value, and how to settle it."""
    where = f"{cell.field} of contact {cell.record}" + (f" at {cell.target}" if cell.target else "")
    meanings = [role for each in current.split(";") if (role := crm.vocabulary.ours(each))]
    meaning = f" (our {', '.join(meanings)})" if meanings else ""
    did = (
        f"set {current!r}{meaning}"
        if current
        else f"removed {last.value!r}"
        if last
        else "changed it"
    )
    return (
        f"{where}: a person {did}, we would write {wanted or 'nothing'!r}. It stays. To agree, set "
        f"it to {wanted or 'nothing'!r} in {crm.label}; to disagree: bg dismiss or bg assign"
    )


def _reason(person: CrmPerson, cell: CrmCell, people: CrmPeople, value: str) -> str:
    if cell.field == "company":
        verb = "works" if value else "does not work"
        return f"{verb} there"
    return people.reasons.get(person.person_id) or "not in a group any more"
