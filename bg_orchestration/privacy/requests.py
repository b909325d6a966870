"""Erasure requests: they suppress and hide people at once; `privacy.erasure` erases later."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypeVar

from sqlalchemy import Column, Connection, func, insert, select

from bg_orchestration.domain.identifiers import IdentifierSet, page_slug
from bg_orchestration.domain.record_ids import canonical_id
from bg_orchestration.privacy.suppression import Identifier, Suppressions, identifiers_of
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    contact_points,
    employments,
    erasure_people,
    erasure_requests,
    external_ids,
    people,
    provider_records,
)

CHUNK = 500
_T = TypeVar("_T")
_PAGE = "https://www.linkedin.com/in/"


@dataclass(frozen=True, slots=True)
class DataSubject:
    """A person to erase, with the identifiers of the request.

    Attributes:
        ids: our ids, and providers' ids such as `coresignal:900001`.
        emails: addresses.
        pages: addresses of LinkedIn profiles, or their last part.
    """

    ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Create the subject that a user names: email address, profile page or id."""
        text = text.strip()
        if "linkedin.com/" in text.casefold():
            return cls(pages=(text,))
        # Some sources use the address as the id.
        return cls(ids=(text,), emails=(text,) if "@" in text else ())

    @property
    def identifiers(self) -> list[Identifier]:
        """Return the identifiers of the person."""
        by_id = [found for text in self.ids for found in identifiers_of(text.strip())]
        by_page = [found for page in self.pages for found in identifiers_of(linkedin_url=page)]
        return by_id + identifiers_of(emails=self.emails) + by_page


