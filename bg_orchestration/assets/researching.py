"""What is publicly known of those who decide and champion, at the level `deep_research`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from bg_orchestration.assets.asking import Questions, again_if_away, questions
from bg_orchestration.domain.model import BuyerGroup, Company, Role
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError
from bg_orchestration.privacy.suppression import (
    Suppressions,
)
from bg_orchestration.providers.waterfall import TimedRequest
from bg_orchestration.refreshes.life_cycle import Refresh, renew
from bg_orchestration.settings import settings
from bg_orchestration.store import companies as directory
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.store.research_notes import keep_note

_ROLES: tuple[Role, ...] = ("decision", "champion")


@dataclass(frozen=True, slots=True)
class _Somebody:
    person_id: str
    name: str
    title: str


def researched(
    context: dg.AssetExecutionContext,
    company_id: str,
    groups: Sequence[BuyerGroup],
    refresh: Refresh | None,
) -> dict[str, Any]:
    """Ask about each decision maker and champion, keep what is found, and tell how much that was.

    Raises:
        ProviderAwayError: a provider is away and the step has tries left.
        BudgetSpentError: the day's budget would be passed.
    """
    if not settings().providers_for("research"):
        return {}
    engine = engine_for(settings().url)
    with reading(engine) as connection:
        company = directory.company(connection, company_id)
        assert company is not None, "its group was judged"
        pages = directory.pages_of(connection, _titles(groups))
        suppressed = Suppressions.configured(settings()).suppressed_people(connection, pages)
    people = [
        _Somebody(person_id, pages[person_id][0], title)
        for person_id, title in sorted(_titles(groups).items())
        if person_id in pages and person_id not in suppressed
    ]
    with questions(company_id, refresh, "research") as asked:
        found = sum(_research(asked, company, one, refresh) for one in people)
    again_if_away(context, asked.outcomes)
    told = asked.metadata(engine)
    cost = told["cost_usd"]
    return {"researched": found, "research_cost_usd": cost, "research": told["providers"]}


def _titles(groups: Sequence[BuyerGroup]) -> dict[str, str]:
    return {
        member.person_id: member.title
        for group in groups
        for member in group.members
        if member.role in _ROLES
    }


def _research(asked: Questions, company: Company, one: _Somebody, refresh: Refresh | None) -> bool:
    """Ask one provider after the other until one knows something; whether one did."""
    from bg_orchestration.providers.adapters.research.research import Subject

    subject = Subject(one.name, one.title, company.name)
    for adapter in asked.adapters["research"]:
        if adapter.name in {fault.provider for fault in asked.outcomes.faults}:
            continue
        watched = TimedRequest(asked.ask)
        try:
            findings = adapter.research(watched, subject)
        except CallRefusedError:
            continue
        except ProviderError as error:
            asked.outcomes.note_fault(error)
            continue
        asked.outcomes.note(adapter.name, "asked")
        if findings is None or watched.oldest is None:
            continue
        with writing(engine_for(settings().url)) as connection:
            keep_note(
                connection,
                company.company_id,
                one.person_id,
                adapter.name,
                watched.oldest,
                findings.model_dump_json(),
            )
            if refresh is not None:
                renew(connection, refresh)
        return True
    return False
