"""The budget of a UTC day: limits, spending, and companies that may exceed it.

Spending includes the highest possible cost of requests in flight.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, case, delete, func, insert, select

from bg_orchestration.ledger.errors import BudgetSpentError, ProviderStoppedError
from bg_orchestration.provider_settings import ProviderSettings
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import budget_overrides as overrides
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations

# Sums of many small prices are not exact: a millionth of a cent exceeds nothing.
_EPSILON: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Spending:
    """Paid calls, the ambiguous ones among them, and their cost."""

    calls: int
    ambiguous: int
    usd: float


def day_of(now: datetime) -> tuple[datetime, datetime]:
    """Return the begin of the UTC day of `now`, and of the next day."""
    begin = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return begin, begin + timedelta(days=1)


def remaining(limit: float | None, spent: float) -> float | None:
    """Return the rest of a limit in USD, not below zero; `None` without a limit."""
    return None if limit is None else max(0.0, limit - spent)


def exceeds(limit: float | None, spent: float, usd: float) -> bool:
    """Whether a call that costs at most `usd` could exceed the limit; a free call never does."""
    return limit is not None and usd > 0 and spent + usd > limit + _EPSILON


def check_budget(
    connection: Connection,
    config: ProviderSettings,
    provider: str,
    usd: float,
    company_id: str | None,
    at: datetime,
) -> None:
    """Check that a call of at most `usd`, sent at `at`, keeps the limits of its day.

    An override lets a company exceed the daily budget, but not a provider's cap.

    Raises:
        ProviderStoppedError: the call could exceed the provider's own cap.
        BudgetSpentError: the call could exceed the daily budget.
    """
    daily, cap = config.daily_budget_usd, config.daily_cap(provider)
    if daily is not None and company_id and override_until(connection, company_id) is not None:
        daily = None
    if daily is None and cap is None:
        return
    total, own = _spent_on_day(connection, at, provider)
    until = day_of(at)[1]
    for limit, spent, is_cap in ((cap, own, True), (daily, total, False)):
        if limit is None or not exceeds(limit, spent, usd):
            continue
        rest = (
            f"${spent:.2f} of ${limit:.2f} are spent or reserved today and this call may cost "
            f"more than the rest; the next day begins at {until:%Y-%m-%d %H:%M} UTC"
        )
        if is_cap:
            raise ProviderStoppedError(provider, f"BG_{provider.upper()}_DAILY_USD: {rest}")
        raise BudgetSpentError(f"BG_DAILY_BUDGET_USD: {rest}", until)


def spent_today(connection: Connection) -> float:
    """Return the spending of today in USD."""
    return _spent_on_day(connection, clock(connection))[0]


def _spent_on_day(connection: Connection, at: datetime, provider: str = "") -> tuple[float, float]:
    """Return the spending of the day of `at` in USD: of all providers, and of `provider`."""
    begin, end = day_of(at)
    own = case((operations.c.provider == provider, operations.c.cost_usd), else_=0.0)
    row = connection.execute(
        select(
            func.coalesce(func.sum(operations.c.cost_usd), 0.0),
            func.coalesce(func.sum(own), 0.0),
        ).where(operations.c.asked_at >= begin, operations.c.asked_at < end)
    ).one()
    return row[0], row[1]


def allow_over_budget(connection: Connection, company_id: str) -> datetime:
    """Let a company's calls exceed the daily budget until midnight UTC; returns that time.

    Caps of single providers still bind.
    """
    now = clock(connection)
    until = day_of(now)[1]
    connection.execute(delete(overrides).where(overrides.c.company_id == company_id))
    connection.execute(insert(overrides).values(company_id=company_id, granted_at=now, until=until))
    return until


def override_until(connection: Connection, company_id: str) -> datetime | None:
    """Return until when a company may exceed the daily budget; `None` if it may not."""
    return connection.execute(
        select(overrides.c.until)
        .where(overrides.c.company_id == company_id)
        .where(overrides.c.until > clock(connection))
    ).scalar()


def spending_of_company(connection: Connection, company_id: str, since: datetime) -> Spending:
    """Return the cost of a company's calls since then."""
    row = connection.execute(
        select(
            func.count(),
            func.count().filter(operations.c.state == "ambiguous"),
            func.coalesce(func.sum(operations.c.cost_usd), 0.0),
        ).where(operations.c.company_id == company_id, operations.c.asked_at >= since)
    ).one()
    return Spending(*row)


def cost_of_refresh(connection: Connection, refresh_id: str) -> float:
    """Return the cost of a refresh so far in USD, with the possible cost of ambiguous calls."""
    usd: float = connection.execute(
        select(logs.c.cost_usd).where(logs.c.refresh_id == refresh_id)
    ).scalar_one()
    return usd
