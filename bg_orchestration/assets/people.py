"""The asset `people`."""

import hashlib
from datetime import datetime
from typing import Any

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets import artifacts
from bg_orchestration.assets.provider_session import ProviderSession, provider_session
from bg_orchestration.assets.refresh_asset import refresh_asset
from bg_orchestration.assets.refresh_step import RefreshStep, stop
from bg_orchestration.assets.sources import provider_keys
from bg_orchestration.domain.judgement.eligibility import likely
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.company_match import UnknownWebsiteError, domain_of
from bg_orchestration.providers.listing import ListingChanges, store_company, store_listing
from bg_orchestration.providers.protocols import FoundCompany, PeopleQuery
from bg_orchestration.providers.shortlist import GroupShortlist
from bg_orchestration.providers.waterfall import Listing, list_people
from bg_orchestration.store import companies as directory
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.provider_records import company_record, employees_of, read_at


@refresh_asset(
    names.PEOPLE,
    deps=[names.COMPANY, names.PEOPLE_DIRECTORY, *provider_keys("people")],
    artifact=artifacts.PEOPLE,
    tags=["personal_data", "paid"],
)
def people(step: RefreshStep) -> dg.MaterializeResult[list[Person]]:
    """The people who work at the company now, with title and department.

    From imports and from pushed person changes. Where the settings name providers, the first one
    that lists the company's people adds those who may enter a group. A provider that shows
    previews sells only the records of probable members: of the others, start date and address
    stay unknown.

    - `dagster/row_count`: people; `without_title`: how many of them have no title
    - `new`, `changed`, `left`: what the list brought; `kept_out`: people on the list who asked to
      be forgotten
    - `cost_usd`, `calls`: cost in USD and number of paid calls; `ledger_hits`: calls that had been
      paid for before; `ambiguous`: calls that may have been charged without an answer
    - `providers`: the outcome at each provider
    """
    found, metadata = (
        _list_people(step) if step.settings.providers_for("people") else (_stored_people(step), {})
    )
    return dg.MaterializeResult(
        value=found,
        metadata={
            **metadata,
            "dagster/row_count": len(found),
            "without_title": sum(not person.title for person in found),
        },
    )


def _list_people(step: RefreshStep) -> tuple[list[Person], dict[str, Any]]:
    """Return the people by a provider's list, and metadata; the stored ones if none has a list.

    Raises:
        ProviderAwayError: a provider is away and the step has retries left.
        BudgetSpentError: a call would pass the day's budget.
        dg.Failure: there is no list, and the stored people are no answer; says what to do.
    """
    with reading(step.engine) as connection:
        company = directory.company(connection, step.company.company_id) or step.company
    try:
        domain = domain_of(company)
    except UnknownWebsiteError as error:
        return _require_stored_people(step, str(error)), {"providers": str(error)}
    scope = _scope(step)
    with provider_session(step, "people") as session:
        listing = list_people(
            session.adapters["people"],
            session.ask,
            domain,
            lambda provider, found: _query(step, company, provider, found, scope),
            session.notes,
        )
    if listing is None:
        step.retry_if_away(session.notes.temporary_fault)
        return _without_list(step, session), session.metadata(step.engine)
    changes, found = _store_listing(step, listing, session.began, scope)
    return found, session.metadata(step.engine) | {
        "new": changes.new,
        "changed": changes.changed,
        "left": changes.left,
        "kept_out": changes.suppressed,
    }


def _query(
    step: RefreshStep, company: Company, provider: str, found: FoundCompany, scope: str
) -> PeopleQuery:
    profiles, policy = step.configuration.profiles, step.configuration.policy
    if company.employee_count is None:
        # The head count that will be stored together with the list.
        company = company.model_copy(update={"employee_count": found.employee_count})
    with reading(step.engine) as connection:
        stored = employees_of(connection, provider, company.company_id)
        record = company_record(connection, provider, company.company_id)
        count = len(directory.people_of(connection, company.company_id))
        read = read_at(connection, stored.values())
    same = record is not None and record.source_id == found.source_id
    suppressions = Suppressions.configured(step.settings)
    return PeopleQuery(
        found,
        likely(company, profiles, policy, count),
        frozenset(stored),
        record.listed_at if record is not None and same else None,
        # A person may be eligible under the present profiles only.
        relist=step.config.force or record is None or record.listed_for != scope,
        shortlist=GroupShortlist(step.engine, company, provider, profiles, policy, suppressions),
        read_ids=frozenset(
            source_id
            for source_id, person_id in stored.items()
            if (person_id, provider) in read and not step.config.force
        ),
    )


def _store_listing(
    step: RefreshStep, listing: Listing, began: datetime, scope: str
) -> tuple[ListingChanges, list[Person]]:
    company_id = step.company.company_id
    suppressions = Suppressions.configured(step.settings)
    with writing(step.engine) as connection:
        store_company(connection, company_id, listing.provider, listing.company, listing.seen_at)
        changes = store_listing(connection, company_id, listing, suppressions, began, scope)
        step.keep_lease(connection)
        return changes, directory.people_of(connection, company_id)


def _without_list(step: RefreshStep, session: ProviderSession) -> list[Person]:
    """Return the stored people when no provider returned a list.

    An event requires a new list. If a provider failed and no other one has a list, the event stays
    open.
    """
    sentence = session.notes.sentence
    if session.notes.faults and step.refresh is not None and step.refresh.events:
        raise stop(f"Events report a change, and no provider could be asked. {sentence}")
    return _require_stored_people(step, sentence)


def _require_stored_people(step: RefreshStep, sentence: str) -> list[Person]:
    stored = _stored_people(step)
    if not stored:
        raise stop(
            f"No provider lists the people of {step.company.company_id}, and none are stored. "
            f"{sentence}"
        )
    return stored


def _stored_people(step: RefreshStep) -> list[Person]:
    with reading(step.engine) as connection:
        return directory.people_of(connection, step.company.company_id)


def _scope(step: RefreshStep) -> str:
    """Return a hash of the seller profiles and the policy."""
    configuration = step.configuration
    parts = [configuration.policy.model_dump_json()]
    parts += [profile.model_dump_json() for profile in configuration.profiles]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
