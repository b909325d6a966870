"""Route received events: find their companies, and apply them to the directory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.events import (
    SIGNIFICANT,
    CompanyRef,
    PersonChangeEvent,
    concerned_companies,
)
from bg_orchestration.intake.company_refs import find_company
from bg_orchestration.intake.event_application import apply_event
from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.intake.event_states import (
    as_of,
    close,
    close_erased,
    concern,
)
from bg_orchestration.intake.push_routing import PUSH_SCHEMES, route_push
from bg_orchestration.privacy.suppression import Suppressions, identifiers_of
from bg_orchestration.store.database import is_outage
from bg_orchestration.store.schema.tables import companies, webhook_events

# A body may hold 256 KiB: a batch stays well under 100 MB.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Policy:
    """How events are routed.

    Attributes:
        follow_unknown: whether an event of an unknown company makes us follow that company.
        applies_events: whether events change the directory of who works where. They do where
            people come from files, which no provider brings up to date.
        suppressions: the suppression list.
    """

    follow_unknown: bool
    applies_events: bool
    suppressions: Suppressions


def route_received(connection: Connection, policy: Policy, now: datetime) -> int:
    """Give every newly received event its companies, or mark it ignored with the reason.

    Works in the caller's writing transaction, on a bounded batch, in the order in which things
    happened. An event that raises an unforeseen error is dead with the class of the error; the
    others go on. Returns how many events were routed.

    Raises:
        SuppressionKeyError: the suppression list cannot be read, so no event can be let in.
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
            # A savepoint costs two statements: each event gets its own only where one is faulty.
            for row in rows:
                if (error := _try(connection, [row], policy, now)) is not None:
                    why = f"could not be taken: {type(error).__name__}"
                    close(connection, row.id, "dead", why, now)
    return len(rows)


def _try(
    connection: Connection, rows: Sequence[Row[Any]], policy: Policy, now: datetime
) -> Exception | None:
    """Route these events, or none of them; returns the error of one that cannot be routed."""
    try:
        with connection.begin_nested():
            for row in rows:
                _route(connection, row, policy, now)
    except Exception as error:
        if is_outage(error):
            raise
        return error
    return None


def _route(connection: Connection, row: Row[Any], policy: Policy, now: datetime) -> None:
    if row.scheme in PUSH_SCHEMES:
        route_push(connection, row, policy.suppressions, now, applies_events=policy.applies_events)
        return
    try:
        event = read_event(row.body or b"")
    except (UnreadableBodyError, InvalidEventError) as fault:
        close(connection, row.id, "dead", f"its stored body cannot be read: {fault}", now)
        return
    person = event.person
    emails = [person.email] if person.email else []
    identifiers = identifiers_of(person.id, emails, ids=[(event.source, person.id)])
    if policy.suppressions.listed(connection, identifiers):
        close_erased(connection, webhook_events.c.id == row.id)
        return
    if event.type not in SIGNIFICANT:
        close(connection, row.id, "ignored", f"type {event.type[:64]} is not significant", now)
        return
    found = _followed(connection, event, policy, now)
    if not found:
        reason = f"company {event.company.id} is not followed"
        close(connection, row.id, "ignored", reason, now)
        return
    concern(connection, row, found.values())
    if policy.applies_events:
        apply_event(connection, event, found, as_of(row), now)


def _followed(
    connection: Connection, event: PersonChangeEvent, policy: Policy, now: datetime
) -> dict[CompanyRef, str]:
    """The companies of `event` that we follow, by the way the event names them."""
    refs = concerned_companies(event)
    found = {ref: row for ref in refs if (row := find_company(connection, ref)) is not None}
    here = refs[0]
    if here not in found and policy.follow_unknown:
        connection.execute(
            insert(companies).values(
                company_id=event.company.id,
                name=event.company.name,
                folded_name=fold_name(event.company.name),
                source=event.source,
                created_at=now,
            )
        )
        return {here: event.company.id} | _ids(found.items())
    return _ids(found.items())


def _ids(found: Iterable[tuple[CompanyRef, Row[Any, Any]]]) -> dict[CompanyRef, str]:
    return {ref: row.company_id for ref, row in found if row.followed}
