"""How data providers do, and who waits for money: for metrics, `bg stats` and `bg status`.

Each question reads what is kept for a provider, what was asked today, or what is open: its cost
does not grow with history.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, func, select

from bg_orchestration.domain.budget import day_of
from bg_orchestration.domain.diagnosis.facts import OverBudget, ProviderHealth
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import (
    TO_EMIT,
    provider_circuits,
    provider_endpoints,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations

# Somebody who lets companies pass the budget names them; with more it is the budget that is small.
_NAMED: Final = 5


def provider_health(connection: Connection) -> dict[str, ProviderHealth]:
    """Each provider that was ever asked, by its name."""
    begin, end = day_of(clock(connection))
    endpoints = provider_endpoints.c
    counted = connection.execute(
        select(
            endpoints.provider,
            func.sum(endpoints.calls).label("calls"),
            func.sum(endpoints.errors).label("errors"),
            func.sum(endpoints.ledger_hits).label("ledger_hits"),
        ).group_by(endpoints.provider)
    )
    today = connection.execute(
        select(operations.c.provider, func.sum(operations.c.cost_usd).label("usd"))
        .where(operations.c.asked_at >= begin, operations.c.asked_at < end)
        .group_by(operations.c.provider)
    )
    open_ = select(provider_circuits).where(provider_circuits.c.open_until.is_not(None))
    found = {
        row.provider: ProviderHealth(
            row.provider, int(row.calls), int(row.errors), int(row.ledger_hits)
        )
        for row in counted
    }
    for row in today:
        one = found.get(row.provider, ProviderHealth(row.provider))
        found[row.provider] = replace(one, today_usd=row.usd)
    for row in connection.execute(open_):
        one = found.get(row.provider, ProviderHealth(row.provider))
        found[row.provider] = replace(
            one, open_until=row.open_until, stopped=row.stopped, why=row.why
        )
    return found


def over_budget(connection: Connection) -> OverBudget:
    """The refreshes that wait for another day because the day's budget is spent."""
    waits = (TO_EMIT, logs.c.due_at > clock(connection), logs.c.deferred.is_not(None))
    return OverBudget(
        connection.execute(select(func.count()).select_from(logs).where(*waits)).scalar_one(),
        tuple(
            connection.scalars(
                select(logs.c.company_id).where(*waits).order_by(logs.c.due_at).limit(_NAMED)
            )
        ),
    )
