"""What was asked and paid for one company, or for one refresh."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations


@dataclass(frozen=True, slots=True)
class Spending:
    """Paid calls, of which some may have been charged without an answer, and their cost."""

    calls: int
    ambiguous: int
    usd: float


def spent_on(connection: Connection, company_id: str, since: datetime) -> Spending:
    """What was spent on a company since then."""
    row = connection.execute(
        select(
            func.count(),
            func.count().filter(operations.c.state == "ambiguous"),
            func.coalesce(func.sum(operations.c.cost_usd), 0.0),
        ).where(operations.c.company_id == company_id, operations.c.asked_at >= since)
    ).one()
    return Spending(*row)


def cost_of(connection: Connection, refresh_id: str) -> float:
    """What a refresh has cost so far in USD, with what it may have cost."""
    usd: float = connection.execute(
        select(logs.c.cost_usd).where(logs.c.refresh_id == refresh_id)
    ).scalar_one()
    return usd
