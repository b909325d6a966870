"""What the ledger tells people: rows, sums, and how each provider does."""

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
class Which:
    """Which operations; `None` stands for any."""

    provider: str | None = None
    endpoint: str | None = None
    state: str | None = None
    company_id: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One paid request. `cost_basis` tells whether its cost is metered, listed or only possible."""

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
    """How many requests of a kind there were, how many questions, and what they cost."""

    provider: str
    endpoint: str
    state: str
    requests: int
    questions: int
    credits: float
    cost_usd: float


@dataclass(frozen=True, slots=True)
class ProviderFigures:
    """How a provider does.

    Attributes:
        provider: its name.
        calls: requests sent, free ones included; it only grows, as do the next two.
        errors: those of them that brought no answer.
        ledger_hits: paid questions that the ledger answered.
        cost_usd: what stands in the ledger, until retention forgets it.
        today_usd: what today has cost, with what is under way.
        ambiguous: requests in the ledger that may have been charged without an answer.
        resting_until: nobody asks it before; `None` if it works.
        why: why it rests.
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


def operation_lines(connection: Connection, which: Which, limit: int) -> list[OperationLine]:
    """The newest of these operations, newest first."""
    state = _state(clock(connection))
    columns = [
        state if name == "state" else operations.c[name]
        for name in OperationLine.__dataclass_fields__
    ]
    query = select(*columns).order_by(operations.c.asked_at.desc(), operations.c.attempt.desc())
    return [
        OperationLine(*row) for row in connection.execute(_only(query, which, state).limit(limit))
    ]


def operation_sums(connection: Connection, which: Which) -> list[OperationSum]:
    """What these operations add up to, by provider, endpoint and state."""
    state = _state(clock(connection))
    by = (operations.c.provider, operations.c.endpoint, state)
    query = select(
        *by,
        func.count(),
        func.count(operations.c.key.distinct()),
        func.sum(operations.c.credits),
        func.sum(operations.c.cost_usd),
    )
    rows = connection.execute(_only(query, which, state).group_by(*by).order_by(*by))
    return [OperationSum(*row) for row in rows]


def provider_figures(connection: Connection) -> list[ProviderFigures]:
    """How each provider that was ever asked does, and what it cost, by name.

    Reads the whole ledger: for people, not for each scrape.
    """
    now = clock(connection)
    doing = provider_health(connection)
    paid = {row.provider: row for row in connection.execute(_paid(now))}
    found = []
    for provider in sorted(doing.keys() | paid.keys()):
        one, cost = doing.get(provider, ProviderHealth(provider)), paid.get(provider)
        rests = one.open_until is not None and one.open_until > now
        found.append(
            ProviderFigures(
                provider,
                one.calls,
                one.errors,
                one.ledger_hits,
                cost.total if cost else 0.0,
                one.today_usd,
                int(cost.left_open) if cost else 0,
                one.open_until if rests else None,
                one.why if rests else "",
            )
        )
    return found


def _paid(now: datetime) -> Select[Any]:
    return select(
        operations.c.provider,
        func.sum(operations.c.cost_usd).label("total"),
        func.sum(case((_state(now) == "ambiguous", 1), else_=0)).label("left_open"),
    ).group_by(operations.c.provider)


def _state(now: datetime) -> ColumnElement[str]:
    """The state of a row; one whose asker is gone was left open, booked as such or not."""
    abandoned = and_(operations.c.state == "started", operations.c.claimed_until <= now)
    return case((abandoned, "ambiguous"), else_=operations.c.state).label("state")


def _only(query: Select[Any], which: Which, state: ColumnElement[str]) -> Select[Any]:
    for column, value in (
        (operations.c.provider, which.provider),
        (operations.c.endpoint, which.endpoint),
        (operations.c.company_id, which.company_id),
        (state, which.state),
    ):
        if value is not None:
            query = query.where(column == value)
    return query if which.since is None else query.where(operations.c.asked_at >= which.since)


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
