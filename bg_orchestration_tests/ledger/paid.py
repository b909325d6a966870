"""Rows in the ledger, made by the ledger itself without any request."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import Adapter, Call, Classification, Cost, Outcome, Response
from bg_orchestration.ledger.errors import ProviderError
from bg_orchestration.ledger.ledger import Ledger, Purpose, Reservation
from bg_orchestration.provider_settings import ProviderSettings
from bg_orchestration_tests.ledger.scripted_provider import ScriptedAdapter

ACME = Purpose("acme")
CHARGE = Cost(1.0, 0.25)


@dataclass(frozen=True)
class NamedAdapter(ScriptedAdapter):
    """An adapter of any name, at an address without calls."""

    base_url: str = "https://provider.example"
    name: str = "pdl"  # type: ignore[misc]

    def rate_limit(self, endpoint: str) -> RateLimit:
        return RateLimit(1_000.0, 100)


def ledger_of(
    engine: Engine, provider: str = "pdl", purpose: Purpose = ACME, usd: float = 0.5
) -> Ledger:
    """A ledger without a budget, with `usd` as the price of a credit."""
    adapter: Adapter = NamedAdapter(name=provider)
    prices: dict[str, Any] = {f"{provider}_usd_per_credit": usd, "daily_budget_usd": None}
    return Ledger(engine, [adapter], ProviderSettings(**prices), purpose)


def paid_call(path: str, provider: str = "pdl", **changes: Any) -> Call:
    """A call of one credit; another path is another question."""
    values: dict[str, Any] = {"capability": "people", "endpoint": "e", "method": "GET"}
    return Call(**values | {"provider": provider, "path": path, "credits": 1.0} | changes)


def reserve(
    engine: Engine, path: str, provider: str = "pdl", purpose: Purpose = ACME, **changes: Any
) -> Reservation:
    """Reserve a call."""
    call = paid_call(path, provider, **changes)
    found = ledger_of(engine, provider, purpose).reserve(call)
    assert isinstance(found, Reservation)
    return found


def settle(
    engine: Engine,
    reservation: Reservation,
    kind: Any = "ok",
    cost: Cost | None = CHARGE,
    body: bytes = b"{}",
    why: str = "",
) -> None:
    """Settle a reserved call, whatever its outcome is."""
    outcome = Outcome(Classification(kind, why), cost, Response(200, {}, body))
    with suppress(ProviderError):
        ledger_of(engine, reservation.call.provider).settle(reservation, outcome)


def fail(engine: Engine, provider: str, kind: Any, why: str = "") -> None:
    """Let a free call of a provider end so."""
    settle(engine, reserve(engine, "free", provider, credits=0.0), kind, Cost(0.0, 0.0), why=why)
