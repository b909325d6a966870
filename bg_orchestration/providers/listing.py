"""Stores what a provider lists in the directory: new people, changed people, and leavers.

Our ids stay: a listed person is matched with stored people before they get an id. Everything works
in the caller's writing transaction and calls no provider.
"""

import json
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bg_orchestration.domain.contacts import merge_points
from bg_orchestration.domain.model import ContactPoint, Person
from bg_orchestration.domain.recognition import ListedPerson, match_listed
from bg_orchestration.importing import cells
from bg_orchestration.importing.identity import person_id_of
from bg_orchestration.privacy.suppression import (
    Suppressions,
    identifiers_of,
)
from bg_orchestration.providers.contact_enrichment import contact_point
from bg_orchestration.providers.protocols import FoundCompany, FoundPerson
from bg_orchestration.providers.waterfall import Listing
from bg_orchestration.store.companies import (
    Employee,
    end_jobs,
    save_employees,
    set_facts,
)
from bg_orchestration.store.companies import company as company_of
from bg_orchestration.store.contact_points import contacts_of, replace_contacts
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.provider_records import (
    company_record,
    employees_of,
    match_candidates,
    note_listing,
    note_record,
)


@dataclass(frozen=True, slots=True)
class ListingChanges:
    """The numbers of people that a listing added, changed, ended and suppressed."""

    new: int
    changed: int
    left: int
    suppressed: int


def store_company(
    connection: Connection, company_id: str, provider: str, found: FoundCompany, as_of: datetime
) -> None:
    """Store a provider's facts about a company, and its id there.

    A fact fills an empty column, or renews an earlier fact of the same provider. A fact from a
    file or a person stays. The web domain never changes: it identified the company.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    stored = company_of(connection, company_id)
    assert stored is not None, "the company is followed"
    record = company_record(connection, provider, company_id)
    earlier = {} if record is None else record.newest_facts
    facts = {
        "name": found.name,
        "employee_count": found.employee_count,
        "industry": found.industry,
        "country": found.country,
    }
    empty = (None, company_id, stored.domain)
    news = {
        name: value
        for name, value in facts.items()
        if value is not None and getattr(stored, name) in (*empty, earlier.get(name))
    }
    set_facts(connection, stored.model_copy(update=news))
    note_record(
        connection,
        "company",
        provider,
        [(found.source_id, company_id)],
        as_of,
        told=json.dumps(facts, sort_keys=True),
    )


def store_listing(
    connection: Connection,
    company_id: str,
    listing: Listing,
    suppressions: Suppressions,
    began: datetime,
    listed_for: str,
) -> ListingChanges:
    """Store the people of one company from a listing.

    Args:
        connection: a writing transaction.
        company_id: the company.
        listing: its people by the provider.
        suppressions: people who must not come back.
        began: when the listing began; the next listing asks for later changes.
        listed_for: a hash of the seller profiles and the policy of the listing.

    Raises:
        SuppressionKeyError: the suppression list cannot be read.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    present = [person for person in listing.people if person.present]
    ids = match_ids(connection, company_id, listing.provider, present)
    suppressed = suppressed_ids(connection, suppressions, listing.provider, present, ids)
    people = [person for person in present if person.source_id not in suppressed]
    stored = employees_of(connection, listing.provider, company_id)
    employees = {
        ids[person.source_id]: _employee(person, company_id, ids[person.source_id], stored)
        for person in reversed(people)
    }
    outcomes = save_employees(connection, list(employees.values()), listing.provider)
    changed = {
        person_id
        for person_id, outcome in zip(employees, outcomes, strict=True)
        if outcome != "unchanged"
    }
    _note_records(connection, listing, people, ids, changed)
    _store_contacts(connection, listing, people, ids)
    leavers = _leavers(connection, company_id, listing, set(employees), suppressions)
    end_jobs(connection, company_id, leavers)
    if not listing.unread:
        note_listing(connection, listing.provider, company_id, began, listed_for)
    return ListingChanges(
        outcomes.count("new"), outcomes.count("changed"), len(leavers), len(suppressed)
    )


