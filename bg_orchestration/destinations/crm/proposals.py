"""Propose: compare the CRM with our groups, and store what would be written."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from bg_orchestration.destinations.crm.crm_people import (
    CrmPeople,
    match_ids,
    new_contacts,
    read_people,
)
from bg_orchestration.destinations.crm.protocol import BATCH, Crm
from bg_orchestration.destinations.crm.recovery import recover_writes
from bg_orchestration.domain.crm_cells import (
    CrmCell,
    LastWrite,
    compare_values,
)
from bg_orchestration.refreshes.overview import names_of
from bg_orchestration.store.crm_outbox import (
    CONTACT,
    CREATED,
    CrmWrite,
    last_writes,
    replace_proposals,
)
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.upserts import chunks


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


def wanted_values(engine: Engine, crm: Crm, fields: Collection[str] | None = None) -> WantedValues:
    """Return the wanted values of all cells, or of those of some fields, by person."""
    with reading(engine) as connection:
        writes = last_writes(connection, crm.name)
        people = read_people(connection, crm, {person for person, _ in writes.values()})
    crm.prepare(people.companies)
    written = defaultdict(list)
    for cell, (person_id, _) in writes.items():
        written[person_id, cell.record].append(cell)
    values = {}
    for person_id, person in people.people.items():
        # A contact that is not ours any more is left alone.
        wanted = crm.wanted(person, written[person_id, person.contact])
        values[person_id] = {
            cell: value for cell, value in wanted.items() if fields is None or cell.field in fields
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
    wanted = wanted_values(engine, crm, fields)
    people = wanted.people
    found = Differences(conflicts=[CrmConflict(*each) for each in (*ambiguous, *people.conflicts)])
    for chunk in chunks(list(wanted.values), BATCH):
        _compare(crm, wanted, chunk, found, again=again)
    with reading(engine) as connection:
        contacts = sorted(new_contacts(connection, crm, people.missing))
        found.unreachable = len(people.missing) - len(contacts)
        found.missing = [
            _proposal(people, person_id, CrmCell(CONTACT, "", person_id), "", CREATED)
            for person_id in contacts
        ]
        shown = {write.person_id for write in (*found.changes, *found.missing)}
        shown |= {conflict.person_id for conflict in found.conflicts}
        found.names = names_of(connection, shown)
    with writing(engine) as connection:
        stored = found.changes if fields is not None else [*found.changes, *found.missing]
        replace_proposals(connection, crm.name, stored, fields)
    return found


def _compare(
    crm: Crm, wanted: WantedValues, person_ids: Sequence[str], found: Differences, *, again: bool
) -> None:
    cells = [cell for person_id in person_ids for cell in wanted.values[person_id]]
    reading_ = crm.read(cells)
    for person_id in person_ids:
        contact = wanted.people.people[person_id].contact
        if (problem := reading_.problems.get(contact)) is not None:
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
                    change = _proposal(wanted.people, person_id, cell, current, value)
                    found.changes.append(change)


def _proposal(
    people: CrmPeople, person_id: str, cell: CrmCell, before: str, after: str
) -> CrmWrite:
    reason = people.reasons.get(person_id) or "not in a group any more"
    if cell.field == "company":
        reason = f"{'works' if after else 'does not work'} there"
    return CrmWrite(person_id, cell, before, after, reason, people.refreshes.get(person_id))


def describe_cell(cell: CrmCell) -> str:
    """Name a cell: `company 9 of contact 53`."""
    return f"{cell.field} {cell.target}".strip() + f" of contact {cell.record}"


def describe_conflict(
    crm: Crm, cell: CrmCell, wanted: str, current: str, last: LastWrite | None
) -> str:
    """Say that a person set a value, and how to settle it."""
    meanings = [role for each in current.split(";") if (role := crm.words.ours(each))]
    did = f"set {current!r}" if current else f"removed {last.value!r}" if last else "changed it"
    if meanings:
        did += f" (our {', '.join(meanings)})"
    ours = repr(wanted or "nothing")
    return (
        f"{describe_cell(cell)}: a person {did}, we would write {ours}. It stays. To agree, set "
        f"it to {ours} in {crm.label}; to disagree: bg dismiss or bg assign"
    )
