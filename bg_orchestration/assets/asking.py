"""How an asset asks data providers, and what it tells of that: cost, calls, and what went wrong.

Nothing of the HTTP client is imported before somebody asks: most runs do not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import dagster as dg
from sqlalchemy import Engine

from bg_orchestration.assets.taking_part import STEP_RETRIES, publishes, stop
from bg_orchestration.ledger.budget import spending_of_company
from bg_orchestration.ledger.calls import Answer, Call, Request
from bg_orchestration.ledger.errors import BudgetSpentError, ProviderAwayError
from bg_orchestration.provider_settings import Capability
from bg_orchestration.providers.waterfall import ProviderNotes
from bg_orchestration.refreshes.life_cycle import Refresh
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, engine_for, reading


@dataclass(slots=True)
class Questions:
    """What an asset asks about one company.

    Attributes:
        company_id: the company.
        began: when it began to ask, by the database's clock.
        outcomes: what became of asking each provider.
        ledger_hits: how many paid questions the ledger answered.
    """

    company_id: str
    began: datetime
    adapters: dict[Capability, tuple[Any, ...]]
    outcomes: ProviderNotes = field(default_factory=ProviderNotes)
    ledger_hits: int = 0
    _ask: Request | None = None

    def ask(self, call: Call) -> Answer:
        """Ask, and count what had been paid for before."""
        assert self._ask is not None, "inside the block of `questions`"
        answer = self._ask(call)
        self.ledger_hits += bool(call.credits) and answer.asked_at < self.began
        return answer

    def metadata(self, engine: Engine) -> dict[str, Any]:
        """Cost in USD, paid calls, and what became of each provider in plain words."""
        with reading(engine) as connection:
            spent = spending_of_company(connection, self.company_id, self.began)
        told = [f"- {name}: {words}" for name, words in self.outcomes.words.items()]
        return {
            "cost_usd": round(spent.usd, 4),
            "calls": spent.calls,
            "ledger_hits": self.ledger_hits,
            "ambiguous": spent.ambiguous,
            "providers": dg.MetadataValue.md("\n".join(told) or "nobody was asked"),
        }


@contextmanager
def questions(
    company_id: str, refresh: Refresh | None, *capabilities: Capability
) -> Iterator[Questions]:
    """Ask about a company; what is paid is booked on the refresh.

    Raises:
        SettingsError: a key is missing; names the variable.
    """
    from bg_orchestration.ledger.client import provider_client
    from bg_orchestration.ledger.ledger import Purpose
    from bg_orchestration.providers.registry import adapters_for

    config, engine = settings(), engine_for(settings().url)
    adapters = {one: adapters_for(config, one) for one in capabilities}
    with reading(engine) as connection:
        asked = Questions(company_id, clock(connection), adapters)
    everybody = {one.name: one for several in adapters.values() for one in several}
    asker = Purpose(company_id, refresh.refresh_id if refresh else None)
    with provider_client(engine, everybody.values(), config, asker) as ask:
        asked._ask = ask
        yield asked


def again_if_away(context: dg.AssetExecutionContext, outcomes: ProviderNotes) -> None:
    """Have the step run again while a provider is away and tries are left.

    What was paid for is in the ledger, so the repetition asks only what is missing.

    Raises:
        ProviderAwayError: for `taking_part`, which waits 2, 4 and 8 s.
    """
    away: ProviderAwayError | None = outcomes.temporary_fault
    if away is not None and context.retry_number < STEP_RETRIES:
        raise away


def deferred(context: dg.AssetExecutionContext, asset: str, error: BudgetSpentError) -> Any:
    """What an asset tells instead of a value when the budget is spent: the run ends here, well.

    Raises:
        dg.Failure: in a run that does not publish, which nobody takes up again.
    """
    told = f"Deferred until {error.until:%Y-%m-%d %H:%M} UTC: {error}"
    if not publishes(context.run):
        raise stop(str(error))
    context.log.warning(told)
    return dg.AssetObservation(asset, partition=context.partition_key, metadata={"deferred": told})
