"""The directory of who works where: companies, people, their jobs and how to reach them.

Imports write it, refreshes read it. What a writer does not say (`None`, an empty title) never
replaces what is known, and a row that would not differ is not written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, select, true, update

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
    chunks,
    missing,
    news,
    rows_where,
    write_rows,
)

Outcome = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Employee:
    """A person in a job at one company, and the contact points their source gives."""

    company_id: str
    person: Person
    linkedin_url: str | None = None
    contacts: tuple[ContactPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """The facts by which a company may be recognized."""

    company_id: str
    domain: str | None
    folded_name: str


@dataclass(frozen=True, slots=True)
class ListedCompany:
    """A line of the list of companies; `people` counts the current jobs we know of."""

    company_id: str
    name: str
    domain: str | None
    employee_count: int | None
    people: int
    followed: bool

    @property
    def size(self) -> int:
        """The stated head count, else the number of people we know."""
        return self.people if self.employee_count is None else self.employee_count


def company(connection: Connection, company_id: str) -> Company | None:
    """The company of this id, `None` if there is none."""
    columns = [companies.c[name] for name in Company.model_fields]
    row = connection.execute(
        select(*columns).where(companies.c.company_id == company_id)
    ).one_or_none()
    return None if row is None else Company(**row._mapping)


def people_of(connection: Connection, company_id: str) -> list[Person]:
    """The people who work at a company now, by `person_id`."""
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
    return sorted((Person(**row._mapping) for row in rows), key=lambda one: one.person_id)


def pages_of(
    connection: Connection, person_ids: Iterable[str]
) -> dict[str, tuple[str, str | None]]:
    """The names and profile pages of these people, by id."""
    columns = (people.c.person_id, people.c.name, people.c.linkedin_url)
    return {
        row.person_id: (row.name, row.linkedin_url)
        for chunk in chunks(sorted(person_ids))
        for row in connection.execute(
            select(*columns).where(people.c.person_id.in_(chunk), visible(people.c.person_id))
        )
    }


def followed_ids(connection: Connection, since: datetime | None = None) -> list[str]:
    """The ids of the companies we follow, sorted; with `since` only those added from then on."""
    query = select(companies.c.company_id).where(FOLLOWED)
    if since is not None:
        query = query.where(companies.c.created_at >= since)
    return sorted(connection.scalars(query))


def newest_followed(connection: Connection) -> datetime | None:
    """When the newest followed company was added; `None` without any.

    Companies are added under the directory's lock, so that a later commit has a later time.
    """
    return connection.execute(
        select(companies.c.created_at)
        .where(FOLLOWED)
        .order_by(companies.c.created_at.desc())
        .limit(1)
    ).scalar()


def stalest(
    connection: Connection,
    before: datetime,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
) -> list[str]:
    """Followed companies last refreshed before that time, or never; the stalest first.

    Reads them from an index in that order, however many there are.
    """
    found: list[str] = []
    for stale in (companies.c.refreshed_at.is_(None), companies.c.refreshed_at < before):
        query = (
            select(companies.c.company_id)
            .where(FOLLOWED, stale, *conditions)
            .order_by(companies.c.refreshed_at, companies.c.company_id)
            .limit(None if limit is None else limit - len(found))
        )
        found += connection.scalars(query)
    return found


def known_companies(connection: Connection) -> Iterator[KnownCompany]:
    """Every company, archived ones too, by what it may be recognized by."""
    rows = connection.execute(
        select(companies.c.company_id, companies.c.domain, companies.c.folded_name).order_by(
            companies.c.created_at, companies.c.company_id
        )
    )
    return (KnownCompany(*row) for row in rows)


def listing(connection: Connection) -> list[ListedCompany]:
    """All companies with the number of people known at each, by id."""
    head_count = (
        select(employments.c.company_id, func.count().label("people"))
        .where(employments.c.current == true())
        .group_by(employments.c.company_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            companies.c.company_id,
            companies.c.name,
            companies.c.domain,
            companies.c.employee_count,
            func.coalesce(head_count.c.people, 0),
            companies.c.followed,
        ).outerjoin(head_count, head_count.c.company_id == companies.c.company_id)
    )
    return sorted((ListedCompany(*row) for row in rows), key=lambda one: one.company_id)


def save_companies(
    connection: Connection, found: Sequence[Company], source: str, *, replace: bool = True
) -> list[Outcome]:
    """Store companies, each id at most once; says what became of each.

    Args:
        connection: a writing transaction.
        found: what `source` says.
        source: recorded with what is new.
        replace: whether these facts replace stored ones; if not, they only fill gaps.
    """
    outcomes: list[Outcome] = []
    for chunk in chunks(found):
        known = rows_where(connection, companies.c.company_id, {one.company_id for one in chunk})
        rows = {row["company_id"]: row for row in known}
        now, added, changed = clock(connection), [], []
        for one in chunk:
            said = one.model_dump() | {"folded_name": fold_name(one.name)}
            row = rows.get(one.company_id)
            if row is None:
                added.append(said | {"source": source, "created_at": now})
            elif facts := news(row, said if replace else missing(row, said)):
                changed.append(facts | {"source": source})
            outcomes.append("new" if row is None else "changed" if facts else "unchanged")
        write_rows(connection, companies, added, changed, "company_id")
    return outcomes


def set_facts(connection: Connection, known: Company) -> None:
    """Make a company's facts those of `known`; a row that says the same is not touched."""
    if company(connection, known.company_id) != known:
        facts = known.model_dump(exclude={"company_id"})
        connection.execute(
            update(companies)
            .where(companies.c.company_id == known.company_id)
            .values(facts | {"folded_name": fold_name(known.name)})
        )


