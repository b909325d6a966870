"""The provider calls of one asset about one company, with cost and faults.

The HTTP client is imported for the first call: most runs make none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import dagster as dg
from sqlalchemy import Engine

from bg_orchestration.assets.refresh_step import RefreshStep
from bg_orchestration.ledger.budget import spending_of_company
from bg_orchestration.ledger.calls import Answer, Call, Request
from bg_orchestration.provider_settings import Capability
from bg_orchestration.providers.waterfall import ProviderNotes
from bg_orchestration.store.database import clock, reading


@dataclass(slots=True)
class ProviderSession:
    """The calls of one asset about one company.

    Attributes:
        company_id: the company.
        began: when the session began, by the database's clock.
        adapters: the configured providers by capability, in their order.
        notes: the outcome at each provider.
        ledger_hits: how many paid calls the ledger answered.
    """

    company_id: str
    began: datetime
    adapters: dict[Capability, tuple[Any, ...]]
    notes: ProviderNotes = field(default_factory=ProviderNotes)
    ledger_hits: int = 0
    _request: Request | None = None

    def ask(self, call: Call) -> Answer:
        """Return the answer to a call; count an answer from the ledger."""
        assert self._request is not None, "inside the block of `provider_session`"
        answer = self._request(call)
        self.ledger_hits += bool(call.credits) and answer.asked_at < self.began
        return answer

    def metadata(self, engine: Engine) -> dict[str, Any]:
        """Return cost in USD, paid calls, and the outcome at each provider in plain words."""
        with reading(engine) as connection:
            cost = spending_of_company(connection, self.company_id, self.began)
        lines = [f"- {name}: {words}" for name, words in self.notes.words.items()]
        return {
            "cost_usd": round(cost.usd, 4),
            "calls": cost.calls,
            "ledger_hits": self.ledger_hits,
            "ambiguous": cost.ambiguous,
            "providers": dg.MetadataValue.md("\n".join(lines) or "no provider was asked"),
        }


@contextmanager
def provider_session(step: RefreshStep, *capabilities: Capability) -> Iterator[ProviderSession]:
    """Open a session with these capabilities' providers; the step's refresh pays.

    Raises:
        SettingsError: a key is missing; names the variable.
    """
    from bg_orchestration.ledger.client import provider_client
    from bg_orchestration.ledger.ledger import Purpose
    from bg_orchestration.providers.registry import adapters_for

    config, engine, company_id = step.settings, step.engine, step.company.company_id
    adapters = {capability: adapters_for(config, capability) for capability in capabilities}
    with reading(engine) as connection:
        session = ProviderSession(company_id, clock(connection), adapters)
    distinct = {adapter.name: adapter for several in adapters.values() for adapter in several}
    refresh_id = step.refresh.refresh_id if step.refresh else None
    purpose = Purpose(company_id, refresh_id, step.fresh_since)
    with provider_client(engine, distinct.values(), config, purpose) as request:
        session._request = request
        yield session
