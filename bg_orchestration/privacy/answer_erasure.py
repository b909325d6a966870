"""Cutting people out of what providers answered: the ledger's raw answers, and research."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, tuple_, update

from bg_orchestration.domain.identifiers import (
    GONE,
    Found,
    in_text,
    in_value,
    names_in,
    without,
)
from bg_orchestration.privacy.suppression import Identifier, Suppressions
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration.store.schema.tables import research_notes

_CHUNK = 100
_Answer = Row[Any, Any, Any, Any, Any, Any]


def empty_answers(
    connection: Connection,
    ids: Collection[str],
    who: Found,
    names: Collection[str],
    company_ids: Collection[str],
) -> int:
    """Cut people out of every stored answer; returns how many answers held something of them.

    Args:
        connection: a writing transaction.
        ids: providers' ids of them, `coresignal:900001`.
        who: their addresses and pages.
        names: their names, which count only in what was asked about `company_ids`: elsewhere a
            namesake is somebody else.
        company_ids: where they stood.
    """
    if not (ids or who):
        return 0
    of_provider = _by_provider(ids)
    cut = 0
    for row in _answers(connection):
        here = frozenset(names) if row.company_id in company_ids else frozenset()
        wanted = replace(who, ids=_ids_for(row, of_provider), names=here)
        cut += _cut_answer(connection, row, wanted)
    return cut


def keep_out_of_answers(connection: Connection, suppressions: Suppressions, since: datetime) -> int:
    """Cut out of the answers since then whoever is on the list, and was answered about again.

    A raw answer is stored before it is read, so it may hold somebody whom nobody asked for.
    Returns how many answers that changed.
    """
    cut = 0
    for row in _answers(connection, since):
        candidates = {mark: one for one in _found_in(row) for mark in _marks_of(row.provider, one)}
        listed = suppressions.listed(connection, candidates)
        wanted = Found(
            ids=_values(listed, "person", row.provider) if _names_people(row) else frozenset(),
            emails=_values(listed, "email"),
            pages=_values(listed, "page"),
        )
        if wanted:
            cut += _cut_answer(connection, row, wanted)
    return cut


def empty_notes(
    connection: Connection, who: Found, names: Collection[str], company_ids: Collection[str]
) -> int:
    """Delete what research noted about their colleagues where it names them; returns how many."""
    rows = connection.execute(
        select(research_notes).where(research_notes.c.company_id.in_(company_ids))
    ).all()
    wanted = frozenset(names)
    about = [
        (row.company_id, row.person_id)
        for row in rows
        if in_text(row.findings) & who or names_in(_plain(row.findings), wanted)
    ]
    key = tuple_(research_notes.c.company_id, research_notes.c.person_id)
    if about:
        connection.execute(delete(research_notes).where(key.in_(about)))
    return len(about)


def _cut_answer(connection: Connection, row: _Answer, who: Found) -> bool:
    try:
        value = json.loads(row.answer)
    except ValueError:
        # It cannot be cut: it goes whole if it names them.
        plain = row.answer.decode(errors="replace")
        if not (in_text(plain) & who or names_in(plain, who.names)):
            return False
        left: Any = GONE
    else:
        left = _left_of(row, value, who)
    if left is not GONE and left == value:
        return False
    # A miss without a body: it is not read, and not paid for again while it is fresh.
    values = (
        {"state": "not_found", "answer": b"", "headers": None}
        if left is GONE
        else {"answer": json.dumps(left, ensure_ascii=False).encode("utf-8", "surrogatepass")}
    )
    connection.execute(
        update(operations)
        .where(operations.c.key == row.key, operations.c.attempt == row.attempt)
        .values(values)
    )
    return True


def _left_of(row: _Answer, value: Any, who: Found) -> Any:
    if row.capability != "research":
        return without(value, who)
    # Prose: whoever is named in it is told of in it.
    plain = json.dumps(value, ensure_ascii=False)
    named = in_text(plain) & who or names_in(plain, who.names)
    return GONE if named else value


def _answers(connection: Connection, since: datetime | None = None) -> Iterator[_Answer]:
    """The stored answers, a few at a time."""
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
    last: tuple[str, int] = ("", 0)
    while True:
        rows = connection.execute(query.where(place > last).limit(_CHUNK)).all()
        if not rows:
            return
        yield from rows
        last = (rows[-1].key, rows[-1].attempt)


def _names_people(row: _Answer) -> bool:
    # A company's id may be the same number as a person's.
    return bool(row.capability != "company")


def _ids_for(row: _Answer, of_provider: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return of_provider.get(row.provider, frozenset()) if _names_people(row) else frozenset()


def _by_provider(ids: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in ids:
        provider, colon, source_id = one.partition(":")
        if colon:
            found[provider].add(source_id)
    return {provider: frozenset(one) for provider, one in found.items()}


def _found_in(row: _Answer) -> Iterator[Found]:
    try:
        yield from in_value(json.loads(row.answer))
    except ValueError:
        yield in_text(row.answer.decode(errors="replace"))


def _marks_of(provider: str, one: Found) -> Iterator[Identifier]:
    yield from (Identifier("person", f"{provider}:{source_id}") for source_id in one.ids)
    yield from (Identifier("email", email) for email in one.emails)
    yield from (Identifier("page", page) for page in one.pages)


def _values(listed: Iterable[Identifier], kind: str, provider: str = "") -> frozenset[str]:
    prefix = f"{provider}:" if provider else ""
    return frozenset(mark.value.removeprefix(prefix) for mark in listed if mark.kind == kind)


def _plain(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
