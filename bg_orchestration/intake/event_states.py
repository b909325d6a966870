"""The states of a received event before a refresh handles it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, insert, text, update

from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import webhook_event_companies
from bg_orchestration.store.schema.tables import webhook_events as events

ERASED: Final = "erased"
ERASED_REASON: Final = "its person asked to be forgotten"


def as_of(row: Row[Any]) -> datetime:
    """Return when the event's facts became true, at the latest its arrival.

    A date in the future would block every later event of the person.
    """
    happened, received = row.happened_at, row.received_at
    assert isinstance(happened, datetime)
    assert isinstance(received, datetime)
    return min(happened, received)


def close(
    connection: Connection,
    event: int,
    state: Literal["ignored", "dead"],
    reason: str,
    now: datetime,
) -> None:
    """End an event that concerns no followed company, or that cannot be read."""
    connection.execute(
        update(events)
        .where(events.c.id == event)
        .values(state=state, reason=reason, handled_at=now)
    )


def await_refreshes(connection: Connection, row: Row[Any], company_ids: Iterable[str]) -> None:
    """Make an event pending for each of these companies, at least one."""
    connection.execute(
        insert(webhook_event_companies),
        [
            {"event": row.id, "company_id": company_id, "received_at": row.received_at}
            for company_id in sorted(set(company_ids))
        ],
    )
    connection.execute(update(events).where(events.c.id == row.id).values(state="pending"))


def close_erased(connection: Connection, condition: ColumnElement[bool]) -> None:
    """Empty these events; those not yet routed become ignored."""
    connection.execute(update(events).where(condition).values(body=None, person_id=ERASED))
    connection.execute(
        update(events)
        .where(condition, events.c.state == text("'received'"))
        .values(state="ignored", reason=ERASED_REASON, handled_at=clock(connection))
    )