@dataclass(slots=True)
class ErasureTarget:
    """The identifiers of all people of a request together.

    Attributes:
        people: our ids of the stored people.
        ids: our ids and providers' ids, as in `DataSubject`.
        emails: addresses, case-folded.
        pages: last parts of profile pages, case-folded.
        names: names, case-folded; they count only at `companies`.
        companies: the companies of the people and of their events.
    """

    people: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the text of `json`."""
        return cls(**{name: set(values) for name, values in json.loads(text).items()})

    def json(self) -> str:
        """Return the JSON text for the row of the request."""
        return json.dumps({name: sorted(values) for name, values in asdict(self).items()})

    def add(self, subject: DataSubject) -> None:
        """Add the identifiers of a person."""
        self.ids |= {found.value for text in subject.ids for found in identifiers_of(text.strip())}
        self.emails |= {email.strip().casefold() for email in subject.emails}
        self.pages |= {page_slug(page) for page in subject.pages}

    @property
    def contact_identifiers(self) -> IdentifierSet:
        """Return the addresses and pages."""
        return IdentifierSet(emails=self.emails, pages=self.pages)


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """A stored erasure request.

    Attributes:
        request_id: its row.
        people: our ids of the stored people, now hidden.
        companies: their companies, which need a refresh.
        suppressed: how many ids, addresses and pages are new on the suppression list.
    """

    request_id: int
    people: frozenset[str]
    companies: frozenset[str]
    suppressed: int


def request_erasure(
    connection: Connection, subjects: Iterable[DataSubject], suppressions: Suppressions
) -> ErasureRequest:
    """Suppress and hide people at once, and leave the rest to the erasure job.

    Works in the caller's writing transaction. It reads by index only: the cost does not grow with
    history. A person who is not stored is suppressed too.

    Raises:
        SuppressionKeyError: the list was made with another key, or there is none.
    """
    target = ErasureTarget()
    identifiers = []
    for subject in subjects:
        target.add(subject)
        identifiers += subject.identifiers
    suppressed = suppressions.suppress(connection, identifiers)
    find_people(connection, target)
    suppressed += suppressions.suppress(connection, expand(connection, target))
    for table in (employments, buyer_group_members):
        _select_in(
            connection, target.companies, table.c.company_id, table.c.person_id, target.people
        )
    made = insert(erasure_requests).values(
        requested_at=clock(connection), position="", wanted=target.json()
    )
    request_id = connection.execute(made.returning(erasure_requests.c.id)).scalar_one()
    hide(connection, request_id, target.people)
    return ErasureRequest(
        request_id, frozenset(target.people), frozenset(target.companies), suppressed
    )


def hide(connection: Connection, request_id: int, person_ids: set[str]) -> None:
    """Hide these people until the request is done."""
    hidden: set[str] = set()
    key = erasure_people.c.person_id
    _select_in(connection, hidden, key, key, person_ids)
    if new_ids := sorted(person_ids - hidden):
        rows = [{"person_id": person_id, "request": request_id} for person_id in new_ids]
        connection.execute(insert(erasure_people), rows)


def hidden_people(connection: Connection) -> frozenset[str]:
    """Return the people under erasure."""
    return frozenset(connection.scalars(select(erasure_people.c.person_id)))


def find_people(connection: Connection, target: ErasureTarget) -> None:
    """Add the stored people with one of the ids, addresses or pages."""
    _select_in(connection, target.people, people.c.person_id, people.c.person_id, target.ids)
    if not target.people:
        # Rare, and the only query here without an index: an id in another letter case.
        of_id = func.lower(func.trim(people.c.person_id))
        folded_ids = {person_id.lower() for person_id in target.ids}
        _select_in(connection, target.people, people.c.person_id, of_id, folded_ids)
    records = provider_records.c
    for provider, source_ids in ids_by_provider(target.ids).items():
        of_provider = (records.kind == "person", records.provider == provider)
        _select_in(
            connection, target.people, records.our_id, records.source_id, source_ids, *of_provider
        )
    external = external_ids.c
    for system, tool_ids in ids_by_provider(target.ids, parts=2).items():
        of_system = (external.kind == "person", external.system == system)
        tool_ids |= {canonical_id(system, tool_id) for tool_id in tool_ids}
        _select_in(
            connection, target.people, external.our_id, external.external_id, tool_ids, *of_system
        )
    _select_in(
        connection,
        target.people,
        contact_points.c.person_id,
        func.lower(contact_points.c.value),
        {email.lower() for email in target.emails},
        contact_points.c.kind == "email",
    )
    urls = {_PAGE + slug for slug in target.pages}
    _select_in(connection, target.people, people.c.person_id, people.c.linkedin_url, urls)
    ids = {f"li-{slug}" for slug in target.pages}
    _select_in(connection, target.people, people.c.person_id, people.c.person_id, ids)


def expand(connection: Connection, target: ErasureTarget) -> list[Identifier]:
    """Add and return all identifiers of the stored people."""
    identifiers: list[Identifier] = []
    for chunk in chunks(target.people):
        rows = connection.execute(
            select(people.c.person_id, people.c.name, people.c.linkedin_url).where(
                people.c.person_id.in_(chunk)
            )
        ).all()
        points = connection.execute(
            select(contact_points.c.person_id, contact_points.c.value).where(
                contact_points.c.person_id.in_(chunk), contact_points.c.kind == "email"
            )
        ).all()
        records = connection.execute(
            select(provider_records.c.provider, provider_records.c.source_id).where(
                provider_records.c.kind == "person", provider_records.c.our_id.in_(chunk)
            )
        ).all()
        mappings = connection.execute(
            select(external_ids.c.system, external_ids.c.external_id).where(
                external_ids.c.kind == "person", external_ids.c.our_id.in_(chunk)
            )
        ).all()
        target.names |= {" ".join(row.name.split()).casefold() for row in rows}
        subject = DataSubject(
            (
                *(row.person_id for row in rows),
                *(f"{record.provider}:{record[1]}" for record in records),
                *(f"{mapping.system}:{mapping.external_id}" for mapping in mappings),
            ),
            tuple(row.value for row in points),
            tuple(row.linkedin_url for row in rows if row.linkedin_url),
        )
        target.add(subject)
        identifiers += subject.identifiers
    return identifiers


def ids_by_provider(ids: Iterable[str], parts: int = 1) -> dict[str, set[str]]:
    """Return the providers' ids among these, by provider.

    With two `parts` the ids of other tools, by system: `hubspot:contact:51`.
    """
    by_provider: dict[str, set[str]] = {}
    for prefixed_id in ids:
        *provider, source_id = prefixed_id.split(":", parts)
        if len(provider) == parts:
            by_provider.setdefault(":".join(provider), set()).add(source_id)
    return by_provider


def chunks(values: Iterable[_T]) -> Iterable[Sequence[_T]]:
    """Yield the sorted values in chunks of 500, which one statement can take."""
    items = sorted(values)  # type: ignore[type-var]
    return (items[at : at + CHUNK] for at in range(0, len(items), CHUNK))


def _select_in(
    connection: Connection,
    into: set[str],
    column: Column[Any],
    key: Any,
    values: Iterable[str],
    *conditions: Any,
) -> None:
    for chunk in chunks(values):
        into |= set(connection.scalars(select(column).where(key.in_(chunk), *conditions)))
