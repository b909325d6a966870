"""The events of a refresh: absorbed at its start, settled at its end.

Every writing function works in the transaction that starts or ends the refresh.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, or_, select, text, update

from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_event_companies, webhook_events


def takes_event() -> ColumnElement[bool]:
    """Return the condition that a refresh takes an event: absorbed, or absorbed at its start.

    It joins `buyer_group_refresh_logs` and `webhook_event_companies`.
    """
    waits = (
        webhook_event_companies.c.refresh_id.is_(None)
        & (webhook_event_companies.c.state == text("'pending'"))
        & (webhook_event_companies.c.company_id == logs.c.company_id)
    )
    will = logs.c.state.in_(("planned", "failed"))
    return or_(webhook_event_companies.c.refresh_id == logs.c.refresh_id, waits & will)


def absorb_events(connection: Connection, company_id: str, refresh_id: str) -> int:
    """Assign every pending event of the company to `refresh_id`; return their number."""
    return connection.execute(
        update(webhook_event_companies)
        .where(
            webhook_event_companies.c.company_id == company_id,
            webhook_event_companies.c.state == text("'pending'"),
        )
        .values(refresh_id=refresh_id)
    ).rowcount


def release_events(connection: Connection, refresh_id: str) -> None:
    """Make the absorbed events of `refresh_id` pending again, for another refresh."""
    connection.execute(
        update(webhook_event_companies)
        .where(
            webhook_event_companies.c.refresh_id == refresh_id,
            webhook_event_companies.c.state == text("'pending'"),
        )
        .values(refresh_id=None)
    )


def settle_events(
    connection: Connection, refresh_id: str, state: str, reason: str | None, now: datetime
) -> int:
    """End the absorbed events of `refresh_id`; an event ends with its last company."""
    absorbed = webhook_event_companies.c.refresh_id == refresh_id
    pending = webhook_event_companies.c.state == text("'pending'")
    settled = connection.execute(
        update(webhook_event_companies).where(absorbed, pending).values(state=state)
    ).rowcount
    if settled:
        of_event = webhook_event_companies.c.event == webhook_events.c.id
        events = select(webhook_event_companies.c.event).where(absorbed)
        still_pending = select(text("1")).where(of_event, pending).exists()
        dead = select(text("1")).where(of_event, webhook_event_companies.c.state == "dead").exists()
        connection.execute(
            update(webhook_events)
            .where(webhook_events.c.id.in_(events), webhook_events.c.state == "pending")
            .where(~still_pending)
            .values(
                state=case((dead, "dead"), else_="handled"),
                reason=case((dead, reason)),
                handled_at=now,
            )
        )
    return settled
