"""Route providers' pushes: find the companies to look at, and act on opt-outs.

An entry of an unsigned array says only that a person's record has changed. It causes a refresh of
their employers, and none of it is stored as a fact. Lusha signs, so its facts are applied to stored
people.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, true, update

from bg_orchestration.domain.events import COMPANY_CHANGE, SIGNIFICANT, CompanyRef, EmploymentFact
from bg_orchestration.intake.company_refs import find_employer
from bg_orchestration.intake.event_application import apply_fact
from bg_orchestration.intake.event_reader import InvalidEventError, UnreadableBodyError, read_json
from bg_orchestration.intake.event_states import (
    as_of,
    await_refreshes,
    close,
    close_erased,
)
from bg_orchestration.intake.id_pushes import DELIVERY, fan_out
from bg_orchestration.intake.inbox import NO_COMPANY, UNREADABLE, record
from bg_orchestration.intake.lusha_pushes import (
    Employer,
    OptOut,
    Signal,
    read_push,
)
from bg_orchestration.intake.subscriptions import find_subscription, note_push
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.privacy.suppression import Suppressions, identifiers_of
from bg_orchestration.store.schema.provider_tables import provider_records
from bg_orchestration.store.schema.tables import (
    companies,
    employments,
    webhook_events,
)

# The inbox's schemes for providers' own formats.
PUSH_SCHEMES: Final = frozenset({"coresignal", "pdl", "lusha"})


def route_push(
    connection: Connection,
    row: Row[Any],
    suppressions: Suppressions,
    now: datetime,
    *,
    applies_events: bool,
) -> None:
    """Route a received push to its companies, or end it; carry out an opt-out.

    `applies_events` as in `routing.RoutingPolicy`. Works in the caller's writing transaction.
    """
    if row.type == DELIVERY:
        note_push(connection, row.key_fingerprint, row.received_at)
        close(connection, row.id, "ignored", "a delivery: each entry is an event of its own", now)
    elif row.type == UNREADABLE and row.scheme != "lusha":
        _route_kept_delivery(connection, row, now)
    elif row.scheme == "lusha":
        _route_lusha(connection, row, suppressions, now, applies_events=applies_events)
    else:
        _route_hint(connection, row, suppressions, now)


def _route_kept_delivery(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Read a delivery again that could not be read; its entries then are events of their own."""
    subscription = find_subscription(connection, row.key_fingerprint)
    company_id = subscription.company_id if subscription else None
    try:
        _, *entries = fan_out(
            row.scheme,
            row.key_fingerprint,
            company_id,
            row.body or b"",
            row.received_at,
            row.traceparent or "",
        )[0]
    except (UnreadableBodyError, InvalidEventError) as fault:
        close(connection, row.id, "dead", f"its stored body cannot be read: {fault}", now)
        return
    record(connection, entries)
    note_push(connection, row.key_fingerprint, row.received_at)
    close(connection, row.id, "ignored", "a delivery: each entry is an event of its own", now)


def _route_hint(
    connection: Connection, row: Row[Any], suppressions: Suppressions, now: datetime
) -> None:
    person_ids = _our_ids(connection, row.person_id)
    if _close_if_suppressed(connection, row, person_ids, suppressions):
        return
    if row.company_id != NO_COMPANY:
        company_ids = _followed_ids(connection, [row.company_id])
        why = f"company {row.company_id} is not followed"
    else:
        company_ids = _followed_ids(connection, _employers(connection, person_ids))
        why = "nobody known at a company we follow"
    _assign_companies(connection, row, company_ids, why, now)


def _route_lusha(
    connection: Connection,
    row: Row[Any],
    suppressions: Suppressions,
    now: datetime,
    *,
    applies_events: bool,
) -> None:
    try:
        push = read_push(read_json(row.body or b""))
    except (UnreadableBodyError, ValueError) as fault:
        close(connection, row.id, "dead", f"its stored body cannot be read: {fault}", now)
        return
    if isinstance(push, OptOut):
        _request_erasure(connection, row, push, suppressions)
        return
    person_ids = _our_ids(connection, row.person_id)
    if _close_if_suppressed(connection, row, person_ids, suppressions):
        return
    if push.type not in SIGNIFICANT:
        close(connection, row.id, "ignored", f"type {push.type} is not significant", now)
        return
    ends = {
        end: company
        for end in (push.previous, push.current)
        if end is not None
        and (company := find_employer(connection, end)) is not None
        and company.followed
    }
    followed = {end: company.company_id for end, company in ends.items()}
    _assign_companies(connection, row, followed.values(), "none of its companies is followed", now)
    if applies_events:
        for fact, company_id in _facts(push, followed):
            for person_id in person_ids:
                apply_fact(connection, person_id, row.source, fact, company_id, as_of(row))


def _facts(push: Signal, followed: dict[Employer, str]) -> Iterable[tuple[EmploymentFact, str]]:
    """Yield the facts of `push` at followed companies, the leaving first."""
    previous_id, current_id = followed.get(push.previous), followed.get(push.current)  # type: ignore[arg-type]
    if push.type == COMPANY_CHANGE and previous_id is not None and previous_id != current_id:
        yield EmploymentFact("left", CompanyRef(previous_id, previous_id)), previous_id
    if current_id is not None:
        ref = CompanyRef(current_id, current_id)
        yield EmploymentFact("works_at", ref, push.title, push.department), current_id


def _request_erasure(
    connection: Connection, row: Row[Any], push: OptOut, suppressions: Suppressions
) -> None:
    """Suppress the person of an opt-out, and request the erasure.

    The event then waits for the refreshes of the person's companies.
    """
    pages = (push.linkedin_url,) if push.linkedin_url else ()
    subject = DataSubject(ids=(row.person_id,), emails=push.emails, pages=pages)
    request = request_erasure(connection, [subject], suppressions)
    close_erased(connection, webhook_events.c.id == row.id)
    if request.companies:
        await_refreshes(connection, row, request.companies)


def _close_if_suppressed(
    connection: Connection, row: Row[Any], person_ids: Iterable[str], suppressions: Suppressions
) -> bool:
    people = {person_id: identifiers_of(person_id) for person_id in (row.person_id, *person_ids)}
    if not suppressions.suppressed(connection, people):
        return False
    close_erased(connection, webhook_events.c.id == row.id)
    return True


def _our_ids(connection: Connection, provider_id: str) -> list[str]:
    """Return our ids of a provider's person, given as `provider:id`."""
    provider, _, source_id = provider_id.partition(":")
    return sorted(
        connection.scalars(
            select(provider_records.c.our_id).where(
                provider_records.c.provider == provider,
                provider_records.c.kind == "person",
                provider_records.c.source_id == source_id,
            )
        )
    )


def _employers(connection: Connection, person_ids: Sequence[str]) -> list[str]:
    return list(
        connection.scalars(
            select(employments.c.company_id).where(
                employments.c.person_id.in_(person_ids), employments.c.current == true()
            )
        )
    )


def _followed_ids(connection: Connection, company_ids: Collection[str]) -> list[str]:
    return sorted(
        connection.scalars(
            select(companies.c.company_id).where(
                companies.c.company_id.in_(company_ids), companies.c.followed == true()
            )
        )
    )


def _assign_companies(
    connection: Connection, row: Row[Any], company_ids: Collection[str], why: str, now: datetime
) -> None:
    if not company_ids:
        close(connection, row.id, "ignored", why, now)
        return
    await_refreshes(connection, row, company_ids)
    if row.company_id == NO_COMPANY:
        connection.execute(
            update(webhook_events)
            .where(webhook_events.c.id == row.id)
            .values(company_id=min(company_ids))
        )
