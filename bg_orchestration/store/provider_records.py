"""Providers' ids of stored companies and people.

Writing functions work in their caller's writing transaction.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, true, update

from bg_orchestration.domain.recognition import StoredPerson
from bg_orchestration.store.schema.tables import (
    contact_points,
    employments,
    people,
)
from bg_orchestration.store.schema.tables import provider_records as records
from bg_orchestration.store.upserts import chunks, upsert

Kind = Literal["company", "person"]
_PAGE = "https://www.linkedin.com/in/"
_OF_PAGE = "li-"


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """A provider's record of a stored company.

    Attributes:
        source_id: the provider's id.
        listed_at: when the provider last listed all people there.
        listed_for: a hash of the seller profiles at that time; the shortlist depends on them.
        newest_facts: the facts that the provider gave last.
    """

    source_id: str
    listed_at: datetime | None
    listed_for: str | None
    newest_facts: Mapping[str, Any]


def company_record(connection: Connection, provider: str, company_id: str) -> CompanyRecord | None:
    """Return a provider's record of a company; the newest if its id changed."""
    row = connection.execute(
        select(records)
        .where(records.c.kind == "company", records.c.our_id == company_id)
        .where(records.c.provider == provider)
        .order_by(records.c.as_of.desc(), records.c.source_id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return CompanyRecord(row.source_id, row.listed_at, row.listed_for, json.loads(row.told or "{}"))


def note_record(
    connection: Connection,
    kind: Kind,
    provider: str,
    ids: Iterable[tuple[str, str]],
    as_of: datetime,
    **facts: Any,
) -> None:
    """Store the ids by which `provider` knows these companies or people.

    Args:
        connection: a writing transaction.
        kind: company or person.
        provider: the provider of the ids.
        ids: pairs of the provider's id and ours.
        as_of: when we had their records.
        facts: other columns of `provider_records`.
    """
    rows = [
        {"kind": kind, "provider": provider, "source_id": source_id, "our_id": ours, "as_of": as_of}
        | facts
        for source_id, ours in sorted(set(ids))
    ]
    for chunk in chunks(rows):
        upsert(connection, records, chunk, replace=("as_of", *facts))


def note_listing(
    connection: Connection, provider: str, company_id: str, listed_at: datetime, listed_for: str
) -> None:
    """Store that a provider's listing of a company's people began at `listed_at`."""
    connection.execute(
        update(records)
        .where(records.c.kind == "company", records.c.our_id == company_id)
        .where(records.c.provider == provider)
        .values(listed_at=listed_at, listed_for=listed_for)
    )


def employees_of(connection: Connection, provider: str, company_id: str) -> dict[str, str]:
    """Return our ids of a company's current employees, by the provider's ids."""
    rows = connection.execute(
        select(records.c.source_id, records.c.our_id)
        .join(employments, employments.c.person_id == records.c.our_id)
        .where(records.c.kind == "person", records.c.provider == provider)
        .where(employments.c.company_id == company_id, employments.c.current == true())
        .order_by(records.c.source_id)
    )
    return {row.source_id: row.our_id for row in rows}


def read_at(connection: Connection, person_ids: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """Return when each person's whole record was last read, by person and provider.

    A record never read, or not since the person's job changed, is left out.
    """
    times: dict[tuple[str, str], datetime] = {}
    for chunk in chunks(sorted(set(person_ids))):
        query = select(records.c.our_id, records.c.provider, records.c.read_at)
        query = query.where(records.c.kind == "person", records.c.our_id.in_(chunk))
        for our_id, provider, at in connection.execute(query.where(records.c.read_at.is_not(None))):
            times[our_id, provider] = max(times.get((our_id, provider), at), at)
    return times


def ids_of(connection: Connection, person_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return each provider's id of these people, the newest of several."""
    ids: dict[str, dict[str, str]] = defaultdict(dict)
    for chunk in chunks(sorted(set(person_ids))):
        query = select(records).where(records.c.kind == "person", records.c.our_id.in_(chunk))
        for row in connection.execute(query.order_by(records.c.as_of, records.c.source_id)):
            ids[row.our_id][row.provider] = row.source_id
    return ids


def match_candidates(
    connection: Connection,
    provider: str,
    company_id: str,
    *,
    source_ids: Collection[str],
    slugs: Collection[str],
    emails: Collection[str],
) -> list[StoredPerson]:
    """Return stored people that may match a listed person, for `domain.recognition`.

    These are the company's current and former employees, and people anywhere with one of these
    provider ids, profile pages (in lower case) or addresses (as written).
    """
    here = set(
        connection.scalars(
            select(employments.c.person_id).where(employments.c.company_id == company_id)
        )
    )
    person_ids = {
        *here,
        *_with_ids(connection, provider, source_ids),
        *_with_pages(connection, slugs),
    }
    person_ids |= set(_with_emails(connection, emails))
    return _stored_people(connection, provider, person_ids, here)


def _with_ids(connection: Connection, provider: str, source_ids: Collection[str]) -> Iterator[str]:
    for chunk in chunks(sorted(source_ids)):
        yield from connection.scalars(
            select(records.c.our_id)
            .where(records.c.kind == "person", records.c.provider == provider)
            .where(records.c.source_id.in_(chunk))
        )


def _with_pages(connection: Connection, slugs: Collection[str]) -> Iterator[str]:
    for chunk in chunks(sorted(slugs)):
        yield from connection.scalars(
            select(people.c.person_id).where(
                people.c.linkedin_url.in_([f"{_PAGE}{slug}" for slug in chunk])
                | people.c.person_id.in_([f"{_OF_PAGE}{slug}" for slug in chunk])
            )
        )


def _with_emails(connection: Connection, emails: Collection[str]) -> Iterator[str]:
    for chunk in chunks(sorted(emails)):
        yield from connection.scalars(
            select(contact_points.c.person_id).where(
                contact_points.c.kind == "email", contact_points.c.value.in_(chunk)
            )
        )


def _stored_people(
    connection: Connection, provider: str, person_ids: Collection[str], here: Collection[str]
) -> list[StoredPerson]:
    ids: dict[str, set[str]] = defaultdict(set)
    emails: dict[str, set[str]] = defaultdict(set)
    rows: list[Row[Any]] = []
    for chunk in chunks(sorted(person_ids)):
        query = select(people.c.person_id, people.c.name, people.c.linkedin_url)
        rows.extend(connection.execute(query.where(people.c.person_id.in_(chunk))))
        for row in connection.execute(
            select(records.c.our_id, records.c.source_id)
            .where(records.c.kind == "person", records.c.provider == provider)
            .where(records.c.our_id.in_(chunk))
        ):
            ids[row.our_id].add(row.source_id)
        for row in connection.execute(
            select(contact_points.c.person_id, contact_points.c.value).where(
                contact_points.c.kind == "email", contact_points.c.person_id.in_(chunk)
            )
        ):
            emails[row.person_id].add(row.value.casefold())
    return [
        StoredPerson(
            row.person_id,
            row.name,
            _slug(row.person_id, row.linkedin_url),
            frozenset(emails[row.person_id]),
            frozenset(ids[row.person_id]),
            here=row.person_id in here,
        )
        for row in rows
    ]


def _slug(person_id: str, linkedin_url: str | None) -> str | None:
    if linkedin_url:
        return linkedin_url.strip(" /").rpartition("/")[2].casefold()
    return person_id.removeprefix(_OF_PAGE) if person_id.startswith(_OF_PAGE) else None
