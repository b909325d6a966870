"""The events of a refresh: absorbed at its start, settled at its end.

Every writing function works in the transaction that starts or ends the refresh.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, or_, select, text, update

from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_event_companies, webhook_events


def takes_event() -> ColumnElement[bool]:
    """Whether a refresh takes an event of a company: it absorbed it, or will at its start.

    A condition between `buyer_group_refresh_logs` and `webhook_event_companies`.
    """
    waits = (
        webhook_event_companies.c.refresh_id.is_(None)
        & (webhook_event_companies.c.state == text("'pending'"))
        & (webhook_event_companies.c.company_id == logs.c.company_id)
    )
    will = logs.c.state.in_(("planned", "failed"))
    return or_(webhook_event_companies.c.refresh_id == logs.c.refresh_id, waits & will)


def absorb_events(connection: Connection, company_id: str, refresh_id: str) -> int:
    """Give every event pending for the company to `refresh_id`; returns how many."""
    return connection.execute(
        update(webhook_event_companies)
        .where(
            webhook_event_companies.c.company_id == company_id,
            webhook_event_companies.c.state == text("'pending'"),
        )
        .values(refresh_id=refresh_id)
    ).rowcount


def release_events(connection: Connection, refresh_id: str) -> None:
    """Give back what `refresh_id` absorbed: it is pending and gets a refresh of its own."""
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
    """End what `refresh_id` absorbed; an event ends when the last of its companies has."""
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
