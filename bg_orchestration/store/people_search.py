"""Search stored people by id, address, profile page or name."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bg_orchestration.domain.identifiers import page_slug
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import companies, contact_points, employments, people
from bg_orchestration.store.upserts import chunks


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A stored person with one job; without a stored job the last fields are `None`.

    `exact` says that the searched text is the whole id, address, page or name.
    """

    person_id: str
    name: str
    exact: bool
    title: str | None
    company_id: str | None
    company: str | None
    current: bool | None

    @property
    def description(self) -> str:
        """The person in one line, with the id first to copy it."""
        job = ", ".join(filter(None, (self.name, self.title)))
        where = f" at {self.company_id}" if self.company_id else ""
        return f"{self.person_id}: {job}{where}{' (job ended)' if self.current is False else ''}"


def search_people(connection: Connection, text: str, limit: int = 50) -> list[FoundPerson]:
    """Return the people that `text` means, those with exactly this id or name first.

    An id, an email address or a LinkedIn page is searched by index. Otherwise each word of `text`
    must begin a word of the name; accents and case do not count. It reads the names of all people:
    about 0.3 s for 100,000.

    Args:
        connection: a transaction.
        text: what a user knows of the person.
        limit: the most people.
    """
    person_ids = _by_identifier(connection, text.strip())
    exact_ids = set(person_ids)
    if not person_ids:
        words = fold(text).split()
        rows = connection.execute(
            select(people.c.person_id, people.c.name).where(visible(people.c.person_id))
        )
        found = [
            (fold(row.name).split() != words, row.name, row.person_id)
            for row in rows
            if words and _begin(words, fold(row.name).split())
        ]
        exact_ids = {person_id for other, _, person_id in found if not other}
        person_ids = [person_id for _, _, person_id in sorted(found)]
    return _described(connection, person_ids[:limit], exact_ids)


def fold(name: str) -> str:
    """Return a name without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(
        char if char.isalnum() else " " for char in plain if not unicodedata.combining(char)
    )


def _begin(words: list[str], name: list[str]) -> bool:
    """Whether each word begins a word of the name."""
    return all(any(part.startswith(word) for part in name) for word in words)


def _by_identifier(connection: Connection, text: str) -> list[str]:
    ids = list(connection.scalars(select(people.c.person_id).where(people.c.person_id == text)))
    if "@" in text:
        ids += connection.scalars(
            select(contact_points.c.person_id).where(
                contact_points.c.kind == "email", func.lower(contact_points.c.value) == text.lower()
            )
        )
    if "linkedin.com/" in text.casefold():
        slug = page_slug(text)
        page = f"https://www.linkedin.com/in/{slug}"
        ids += connection.scalars(
            select(people.c.person_id).where(
                (people.c.linkedin_url == page) | (people.c.person_id == f"li-{slug}")
            )
        )
    return sorted(set(ids))


def _described(
    connection: Connection, person_ids: list[str], exact_ids: Collection[str]
) -> list[FoundPerson]:
    rows = [
        row
        for chunk in chunks(person_ids)
        for row in connection.execute(
            select(
                people.c.person_id,
                people.c.name,
                employments.c.title,
                employments.c.company_id,
                companies.c.name.label("company"),
                employments.c.current,
            )
            .outerjoin(employments, employments.c.person_id == people.c.person_id)
            .outerjoin(companies, companies.c.company_id == employments.c.company_id)
            .where(people.c.person_id.in_(chunk), visible(people.c.person_id))
        )
    ]
    # Present jobs before ended ones, people in the order of the search.
    order = {person_id: place for place, person_id in enumerate(person_ids)}
    rows.sort(key=lambda row: (order[row.person_id], not row.current, row.company_id or ""))
    return [
        FoundPerson(
            row.person_id,
            row.name,
            row.person_id in exact_ids,
            row.title,
            row.company_id,
            row.company,
            row.current,
        )
        for row in rows
    ]
