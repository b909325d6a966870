"""Reports on the ledger: rows, sums, the health of providers, and refreshes without budget."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from bg_orchestration.domain.diagnosis.facts import OverBudget, ProviderHealth
from bg_orchestration.ledger.budget import day_of
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import (
    TO_EMIT,
    provider_circuits,
    provider_endpoints,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """A selection of operations; `None` means any."""

    provider: str | None = None
    endpoint: str | None = None
    state: str | None = None
    company_id: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One paid request; its `cost_basis` is metered, listed or possible."""

    asked_at: datetime
    provider: str
    endpoint: str
    company_id: str | None
    refresh_id: str | None
    attempt: int
    state: str
    outcome: str | None
    why: str | None
    credits: float
    cost_usd: float
    cost_basis: str
    fresh_until: datetime | None
    key: str


@dataclass(frozen=True, slots=True)
class OperationSum:
    """The numbers of requests and questions of a kind, and their cost."""

    provider: str
    endpoint: str
    state: str
    requests: int
    questions: int
    credits: float
    cost_usd: float


@dataclass(frozen=True, slots=True)
class ProviderFigures:
    """The numbers of one provider.

    Attributes:
        provider: its name.
        calls: sent requests, with free ones; it only grows, as do the next two.
        errors: requests without an answer.
        ledger_hits: paid calls that the ledger answered.
        cost_usd: the sum in the ledger, until retention deletes its rows.
        today_usd: the spending of today, with requests in flight.
        ambiguous: requests that may have been charged without an answer.
        resting_until: no request before; `None` if it works.
        why: the cause of the rest.
    """

    provider: str
    calls: int
    errors: int
    ledger_hits: int
    cost_usd: float
    today_usd: float
    ambiguous: int
    resting_until: datetime | None
    why: str


def operation_lines(
    connection: Connection, selection: OperationFilter, limit: int
) -> list[OperationLine]:
    """Return the newest of these operations, newest first."""
    state = _state(clock(connection))
    columns = [
        state if name == "state" else operations.c[name]
        for name in OperationLine.__dataclass_fields__
    ]
    query = select(*columns).order_by(operations.c.asked_at.desc(), operations.c.attempt.desc())
    return [
        OperationLine(*row)
        for row in connection.execute(_only(query, selection, state).limit(limit))
    ]


def operation_sums(connection: Connection, selection: OperationFilter) -> list[OperationSum]:
    """Return the sums of these operations by provider, endpoint and state."""
    state = _state(clock(connection))
    by = (operations.c.provider, operations.c.endpoint, state)
    query = select(
        *by,
        func.count(),
        func.count(operations.c.key.distinct()),
        func.sum(operations.c.credits),
        func.sum(operations.c.cost_usd),
    )
    rows = connection.execute(_only(query, selection, state).group_by(*by).order_by(*by))
    return [OperationSum(*row) for row in rows]


def provider_figures(connection: Connection) -> list[ProviderFigures]:
    """Return the numbers of each provider with any call, by name.

    It reads the whole ledger: for people, not for each scrape of metrics.
    """
    now = clock(connection)
    health_of = provider_health(connection)
    paid = {row.provider: row for row in connection.execute(_cost_query(now))}
    figures = []
    for provider in sorted(health_of.keys() | paid.keys()):
        health, cost = health_of.get(provider, ProviderHealth(provider)), paid.get(provider)
        rests = health.open_until is not None and health.open_until > now
        figures.append(
            ProviderFigures(
                provider,
                health.calls,
                health.errors,
                health.ledger_hits,
                cost.total if cost else 0.0,
                health.today_usd,
                int(cost.ambiguous_count) if cost else 0,
                health.open_until if rests else None,
                health.why if rests else "",
            )
        )
    return figures


def _cost_query(now: datetime) -> Select[Any]:
    return select(
        operations.c.provider,
        func.sum(operations.c.cost_usd).label("total"),
        func.sum(case((_state(now) == "ambiguous", 1), else_=0)).label("ambiguous_count"),
    ).group_by(operations.c.provider)


def _state(now: datetime) -> ColumnElement[str]:
    """The state of a row; an expired claim is ambiguous, marked or not."""
    abandoned = and_(operations.c.state == "started", operations.c.claimed_until <= now)
    return case((abandoned, "ambiguous"), else_=operations.c.state).label("state")


def _only(query: Select[Any], selection: OperationFilter, state: ColumnElement[str]) -> Select[Any]:
    for column, value in (
        (operations.c.provider, selection.provider),
        (operations.c.endpoint, selection.endpoint),
        (operations.c.company_id, selection.company_id),
        (state, selection.state),
    ):
        if value is not None:
            query = query.where(column == value)
    return (
        query if selection.since is None else query.where(operations.c.asked_at >= selection.since)
    )


# A person may let so many companies exceed the budget; with more the budget is too small.
_NAMED: Final = 5


def provider_health(connection: Connection) -> dict[str, ProviderHealth]:
    """Return the health of each provider with any call, by its name.

    The cost does not grow with history: it reads one row a provider, and the calls of today.
    """
    begin, end = day_of(clock(connection))
    endpoints = provider_endpoints.c
    rows = connection.execute(
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
    by_provider = {
        row.provider: ProviderHealth(
            row.provider, int(row.calls), int(row.errors), int(row.ledger_hits)
        )
        for row in rows
    }
    for row in today:
        health = by_provider.get(row.provider, ProviderHealth(row.provider))
        by_provider[row.provider] = replace(health, today_usd=row.usd)
    for row in connection.execute(open_):
        health = by_provider.get(row.provider, ProviderHealth(row.provider))
        by_provider[row.provider] = replace(
            health, open_until=row.open_until, stopped=row.stopped, why=row.why
        )
    return by_provider


def over_budget(connection: Connection) -> OverBudget:
    """Return the refreshes that wait for the next day because the budget is spent."""
    waits = (TO_EMIT, logs.c.due_at > clock(connection), logs.c.deferred.is_not(None))
    return OverBudget(
        connection.execute(select(func.count()).select_from(logs).where(*waits)).scalar_one(),
        tuple(
            connection.scalars(
                select(logs.c.company_id).where(*waits).order_by(logs.c.due_at).limit(_NAMED)
            )
        ),
    )
