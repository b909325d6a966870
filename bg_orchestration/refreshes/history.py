"""The history of companies: figures of earlier refreshes, and changes since an instant."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, false, func, select, text, true

from bg_orchestration.domain.anomalies import FIGURES
from bg_orchestration.domain.events import PersonChangeEvent
from bg_orchestration.domain.model import Person
from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import (
    COMPLETED,
    Utc,
    buyer_groups,
    companies,
    employments,
    people,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.upserts import chunks


@dataclass(frozen=True, slots=True)
class CompanyHistory:
    """The changes at a company since an instant.

    Attributes:
        events: the events of the company, the newest first.
        forgotten: how many events have no readable body: erased, pruned, or not of the contract.
        former: former employees with their last job there.
        newcomers: ids of employees who were not stored at the instant.
    """

    events: tuple[PersonChangeEvent, ...]
    forgotten: int
    former: tuple[Person, ...]
    newcomers: frozenset[str]


def events_since(
    connection: Connection, since: datetime, company_ids: Collection[str]
) -> dict[str, list[int]]:
    """Return the keys of events that changed the directory after `since`, by company.

    One query reads all companies, because no index leads from a company to its past events.
    """
    rows = connection.execute(
        select(webhook_event_companies.c.company_id, webhook_event_companies.c.event)
        .join_from(webhook_event_companies, webhook_events)
        # Both times count, because an event may arrive before the time that it states.
        .where(webhook_events.c.happened_at > since, webhook_events.c.received_at > since)
    )
    requested = frozenset(company_ids)
    events: defaultdict[str, list[int]] = defaultdict(list)
    for company_id, event in rows:
        if company_id in requested:
            events[company_id].append(event)
    return dict(events)


def company_history(
    connection: Connection, company_id: str, since: datetime, events: Sequence[int]
) -> CompanyHistory:
    """Read a company's changes after `since`; `events` are its keys of `events_since`."""
    rows = [
        row
        for chunk in chunks(events)
        for row in connection.execute(select(webhook_events).where(webhook_events.c.id.in_(chunk)))
    ]
    rows.sort(
        key=lambda row: (min(row.happened_at, row.received_at), row.received_at, row.id),
        reverse=True,
    )
    readable = [event for row in rows if (event := _event(row.body)) is not None]
    return CompanyHistory(
        events=tuple(readable),
        forgotten=len(rows) - len(readable),
        former=_former_people(connection, company_id),
        newcomers=_newcomers(connection, company_id, since),
    )


def _event(body: bytes | None) -> PersonChangeEvent | None:
    try:
        return read_event(body) if body else None
    except (UnreadableBodyError, InvalidEventError):
        # A provider's push, or an event from before the contract became stricter.
        return None


def _former_people(connection: Connection, company_id: str) -> tuple[Person, ...]:
    columns = [
        (people if name in people.c else employments).c[name] for name in Person.model_fields
    ]
    rows = connection.execute(
        select(*columns)
        .join_from(employments, people)
        .where(employments.c.company_id == company_id, employments.c.current == false())
        .where(visible(employments.c.person_id))
    )
    return tuple(Person(**row._mapping) for row in rows)


def _newcomers(connection: Connection, company_id: str, since: datetime) -> frozenset[str]:
    query = (
        select(people.c.person_id)
        .join_from(employments, people)
        .where(employments.c.company_id == company_id, employments.c.current == true())
        .where(people.c.created_at > since)
    )
    return frozenset(connection.scalars(query))


# Enough for a steady median, and few enough that a new level becomes usual in time.
_OF_COMPANY: Final = 30
_OF_FLEET: Final = 200
_QUERY: Final[Select[Any]] = select(logs.c.started_at, logs.c.finished_at, logs.c.summary)

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class History:
    """Figures of earlier refreshes by name, newest first."""

    company: list[Figures]
    fleet: list[Figures]


def history(connection: Connection, company_id: str) -> History:
    """Read the earlier figures to compare a new refresh with.

    Reads a bounded number of rows by index: the cost does not grow with history.
    """
    of_company = connection.execute(
        _QUERY.where(logs.c.company_id == company_id, COMPLETED, logs.c.started_at.is_not(None))
        .order_by(logs.c.started_at.desc())
        .limit(_OF_COMPANY)
    )
    of_fleet = connection.execute(
        _QUERY.where(COMPLETED, logs.c.finished_at.is_not(None))
        .order_by(logs.c.finished_at.desc())
        .limit(_OF_FLEET)
    )
    return History([_figures(row) for row in of_company], [_figures(row) for row in of_fleet])


def figures_of(connection: Connection, refresh_id: str) -> Figures:
    """Return the figures of one completed refresh."""
    row = connection.execute(_QUERY.where(logs.c.refresh_id == refresh_id)).one()
    return _figures(row)


def oldest_event(connection: Connection, refresh_id: str) -> datetime | None:
    """Return when the oldest event that a running refresh absorbed arrived."""
    routes = webhook_event_companies.c
    return connection.execute(
        select(func.min(routes.received_at, type_=Utc)).where(
            routes.refresh_id == refresh_id, routes.state == text("'pending'")
        )
    ).scalar()


def _figures(row: Row[Any]) -> Figures:
    """Return the figures of a row; an older refresh may lack some of them."""
    summary = json.loads(row.summary or "{}")
    figures = {
        figure.name: float(summary[figure.name])
        for figure in FIGURES
        if isinstance(summary.get(figure.name), (int, float))
    }
    if row.started_at is not None and row.finished_at is not None:
        figures["seconds"] = max(0.0, (row.finished_at - row.started_at).total_seconds())
    return figures


@dataclass(frozen=True, slots=True)
class GroupDates:
    """The times of a published group, and the database's time now.

    `changed_at` is the last change of the group. `refreshed_at` is the end of the company's last
    refresh, which may have changed nothing; `None` in a database of earlier versions.
    """

    changed_at: datetime
    refreshed_at: datetime | None
    now: datetime


def group_dates(connection: Connection, company_id: str, profile_id: str) -> GroupDates:
    """Return the times of a published group; it must exist."""
    row = connection.execute(
        select(buyer_groups.c.changed_at, companies.c.refreshed_at)
        .join(companies, companies.c.company_id == buyer_groups.c.company_id)
        .where(buyer_groups.c.company_id == company_id, buyer_groups.c.profile_id == profile_id)
    ).one()
    return GroupDates(row.changed_at, row.refreshed_at, clock(connection))