def save_employees(connection: Connection, found: Sequence[Employee], source: str) -> list[Outcome]:
    """Store people, their current jobs and contact points; says what became of each job.

    A person may stand in `found` once a company; what the first of several says of the person
    counts. Their companies must exist. A job that is new or differs is `current`, and is no
    longer what some event said.
    """
    outcomes: list[Outcome] = []
    for chunk in chunks(found):
        points = [point for one in chunk for point in one.contacts]
        touched = _save_people(connection, chunk, source) | add_contacts(connection, points)
        for one, job in zip(chunk, _save_jobs(connection, chunk, source), strict=True):
            changed = job == "unchanged" and one.person.person_id in touched
            outcomes.append("changed" if changed else job)
    return outcomes


def current_jobs(connection: Connection, company_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The company and person of every current job at these companies."""
    for chunk in chunks(sorted(company_ids)):
        rows = connection.execute(
            select(employments.c.company_id, employments.c.person_id).where(
                employments.c.company_id.in_(chunk), employments.c.current == true()
            )
        )
        yield from ((row.company_id, row.person_id) for row in rows)


def end_jobs(connection: Connection, company_id: str, person_ids: Iterable[str]) -> None:
    """Mark the jobs of these people at a company as ended."""
    for chunk in chunks(sorted(person_ids)):
        connection.execute(
            update(employments)
            .where(employments.c.company_id == company_id, employments.c.person_id.in_(chunk))
            .values(current=False, as_of=None)
        )


def _save_people(connection: Connection, chunk: Sequence[Employee], source: str) -> set[str]:
    """Store the people themselves; returns the ids of those that were known and differed."""
    # The first row of a person counts, so it is put last.
    found = {one.person.person_id: one for one in reversed(chunk)}
    rows = {row["person_id"]: row for row in rows_where(connection, people.c.person_id, set(found))}
    now, added, changed = clock(connection), [], []
    for person_id, one in found.items():
        said = {
            "person_id": person_id,
            "name": one.person.name,
            "country": one.person.country,
            "linkedin_url": one.linkedin_url,
        }
        if person_id not in rows:
            added.append(said | {"source": source, "created_at": now})
        elif facts := news(rows[person_id], said):
            changed.append(facts | {"source": source})
    write_rows(connection, people, added, changed, "person_id")
    return {row["person_id"] for row in changed}


def _save_jobs(connection: Connection, chunk: Sequence[Employee], source: str) -> list[Outcome]:
    """Store the jobs; returns what became of each."""
    ids = {one.person.person_id for one in chunk}
    known = rows_where(connection, employments.c.person_id, ids)
    rows = {(row["company_id"], row["person_id"]): row for row in known}
    outcomes: list[Outcome] = []
    added, changed = [], []
    for one in chunk:
        said = {
            "company_id": one.company_id,
            "person_id": one.person.person_id,
            "title": one.person.title or None,
            "department": one.person.department,
            "started_on": one.person.started_on,
            "current": True,
        }
        row = rows.get((one.company_id, one.person.person_id))
        if row is None:
            added.append(said | {"title": one.person.title, "source": source})
        elif facts := news(row, said):
            changed.append(facts | {"id": row["id"], "as_of": None, "source": source})
        outcomes.append("new" if row is None else "changed" if facts else "unchanged")
    write_rows(connection, employments, added, changed, "id")
    return outcomes
