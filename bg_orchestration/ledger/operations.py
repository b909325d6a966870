"""The ledger: each paid question, written before it is asked; `settlements` has its end.

A row is one request. Its cost is what it may cost at most until its answer says more, so that the
day's sum is never too small, whoever is killed when. A question is asked by one process at a time:
the row that it has started is its claim, which runs out if it is killed.

Every function works in its caller's transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, text, update

from bg_orchestration.domain.budget import Limits, Spent, day_of, passes
from bg_orchestration.ledger.daily_budget import spent_today
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations

# Repeated at most once: so often may a question have been charged without an answer.
_MOST_OPEN: Final = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the ledger knows it.

    Attributes:
        key: what makes it the same question, a hash.
        credits: the most that it may cost, in the provider's credits; `usd` the same in USD.
        repeat_charged: whether asking again costs again.
        claim: how long asking may take at the very most.
        remember: how long a request without an answer counts as one that may have been charged.
    """

    key: str
    capability: str
    provider: str
    endpoint: str
    credits: float
    usd: float
    repeat_charged: bool
    claim: timedelta
    remember: timedelta


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom it is asked; both `None` when a person tries a provider out."""

    company_id: str | None = None
    refresh_id: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The ledger's own answer; `found` is false for a miss."""

    found: bool
    headers: Mapping[str, str]
    body: bytes
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Barred:
    """The provider said that nobody may ask this; not asked again before `until`."""

    outcome: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody else is asking it, until `until` at the latest."""

    until: datetime


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """It may have been charged twice without an answer; not asked again before `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Overspent:
    """It could pass a limit of the day, which ends at `until`.

    `own_cap` tells that it is the provider's own limit. `limit` and `spent` are in USD.
    """

    until: datetime
    limit: float
    spent: float
    own_cap: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """The row was written: ask now, then settle it."""

    key: str
    attempt: int
    asked_at: datetime


def known(connection: Connection, key: str) -> Known | Barred | Taken | None:
    """What the ledger knows of a question now, without asking."""
    return _known(connection, key, clock(connection))


def claim(
    connection: Connection, question: Question, asker: Asker, limits: Limits
) -> Known | Barred | Taken | LeftOpen | Overspent | Claimed:
    """Take a question over: write its row, with the most that it may cost.

    Args:
        connection: a writing transaction, to be committed before anything is sent.
        question: what is to be asked.
        asker: for whom.
        limits: what the day may cost.
    """
    acquire_lock(connection, Lock.LEDGER)
    now = clock(connection)
    close_abandoned(connection, now)
    found = _known(connection, question.key, now)
    if found is not None:
        return found
    if question.repeat_charged and (until := _left_open(connection, question.key, now)):
        return LeftOpen(until)
    if over := _overspent(connection, question, limits, now):
        return over
    before = select(func.max(operations.c.attempt)).where(operations.c.key == question.key)
    attempt = (connection.execute(before).scalar() or 0) + 1
    connection.execute(
        insert(operations).values(
            key=question.key,
            attempt=attempt,
            capability=question.capability,
            provider=question.provider,
            endpoint=question.endpoint,
            company_id=asker.company_id,
            refresh_id=asker.refresh_id,
            state="started",
            asked_at=now,
            claimed_until=now + question.claim,
            fresh_until=now + question.remember,
            credits=question.credits,
            cost_usd=question.usd,
            cost_basis="possible",
        )
    )
    book_on_refresh(connection, asker.refresh_id)
    return Claimed(question.key, attempt, now)


def close_abandoned(connection: Connection, now: datetime) -> None:
    """Book as ambiguous what was started by processes that are gone."""
    connection.execute(
        update(operations)
        .where(operations.c.state == text("'started'"), operations.c.claimed_until <= now)
        .values(state="ambiguous", why="whoever asked was killed")
    )


def _known(connection: Connection, key: str, now: datetime) -> Known | Barred | Taken | None:
    rows = connection.execute(
        select(operations)
        .where(operations.c.key == key)
        .where((operations.c.fresh_until > now) | (operations.c.state == text("'started'")))
        .order_by(operations.c.attempt.desc())
    ).all()
    for row in rows:
        found = _as_known(row)
        if found is not None:
            return found
    asking = [row.claimed_until for row in rows if row.state == "started"]
    return Taken(max(asking)) if asking and max(asking) > now else None


def _as_known(row: Row[Any]) -> Known | Barred | None:
    if row.state == "failed" and row.outcome == "compliance":
        return Barred(row.outcome, row.fresh_until)
    # An answer that was erased because of somebody in it answers nothing.
    if row.state not in ("answered", "not_found") or row.answer is None:
        return None
    headers = json.loads(row.headers or "{}")
    return Known(row.state == "answered", headers, row.answer, row.asked_at)


def _left_open(connection: Connection, key: str, now: datetime) -> datetime | None:
    """Until when the question may not be asked, if it may have been charged twice for nothing."""
    ends = connection.scalars(
        select(operations.c.fresh_until)
        .where(operations.c.key == key, operations.c.fresh_until > now)
        .where(operations.c.state == text("'ambiguous'"), operations.c.credits > 0)
        .order_by(operations.c.fresh_until.desc())
    ).all()
    return ends[_MOST_OPEN - 1] if len(ends) >= _MOST_OPEN else None


def _overspent(
    connection: Connection, question: Question, limits: Limits, now: datetime
) -> Overspent | None:
    if limits == Limits():
        return None
    spent: Spent = spent_today(connection, question.provider, now)
    until = day_of(now)[1]
    if limits.provider is not None and passes(limits.provider, spent.provider, question.usd):
        return Overspent(until, limits.provider, spent.provider, own_cap=True)
    if limits.daily is not None and passes(limits.daily, spent.total, question.usd):
        return Overspent(until, limits.daily, spent.total, own_cap=False)
    return None


def book_on_refresh(connection: Connection, refresh_id: str | None) -> None:
    """Sum up on a refresh what its questions cost."""
    if refresh_id is None:
        return
    cost = select(func.coalesce(func.sum(operations.c.cost_usd), 0.0)).where(
        operations.c.refresh_id == refresh_id
    )
    connection.execute(
        update(logs).where(logs.c.refresh_id == refresh_id).values(cost_usd=cost.scalar_subquery())
    )
