"""What was spent today, and the companies that a person lets pass the day's budget."""

from datetime import datetime

from sqlalchemy import Connection, case, delete, func, insert, select

from bg_orchestration.domain.budget import Spent, day_of
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import budget_overrides as overrides
from bg_orchestration.store.schema.tables import pipeline_operations as operations


def spent_today(connection: Connection, provider: str, now: datetime) -> Spent:
    """What the day of `now` has cost, with what calls under way may cost at most."""
    begin, end = day_of(now)
    own = case((operations.c.provider == provider, operations.c.cost_usd), else_=0.0)
    row = connection.execute(
        select(
            func.coalesce(func.sum(operations.c.cost_usd), 0.0),
            func.coalesce(func.sum(own), 0.0),
        ).where(operations.c.asked_at >= begin, operations.c.asked_at < end)
    ).one()
    return Spent(*row)


def allow_over_budget(connection: Connection, company_id: str) -> datetime:
    """Let the questions for one company pass the daily budget for the rest of the day.

    Caps of single providers still bind. Returns when that ends: the next midnight in UTC.
    """
    now = clock(connection)
    until = day_of(now)[1]
    connection.execute(delete(overrides).where(overrides.c.company_id == company_id))
    connection.execute(insert(overrides).values(company_id=company_id, granted_at=now, until=until))
    return until


def allowance(connection: Connection, company_id: str) -> datetime | None:
    """Until when a company may pass the daily budget; `None` if nobody allowed it today."""
    return connection.execute(
        select(overrides.c.until)
        .where(overrides.c.company_id == company_id)
        .where(overrides.c.until > clock(connection))
    ).scalar()