def match_ids(
    connection: Connection, company_id: str, provider: str, found: Sequence[FoundPerson]
) -> dict[str, str]:
    """Return our id of each person by the provider's: the stored id, or a new one."""
    slugs = {person.source_id: _slug(person) for person in found}
    emails = {
        person.source_id: frozenset(email.casefold() for email in _emails(person))
        for person in found
    }
    stored = match_candidates(
        connection,
        provider,
        company_id,
        source_ids=emails.keys(),
        slugs={slug for slug in slugs.values() if slug},
        emails={email for person in found for email in _emails(person)},
    )
    listed_people = [
        ListedPerson(
            person.source_id, person.name, slugs[person.source_id], emails[person.source_id]
        )
        for person in found
    ]
    ids = match_listed(listed_people, stored)
    for person in found:
        if person.source_id not in ids:
            ids[person.source_id] = person_id_of(
                person_id=None,
                slug=slugs[person.source_id],
                provider_id=f"{provider}-{person.source_id}",
                email=None,
                name=person.name,
                company_id=company_id,
            )
    return ids


def suppressed_ids(
    connection: Connection,
    suppressions: Suppressions,
    provider: str,
    found: Iterable[FoundPerson],
    ids: Mapping[str, str],
) -> set[str]:
    """Return the provider's ids of suppressed people."""
    identifiers = {
        (person.source_id, place): identifiers_of(
            ids[person.source_id],
            _emails(person),
            person.linkedin_url,
            [(provider, person.source_id)],
        )
        for place, person in enumerate(found)
    }
    return {source_id for source_id, _ in suppressions.suppressed(connection, identifiers)}


def _note_records(
    connection: Connection,
    listing: Listing,
    found: Sequence[FoundPerson],
    ids: Mapping[str, str],
    changed: Container[str],
) -> None:
    """Note the provider's ids of these people, and whose whole record was read.

    A record of an earlier job says nothing about the present one, so a change voids it.
    """
    groups: dict[str, list[tuple[str, str]]] = {"read": [], "outdated": [], "same": []}
    for person in found:
        person_id = ids[person.source_id]
        group = "read" if person.whole else "outdated" if person_id in changed else "same"
        groups[group].append((person.source_id, person_id))
    at, provider = listing.seen_at, listing.provider
    note_record(connection, "person", provider, groups["read"], at, read_at=at)
    note_record(connection, "person", provider, groups["outdated"], at, read_at=None)
    note_record(connection, "person", provider, groups["same"], at)


def _store_contacts(
    connection: Connection,
    listing: Listing,
    found: Sequence[FoundPerson],
    ids: Mapping[str, str],
) -> None:
    """Add the contacts of the records; a contact finder may know more."""
    seen_on = listing.seen_at.date()
    people = [(ids[person.source_id], person.contacts) for person in found if person.contacts]
    stored_points: dict[str, list[ContactPoint]] = {person_id: [] for person_id, _ in people}
    for point in contacts_of(connection, stored_points):
        stored_points[point.person_id].append(point)
    for person_id, contacts in people:
        points = [
            contact_point(person_id, contact, listing.provider, seen_on) for contact in contacts
        ]
        stored_points[person_id] = merge_points(stored_points[person_id], points)
    replace_contacts(connection, stored_points)


def _leavers(
    connection: Connection,
    company_id: str,
    listing: Listing,
    present: Collection[str],
    suppressions: Suppressions,
) -> set[str]:
    """Stored employees with an id of this provider who are not listed any more.

    A person who is suppressed since the last listing leaves, too.
    """
    stored = employees_of(connection, listing.provider, company_id)
    unchanged = {stored[source_id] for source_id in listing.unchanged if source_id in stored}
    suppressed = suppressions.suppressed_people(connection, unchanged)
    return set(stored.values()) - (unchanged - suppressed) - set(present)


def as_person(found: FoundPerson, person_id: str, stored: Container[str]) -> Person:
    """Return a listed person in our own words.

    A preview spells the country in another way than the record, so it does not change the country
    of a stored person. `stored` holds the provider's ids of the company's stored people.
    """
    return Person(
        person_id=person_id,
        name=found.name,
        title=found.title,
        department=found.department,
        country=found.country if found.whole or found.source_id not in stored else None,
        started_on=found.started_on,
    )


def _employee(
    found: FoundPerson, company_id: str, person_id: str, stored: Container[str]
) -> Employee:
    slug = _slug(found)
    page = f"https://www.linkedin.com/in/{slug}" if slug else None
    return Employee(company_id, as_person(found, person_id, stored), page)


def _slug(found: FoundPerson) -> str | None:
    return cells.read_profile(found.linkedin_url)[0] if found.linkedin_url else None


def _emails(found: FoundPerson) -> list[str]:
    return [contact.value for contact in found.contacts if contact.kind == "email"]
