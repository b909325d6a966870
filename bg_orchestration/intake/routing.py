"""Route received events: find their companies, and apply them to the directory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.events import (
    COMPANY_MERGED,
    SIGNIFICANT,
    CompanyRef,
    PersonChangeEvent,
    concerned_companies,
)
from bg_orchestration.intake.company_merges import MergeError, merge_companies
from bg_orchestration.intake.company_refs import find_company
from bg_orchestration.intake.event_application import apply_event
from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.intake.event_states import (
    as_of,
    await_refreshes,
    close,
    close_erased,
)
from bg_orchestration.intake.inbox import ANY_SOURCE, UNREADABLE, UNREADABLE_TYPES
from bg_orchestration.intake.push_routing import PUSH_SCHEMES, route_push
from bg_orchestration.privacy.suppression import Suppressions, identifiers_of
from bg_orchestration.store.database import is_outage
from bg_orchestration.store.schema.tables import companies, webhook_events
from bg_orchestration.store.upserts import chunks

# Unreadable bodies that are kept for a replay, and their size in sum.
UNREADABLE_ROWS = 1_000
UNREADABLE_BYTES = 64 * 1024 * 1024

# A body has at most 256 KiB, so a batch stays well under 100 MB.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """The settings of event routing.

    Attributes:
        follow_unknown: whether an event of an unknown company adds it as a followed company.
        applies_events: whether events change the directory. They do if people come from files,
            which no provider updates.
        suppressions: the suppression list.
    """

    follow_unknown: bool
    applies_events: bool
    suppressions: Suppressions


def route_received(connection: Connection, policy: RoutingPolicy, now: datetime) -> int:
    """Route every received event to its companies, or mark it ignored with the reason.

    Works in the caller's writing transaction, on a bounded batch, in the order of the events'
    times. An event that raises an unforeseen error is dead with the class of the error; the others
    go on. Returns how many events were routed.

    Raises:
        SuppressionKeyError: the suppression list cannot be read, so no event may be applied.
        SQLAlchemyError: the database is out of order; no event was routed.
    """
    rows = connection.execute(
        select(webhook_events)
        .where(webhook_events.c.state == text("'received'"))
        .order_by(webhook_events.c.id)
        .limit(_BATCH)
    ).all()
    if rows:
        policy.suppressions.check(connection)
        rows = sorted(rows, key=lambda row: (as_of(row), row.received_at, row.id))
        if _try(connection, rows, policy, now) is not None:
            # A savepoint costs two statements, so an event gets its own only after a failed batch.
            for row in rows:
                if (error := _try(connection, [row], policy, now)) is not None:
                    why = f"could not be taken: {type(error).__name__}"
                    close(connection, row.id, "dead", why, now)
        if any(row.type in UNREADABLE_TYPES for row in rows):
            _drop_old_unreadable(connection)
    return len(rows)


def _drop_old_unreadable(connection: Connection) -> None:
    """Empty the oldest unreadable bodies: a sender must not fill the disk with them."""
    kept = connection.execute(
        select(webhook_events.c.id, func.length(webhook_events.c.body).label("bytes"))
        .where(webhook_events.c.state == text("'dead'"), webhook_events.c.body.is_not(None))
        .where(webhook_events.c.type.in_(UNREADABLE_TYPES))
        .order_by(webhook_events.c.id.desc())
    ).all()
    total = 0
    for place, row in enumerate(kept):
        total += row.bytes
        if place >= UNREADABLE_ROWS or (place and total > UNREADABLE_BYTES):
            dropped = [row.id for row in kept[place:]]
            why = "unreadable, and dropped for newer ones"
            for chunk in chunks(dropped):
                connection.execute(
                    update(webhook_events)
                    .where(webhook_events.c.id.in_(chunk))
                    .values(body=None, state="ignored", reason=why)
                )
            return


def _try(
    connection: Connection, rows: Sequence[Row[Any]], policy: RoutingPolicy, now: datetime
) -> Exception | None:
    """Route all these events or none; return the error of the first faulty event."""
    try:
        with connection.begin_nested():
            for row in rows:
                _route(connection, row, policy, now)
    except Exception as error:
        if is_outage(error):
            raise
        return error
    return None


def _route(connection: Connection, row: Row[Any], policy: RoutingPolicy, now: datetime) -> None:
    if row.scheme in PUSH_SCHEMES:
        route_push(connection, row, policy.suppressions, now, applies_events=policy.applies_events)
        return
    try:
        event = read_event(row.body or b"")
    except (UnreadableBodyError, InvalidEventError) as fault:
        close(connection, row.id, "dead", f"its stored body cannot be read: {fault}", now)
        return
    if row.type == UNREADABLE and row.source not in (event.source, ANY_SOURCE):
        why = f"its key is of {row.source}, and it names another source"
        close(connection, row.id, "dead", why, now)
        return
    person = event.person
    emails = [person.email] if person.email else []
    identifiers = identifiers_of(person.id, emails, ids=[(event.source, person.id)])
    if policy.suppressions.listed(connection, identifiers):
        close_erased(connection, webhook_events.c.id == row.id)
        return
    if event.type == COMPANY_MERGED:
        _merge(connection, row, event, now)
        return
    if event.type not in SIGNIFICANT:
        close(connection, row.id, "ignored", f"type {event.type[:64]} is not significant", now)
        return
    company_ids = _followed_companies(connection, event, policy, now)
    if not company_ids:
        reason = f"company {event.company.id} is not followed"
        close(connection, row.id, "ignored", reason, now)
        return
    await_refreshes(connection, row, company_ids.values())
    if policy.applies_events:
        apply_event(connection, event, company_ids, as_of(row), now)


def _merge(connection: Connection, row: Row[Any], event: PersonChangeEvent, now: datetime) -> None:
    """Merge the company whose key ends into the event's company, which is refreshed."""
    if event.merged_id is None:
        close(connection, row.id, "dead", "changes.company_id.old names no company id", now)
        return
    try:
        merge_companies(connection, event.merged_id, event.company.id)
    except MergeError as error:
        close(connection, row.id, "ignored", str(error), now)
        return
    await_refreshes(connection, row, [event.company.id])


def _followed_companies(
    connection: Connection, event: PersonChangeEvent, policy: RoutingPolicy, now: datetime
) -> dict[CompanyRef, str]:
    """Return the followed companies of `event`, by the event's own reference."""
    refs = concerned_companies(event)
    rows = {ref: row for ref in refs if (row := find_company(connection, ref)) is not None}
    here = refs[0]
    if here not in rows and policy.follow_unknown:
        connection.execute(
            insert(companies).values(
                company_id=event.company.id,
                name=event.company.label,
                folded_name=fold_name(event.company.label),
                source=event.source,
                created_at=now,
            )
        )
        return {here: event.company.id} | _ids(rows.items())
    return _ids(rows.items())


def _ids(pairs: Iterable[tuple[CompanyRef, Row[Any, Any, Any]]]) -> dict[CompanyRef, str]:
    return {ref: row.company_id for ref, row in pairs if row.followed}
