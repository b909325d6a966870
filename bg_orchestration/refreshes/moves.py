"""The jobs of people who joined or left a group, and the other ends of their moves."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from bg_orchestration.domain.change_words import is_new
from bg_orchestration.domain.changes import Employment, OtherEnd
from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.events import COMPANY_CHANGE, PersonChangeEvent
from bg_orchestration.domain.model import Change
from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.store.outbox import end_hold
from bg_orchestration.store.schema.tables import (
    OPEN,
    buyer_group_changes,
    companies,
    employments,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

# Two jobs are the ends of one move if their events are at most this far apart. Our own rule: the
# notice of a start may follow the notice of an end by months.
_APART = timedelta(days=183)
# A move between two followed companies changes two groups, usually within seconds. The message of
# the first group waits this long for the second, so that one message has both ends.
_HOLD: Final = timedelta(seconds=60)


def employments_of(
    connection: Connection,
    company_id: str,
    refresh_id: str,
    person_ids: Collection[str],
    on: date,
) -> dict[str, Employment]:
    """Return the jobs of these people at a company, with the other ends of their moves.

    The directory knows the ends at followed companies. The events of the refresh name the others.

    Args:
        connection: a transaction.
        company_id: the company of the group.
        refresh_id: the refresh that publishes the group.
        person_ids: the people who joined or left the group.
        on: the day of the refresh in UTC.
    """
    if not person_ids:
        return {}
    rows = connection.execute(
        select(employments, companies.c.name, companies.c.followed)
        .join(companies, companies.c.company_id == employments.c.company_id)
        .where(employments.c.person_id.in_(sorted(person_ids)))
    ).all()
    here = {row.person_id: row for row in rows if row.company_id == company_id}
    elsewhere = [row for row in rows if row.company_id != company_id]
    ends = {
        person_id: _other_end(job, [row for row in elsewhere if row.person_id == person_id], on)
        for person_id, job in here.items()
    }
    nameless = [person_id for person_id, end in ends.items() if end is None]
    named = _named_ends(connection, refresh_id, nameless) if nameless else {}
    found = {}
    for person_id, job in here.items():
        end = ends[person_id] or named.get((person_id, job.current))
        if end is not None and _means(end.name, job):
            end = None
        found[person_id] = Employment(
            current=job.current,
            title=job.title,
            came_from=end if job.current else None,
            went_to=None if job.current else end,
        )
    return found


def hold_of_moves(
    connection: Connection, changes: Iterable[Sequence[Change]], now: datetime
) -> timedelta:
    """Return how long the message on these changes waits for the other ends of moves.

    It waits only for a company whose refresh is running or about to start.
    """
    company_ids = {
        change.other_company_id
        for of_profile in changes
        for change in of_profile
        if change.other_company_id is not None
    }
    if not company_ids:
        return timedelta(0)
    open_refresh = select(logs.c.refresh_id).where(
        OPEN, logs.c.company_id.in_(sorted(company_ids)), logs.c.due_at <= now + _HOLD
    )
    return _HOLD if connection.execute(open_refresh.limit(1)).first() else timedelta(0)


def end_hold_of_moves(connection: Connection, company_id: str, now: datetime) -> None:
    """Let the messages go that wait for the group of this company."""
    refresh_ids = connection.scalars(
        select(buyer_group_changes.c.refresh_id)
        .distinct()
        .where(
            buyer_group_changes.c.changed_at >= now - _HOLD,
            buyer_group_changes.c.other_company_id == company_id,
        )
    ).all()
    if refresh_ids:
        end_hold(connection, refresh_ids, now)


def _other_end(job: Row[Any], others: list[Row[Any]], on: date) -> OtherEnd | None:
    """Return the company of the ended job before a present one, or of the job after an ended one.

    Of several the one with the newest event counts.
    """
    fitting = [row for row in others if row.current != job.current and _one_move(row, job, on)]
    if not fitting:
        return None
    newest = max(fitting, key=lambda row: (_instant(row.as_of), row.company_id))
    return OtherEnd(newest.name, newest.company_id if newest.followed else None)


def _one_move(row: Row[Any], job: Row[Any], on: date) -> bool:
    started = row.started_on if row.current else job.started_on
    if row.as_of is None or job.as_of is None:
        return is_new(started, on)
    return bool(abs(row.as_of - job.as_of) <= _APART)


def _means(name: str, job: Row[Any]) -> bool:
    return name == job.company_id or fold_name(name) == fold_name(str(job.name))


def _instant(as_of: datetime | None) -> float:
    return as_of.timestamp() if as_of else 0.0


def _named_ends(
    connection: Connection, refresh_id: str, person_ids: Collection[str]
) -> dict[tuple[str, bool], OtherEnd]:
    """Return the other ends that events name, by person and whether the person works here.

    The newest event counts. The company of the event's other end is not followed, otherwise the
    directory would know the job.
    """
    events = _events(connection, refresh_id, person_ids)
    return {
        (event.person.id, works_here): OtherEnd(name.strip())
        for event in sorted(events, key=lambda event: event.timestamp)
        for works_here, name, field in (
            (True, event.person.oldCompany, "old"),
            (False, event.person.newCompany, "new"),
        )
        for name in [name or getattr(event.changed("company"), field)]
        if isinstance(name, str) and name.strip()
    }


def _events(
    connection: Connection, refresh_id: str, person_ids: Collection[str]
) -> Iterator[PersonChangeEvent]:
    bodies = connection.scalars(
        select(webhook_events.c.body)
        .join(webhook_event_companies, webhook_event_companies.c.event == webhook_events.c.id)
        .where(
            webhook_event_companies.c.refresh_id == refresh_id,
            webhook_events.c.type == COMPANY_CHANGE,
            webhook_events.c.person_id.in_(sorted(person_ids)),
        )
    )
    for body in bodies:
        try:
            yield read_event(body or b"")
        except (UnreadableBodyError, InvalidEventError):
            # A provider's push, or an erased body: it names no company.
            continue
