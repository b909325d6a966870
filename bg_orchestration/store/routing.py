"""From a received event to the companies it concerns, and to what the directory learns from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, insert, select, text, update

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.events import (
    SIGNIFICANT,
    CompanyRef,
    EmploymentFact,
    PersonChangeEvent,
    concerned_companies,
    employment_facts,
)
from bg_orchestration.store.erasure import close_erased
from bg_orchestration.store.suppression import Suppressions, marks
from bg_orchestration.store.tables import (
    companies,
    contact_points,
    employments,
    people,
    webhook_event_companies,
    webhook_events,
)

# A body may hold 256 KiB: a batch stays well under 100 MB.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Policy:
    """How events are taken.

    Attributes:
        follow_unknown: whether an event of an unknown company makes us follow that company.
        learn: whether events change the directory of who works where. With people from files they
            do: nothing else tells what changed since the export.
        suppressions: who asked to be forgotten, and is not let in again.
    """

    follow_unknown: bool
    learn: bool
    suppressions: Suppressions


def route_received(connection: Connection, policy: Policy, now: datetime) -> int:
    """Give every newly received event its companies, or mark it ignored with the reason.

    Works in the caller's writing transaction, on a bounded batch, in the order in which things
    happened. Returns how many events were routed.
    """
    rows = connection.execute(
        select(webhook_events)
        .where(webhook_events.c.state == text("'received'"))
        .order_by(webhook_events.c.id)
        .limit(_BATCH)
    ).all()
    for row in sorted(rows, key=lambda row: (_as_of(row), row.received_at, row.id)):
        _route(connection, row, policy, now)
    return len(rows)


def _route(connection: Connection, row: Row[Any], policy: Policy, now: datetime) -> None:
    try:
        event = PersonChangeEvent.model_validate_json(row.body or b"")
    except ValidationError:
        _close(connection, row.id, "dead", "its stored body cannot be read", now)
        return
    emails = [event.person.email] if event.person.email else []
    if policy.suppressions.listed(connection, marks(event.person.id, emails)):
        close_erased(connection, webhook_events.c.id == row.id)
        return
    if event.type not in SIGNIFICANT:
        _close(connection, row.id, "ignored", f"type {event.type[:64]} is not significant", now)
        return
    found = _followed(connection, event, policy, now)
    if not found:
        reason = f"company {event.company.id} is not followed"
        _close(connection, row.id, "ignored", reason, now)
        return
    connection.execute(
        insert(webhook_event_companies),
        [
            {"event": row.id, "company_id": company_id, "received_at": row.received_at}
            for company_id in sorted(set(found.values()))
        ],
    )
    connection.execute(
        update(webhook_events).where(webhook_events.c.id == row.id).values(state="pending")
    )
    if policy.learn:
        _learn(connection, event, found, _as_of(row), now)


def _as_of(row: Row[Any]) -> datetime:
    """When the event's facts became true: not after we heard of them, whatever a clock said.

    A date in the future would shut out every later event of the person.
    """
    happened, received = row.happened_at, row.received_at
    assert isinstance(happened, datetime)
    assert isinstance(received, datetime)
    return min(happened, received)


def _close(connection: Connection, event: int, state: str, reason: str, now: datetime) -> None:
    connection.execute(
        update(webhook_events)
        .where(webhook_events.c.id == event)
        .values(state=state, reason=reason, handled_at=now)
    )


def _followed(
    connection: Connection, event: PersonChangeEvent, policy: Policy, now: datetime
) -> dict[CompanyRef, str]:
    """The companies of `event` that we follow, by the way the event names them."""
    refs = concerned_companies(event)
    found = {ref: row for ref in refs if (row := _find(connection, ref)) is not None}
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


def _find(connection: Connection, ref: CompanyRef) -> Row[Any, Any] | None:
    """The known company that `ref` means: by id, else by a name that only one company has."""
    query = select(companies.c.company_id, companies.c.followed)
    if ref.company_id is not None:
        row = connection.execute(query.where(companies.c.company_id == ref.company_id)).first()
        if row is not None or ref.company_id != ref.name:
            return row
    same_name = connection.execute(
        query.where(companies.c.folded_name == fold_name(ref.name)).limit(2)
    ).all()
    return same_name[0] if len(same_name) == 1 else None


def _learn(
    connection: Connection,
    event: PersonChangeEvent,
    found: dict[CompanyRef, str],
    as_of: datetime,
    now: datetime,
) -> None:
    for fact in employment_facts(event):
        company_id = found.get(fact.company)
        if company_id is None:
            continue
        _know_person(connection, event, as_of, now)
        _apply(connection, event, fact, company_id, as_of)


def _know_person(
    connection: Connection, event: PersonChangeEvent, as_of: datetime, now: datetime
) -> None:
    person = event.person
    if not _exists(connection, people, people.c.person_id == person.id):
        connection.execute(
            insert(people).values(
                person_id=person.id, name=person.name, source=event.source, created_at=now
            )
        )
    if person.email and "@" in person.email:
        known = connection.execute(
            select(contact_points.c.value).where(
                contact_points.c.person_id == person.id, contact_points.c.kind == "email"
            )
        ).scalars()
        # The case of an address does not make it another address, as with imports.
        if person.email.casefold() not in {address.casefold() for address in known}:
            connection.execute(
                insert(contact_points).values(
                    person_id=person.id,
                    kind="email",
                    value=person.email,
                    source=event.source,
                    as_of=as_of,
                )
            )


def _exists(connection: Connection, table: object, condition: object) -> bool:
    query = select(text("1")).select_from(table).where(condition).limit(1)  # type: ignore[arg-type]
    return connection.execute(query).first() is not None


def _apply(
    connection: Connection,
    event: PersonChangeEvent,
    fact: EmploymentFact,
    company_id: str,
    as_of: datetime,
) -> None:
    """Write `fact`, unless something newer is known of this person at this company."""
    job = (employments.c.company_id == company_id) & (employments.c.person_id == event.person.id)
    known = connection.execute(select(employments.c.as_of, employments.c.title).where(job)).first()
    values: dict[str, object] = {"as_of": as_of, "current": fact.kind == "works_at"}
    if fact.title is not None:
        values["title"] = fact.title
        if known is not None and known.title != fact.title:
            # The date told when the job before this one began.
            values["started_on"] = None
    if fact.department is not None:
        values["department"] = fact.department
    if known is None:
        # Also where somebody left whom we never saw there: their joining may still be on its way.
        values |= {
            "company_id": company_id,
            "person_id": event.person.id,
            "source": event.source,
        }
        connection.execute(insert(employments).values(values))
    elif known.as_of is None or known.as_of <= as_of:
        connection.execute(update(employments).where(job).values(values))
