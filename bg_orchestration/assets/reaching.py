"""How to reach the members, from providers where the settings name any."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg
from sqlalchemy import Connection

from bg_orchestration.assets.asking import again_if_away, questions
from bg_orchestration.domain.contacts import apply_corrections, usable_points
from bg_orchestration.domain.model import Company, ContactPoint, Correction
from bg_orchestration.privacy.suppression import (
    Identifier,
    Suppressions,
    identifiers_of,
)
from bg_orchestration.providers.contact_enrichment import ContactEnrichment
from bg_orchestration.providers.protocols import ContactQuery
from bg_orchestration.refreshes.corrections import corrections_of
from bg_orchestration.refreshes.life_cycle import Refresh, renew
from bg_orchestration.settings import settings
from bg_orchestration.store import companies as directory
from bg_orchestration.store.contact_points import contacts_of, keep_contacts
from bg_orchestration.store.database import clock, engine_for, reading, writing
from bg_orchestration.store.provider_records import ids_of, note_record, read_at


def reached(
    context: dg.AssetExecutionContext,
    company_id: str,
    members: Sequence[str],
    refresh: Refresh | None,
) -> tuple[list[ContactPoint], dict[str, Any]]:
    """The contact points of the members that may be handed out, and metadata.

    Raises:
        ProviderAwayError: a provider is away and the step has tries left.
        BudgetSpentError: the day's budget would be passed.
    """
    config = settings()
    if config.enrichment == "identify":
        return [], {}
    engine = engine_for(config.url)
    if not any(config.providers_for(one) for one in ("people", "contact", "verification")):
        with reading(engine) as connection:
            return known_contacts(connection, members), {}
    with reading(engine) as connection:
        today = clock(connection).date()
        read = _read_lately(connection, members)
        contacting = _contacting(connection, company_id, members, read)
    with questions(company_id, refresh, "contact", "verification") as asked:
        finders, verifiers = asked.adapters["contact"], asked.adapters["verification"]
        asked.outcomes = contacting.notes
        contacting.run(asked.ask, finders, verifiers, today)
    again_if_away(context, asked.outcomes)
    with writing(engine) as connection:
        _keep(connection, contacting)
        if refresh is not None:
            renew(connection, refresh)
    points = _handed_out(contacting, members, today)
    return points, asked.metadata(engine) | _told(contacting, points)


def known_contacts(connection: Connection, members: Iterable[str]) -> list[ContactPoint]:
    """What is known of how to reach people, as people put it right, by person, kind and value."""
    corrections = corrections_of(connection, members)
    held: dict[str, list[ContactPoint]] = {one: [] for one in members}
    for point in contacts_of(connection, held):
        held[point.person_id].append(point)
    found = [
        point
        for person_id, points in held.items()
        for point in apply_corrections(points, corrections[person_id])
    ]
    return sorted(found, key=lambda point: (point.person_id, point.kind, point.value))


def _read_lately(connection: Connection, members: Iterable[str]) -> dict[str, frozenset[str]]:
    """Whose whole record was read of each, so lately that it tells nothing new about contacts."""
    since = clock(connection) - settings().fresh_for("contact")
    read: dict[str, set[str]] = defaultdict(set)
    for (person_id, provider), at in read_at(connection, members).items():
        if at > since:
            read[person_id].add(provider)
    return {person_id: frozenset(providers) for person_id, providers in read.items()}


def _contacting(
    connection: Connection,
    company_id: str,
    members: Sequence[str],
    read: Mapping[str, frozenset[str]],
) -> ContactEnrichment:
    """What is known of the members, but for those who are not to be asked about."""
    company = directory.company(connection, company_id)
    assert company is not None, "its group was judged"
    held: dict[str, list[ContactPoint]] = {one: [] for one in members}
    for point in contacts_of(connection, held):
        held[point.person_id].append(point)
    wanted = _wanted(connection, company, held, read)
    suppressions = Suppressions.configured(settings())
    for person_id in suppressions.suppressed_people(connection, wanted):
        del wanted[person_id]
    return ContactEnrichment(
        wanted,
        {person_id: held[person_id] for person_id in wanted},
        corrections_of(connection, wanted),
    )


def _wanted(
    connection: Connection,
    company: Company,
    held: Mapping[str, Sequence[ContactPoint]],
    read: Mapping[str, frozenset[str]],
) -> dict[str, ContactQuery]:
    ids = ids_of(connection, held)
    pages = directory.pages_of(connection, held)
    return {
        person_id: ContactQuery(
            person_id=person_id,
            name=name,
            company_name=company.name,
            domain=company.domain,
            linkedin_url=page,
            email=next((one.value for one in held[person_id] if one.kind == "email"), None),
            ids=ids.get(person_id, {}),
            read=read.get(person_id, frozenset()),
        )
        for person_id, (name, page) in pages.items()
    }


def _identifiers(who: ContactQuery) -> list[Identifier]:
    emails = [who.email] if who.email else []
    return identifiers_of(who.person_id, emails, who.linkedin_url, who.ids.items())


def _keep(connection: Connection, contacting: ContactEnrichment) -> None:
    """Store what is known now; whoever is protected is kept out from now on, as is their trace."""
    now = clock(connection)
    held = contacting.held | {person_id: [] for person_id in contacting.protected}
    keep_contacts(connection, held)
    for (provider, source_id, person_id), at in sorted(contacting.read.items()):
        note_record(connection, "person", provider, [(source_id, person_id)], now, read_at=at)
    if contacting.protected:
        suppressions = Suppressions.configured(settings())
        for person_id in sorted(contacting.protected):
            suppressions.suppress(connection, _identifiers(contacting.queries[person_id]))


def _handed_out(
    contacting: ContactEnrichment, members: Iterable[str], today: date
) -> list[ContactPoint]:
    no_corrections: Sequence[Correction] = ()
    found = [
        point
        for person_id in members
        if person_id in contacting.held and person_id not in contacting.protected
        for point in usable_points(
            apply_corrections(
                contacting.held[person_id],
                contacting.corrections.get(person_id, no_corrections),
            ),
            today,
        )
    ]
    return sorted(found, key=lambda point: (point.person_id, point.kind, point.value))


def _told(contacting: ContactEnrichment, points: Sequence[ContactPoint]) -> dict[str, int]:
    refused = sum(point.do_not_contact for held in contacting.held.values() for point in held)
    return {
        "verified": sum(point.verified_on is not None for point in points),
        "stale": sum(point.status == "stale" for point in points),
        "not_to_be_used": refused,
        "protected": len(contacting.protected),
    }
