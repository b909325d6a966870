"""Our people as a CRM knows them: contacts, companies and roles, by their ids there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from bg_orchestration.destinations.crm.protocol import Crm, NewContact
from bg_orchestration.domain.crm_cells import CrmPerson
from bg_orchestration.importing.id_matching import match_companies, match_people
from bg_orchestration.store.companies import companies_by_id, employers_of
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import IdKind, id_conflicts, ids_in, system_of
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_members,
    companies,
    contact_points,
    people,
)
from bg_orchestration.store.upserts import chunks

# Addresses with these words reach nobody.
_DEAD_ADDRESSES = frozenset({"invalid", "undeliverable", "bounced", "spamtrap"})


@dataclass(slots=True)
class CrmPeople:
    """The people of a CRM.

    Attributes:
        people: the people with exactly one contact there, by person_id.
        missing: the ids of members without a contact there.
        conflicts: ids that do not fit, by person_id (empty for a company), each a sentence.
        companies: the companies' ids there.
        reasons: the roles of each person in words.
        refreshes: the refresh that last changed a person's place in a group.
    """

    people: dict[str, CrmPerson] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    companies: frozenset[str] = frozenset()
    reasons: dict[str, str] = field(default_factory=dict)
    refreshes: dict[str, str] = field(default_factory=dict)


def match_ids(engine: Engine, crm: Crm) -> list[tuple[str, str]]:
    """Map members and companies that have no id there yet, by address and domain.

    Returns what fits several of ours, each a sentence.
    """
    with reading(engine) as connection:
        members = _members(connection)
        mapped = _ids(connection, crm, "person", members)
        addresses = _addresses(connection, members.keys() - mapped.keys())
        at = {company_id for jobs in members.values() for company_id, _, _ in jobs}
        unmapped = at - _ids(connection, crm, "company", at).keys()
        found = companies_by_id(connection, unmapped).values()
        domains = {company.domain for company in found if company.domain}
    emails = {email for each in addresses.values() for email in each}
    contacts, theirs = crm.contacts_with(emails), crm.companies_with(domains)
    if not contacts and not theirs:
        return []
    with writing(engine) as connection:
        system = system_of(crm.name, "person")
        of_people = match_people(connection, system, contacts)
        match_companies(connection, system_of(crm.name, "company"), theirs)
    advice = f"bg external-ids set {system} ID PERSON"
    return [
        (ours[0], f"contact {record} there may be {' or '.join(ours)}. Decide: {advice}")
        for record, ours in of_people.ambiguous.items()
    ]


def read_people(connection: Connection, crm: Crm, written: Collection[str]) -> CrmPeople:
    """Return the members of published groups and the people in `written`."""
    found = CrmPeople()
    members = _members(connection)
    everyone = sorted(members.keys() | set(written))
    jobs = employers_of(connection, everyone, current=True)
    contacts = _ids(connection, crm, "person", everyone)
    at = {company for each in jobs.values() for company in each}
    at |= {company_id for each in members.values() for company_id, _, _ in each}
    theirs = _ids(connection, crm, "company", at)
    claimed = _claimed(connection, crm, found)
    of_company = {
        ours: ids[0]
        for ours, ids in theirs.items()
        if len(ids) == 1 and ("company", ids[0]) not in claimed
    }
    for ours, ids in theirs.items():
        if len(ids) > 1:
            found.conflicts.append(("", _several(crm, "company", ours, ids)))
    found.companies = frozenset(of_company.values())
    found.refreshes = _refreshes(connection, everyone)
    for person_id in everyone:
        ids = contacts.get(person_id, ())
        places = members.get(person_id, ())
        found.reasons[person_id] = ", ".join(
            f"{role} at {company_id} ({profile})" for company_id, profile, role in places
        )
        if len(ids) > 1:
            found.conflicts.append((person_id, _several(crm, "person", person_id, ids)))
        elif not ids and places:
            found.missing.add(person_id)
        elif ids and ("person", ids[0]) not in claimed:
            # Roles at companies that the CRM does not have stand under no company.
            roles: dict[str, set[str]] = defaultdict(set)
            for company_id, _, role in places:
                roles[of_company.get(company_id, "")].add(role)
            at_work = {of_company.get(job, "") for job in jobs.get(person_id, ())} - {""}
            found.people[person_id] = CrmPerson(person_id, ids[0], roles, frozenset(at_work))
    return found


def new_contacts(
    connection: Connection, crm: Crm, person_ids: Iterable[str]
) -> dict[str, NewContact]:
    """Return the people as contacts to create; a person without a usable address is left out."""
    contacts: dict[str, NewContact] = {}
    members = buyer_group_members
    addresses = _addresses(connection, set(person_ids), usable=True)
    for chunk in chunks(sorted(addresses)):
        rows = connection.execute(
            select(members.c.person_id, people.c.name, members.c.title, companies.c.company_id)
            .add_columns(companies.c.name.label("company"))
            .join(people, people.c.person_id == members.c.person_id)
            .join(companies, companies.c.company_id == members.c.company_id)
            .where(members.c.person_id.in_(chunk), visible(members.c.person_id))
            .order_by(members.c.person_id, members.c.company_id)
        ).all()
        theirs = _ids(connection, crm, "company", {row.company_id for row in rows})
        for person_id, name, title, company_id, company in rows:
            there = theirs.get(company_id, ())
            contact = NewContact(
                addresses[person_id][0], name, title, company, there[0] if len(there) == 1 else None
            )
            contacts.setdefault(person_id, contact)
    return contacts


def _members(connection: Connection) -> dict[str, list[tuple[str, str, str]]]:
    """Return the places of each member: company, profile, role."""
    members = buyer_group_members
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in connection.execute(
        select(members.c.person_id, members.c.company_id, members.c.profile_id, members.c.role)
        .where(visible(members.c.person_id))
        .order_by(members.c.person_id, members.c.company_id, members.c.profile_id)
    ):
        found[row.person_id].append((row.company_id, row.profile_id, row.role))
    return found


def _ids(
    connection: Connection, crm: Crm, kind: IdKind, ours: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    return ids_in(connection, system_of(crm.name, kind), kind, ours)


def _claimed(connection: Connection, crm: Crm, found: CrmPeople) -> set[tuple[IdKind, str]]:
    """Return the ids that were found for several of ours, and note them as conflicts."""
    kinds: tuple[IdKind, IdKind] = ("person", "company")
    systems = {system_of(crm.name, kind): kind for kind in kinds}
    claimed = set()
    for conflict in id_conflicts(connection):
        kind = systems.get(conflict.system)
        if kind is not None and conflict.problem == "claimed":
            record, ours = conflict.external_ids[0], conflict.our_ids
            claimed.add((kind, record))
            text = (
                f"{conflict.system} {record} was found for {' and '.join(ours)}. Decide: "
                f"bg external-ids set {conflict.system} {record} {ours[0]}"
            )
            found.conflicts.append((ours[0] if kind == "person" else "", text))
    return claimed


def _several(crm: Crm, kind: IdKind, ours: str, ids: Collection[str]) -> str:
    system = system_of(crm.name, kind)
    return (
        f"{ours} has several records in {crm.label}: {', '.join(ids)}. Merge them there, then: "
        f"bg external-ids remove {system} ID"
    )


def _refreshes(connection: Connection, person_ids: Sequence[str]) -> dict[str, str]:
    changes = buyer_group_changes
    query = select(changes.c.person_id, changes.c.refresh_id).order_by(changes.c.id)
    found: dict[str, str] = {}
    for chunk in chunks(person_ids):
        # Of each person the last one stays.
        found |= dict(connection.execute(query.where(changes.c.person_id.in_(chunk))).all())
    return found


def _addresses(
    connection: Connection, person_ids: Iterable[str], *, usable: bool = False
) -> dict[str, list[str]]:
    """Return the addresses of people; with `usable` those to write to, checked ones first."""
    points = contact_points
    found: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for chunk in chunks(sorted(person_ids)):
        for row in connection.execute(
            select(points).where(
                points.c.person_id.in_(chunk), points.c.kind == "email", visible(points.c.person_id)
            )
        ):
            if usable and (
                row.do_not_contact or row.type == "personal" or row.status in _DEAD_ADDRESSES
            ):
                continue
            found[row.person_id].append((row.verified_at is None, row.value.lower()))
    return {person_id: [value for _, value in sorted(each)] for person_id, each in found.items()}
