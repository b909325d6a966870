"""What a provider lists, taken into the directory: who is new, who changed, who has left.

The ids of our people stay: somebody listed is looked for among those known before they get one.
Works in the caller's writing transaction, for nobody is asked anything here.
"""

import json
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bg_orchestration.domain.contacts import told
from bg_orchestration.domain.model import ContactPoint, Person
from bg_orchestration.domain.recognition import Listed, recognize
from bg_orchestration.importing import cells
from bg_orchestration.importing.identity import person_id_of
from bg_orchestration.privacy.suppression import (
    Suppressions,
    identifiers_of,
)
from bg_orchestration.providers.contact_enrichment import point_of
from bg_orchestration.providers.protocols import FoundCompany, FoundPerson
from bg_orchestration.providers.waterfall import Listing
from bg_orchestration.store.companies import (
    Employee,
    end_jobs,
    save_employees,
    set_facts,
)
from bg_orchestration.store.companies import company as company_of
from bg_orchestration.store.contact_points import contacts_of, keep_contacts
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.provider_records import (
    company_record,
    employees_of,
    note_listing,
    note_record,
    people_like,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many people a listing made known, changed, sent away, and how many it may not tell of."""

    new: int
    changed: int
    left: int
    kept_out: int


def take_company(
    connection: Connection, company_id: str, provider: str, found: FoundCompany, as_of: datetime
) -> None:
    """Take over what a provider tells of a company, and by which id it knows it.

    It fills what nobody has told, and renews what this provider told itself; what a file or a
    person said stands. The web domain is never changed: by it the company was found.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    known = company_of(connection, company_id)
    assert known is not None, "the company is followed"
    record = company_record(connection, provider, company_id)
    before = {} if record is None else record.told
    told = {
        "name": found.name,
        "employee_count": found.employee_count,
        "industry": found.industry,
        "country": found.country,
    }
    unsaid = (None, company_id, known.domain)
    facts = {
        name: value
        for name, value in told.items()
        if value is not None and getattr(known, name) in (*unsaid, before.get(name))
    }
    set_facts(connection, known.model_copy(update=facts))
    note_record(
        connection,
        "company",
        provider,
        [(found.source_id, company_id)],
        as_of,
        told=json.dumps(told, sort_keys=True),
    )


def take_listing(
    connection: Connection,
    company_id: str,
    listing: Listing,
    suppressions: Suppressions,
    began: datetime,
    listed_for: str,
) -> Taken:
    """Take the people of one company over from a listing.

    Args:
        connection: a writing transaction.
        company_id: the company.
        listing: who works there, and who of those known still does.
        suppressions: who is kept out.
        began: when the listing began: what changes later is asked for the next time.
        listed_for: a hash of what is sold, for which it was made.

    Raises:
        SuppressionKeyError: the list of those kept out cannot be read.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    here = [one for one in listing.people if one.present]
    ids = our_ids(connection, company_id, listing.provider, here)
    kept = kept_out(connection, suppressions, listing.provider, here, ids)
    staying = [one for one in here if one.source_id not in kept]
    known = employees_of(connection, listing.provider, company_id)
    employees = {
        ids[one.source_id]: _employee(one, company_id, ids[one.source_id], known)
        for one in reversed(staying)
    }
    outcomes = save_employees(connection, list(employees.values()), listing.provider)
    changed = {
        person_id
        for person_id, outcome in zip(employees, outcomes, strict=True)
        if outcome != "unchanged"
    }
    _note(connection, listing, staying, ids, changed)
    _take_contacts(connection, listing, [(one, ids[one.source_id]) for one in staying])
    left = _leavers(connection, company_id, listing, set(employees), suppressions)
    end_jobs(connection, company_id, left)
    if not listing.unread:
        note_listing(connection, listing.provider, company_id, began, listed_for)
    return Taken(outcomes.count("new"), outcomes.count("changed"), len(left), len(kept))


def our_ids(
    connection: Connection, company_id: str, provider: str, found: Sequence[FoundPerson]
) -> dict[str, str]:
    """Our id of each, by the provider's: the one they have, or a new one."""
    emails = {one.source_id: _emails(one) for one in found}
    slugs = {one.source_id: _slug(one) for one in found}
    listed = [
        Listed(
            one.source_id,
            one.name,
            slugs[one.source_id],
            frozenset(email.casefold() for email in emails[one.source_id]),
        )
        for one in found
    ]
    known = people_like(
        connection,
        provider,
        company_id,
        source_ids=emails.keys(),
        slugs={slug for slug in slugs.values() if slug},
        emails={email for of_one in emails.values() for email in of_one},
    )
    ids = recognize(listed, known)
    for one in found:
        if one.source_id not in ids:
            ids[one.source_id] = person_id_of(
                person_id=None,
                slug=slugs[one.source_id],
                provider_id=f"{provider}-{one.source_id}",
                email=None,
                name=one.name,
                company_id=company_id,
            )
    return ids


def kept_out(
    connection: Connection,
    suppressions: Suppressions,
    provider: str,
    found: Iterable[FoundPerson],
    ids: dict[str, str],
) -> set[str]:
    """The provider's ids of those who asked to be forgotten."""
    identifiers = {
        (one.source_id, place): identifiers_of(
            ids[one.source_id], _emails(one), one.linkedin_url, [(provider, one.source_id)]
        )
        for place, one in enumerate(found)
    }
    return {source_id for source_id, _ in suppressions.suppressed(connection, identifiers)}


def _note(
    connection: Connection,
    listing: Listing,
    found: Sequence[FoundPerson],
    ids: Mapping[str, str],
    changed: Container[str],
) -> None:
    """Note by which ids these people are known, and of whom the whole record was read.

    A record that was read before somebody's job changed tells nothing of the one they hold now.
    """
    read = [(one.source_id, ids[one.source_id]) for one in found if one.whole]
    note_record(
        connection, "person", listing.provider, read, listing.seen_at, read_at=listing.seen_at
    )
    shown = [(one.source_id, ids[one.source_id]) for one in found if not one.whole]
    outdated = [pair for pair in shown if pair[1] in changed]
    note_record(connection, "person", listing.provider, outdated, listing.seen_at, read_at=None)
    same = [pair for pair in shown if pair[1] not in changed]
    note_record(connection, "person", listing.provider, same, listing.seen_at)


def _take_contacts(
    connection: Connection, listing: Listing, found: Sequence[tuple[FoundPerson, str]]
) -> None:
    """Add what the records tell of how to reach people; a finder may know more."""
    seen_on = listing.seen_at.date()
    held: dict[str, list[ContactPoint]] = {
        person_id: [] for one, person_id in found if one.contacts
    }
    for point in contacts_of(connection, held):
        held[point.person_id].append(point)
    for one, person_id in found:
        if one.contacts:
            points = _points(one, person_id, listing.provider, seen_on)
            held[person_id] = told(held[person_id], points)
    keep_contacts(connection, held)


def _points(one: FoundPerson, person_id: str, provider: str, seen_on: date) -> list[ContactPoint]:
    return [point_of(person_id, contact, provider, seen_on) for contact in one.contacts]


def _leavers(
    connection: Connection,
    company_id: str,
    listing: Listing,
    here: Collection[str],
    suppressions: Suppressions,
) -> set[str]:
    """Who works there as far as we know, is known to this provider, and is listed no more.

    Somebody who asked to be forgotten since they were listed leaves as well.
    """
    known = employees_of(connection, listing.provider, company_id)
    staying = {known[one]: one for one in listing.unchanged if one in known}
    forgotten = suppressions.suppressed_people(connection, staying)
    return set(known.values()) - (staying.keys() - forgotten) - set(here)


def as_person(one: FoundPerson, person_id: str, known: Container[str]) -> Person:
    """Somebody listed in our words; `known` holds the provider's ids of those known there.

    Of somebody known a preview tells no country: it writes another way what the record told.
    """
    return Person(
        person_id=person_id,
        name=one.name,
        title=one.title,
        department=one.department,
        country=one.country if one.whole or one.source_id not in known else None,
        started_on=one.started_on,
    )


def _employee(one: FoundPerson, company_id: str, person_id: str, known: Container[str]) -> Employee:
    person = as_person(one, person_id, known)
    slug = _slug(one)
    page = f"https://www.linkedin.com/in/{slug}" if slug else None
    return Employee(company_id, person, page)


def _slug(one: FoundPerson) -> str | None:
    return cells.read_profile(one.linkedin_url)[0] if one.linkedin_url else None


def _emails(one: FoundPerson) -> list[str]:
    return [contact.value for contact in one.contacts if contact.kind == "email"]
