"""Explain in sentences why a company was refreshed or not, and when it will be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from bg_orchestration.domain.admission import Limits, may_start_at
from bg_orchestration.domain.freshness import Freshness, FreshnessRules
from bg_orchestration.refreshes.open_work import load
from bg_orchestration.refreshes.staleness import freshness_by_id
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import (
    OPEN,
    company_leases,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

_HISTORY = 5


@dataclass(frozen=True, slots=True)
class RefreshExplanation:
    """The refresh state of one company in sentences; `history` is newest first."""

    now: Sequence[str]
    history: Sequence[str]


def explain(
    connection: Connection,
    company_id: str,
    limits: Limits,
    rules: FreshnessRules,
    key_companies: Collection[str],
) -> RefreshExplanation:
    """Explain the state of a company's refreshes. The company must exist."""
    now = clock(connection)
    pending = connection.execute(
        select(func.count()).where(
            webhook_event_companies.c.company_id == company_id,
            webhook_event_companies.c.state == text("'pending'"),
        )
    ).scalar_one()
    row = connection.execute(select(logs).where(logs.c.company_id == company_id, OPEN)).first()
    history = connection.execute(
        select(logs)
        .where(logs.c.company_id == company_id, logs.c.state.in_(("completed", "dead")))
        .order_by(logs.c.planned_at.desc())
        .limit(_HISTORY)
    ).all()
    sentences = [f"{pending} events are pending for it." if pending else "No event is pending."]
    if row is not None:
        sentences += _open_sentences(connection, row, limits, now)
    elif pending:
        sentences.append("The sensor has not planned their refresh yet: is the daemon running?")
    else:
        by_id = freshness_by_id(connection, rules, key_companies, [company_id])
        sentences.append(_next_by_age(by_id.get(company_id)))
    return RefreshExplanation(sentences, [_ended_line(earlier) for earlier in history])


def open_refresh_words(connection: Connection, company_id: str) -> str:
    """Return a sentence on work that will change the company's group; empty without any.

    It is short: `explain` has the limits and the history.
    """
    row = connection.execute(select(logs).where(logs.c.company_id == company_id, OPEN)).first()
    more = f"Why and when: bg refresh {company_id} --why"
    if row is not None and (row.state == "running" or row.emitted_at is not None):
        return f"A refresh is under way. {more}"
    if row is not None and row.due_at > clock(connection):
        return f"A refresh waits until {_at(row.due_at)}. {more}"
    if row is not None:
        return f"A refresh is due and has not started. {more}"
    waiting = webhook_event_companies.c.company_id == company_id
    pending = webhook_event_companies.c.state == text("'pending'")
    received = webhook_events.c.state == text("'received'")
    for query in (
        select(webhook_event_companies.c.event).where(waiting, pending),
        select(webhook_events.c.id).where(webhook_events.c.company_id == company_id, received),
    ):
        if connection.execute(query.limit(1)).first() is not None:
            return f"An event of this company waits for its refresh. {more}"
    return ""


def _open_sentences(
    connection: Connection, row: Row[Any], limits: Limits, now: datetime
) -> list[str]:
    subject = f"Refresh {row.refresh_id}, reason {row.reason}, attempt {row.attempt}"
    if row.state == "running":
        return [
            f"{subject}, is running as run {row.run_id} since {_at(row.started_at)}.",
            *_lease_sentences(connection, row.company_id, now),
        ]
    if row.emitted_at is not None:
        return [f"{subject}, was handed to Dagster's run queue at {_at(row.emitted_at)}."]
    before = [f"The attempt before failed: {row.error}."] if row.error else []
    if row.due_at > now and row.deferred:
        return [
            f"{subject}, waits until {_at(row.due_at)}: {row.deferred}",
            f"To spend more for it today: bg refresh {row.company_id} --over-budget",
        ]
    if row.due_at > now:
        why = "the backoff after the failure" if row.error else "the cool-down"
        return [f"{subject}, waits until {_at(row.due_at)}, the end of {why}.", *before]
    at = may_start_at(load(connection, now), limits, now)
    why = (
        "the limit of refreshes running at once"
        if at is None
        else "the limit of starts per minute"
        if at > now
        else "the next tick of the sensor"
    )
    return [f"{subject}, is due since {_at(row.due_at)} and waits for {why}.", *before]


def _lease_sentences(connection: Connection, company_id: str, now: datetime) -> list[str]:
    until = connection.execute(
        select(company_leases.c.expires_at).where(company_leases.c.company_id == company_id)
    ).scalar()
    if until is None or until > now:
        return []
    return ["Its run has not shown a sign of life in time; the sensor will try it again."]


def _next_by_age(freshness: Freshness | None) -> str:
    if freshness is None:
        return "It is not followed, so nothing refreshes it by itself."
    if freshness.refreshed_at is None:
        return (
            f"It was never refreshed, so its tier is {freshness.tier}; the schedule will mark it "
            "as due within ten minutes."
        )
    return (
        f"Its tier is {freshness.tier} ({freshness.reason}): without an event it is next refreshed "
        f"by age, after {_at(freshness.due_at)}."
    )


def _ended_line(row: Row[Any]) -> str:
    tail = f": {row.error}" if row.error else ""
    return (
        f"{_at(row.finished_at)} {row.state}, reason {row.reason}, "
        f"attempts {row.attempt}, run {row.run_id}{tail}"
    )


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
