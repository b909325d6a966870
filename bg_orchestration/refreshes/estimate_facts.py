"""Stored facts for the cost estimate of a company's next refresh."""

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from bg_orchestration.domain.contacts import apply_corrections, next_step
from bg_orchestration.domain.estimates import CompanyFacts
from bg_orchestration.domain.model import ContactPoint
from bg_orchestration.refreshes.corrections import corrections_of
from bg_orchestration.store import companies as directory
from bg_orchestration.store.contact_points import contacts_of
from bg_orchestration.store.database import clock
from bg_orchestration.store.provider_records import company_record, read_at
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    buyer_groups,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations

_DAY = timedelta(days=1)
# Older prices say nothing about the next refresh.
_RECENT = timedelta(days=90)


def facts_of(
    connection: Connection,
    company_id: str,
    lister: str | None,
    finder: str | None = None,
    fresh_contact: timedelta = timedelta(0),
) -> CompanyFacts:
    """Read the facts about a company.

    Args:
        connection: our database.
        company_id: the company.
        lister: the provider that would list its people.
        finder: the provider that would find contacts. A person whose record was read within
            `fresh_contact` needs no request.
        fresh_contact: how long a read record holds all contacts of its person.
    """
    now = clock(connection)
    company = directory.company(connection, company_id)
    record = company_record(connection, lister, company_id) if lister else None
    listed_at = record.listed_at if record else None
    fresh = _fresh_questions(connection, company_id, now)
    members = _members(connection, company_id)
    times = read_at(connection, members or ())
    read = {
        person_id
        for (person_id, provider), at in times.items()
        if provider == finder and at > now - fresh_contact
    }
    lacking, due = _count_contact_requests(connection, members or (), read, now)
    return CompanyFacts(
        company_id=company_id,
        has_website=company is not None and bool(company.domain),
        company_fresh=fresh.get("company", 0) > 0,
        listed_days=None if listed_at is None else (now - listed_at) / _DAY,
        employees=company.employee_count if company else None,
        known_people=len(directory.people_of(connection, company_id)),
        members=None if members is None else len(members),
        lacking=lacking,
        due=due,
        researched=fresh.get("research", 0),
    )


def recent_costs(connection: Connection) -> tuple[int, float]:
    """Count the paid refreshes of the last 90 days, and average their cost in USD."""
    row = connection.execute(
        select(func.count(), func.coalesce(func.avg(logs.c.cost_usd), 0.0)).where(
            logs.c.cost_usd > 0, logs.c.started_at > clock(connection) - _RECENT
        )
    ).one()
    return row[0], row[1]


def recent_prices(connection: Connection) -> dict[tuple[str, str], tuple[int, float]]:
    """Return the number and mean cost of recent answers, by provider and capability."""
    query = (
        select(
            operations.c.provider,
            operations.c.capability,
            func.count(),
            func.avg(operations.c.cost_usd),
        )
        .where(operations.c.state.in_(("answered", "not_found")))
        .where(operations.c.asked_at > clock(connection) - _RECENT)
        .group_by(operations.c.provider, operations.c.capability)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(query)}


def _fresh_questions(connection: Connection, company_id: str, now: datetime) -> dict[str, int]:
    """Count a company's requests with a fresh answer in the ledger, by capability."""
    query = (
        select(operations.c.capability, func.count(operations.c.key.distinct()))
        .where(operations.c.company_id == company_id, operations.c.fresh_until > now)
        .where(operations.c.state.in_(("answered", "not_found")))
        .group_by(operations.c.capability)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _members(connection: Connection, company_id: str) -> Sequence[str] | None:
    """Return the members of the company's groups; `None` before its first group."""
    groups = select(buyer_groups.c.profile_id).where(buyer_groups.c.company_id == company_id)
    if connection.execute(groups.limit(1)).first() is None:
        return None
    query = (
        select(buyer_group_members.c.person_id)
        .distinct()
        .where(buyer_group_members.c.company_id == company_id)
    )
    return sorted(connection.scalars(query))


def _count_contact_requests(
    connection: Connection, members: Sequence[str], read: Container[str], now: datetime
) -> tuple[int, int]:
    """Count members without a usable contact, and addresses to verify.

    People with a recently `read` record need no request.
    """
    corrections = corrections_of(connection, members)
    stored_points: dict[str, list[ContactPoint]] = {person_id: [] for person_id in members}
    for point in contacts_of(connection, members):
        stored_points[point.person_id].append(point)
    points_by_person = {
        person_id: apply_corrections(points, corrections[person_id])
        for person_id, points in stored_points.items()
    }

    def count_requests(finders: Sequence[str], verifiers: Sequence[str]) -> int:
        step: Any = next_step(points_by_person, finders, verifiers, frozenset(), now.date())
        items = () if step is None else step.items
        return sum(item not in read for item in items)

    return count_requests(("anybody",), ()), count_requests((), ("anybody",))
