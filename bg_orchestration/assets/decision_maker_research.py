"""Public findings about decision makers and champions, at the level `deep_research`."""

from collections.abc import Sequence
from typing import Any, Final

from bg_orchestration.assets.provider_session import ProviderSession, provider_session
from bg_orchestration.assets.refresh_step import RefreshStep
from bg_orchestration.domain.model import BuyerGroup, Role
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.waterfall import TimedRequest
from bg_orchestration.store import companies as directory
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.research_notes import replace_note

_ROLES: Final[tuple[Role, ...]] = ("decision", "champion")


def research_metadata(step: RefreshStep, groups: Sequence[BuyerGroup]) -> dict[str, Any]:
    """Research each decision maker and champion, store the findings; returns metadata.

    Raises:
        ProviderAwayError: a provider is away and the step has retries left.
        BudgetSpentError: a call would pass the day's budget.
    """
    if not step.settings.providers_for("research"):
        return {}
    titles = {
        member.person_id: member.title
        for group in groups
        for member in group.members
        if member.role in _ROLES
    }
    with reading(step.engine) as connection:
        company = directory.company(connection, step.company.company_id) or step.company
        pages = directory.pages_of(connection, titles)
        suppressed = Suppressions.configured(step.settings).suppressed_people(connection, pages)
    with provider_session(step, "research") as session:
        found = sum(
            _research(step, session, person_id, pages[person_id][0], title, company.name)
            for person_id, title in sorted(titles.items())
            if person_id in pages and person_id not in suppressed
        )
    step.retry_if_away(session.notes.temporary_fault)
    metadata = session.metadata(step.engine)
    return {
        "researched": found,
        "research_cost_usd": metadata["cost_usd"],
        "research": metadata["providers"],
    }


def _research(
    step: RefreshStep,
    session: ProviderSession,
    person_id: str,
    name: str,
    title: str,
    company_name: str,
) -> bool:
    """Call the providers in turn until one has findings; return whether one had."""
    from bg_orchestration.providers.adapters.research.research import Subject

    subject = Subject(name, title, company_name)
    for adapter in session.adapters["research"]:
        if adapter.name in {fault.provider for fault in session.notes.faults}:
            continue
        timed = TimedRequest(session.ask)
        try:
            findings = adapter.research(timed, subject)
        except CallRefusedError:
            continue
        except ProviderError as error:
            session.notes.note_fault(error)
            continue
        session.notes.note(adapter.name, "asked")
        if findings is None or timed.oldest is None:
            continue
        with writing(step.engine) as connection:
            replace_note(
                connection,
                step.company.company_id,
                person_id,
                adapter.name,
                timed.oldest,
                findings.model_dump_json(),
            )
            step.keep_lease(connection)
        return True
    return False
