"""The directory: companies, people, their jobs and contact points.

Imports write it, refreshes read it. A missing value (`None`, an empty title) never replaces a
stored one. A row that would not differ is not written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select, true, update

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.model import Company, ContactPoint, Person
from bg_orchestration.store.contact_points import add_contacts
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import (
    FOLLOWED,
    companies,
    employments,
    people,
)
from bg_orchestration.store.upserts import (
    changed_values,
    chunks,
    missing_values,
    rows_where,
    write_rows,
)

Outcome = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Employee:
    """A person, a job at one company, and the contact points of the source."""

    company_id: str
    person: Person
    linkedin_url: str | None = None
    contacts: tuple[ContactPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class CompanyIdentity:
    """The facts that identify a stored company.

    The keys of a merged company mean the company `merged_into`.
    """

    company_id: str
    domain: str | None
    folded_name: str
    merged_into: str | None = None


def company(connection: Connection, company_id: str) -> Company | None:
    """Return the company of this id, or `None`; of a merged company the one it is part of now."""
    columns = [companies.c[name] for name in Company.model_fields]
    row = connection.execute(
        select(*columns, companies.c.merged_into).where(companies.c.company_id == company_id)
    ).one_or_none()
    if row is None:
        return None
    if row.merged_into is not None:
        return company(connection, row.merged_into)
    return Company(**{name: row._mapping[name] for name in Company.model_fields})


def companies_by_id(connection: Connection, company_ids: Iterable[str]) -> dict[str, Company]:
    """Return the stored companies among these ids."""
    columns = [companies.c[name] for name in Company.model_fields]
    return {
        row.company_id: Company(**row._mapping)
        for chunk in chunks(sorted(company_ids))
        for row in connection.execute(select(*columns).where(companies.c.company_id.in_(chunk)))
    }


def people_of(connection: Connection, company_id: str) -> list[Person]:
    """Return the people who work at a company now, by `person_id`."""
    rows = connection.execute(
        select(
            people.c.person_id,
            people.c.name,
            employments.c.title,
            employments.c.department,
            people.c.country,
            employments.c.started_on,
        )
        .join_from(employments, people)
        .where(employments.c.company_id == company_id, employments.c.current == true())
        .where(visible(people.c.person_id))
    )
    # Sorted here: the databases' collations differ.
    return sorted((Person(**row._mapping) for row in rows), key=lambda person: person.person_id)


def pages_of(
    connection: Connection, person_ids: Iterable[str]
) -> dict[str, tuple[str, str | None]]:
    """Return the names and profile pages of these people, by id."""
    columns = (people.c.person_id, people.c.name, people.c.linkedin_url)
    return {
        row.person_id: (row.name, row.linkedin_url)
        for chunk in chunks(sorted(person_ids))
        for row in connection.execute(
            select(*columns).where(people.c.person_id.in_(chunk), visible(people.c.person_id))
        )
    }


def followed_ids(connection: Connection, since: datetime | None = None) -> list[str]:
    """Return the sorted ids of followed companies; with `since` only those added from then on."""
    query = select(companies.c.company_id).where(FOLLOWED)
    if since is not None:
        query = query.where(companies.c.created_at >= since)
    return sorted(connection.scalars(query))


def newest_followed(connection: Connection) -> datetime | None:
    """Return when the newest followed company was added; `None` without any.

    Writers add companies under the directory's lock, so a later commit has a later time.
    """
    return connection.execute(
        select(companies.c.created_at)
        .where(FOLLOWED)
        .order_by(companies.c.created_at.desc())
        .limit(1)
    ).scalar()


def company_identities(connection: Connection) -> Iterator[CompanyIdentity]:
    """Yield the identifying facts of every company, archived ones too."""
    rows = connection.execute(
        select(
            companies.c.company_id,
            companies.c.domain,
            companies.c.folded_name,
            companies.c.merged_into,
        ).order_by(companies.c.created_at, companies.c.company_id)
    )
    return (CompanyIdentity(*row) for row in rows)


def save_companies(
    connection: Connection,
    records: Sequence[Company],
    source: str,
    *,
    replace: bool = True,
    dry_run: bool = False,
) -> list[Outcome]:
    """Store companies, each id at most once; return the outcome of each.

    Args:
        connection: a writing transaction; with `dry_run` any.
        records: the companies as `source` states them.
        source: recorded with new and changed rows.
        replace: whether these facts replace stored ones. If not, they only fill gaps.
        dry_run: only compare.
    """
    outcomes: list[Outcome] = []
    for chunk in chunks(records):
        stored_rows = rows_where(
            connection, companies.c.company_id, {record.company_id for record in chunk}
        )
        rows = {row["company_id"]: row for row in stored_rows}
        now, inserts, updates = clock(connection), [], []
        for record in chunk:
            values = record.model_dump() | {"folded_name": fold_name(record.name)}
            row = rows.get(record.company_id)
            if row is None:
                inserts.append(values | {"source": source, "created_at": now})
            elif facts := changed_values(row, values if replace else missing_values(row, values)):
                updates.append(facts | {"source": source})
            outcomes.append("new" if row is None else "changed" if facts else "unchanged")
        if not dry_run:
            write_rows(connection, companies, inserts, updates, "company_id")
    return outcomes


def set_facts(connection: Connection, record: Company) -> None:
    """Replace a company's facts by those of `record`; an equal row is not written."""
    if company(connection, record.company_id) != record:
        facts = record.model_dump(exclude={"company_id"})
        connection.execute(
            update(companies)
            .where(companies.c.company_id == record.company_id)
            .values(facts | {"folded_name": fold_name(record.name)})
        )


