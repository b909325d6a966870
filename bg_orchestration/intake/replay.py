"""Replay: events become pending again because a person asks for it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from bg_orchestration.store.schema.tables import webhook_event_companies, webhook_events
from bg_orchestration.store.upserts import chunks


class UnknownEventError(Exception):
    """An event that a replay names was never received; the message says which."""


def replay_events(connection: Connection, event_ids: Sequence[str]) -> int:
    """Replay the named events, whatever their end was; several sources may share an id.

    Returns how many events are pending again. One that waits already stays as it is: replaying
    twice is replaying once.

    Raises:
        UnknownEventError: an id is unknown; nothing was changed.
    """
    known = webhook_events.c.event_id.in_(event_ids)
    found = set(connection.execute(select(webhook_events.c.event_id).where(known)).scalars())
    if missing := sorted(set(event_ids) - found):
        raise UnknownEventError(f"No event {', '.join(missing)} was received. See: bg inbox")
    return _replay(connection, known)


def replay_dead(connection: Connection, company_id: str | None = None) -> int:
    """Replay all dead events, or those that concern one company; returns how many."""
    dead = webhook_events.c.state == "dead"
    return _replay(connection, dead if company_id is None else dead & _concerns(company_id))


def replay_company(connection: Connection, company_id: str) -> int:
    """Replay every event of a company that is over; returns how many."""
    return _replay(connection, _concerns(company_id))


def _concerns(company_id: str) -> ColumnElement[bool]:
    return webhook_events.c.id.in_(
        select(webhook_event_companies.c.event).where(
            webhook_event_companies.c.company_id == company_id
        )
    ) | (webhook_events.c.company_id == company_id)


def _replay(connection: Connection, which: ColumnElement[bool]) -> int:
    over = webhook_events.c.state.in_(("handled", "dead", "ignored"))
    keys = list(connection.execute(select(webhook_events.c.id).where(which, over)).scalars())
    replayed = 0
    for chunk in chunks(keys):
        replayed += _reopen(connection, chunk, routed=True)
        replayed += _reopen(connection, chunk, routed=False)
    return replayed


def _reopen(connection: Connection, keys: Sequence[int], *, routed: bool) -> int:
    """Make events pending; those that never had a company are routed anew, while they have a body.

    A company's refresh then absorbs them like new ones: the cool-down and the limits hold.
    """
    of_event = webhook_event_companies.c.event == webhook_events.c.id
    has_companies = select(webhook_event_companies.c.event).where(of_event).exists()
    chosen = webhook_events.c.id.in_(keys) & (
        has_companies if routed else ~has_companies & webhook_events.c.body.is_not(None)
    )
    if routed:
        events = select(webhook_events.c.id).where(chosen)
        values: dict[str, Any] = {"state": "pending", "refresh_id": None}
        connection.execute(
            update(webhook_event_companies)
            .where(webhook_event_companies.c.event.in_(events))
            .values(values)
        )
    state = "pending" if routed else "received"
    return connection.execute(
        update(webhook_events).where(chosen).values(state=state, reason=None, handled_at=None)
    ).rowcount
