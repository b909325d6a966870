"""Erase people from providers' answers: raw answers in the ledger, and research notes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, tuple_, update

from bg_orchestration.domain.identifiers import (
    NOTHING_LEFT,
    IdentifierSet,
    identifiers_in_text,
    identifiers_in_value,
    names_in,
    without_people,
)
from bg_orchestration.privacy.requests import ErasureTarget, chunks, ids_by_provider
from bg_orchestration.privacy.suppression import Identifier, Suppressions
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration.store.schema.tables import research_notes

_CHUNK = 100

Answer = Row[Any, Any, Any, Any, Any, Any]
# A stored answer, and its new column values.
Cut = tuple[Answer, dict[str, Any]]


class ErasureSearch:
    """The identifiers of several requests, prepared for the search of answers."""

    def __init__(self, requests: Sequence[ErasureTarget]) -> None:
        ids = [identifier for target in requests for identifier in target.ids]
        self._ids = ids_by_provider(ids)
        self._emails = frozenset(identifier for target in requests for identifier in target.emails)
        self._pages = frozenset(identifier for target in requests for identifier in target.pages)
        # By company id: at another company a namesake is another person.
        self.names: defaultdict[str, set[str]] = defaultdict(set)
        for target in requests:
            for company_id in target.companies:
                self.names[company_id] |= target.names

    def at(self, row: Answer) -> IdentifierSet:
        """Return the identifiers that count in this answer."""
        ids = self._ids.get(row.provider, set()) if _names_people(row) else set()
        return replace(
            self.contact_identifiers, ids=ids, names=self.names.get(row.company_id, set())
        )

    @property
    def contact_identifiers(self) -> IdentifierSet:
        """Return the addresses and pages, which count in every answer."""
        return IdentifierSet(emails=self._emails, pages=self._pages)


def erase_from_answers(connection: Connection, suppressions: Suppressions, since: datetime) -> int:
    """Erase suppressed people from the answers since `since`; return the changed number.

    The ledger stores a raw answer before any code reads it, so a new answer may name them again.
    """
    cuts = 0
    position: str | None = ""
    while position is not None:
        count, position = erase_from_batch(connection, suppressions, since, position)
        cuts += count
    return cuts


def erase_from_batch(
    connection: Connection, suppressions: Suppressions, since: datetime, position: str
) -> tuple[int, str | None]:
    """Erase suppressed people from the next answers, a transaction of their own.

    Returns the number of changed answers, and the next position, `None` at the end.
    """
    cuts = 0
    rows = stored_answers(connection, position, _CHUNK, since)
    for row in rows:
        candidates = {
            identifier for found in _identifier_sets(row) for identifier in _identifiers(row, found)
        }
        listed = suppressions.listed(connection, candidates)
        suppressed = IdentifierSet(
            ids=_values(listed, "person", row.provider) if _names_people(row) else frozenset(),
            emails=_values(listed, "email"),
            pages=_values(listed, "page"),
        )
        if suppressed and (cut := cut_of(row, suppressed)) is not None:
            write_cuts(connection, [cut])
            cuts += 1
    return cuts, position_of(rows[-1]) if rows else None


def delete_notes(connection: Connection, search: ErasureSearch) -> int:
    """Delete research notes about colleagues that name the people; return their number."""
    key = tuple_(research_notes.c.company_id, research_notes.c.person_id)
    deleted = 0
    for chunk in chunks(search.names):
        rows = connection.execute(
            select(research_notes).where(research_notes.c.company_id.in_(chunk))
        ).all()
        about = [
            (row.company_id, row.person_id)
            for row in rows
            if identifiers_in_text(row.findings) & search.contact_identifiers
            or names_in(_plain(row.findings), search.names[row.company_id])
        ]
        if about:
            connection.execute(delete(research_notes).where(key.in_(about)))
        deleted += len(about)
    return deleted


def cut_of(row: Answer, people: IdentifierSet) -> Cut | None:
    """Return an answer's values without these people; `None` if it does not name them."""
    if not people:
        return None
    try:
        value = json.loads(row.answer)
    except (ValueError, RecursionError):
        # Unreadable JSON cannot be cut, so the whole answer goes if it names them.
        plain = row.answer.decode(errors="replace")
        if not (identifiers_in_text(plain) & people or names_in(plain, people.names)):
            return None
        rest: Any = NOTHING_LEFT
    else:
        rest = _without(row, value, people)
    if rest is not NOTHING_LEFT and rest == value:
        return None
    # A miss without a body: no code reads it, and the request is not paid again while it is fresh.
    values = (
        {"state": "not_found", "answer": b"", "headers": None}
        if rest is NOTHING_LEFT
        else {"answer": json.dumps(rest, ensure_ascii=False).encode("utf-8", "surrogatepass")}
    )
    return row, values


def write_cuts(connection: Connection, cuts: Iterable[Cut]) -> None:
    """Store the results of `cut_of`."""
    for row, values in cuts:
        connection.execute(
            update(operations)
            .where(operations.c.key == row.key, operations.c.attempt == row.attempt)
            .values(values)
        )


def _without(row: Answer, value: Any, people: IdentifierSet) -> Any:
    if row.capability != "research":
        return without_people(value, people)
    # Research is prose: it describes the people whom it names.
    plain = json.dumps(value, ensure_ascii=False)
    names_person = identifiers_in_text(plain) & people or names_in(plain, people.names)
    return NOTHING_LEFT if names_person else value


def stored_answers(
    connection: Connection, position: str, limit: int, since: datetime | None = None
) -> Sequence[Answer]:
    """Return the stored answers after a position, in the order of their keys."""
    columns = (
        operations.c.key,
        operations.c.attempt,
        operations.c.capability,
        operations.c.provider,
        operations.c.company_id,
        operations.c.answer,
    )
    place = tuple_(operations.c.key, operations.c.attempt)
    query = select(*columns).where(operations.c.answer.is_not(None)).order_by(*place)
    if since is not None:
        query = query.where(operations.c.asked_at >= since)
    key, attempt = json.loads(position) if position else ("", 0)
    return connection.execute(query.where(place > (key, attempt)).limit(limit)).all()


def position_of(row: Answer) -> str:
    """Return the position of an answer in the order of `stored_answers`."""
    return json.dumps([row.key, row.attempt])


def _names_people(row: Answer) -> bool:
    # The id of a company may equal the id of a person.
    return bool(row.capability != "company")


def _identifier_sets(row: Answer) -> Iterator[IdentifierSet]:
    try:
        yield from identifiers_in_value(json.loads(row.answer))
    except ValueError:
        yield identifiers_in_text(row.answer.decode(errors="replace"))


def _identifiers(row: Answer, identifiers: IdentifierSet) -> Iterator[Identifier]:
    yield from (
        Identifier("person", f"{row.provider}:{source_id}") for source_id in identifiers.ids
    )
    yield from (Identifier("email", email) for email in identifiers.emails)
    yield from (Identifier("page", page) for page in identifiers.pages)


def _values(listed: Iterable[Identifier], kind: str, provider: str = "") -> frozenset[str]:
    prefix = f"{provider}:" if provider else ""
    return frozenset(mark.value.removeprefix(prefix) for mark in listed if mark.kind == kind)


def _plain(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
