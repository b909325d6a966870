"""Replay: a user makes events pending again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from bg_orchestration.store.schema.tables import webhook_event_companies, webhook_events
from bg_orchestration.store.upserts import chunks


class UnknownEventError(Exception):
    """A replay names an event that was never received; the message says which."""


def replay_events(connection: Connection, event_ids: Sequence[str]) -> int:
    """Replay the events with these ids, whatever their state; sources may share an id.

    Returns how many events are pending again. An event that is pending already does not change, so
    a second replay changes nothing.

    Raises:
        UnknownEventError: an id is unknown; nothing was changed.
    """
    condition = webhook_events.c.event_id.in_(event_ids)
    stored_ids = set(
        connection.execute(select(webhook_events.c.event_id).where(condition)).scalars()
    )
    if unknown_ids := sorted(set(event_ids) - stored_ids):
        raise UnknownEventError(f"No event {', '.join(unknown_ids)} was received. See: bg inbox")
    return _replay(connection, condition)


def replay_dead(connection: Connection, company_id: str | None = None) -> int:
    """Replay all dead events, or those of one company; return their number."""
    dead = webhook_events.c.state == "dead"
    return _replay(connection, dead if company_id is None else dead & _concerns(company_id))


def replay_company(connection: Connection, company_id: str) -> int:
    """Replay every ended event of a company; return their number."""
    return _replay(connection, _concerns(company_id))


def _concerns(company_id: str) -> ColumnElement[bool]:
    return webhook_events.c.id.in_(
        select(webhook_event_companies.c.event).where(
            webhook_event_companies.c.company_id == company_id
        )
    ) | (webhook_events.c.company_id == company_id)


def _replay(connection: Connection, condition: ColumnElement[bool]) -> int:
    has_ended = webhook_events.c.state.in_(("handled", "dead", "ignored"))
    keys = list(
        connection.execute(select(webhook_events.c.id).where(condition, has_ended)).scalars()
    )
    replayed = 0
    for chunk in chunks(keys):
        replayed += _reopen(connection, chunk, routed=True)
        replayed += _reopen(connection, chunk, routed=False)
    return replayed


def _reopen(connection: Connection, keys: Sequence[int], *, routed: bool) -> int:
    """Make events pending; events without a company are routed again if they have a body.

    A company's refresh then absorbs them like new events: the cool-down and the limits apply.
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
