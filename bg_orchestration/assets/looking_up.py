"""The company and its people, from providers where the settings name any."""

import hashlib
from datetime import datetime
from typing import Any

import dagster as dg
from sqlalchemy import Connection

from bg_orchestration.assets.asking import Questions, again_if_away, questions
from bg_orchestration.assets.taking_part import stop
from bg_orchestration.domain.judgement.eligibility import likely
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.providers.company_match import UnknownWebsiteError, domain_of
from bg_orchestration.providers.listing import ListingChanges, store_company, store_listing
from bg_orchestration.providers.protocols import FoundCompany, PeopleQuery
from bg_orchestration.providers.shortlist import GroupShortlist
from bg_orchestration.providers.waterfall import Listing, TimedRequest, find_company, list_people
from bg_orchestration.refreshes.life_cycle import Refresh, renew
from bg_orchestration.settings import settings
from bg_orchestration.store import companies as directory
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.store.provider_records import company_record, employees_of, read_at


def looked_up(
    context: dg.AssetExecutionContext, company: Company, refresh: Refresh | None
) -> tuple[Company, dict[str, Any]]:
    """The company with what providers tell of it, and metadata; as it is known if nobody does.

    Raises:
        ProviderAwayError: a provider is away and the step has tries left.
        BudgetSpentError: the day's budget would be passed.
    """
    try:
        domain = domain_of(company)
    except UnknownWebsiteError as error:
        return company, {"providers": str(error)}
    engine = engine_for(settings().url)
    with questions(company.company_id, refresh, "company") as asked:
        watched = TimedRequest(asked.ask)
        found = find_company(asked.adapters["company"], watched, domain, asked.outcomes)
    if found is None:
        again_if_away(context, asked.outcomes)
    elif watched.oldest is not None:
        with writing(engine) as connection:
            store_company(connection, company.company_id, *found, watched.oldest)
            _still_held(connection, refresh)
            company = directory.company(connection, company.company_id) or company
    return company, asked.metadata(engine)


def listed(
    context: dg.AssetExecutionContext, company_id: str, refresh: Refresh | None
) -> tuple[list[Person], dict[str, Any]]:
    """Who works at the company now, and metadata; from the directory where nobody is asked.

    Raises:
        ProviderAwayError: a provider is away and the step has tries left.
        BudgetSpentError: the day's budget would be passed.
        dg.Failure: nobody told, and what is stored does not help; says what to do.
    """
    engine = engine_for(settings().url)
    if not settings().providers_for("people"):
        with reading(engine) as connection:
            return directory.people_of(connection, company_id), {}
    with reading(engine) as connection:
        company = directory.company(connection, company_id)
    assert company is not None, "the asset before has found it"
    try:
        domain = domain_of(company)
    except UnknownWebsiteError as error:
        return _stored(company_id, str(error)), {"providers": str(error)}
    scope = _scope()
    with questions(company_id, refresh, "people") as asked:
        listing = list_people(
            asked.adapters["people"],
            asked.ask,
            domain,
            lambda provider, found: _query(company, provider, found, scope),
            asked.outcomes,
        )
    if listing is None:
        again_if_away(context, asked.outcomes)
        people = _without_a_list(company_id, asked, refresh)
        return people, asked.metadata(engine)
    taken, people = _take(company_id, listing, refresh, asked.began, scope)
    return people, asked.metadata(engine) | {
        "new": taken.new,
        "changed": taken.changed,
        "left": taken.left,
        "kept_out": taken.suppressed,
    }


def _query(company: Company, provider: str, found: FoundCompany, scope: str) -> PeopleQuery:
    engine, folder = engine_for(settings().url), settings().profiles
    profiles, policy = load_profiles(folder), load_policy(folder)
    if company.employee_count is None:
        # As it will be known once the listing is taken over.
        company = company.model_copy(update={"employee_count": found.employee_count})
    with reading(engine) as connection:
        known = employees_of(connection, provider, company.company_id)
        record = company_record(connection, provider, company.company_id)
        people = len(directory.people_of(connection, company.company_id))
        read = read_at(connection, known.values())
    same = record is not None and record.source_id == found.source_id
    suppressions = Suppressions.configured(settings())
    return PeopleQuery(
        found,
        likely(company, profiles, policy, people),
        frozenset(known),
        record.listed_at if record is not None and same else None,
        # Whoever was not worth knowing may be so for what is sold now.
        relist=record is None or record.listed_for != scope,
        shortlist=GroupShortlist(engine, company, provider, profiles, policy, suppressions),
        read_ids=frozenset(
            one for one, person_id in known.items() if (person_id, provider) in read
        ),
    )


def _take(
    company_id: str, listing: Listing, refresh: Refresh | None, began: datetime, scope: str
) -> tuple[ListingChanges, list[Person]]:
    suppressions = Suppressions.configured(settings())
    with writing(engine_for(settings().url)) as connection:
        store_company(connection, company_id, listing.provider, listing.company, listing.seen_at)
        taken = store_listing(connection, company_id, listing, suppressions, began, scope)
        _still_held(connection, refresh)
        return taken, directory.people_of(connection, company_id)


def _still_held(connection: Connection, refresh: Refresh | None) -> None:
    """Write nothing over what a later run may have written."""
    if refresh is not None:
        renew(connection, refresh)


def _without_a_list(company_id: str, asked: Questions, refresh: Refresh | None) -> list[Person]:
    """Who is known, where nobody lists anybody.

    An event is a hint to look: where a provider failed and nobody could look, it is not handled.
    """
    told = asked.outcomes.sentence
    if asked.outcomes.faults and refresh is not None and refresh.events:
        raise stop(f"Events tell of a change, and nobody could be asked. {told}")
    return _stored(company_id, told)


def _stored(company_id: str, told: str) -> list[Person]:
    with reading(engine_for(settings().url)) as connection:
        people = directory.people_of(connection, company_id)
    if not people:
        raise stop(f"Nobody tells who works at {company_id}, and nobody is known. {told}")
    return people


def _scope() -> str:
    """A hash of what is sold and how it is judged."""
    folder = settings().profiles
    said = [load_policy(folder).model_dump_json()]
    said += [profile.model_dump_json() for profile in load_profiles(folder)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
