"""What is counted when an attempt at a refresh ends, in the transaction that ends it.

Whoever ends one holds the admission lock, so that nobody waits for these rows who does not wait
already.
"""

from datetime import datetime

from sqlalchemy import Connection, select, text

from bg_orchestration.observability.metric_families import EVENT_TO_PUBLISHED, REFRESH_ATTEMPTS
from bg_orchestration.store.counters import count, observe
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_event_companies as routes


def count_attempt(connection: Connection, reason: str, outcome: str) -> None:
    """Count one attempt; `outcome` is one of `families.OUTCOMES`."""
    count(connection, REFRESH_ATTEMPTS, {"reason": reason, "outcome": outcome})


def count_published(connection: Connection, refresh_id: str, now: datetime) -> None:
    """Count how long the events waited that `refresh_id` is about to handle, before it does.

    An event that somebody replays counts anew, from its first arrival.
    """
    arrivals = connection.scalars(
        select(routes.c.received_at).where(
            routes.c.refresh_id == refresh_id, routes.c.state == text("'pending'")
        )
    ).all()
    if not arrivals:
        return
    row = connection.execute(
        select(logs.c.attempt, logs.c.planned_at, logs.c.due_at).where(
            logs.c.refresh_id == refresh_id
        )
    ).one()
    deferred = "cooldown" if row.due_at > row.planned_at else "no"
    waited = "retry" if row.attempt > 1 else deferred
    seconds = [(now - arrived).total_seconds() for arrived in arrivals]
    observe(connection, EVENT_TO_PUBLISHED, {"waited": waited}, seconds)
