"""Apply an event to the directory: people and their jobs."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, text, update

from bg_orchestration.domain.events import (
    CompanyRef,
    EmploymentFact,
    PersonChangeEvent,
    employment_facts,
)
from bg_orchestration.store.schema.tables import (
    contact_points,
    employments,
    people,
)


def apply_event(
    connection: Connection,
    event: PersonChangeEvent,
    company_ids: Mapping[CompanyRef, str],
    as_of: datetime,
    now: datetime,
) -> None:
    """Write the facts of `event` about `company_ids`, and the person's address."""
    for fact in employment_facts(event):
        company_id = company_ids.get(fact.company)
        if company_id is None:
            continue
        _add_person(connection, event, as_of, now)
        apply_fact(connection, event.person.id, event.source, fact, company_id, as_of)


def _add_person(
    connection: Connection, event: PersonChangeEvent, as_of: datetime, now: datetime
) -> None:
    person = event.person
    if not _exists(connection, people, people.c.person_id == person.id):
        connection.execute(
            insert(people).values(
                person_id=person.id, name=person.label, source=event.source, created_at=now
            )
        )
    if person.email and "@" in person.email:
        addresses = connection.execute(
            select(contact_points.c.value).where(
                contact_points.c.person_id == person.id, contact_points.c.kind == "email"
            )
        ).scalars()
        # Comparison ignores the case of an address, as in imports.
        if person.email.casefold() not in {address.casefold() for address in addresses}:
            connection.execute(
                insert(contact_points).values(
                    person_id=person.id,
                    kind="email",
                    value=person.email,
                    source=event.source,
                    as_of=as_of,
                )
            )


def _exists(connection: Connection, table: object, condition: object) -> bool:
    query = select(text("1")).select_from(table).where(condition).limit(1)  # type: ignore[arg-type]
    return connection.execute(query).first() is not None


def apply_fact(
    connection: Connection,
    person_id: str,
    source: str,
    fact: EmploymentFact,
    company_id: str,
    as_of: datetime,
) -> None:
    """Write `fact`, unless a newer fact of this person at this company is stored."""
    job = (employments.c.company_id == company_id) & (employments.c.person_id == person_id)
    stored = connection.execute(select(employments.c.as_of, employments.c.title).where(job)).first()
    values: dict[str, object] = {"as_of": as_of, "current": fact.kind == "works_at"}
    if fact.title is not None:
        values["title"] = fact.title
        if stored is not None and stored.title != fact.title:
            # The stored date belongs to the previous job.
            values["started_on"] = None
    if fact.department is not None:
        values["department"] = fact.department
    if stored is None:
        # Also for an unknown person who left: the event of their start may still arrive.
        values |= {
            "company_id": company_id,
            "person_id": person_id,
            "source": source,
        }
        connection.execute(insert(employments).values(values))
    elif stored.as_of is None or stored.as_of <= as_of:
        connection.execute(update(employments).where(job).values(values))
