"""Emptying received events of people who are erased; that they came stays known."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Row, select, text

from bg_orchestration.domain.identifiers import Found, in_text
from bg_orchestration.intake.event_reader import read_json
from bg_orchestration.intake.event_states import close_erased
from bg_orchestration.intake.id_pushes import DELIVERY
from bg_orchestration.intake.lusha_pushes import (
    OPT_OUT,
    OptOut,
    read_push,
)
from bg_orchestration.store.schema.tables import webhook_event_companies
from bg_orchestration.store.schema.tables import webhook_events as events

_CHUNK = 200
_Body = Row[Any, Any, Any]


def empty_events(connection: Connection, ids: Collection[str], who: Found) -> tuple[int, set[str]]:
    """Empty what was received about the people of these ids, or holds something of `who`.

    Returns how many events that were, and the companies they concern. Without an address, a page
    or a provider's id no body is read: events about the person are found by their column.
    """
    found = _about(connection, ids)
    sources = {one.partition(":")[2] for one in ids if ":" in one}
    if who or sources:
        found |= {row.id for row in _bodies(connection) if _holds(row, who, sources)}
    companies: set[str] = set()
    for chunk in _chunks(found):
        companies |= set(
            connection.scalars(
                select(webhook_event_companies.c.company_id).where(
                    webhook_event_companies.c.event.in_(chunk)
                )
            )
        )
        close_erased(connection, events.c.id.in_(chunk))
    return len(found), companies


def waiting_opt_outs(connection: Connection, ids: Collection[str], who: Found) -> list[OptOut]:
    """The opt-outs about these people that nobody has acted on yet."""
    rows = connection.execute(
        select(events.c.person_id, events.c.body)
        .where(events.c.state == text("'received'"), events.c.type == OPT_OUT)
        .where(events.c.body.is_not(None))
    ).all()
    found = []
    for row in rows:
        push = read_push(read_json(row.body))
        if isinstance(push, OptOut) and (row.person_id in ids or in_text(_text(row.body)) & who):
            found.append(push)
    return found


def _about(connection: Connection, ids: Collection[str]) -> set[int]:
    wanted = sorted(ids)
    return {
        key
        for at in range(0, len(wanted), _CHUNK)
        for key in connection.scalars(
            select(events.c.id).where(events.c.person_id.in_(wanted[at : at + _CHUNK]))
        )
    }


def _holds(row: _Body, who: Found, sources: Collection[str]) -> bool:
    content = _text(row.body)
    # A delivery names everybody in it by id alone.
    named = row.type == DELIVERY and any(one in content for one in sources)
    return named or bool(in_text(content) & who)


def _bodies(connection: Connection) -> Iterator[_Body]:
    """Every stored body, a few at a time."""
    last = 0
    while True:
        rows = connection.execute(
            select(events.c.id, events.c.type, events.c.body)
            .where(events.c.id > last, events.c.body.is_not(None))
            .order_by(events.c.id)
            .limit(_CHUNK)
        ).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id


def _text(body: bytes) -> str:
    """A body as plain text, JSON's escapes resolved."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body.decode(errors="replace")


def _chunks(keys: Collection[int]) -> Iterator[list[int]]:
    wanted = sorted(keys)
    return (wanted[at : at + _CHUNK] for at in range(0, len(wanted), _CHUNK))
