"""The asset `contacts`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg
from sqlalchemy import Connection

from bg_orchestration import names
from bg_orchestration.assets import artifacts
from bg_orchestration.assets.asset_checks import REACHABLE_SPEC, reachable_result
from bg_orchestration.assets.decision_maker_research import research_metadata
from bg_orchestration.assets.metadata import members_of, share
from bg_orchestration.assets.provider_session import provider_session
from bg_orchestration.assets.refresh_asset import refresh_asset
from bg_orchestration.assets.refresh_step import RefreshStep
from bg_orchestration.assets.sources import provider_keys
from bg_orchestration.domain.contacts import apply_corrections, usable_points
from bg_orchestration.domain.model import Company, ContactPoint
from bg_orchestration.privacy.suppression import Suppressions, identifiers_of
from bg_orchestration.provider_settings import Capability
from bg_orchestration.providers.contact_enrichment import ContactEnrichment
from bg_orchestration.providers.protocols import ContactQuery
from bg_orchestration.refreshes.corrections import corrections_of
from bg_orchestration.settings import Settings
from bg_orchestration.store import companies as directory
from bg_orchestration.store.contact_points import contacts_of, replace_contacts
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.provider_records import ids_of, note_record, read_at


@refresh_asset(
    names.CONTACTS,
    deps=[names.BUYER_GROUP, *provider_keys("contact", "verification", "research")],
    checks=[REACHABLE_SPEC],
    artifact=artifacts.CONTACTS,
    tags=["personal_data", "paid"],
)
def contacts(step: RefreshStep) -> dg.MaterializeResult[list[ContactPoint]]:
    """How to reach the members: email addresses and phone numbers, each with its source.

    What a person corrected (`bg correct`) wins over everything else. Where the settings name
    providers, addresses are verified, and providers are asked in their order for members without a
    usable one. Dead addresses, and those that must not be used, are left out.

    Empty at the enrichment level `identify`.

    - `members`: different people in the groups; `reachable`: how many of them have a contact point;
      `share_reachable`: the same as a share from 0 to 1
    - `dagster/row_count`: contact points; `verified`: how many of them a verifier has judged;
      `stale`: how many were neither seen nor verified for 90 days
    - `not_to_be_used`: stored contact points that are left out because their source says so;
      `protected`: members about whom no provider may give data
    - `cost_usd`, `calls`, `ledger_hits`, `ambiguous`, `providers`: see `people`
    - `researched`: at the level `deep_research`, decision makers and champions with a finding; it
      is stored apart and changes no role, score or contact; `research_cost_usd`, `research`: its
      cost and the outcome at each provider
    """
    groups = step.value(artifacts.BUYER_GROUP)
    members = members_of(groups)
    found, metadata = _contacts(step, members)
    metadata |= research_metadata(step, groups)
    reachable = len({point.person_id for point in found})
    wanted = step.settings.enrichment != "identify"
    return dg.MaterializeResult(
        value=found,
        check_results=[
            reachable_result(step.company.company_id, reachable, len(members), wanted=wanted)
        ],
        metadata={
            **metadata,
            "dagster/row_count": len(found),
            "members": len(members),
            "reachable": reachable,
            "share_reachable": share(reachable, len(members)),
        },
    )


def _contacts(
    step: RefreshStep, members: Sequence[str]
) -> tuple[list[ContactPoint], dict[str, Any]]:
    """Return the usable contact points of the members, and metadata.

    Raises:
        ProviderAwayError: a provider is away and the step has retries left.
        BudgetSpentError: a call would pass the day's budget.
    """
    if step.settings.enrichment == "identify":
        return [], {}
    capabilities: tuple[Capability, ...] = ("people", "contact", "verification")
    if not any(step.settings.providers_for(capability) for capability in capabilities):
        with reading(step.engine) as connection:
            return known_contacts(connection, members), {}
    with reading(step.engine) as connection:
        today = clock(connection).date()
        enrichment = _enrichment(connection, step, members)
    with provider_session(step, "contact", "verification") as session:
        finders, verifiers = session.adapters["contact"], session.adapters["verification"]
        session.notes = enrichment.notes
        enrichment.run(session.ask, finders, verifiers, today)
    step.retry_if_away(session.notes.temporary_fault)
    with writing(step.engine) as connection:
        _store(connection, enrichment, step.settings)
        step.keep_lease(connection)
    points = _usable(enrichment, members, today)
    return points, session.metadata(step.engine) | _counts(enrichment, points)


def known_contacts(connection: Connection, person_ids: Sequence[str]) -> list[ContactPoint]:
    """Return the stored contact points, with corrections, by person, kind and value."""
    corrections = corrections_of(connection, person_ids)
    return sorted(
        (
            point
            for person_id, points in _stored_points(connection, person_ids).items()
            for point in apply_corrections(points, corrections[person_id])
        ),
        key=_order,
    )


def _stored_points(
    connection: Connection, person_ids: Sequence[str]
) -> dict[str, list[ContactPoint]]:
    points: dict[str, list[ContactPoint]] = {person_id: [] for person_id in person_ids}
    for point in contacts_of(connection, points):
        points[point.person_id].append(point)
    return points


def _order(point: ContactPoint) -> tuple[str, str, str]:
    return point.person_id, point.kind, point.value


def _records_read(
    connection: Connection, members: Sequence[str], settings: Settings
) -> dict[str, frozenset[str]]:
    """Return the providers with a fresh whole record, by person."""
    since = clock(connection) - settings.fresh_for("contact")
    read: dict[str, set[str]] = defaultdict(set)
    for (person_id, provider), at in read_at(connection, members).items():
        if at > since:
            read[person_id].add(provider)
    return {person_id: frozenset(providers) for person_id, providers in read.items()}


def _enrichment(
    connection: Connection, step: RefreshStep, members: Sequence[str]
) -> ContactEnrichment:
    """Return the enrichment of the members, without suppressed people."""
    company = directory.company(connection, step.company.company_id) or step.company
    points = _stored_points(connection, members)
    fresh_records = {} if step.config.force else _records_read(connection, members, step.settings)
    queries = _queries(connection, company, points, fresh_records)
    suppressions = Suppressions.configured(step.settings)
    for person_id in suppressions.suppressed_people(connection, queries):
        del queries[person_id]
    return ContactEnrichment(
        queries,
        {person_id: points[person_id] for person_id in queries},
        corrections_of(connection, queries),
    )


def _queries(
    connection: Connection,
    company: Company,
    points: Mapping[str, Sequence[ContactPoint]],
    read: Mapping[str, frozenset[str]],
) -> dict[str, ContactQuery]:
    ids = ids_of(connection, points)
    pages = directory.pages_of(connection, points)
    return {
        person_id: ContactQuery(
            person_id=person_id,
            name=name,
            company_name=company.name,
            domain=company.domain,
            linkedin_url=page,
            email=next((point.value for point in points[person_id] if point.kind == "email"), None),
            ids=ids.get(person_id, {}),
            read=read.get(person_id, frozenset()),
        )
        for person_id, (name, page) in pages.items()
    }


def _store(connection: Connection, enrichment: ContactEnrichment, settings: Settings) -> None:
    """Store the new contacts, and suppress protected people."""
    now = clock(connection)
    stored_points = enrichment.held | {person_id: [] for person_id in enrichment.protected}
    replace_contacts(connection, stored_points)
    for (provider, source_id, person_id), at in sorted(enrichment.read.items()):
        note_record(connection, "person", provider, [(source_id, person_id)], now, read_at=at)
    if enrichment.protected:
        suppressions = Suppressions.configured(settings)
        for person_id in sorted(enrichment.protected):
            person = enrichment.queries[person_id]
            emails = [person.email] if person.email else []
            suppressions.suppress(
                connection,
                identifiers_of(person_id, emails, person.linkedin_url, person.ids.items()),
            )


def _usable(
    enrichment: ContactEnrichment, members: Sequence[str], today: date
) -> list[ContactPoint]:
    points = [
        point
        for person_id in members
        if person_id in enrichment.held and person_id not in enrichment.protected
        for point in usable_points(
            apply_corrections(
                enrichment.held[person_id], enrichment.corrections.get(person_id, ())
            ),
            today,
        )
    ]
    return sorted(points, key=_order)


def _counts(enrichment: ContactEnrichment, points: Sequence[ContactPoint]) -> dict[str, int]:
    refused = sum(point.do_not_contact for held in enrichment.held.values() for point in held)
    return {
        "verified": sum(point.verified_on is not None for point in points),
        "stale": sum(point.status == "stale" for point in points),
        "not_to_be_used": refused,
        "protected": len(enrichment.protected),
    }