def save_employees(
    connection: Connection, employees: Sequence[Employee], source: str, *, dry_run: bool = False
) -> list[Outcome]:
    """Store people, current jobs and contact points; return the outcome of each job.

    A person may occur in `employees` once for each company; the first occurrence gives the facts of
    the person. Their companies must exist. A new or changed job becomes `current`, and loses the
    time of its last event. A `dry_run` only compares: it needs no writing transaction.
    """
    outcomes: list[Outcome] = []
    for chunk in chunks(employees):
        points = [point for employee in chunk for point in employee.contacts]
        person_ids = _save_people(connection, chunk, source, dry_run)
        person_ids |= add_contacts(connection, points, dry_run=dry_run)
        jobs = _save_jobs(connection, chunk, source, dry_run)
        for employee, job in zip(chunk, jobs, strict=True):
            differs = job == "unchanged" and employee.person.person_id in person_ids
            outcomes.append("changed" if differs else job)
    return outcomes


def current_jobs(connection: Connection, company_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the company and person of every current job at these companies."""
    for chunk in chunks(sorted(company_ids)):
        rows = connection.execute(
            select(employments.c.company_id, employments.c.person_id).where(
                employments.c.company_id.in_(chunk), employments.c.current == true()
            )
        )
        yield from ((row.company_id, row.person_id) for row in rows)


def employers_of(
    connection: Connection, person_ids: Iterable[str], *, current: bool = False
) -> dict[str, set[str]]:
    """Return the companies of these people by person; former ones too, unless `current`."""
    employers: dict[str, set[str]] = {}
    query = select(employments.c.person_id, employments.c.company_id)
    query = query.where(employments.c.current == true()) if current else query
    for chunk in chunks(sorted(person_ids)):
        for row in connection.execute(query.where(employments.c.person_id.in_(chunk))):
            employers.setdefault(row.person_id, set()).add(row.company_id)
    return employers


def end_jobs(connection: Connection, company_id: str, person_ids: Iterable[str]) -> None:
    """Mark the jobs of these people at a company as ended."""
    for chunk in chunks(sorted(person_ids)):
        connection.execute(
            update(employments)
            .where(employments.c.company_id == company_id, employments.c.person_id.in_(chunk))
            .values(current=False, as_of=None)
        )


def _save_people(
    connection: Connection, chunk: Sequence[Employee], source: str, dry_run: bool
) -> set[str]:
    """Store the people; return the ids of stored people whose row changed."""
    # The first row of a person counts: reversed, it overwrites the later ones.
    employees = {employee.person.person_id: employee for employee in reversed(chunk)}
    rows = {
        row["person_id"]: row for row in rows_where(connection, people.c.person_id, set(employees))
    }
    now, inserts, updates = clock(connection), [], []
    for person_id, employee in employees.items():
        values = {
            "person_id": person_id,
            "name": employee.person.name,
            "country": employee.person.country,
            "linkedin_url": employee.linkedin_url,
        }
        if person_id not in rows:
            inserts.append(values | {"source": source, "created_at": now})
        elif facts := changed_values(rows[person_id], values):
            updates.append(facts | {"source": source})
    if not dry_run:
        write_rows(connection, people, inserts, updates, "person_id")
    return {row["person_id"] for row in updates}


def _save_jobs(
    connection: Connection, chunk: Sequence[Employee], source: str, dry_run: bool
) -> list[Outcome]:
    """Store the jobs; return the outcome of each."""
    ids = {employee.person.person_id for employee in chunk}
    stored_rows = rows_where(connection, employments.c.person_id, ids)
    rows = {(row["company_id"], row["person_id"]): row for row in stored_rows}
    outcomes: list[Outcome] = []
    inserts, updates = [], []
    for employee in chunk:
        values = {
            "company_id": employee.company_id,
            "person_id": employee.person.person_id,
            "title": employee.person.title or None,
            "department": employee.person.department,
            "started_on": employee.person.started_on,
            "current": True,
        }
        row = rows.get((employee.company_id, employee.person.person_id))
        if row is None:
            inserts.append(values | {"title": employee.person.title, "source": source})
        elif facts := changed_values(row, values):
            updates.append(facts | {"id": row["id"], "as_of": None, "source": source})
        outcomes.append("new" if row is None else "changed" if facts else "unchanged")
    if not dry_run:
        write_rows(connection, employments, inserts, updates, "id")
    return outcomes
