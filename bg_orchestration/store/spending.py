"""What was asked and paid for one company since an instant, from the ledger."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bg_orchestration.store.tables import pipeline_operations as operations


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
