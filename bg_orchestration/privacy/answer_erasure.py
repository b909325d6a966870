"""Cutting people out of what providers answered: the ledger's raw answers, and research."""

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
# An answer, and the columns that change.
Cut = tuple[Answer, dict[str, Any]]


class ErasureSearch:
    """The people of several requests, as one search of an answer needs them."""

    def __init__(self, requests: Sequence[ErasureTarget]) -> None:
        ids = [identifier for target in requests for identifier in target.ids]
        self._ids = ids_by_provider(ids)
        self._emails = frozenset(identifier for target in requests for identifier in target.emails)
        self._pages = frozenset(identifier for target in requests for identifier in target.pages)
        # Elsewhere a namesake is another person.
        self.names: defaultdict[str, set[str]] = defaultdict(set)
        for target in requests:
            for company_id in target.companies:
                self.names[company_id] |= target.names

    def at(self, row: Answer) -> IdentifierSet:
        """What counts in this answer."""
        ids = self._ids.get(row.provider, set()) if _names_people(row) else set()
        return replace(
            self.contact_identifiers, ids=ids, names=self.names.get(row.company_id, set())
        )

    @property
    def contact_identifiers(self) -> IdentifierSet:
        """The addresses and pages, which count everywhere."""
        return IdentifierSet(emails=self._emails, pages=self._pages)


def keep_out_of_answers(connection: Connection, suppressions: Suppressions, since: datetime) -> int:
    """Cut suppressed people out of the answers since then, which may name them again.

    A raw answer is stored before it is read, so it may hold a person whom no request was about.
    Returns how many answers that changed.
    """
    cuts = 0
    position = ""
    while rows := stored_answers(connection, position, _CHUNK, since):
        position = position_of(rows[-1])
        for row in rows:
            candidates = {
                identifier for found in _found_in(row) for identifier in _identifiers(row, found)
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
    return cuts


def delete_notes(connection: Connection, search: ErasureSearch) -> int:
    """Delete what research noted about colleagues where it names them; returns how many."""
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
    """The values of an answer without these people; `None` if it holds nothing of them."""
    if not people:
        return None
    try:
        value = json.loads(row.answer)
    except (ValueError, RecursionError):
        # It cannot be cut: it goes whole if it names them.
        plain = row.answer.decode(errors="replace")
        if not (identifiers_in_text(plain) & people or names_in(plain, people.names)):
            return None
        rest: Any = NOTHING_LEFT
    else:
        rest = _left_of(row, value, people)
    if rest is not NOTHING_LEFT and rest == value:
        return None
    # A miss without a body: it is not read, and not paid for again while it is fresh.
    values = (
        {"state": "not_found", "answer": b"", "headers": None}
        if rest is NOTHING_LEFT
        else {"answer": json.dumps(rest, ensure_ascii=False).encode("utf-8", "surrogatepass")}
    )
    return row, values


def write_cuts(connection: Connection, cuts: Iterable[Cut]) -> None:
    """Store what `cut_of` left of these answers."""
    for row, values in cuts:
        connection.execute(
            update(operations)
            .where(operations.c.key == row.key, operations.c.attempt == row.attempt)
            .values(values)
        )


def _left_of(row: Answer, value: Any, people: IdentifierSet) -> Any:
    if row.capability != "research":
        return without_people(value, people)
    # Prose: a person who is named in it is described in it.
    plain = json.dumps(value, ensure_ascii=False)
    names_person = identifiers_in_text(plain) & people or names_in(plain, people.names)
    return NOTHING_LEFT if names_person else value


def stored_answers(
    connection: Connection, position: str, limit: int, since: datetime | None = None
) -> Sequence[Answer]:
    """The stored answers after a position, in the order of their keys."""
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
    """Where an answer stands in the order of `stored_answers`."""
    return json.dumps([row.key, row.attempt])


def _names_people(row: Answer) -> bool:
    # A company's id may be the same number as a person's.
    return bool(row.capability != "company")


def _found_in(row: Answer) -> Iterator[IdentifierSet]:
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
