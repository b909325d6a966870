"""The asset `company`."""

from typing import Any

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets import artifacts
from bg_orchestration.assets.provider_session import provider_session
from bg_orchestration.assets.refresh_asset import refresh_asset
from bg_orchestration.assets.refresh_step import RefreshStep
from bg_orchestration.assets.sources import provider_keys
from bg_orchestration.domain.model import Company
from bg_orchestration.providers.company_match import UnknownWebsiteError, domain_of
from bg_orchestration.providers.listing import store_company
from bg_orchestration.providers.waterfall import TimedRequest, find_company
from bg_orchestration.store import companies as directory
from bg_orchestration.store.database import writing


@refresh_asset(
    names.COMPANY,
    deps=[names.PEOPLE_DIRECTORY, *provider_keys("company")],
    artifact=artifacts.COMPANY,
    tags=["paid"],
)
def company(step: RefreshStep) -> dg.MaterializeResult[Company]:
    """The company: name, web domain, head count, industry, country.

    From imports. Where the settings name providers, the first one that knows the web domain
    completes the record; an answer about another company is not used.

    - `refresh_id`: the refresh that this run acquired; `reason`: why (`event`, `scheduled`, or
      `manual` for a person's run); `attempt`: its number, from 1; `events`: how many person changes
      it handles
    - `cost_usd`, `calls`, `ledger_hits`, `ambiguous`, `providers`: see `people`
    - `retries`: how often the step was retried after a fault
    """
    found = step.company
    metadata: dict[str, Any] = {}
    if step.settings.providers_for("company"):
        found, metadata = _complete(step)
    if step.refresh is not None:
        metadata |= {
            "refresh_id": step.refresh.refresh_id,
            "reason": step.refresh.reason,
            "attempt": step.refresh.attempt,
            "events": step.refresh.events,
        }
    return dg.MaterializeResult(value=found, metadata=metadata)


def _complete(step: RefreshStep) -> tuple[Company, dict[str, Any]]:
    """Return the company with what a provider knows of it, and metadata.

    Raises:
        ProviderAwayError: a provider is away and the step has retries left.
        BudgetSpentError: the call would pass the day's budget.
    """
    try:
        domain = domain_of(step.company)
    except UnknownWebsiteError as error:
        return step.company, {"providers": str(error)}
    company_id, found = step.company.company_id, step.company
    with provider_session(step, "company") as session:
        timed = TimedRequest(session.ask)
        match = find_company(session.adapters["company"], timed, domain, session.notes)
    if match is None:
        step.retry_if_away(session.notes.temporary_fault)
    elif timed.oldest is not None:
        with writing(step.engine) as connection:
            store_company(connection, company_id, *match, timed.oldest)
            step.keep_lease(connection)
            found = directory.company(connection, company_id) or found
    return found, session.metadata(step.engine)
