"""A refresh that waits for another day because today's budget is spent: nothing failed."""

from datetime import datetime

from sqlalchemy import Connection, update

from bg_orchestration.refreshes.attempt_counts import count_attempt
from bg_orchestration.refreshes.life_cycle import end_attempt, open_attempt
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import refresh_attempts


def defer(connection: Connection, refresh_id: str, attempt: int, why: str, until: datetime) -> bool:
    """End the attempt number `attempt` without a fault: it is planned again, due at `until`.

    Its events stay with it. The attempt brings the refresh no nearer to its death, but it was a
    start, which the rate counts. Returns whether the attempt was still open.
    """
    acquire_lock(connection, Lock.ADMISSION)
    row = open_attempt(connection, refresh_id, attempt)
    if row is None:
        return False
    end_attempt(connection, row.company_id, refresh_id, attempt, clock(connection), why)
    connection.execute(
        update(refresh_attempts)
        .where(refresh_attempts.c.refresh_id == refresh_id, refresh_attempts.c.attempt == attempt)
        .values(deferred=True)
    )
    connection.execute(
        update(logs)
        .where(logs.c.refresh_id == refresh_id)
        .values(
            state="planned",
            # Another attempt: Dagster launches each run key once.
            attempt=attempt + 1,
            due_at=until,
            emitted_at=None,
            run_id=None,
            error=None,
            deferred=why,
        )
    )
    count_attempt(connection, row.reason, "deferred")
    return True
