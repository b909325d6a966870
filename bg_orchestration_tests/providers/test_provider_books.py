"""Our ledger against the books of a provider that fails often: every charge is booked."""

from contextlib import suppress

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger import client as client_module
from bg_orchestration.ledger import rate_limit
from bg_orchestration.ledger.calls import Request
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError
from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.providers.adapters.coresignal.coresignal import Coresignal
from bg_orchestration.providers.protocols import FoundPerson, PeopleQuery
from bg_orchestration.settings import read_settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration_tests.store.rows import rows
from bg_orchestration_tests.stubs.server import Stubs

# A step runs once and is repeated three times, three attempts of a refresh: with a margin.
_TRIES = 20


class _Fast(Coresignal):
    def rate_limit(self, endpoint: str) -> RateLimit:
        return RateLimit(10_000.0, 5)


@pytest.fixture
def adapter(stubs: Stubs, monkeypatch: pytest.MonkeyPatch) -> Coresignal:
    monkeypatch.setattr(client_module, "_PAUSES", (0.001, 0.001, 0.001))
    monkeypatch.setenv("BG_DAILY_BUDGET_USD", "none")
    return _Fast(stubs.key, stubs.base_url("coresignal"))


def listed(ask: Request, adapter: Coresignal, domain: str) -> list[FoundPerson]:
    """The people of a company as a refresh would list them."""
    company = adapter.company(ask, domain)
    if company is None:
        return []
    found = adapter.people(ask, PeopleQuery(company, lambda _title, _department: True))
    return [one for one in found if isinstance(one, FoundPerson)]


def refreshed(engine: Engine, adapter: Coresignal, domain: str) -> list[FoundPerson] | None:
    """The people, tried as often as a refresh is; `None` if one question was left open twice."""
    for _ in range(_TRIES):
        with suppress(ProviderError):
            try:
                with provider_client(engine, [adapter], read_settings(), Purpose("acme")) as ask:
                    return listed(ask, adapter, domain)
            except CallRefusedError:
                return None
        with writing(engine) as connection:
            # Its rest is not what is tested here.
            rate_limit.close_circuit(connection, adapter.name)
    raise AssertionError("never got through")


def compare(engine: Engine, stubs: Stubs) -> tuple[int, int]:
    """How many calls the provider charged, and how many requests of ours were left open."""
    books = stubs.site.books.tell()
    booked = rows(engine, operations)
    answered = [row for row in booked if row["state"] in ("answered", "not_found")]
    left_open = [row for row in booked if row["state"] == "ambiguous"]
    assert len(answered) == len({row["key"] for row in answered})
    with_an_answer = sum(row["state"] == "answered" for row in booked)
    assert with_an_answer <= books["paid"] <= len(answered) + len(left_open)
    assert books["credits"]["coresignal"] <= sum(row["credits"] for row in booked) + 1e-6
    return books["paid"], len(left_open)


@pytest.mark.parametrize("probability", [0.0, 0.3])
def test_every_charge_is_booked_and_none_is_made_twice_without_cause(
    engine: Engine, adapter: Coresignal, stubs: Stubs, probability: float
) -> None:
    stubs.site.faults.probability = probability
    domains = [company.domain for company in stubs.site.world.companies[:2]]
    for domain in domains:
        refreshed(engine, adapter, domain)
    paid, left_open = compare(engine, stubs)
    assert paid > 20
    assert bool(left_open) == (probability > 0)
    # Asked once more, nothing that was answered is paid for again.
    stubs.site.faults.probability = 0.0
    for domain in domains:
        refreshed(engine, adapter, domain)
    again, _ = compare(engine, stubs)
    if not left_open:
        assert again == paid == len(rows(engine, operations))
