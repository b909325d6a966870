"""All adapters through the ledger, against stubs that keep failing: nothing is paid for twice."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger import client as client_module
from bg_orchestration.ledger import ledger as ledger_module
from bg_orchestration.ledger import rate_limit
from bg_orchestration.ledger.calls import Request
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.errors import CallRefusedError, ProviderAwayError, ProviderError
from bg_orchestration.ledger.rate_limit import close_circuit
from bg_orchestration.provider_settings import CAPABILITIES, Provider
from bg_orchestration.providers.adapters.apollo.apollo import Apollo
from bg_orchestration.providers.adapters.research.research import Subject
from bg_orchestration.providers.protocols import ContactQuery, FoundPerson, PeopleQuery
from bg_orchestration.providers.registry import adapter, adapters_for
from bg_orchestration.settings import SettingsError, read_settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration_tests.store.rows import rows
from bg_orchestration_tests.stubs.plain_request import PlainRequest
from bg_orchestration_tests.stubs.server import Stubs

NAMES: tuple[Provider, ...] = ("coresignal", "pdl", "apollo", "lusha", "zerobounce", "research")
# Without those that only ask to wait, which would make the tests wait.
KINDS = ["server_error", "html", "cut_before", "cut_after", "cut_body", "not_json", "empty_body"]


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """One kind is enough: what the ledger does on both is tested beside it."""
    return sqlite_engine


@pytest.fixture
def configured(stubs: Stubs, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Callable[[], None]:
    """Every provider is its stub, asked as fast as it answers."""
    for name in NAMES:
        monkeypatch.setenv(f"BG_{name.upper()}_URL", stubs.base_url(name))
        monkeypatch.setenv(f"BG_{name.upper()}_KEY", stubs.key)
    monkeypatch.setenv("BG_DAILY_BUDGET_USD", "none")
    monkeypatch.setattr(client_module, "_PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(
        ledger_module,
        "acquire",
        lambda connection, provider, endpoint, _limit, *rest: rate_limit.acquire(
            connection, provider, endpoint, RateLimit(10_000.0, 8), *rest
        ),
    )

    def let_in_again() -> None:
        with writing(engine) as connection:
            for name in NAMES:
                close_circuit(connection, name)

    return let_in_again


def likely(title: str, department: str | None) -> bool:
    return title.startswith(("Chief", "VP", "Director"))


def everything(one: Any, ask: Request, stubs: Stubs) -> list[Any]:
    """All that a provider can be asked about one company."""
    company = stubs.site.world.companies[3]
    here = stubs.site.world.at(company)
    if one.name == "zerobounce":
        everybody = stubs.site.world.people[:18]
        return list(one.verify(ask, [human.email for human in everybody if human.email]))
    if one.name == "research":
        return [one.research(ask, Subject(human.name, human.job.title, company.name))
                for human in here[:6]]  # fmt: skip
    found = one.company(ask, company.domain)
    people = [person for person in one.people(ask, PeopleQuery(found, likely))
              if isinstance(person, FoundPerson)]  # fmt: skip
    wanted = [
        ContactQuery(str(at), person.name, company.name, ids={one.name: person.source_id})
        for at, person in enumerate(people)
    ]
    return [*people, *one.contacts(ask, wanted)]


def patiently(question: Callable[[], list[Any]], let_in_again: Callable[[], None]) -> list[Any]:
    """As refreshes do: what failed is asked for again another time, but nothing a third time."""
    for _ in range(40):
        try:
            return question()
        except CallRefusedError:
            return []
        except ProviderError:
            let_in_again()
    raise AssertionError("it never ended well")


@pytest.mark.parametrize("seed", [4, 5])
@pytest.mark.parametrize("name", NAMES)
def test_paid_is_what_was_asked_and_what_was_left_open(
    engine: Engine, stubs: Stubs, configured: Callable[[], None], name: Provider, seed: int
) -> None:
    one = adapter(read_settings(), name)

    def question() -> list[Any]:
        with provider_client(engine, [one], read_settings()) as ask:
            return everything(one, ask, stubs)

    stubs.control("faults", probability=0.25, seed=seed, kinds=KINDS)
    answered = patiently(question, configured)
    stubs.control("faults", probability=0.0)
    told = stubs.site.books.tell()
    booked = rows(engine, operations)
    ambiguous = sum(row["state"] == "ambiguous" for row in booked)
    assert told["distinct"] <= told["paid"] <= told["distinct"] + ambiguous
    assert told["asked"] > told["distinct"], "something failed on the way"
    assert max(question["paid"] for question in told["questions"]) <= 2
    if answered:
        assert question() == answered, "from the ledger"
        assert stubs.site.books.tell()["paid"] == told["paid"]


@pytest.mark.parametrize("name", NAMES)
def test_the_check_costs_nothing(
    engine: Engine, stubs: Stubs, configured: Callable[[], None], name: Provider
) -> None:
    one = adapter(read_settings(), name)
    with provider_client(engine, [one], read_settings()) as ask:
        ask(one.check())
    assert rows(engine, operations) == []
    assert stubs.site.books.tell()["paid"] == 0


@pytest.mark.parametrize("name", ["pdl", "research"])
def test_what_was_charged_without_an_answer_is_repeated_once_at_most(
    engine: Engine, stubs: Stubs, configured: Callable[[], None], name: Provider
) -> None:
    """Their meters tell the charge, which makes it no answer."""
    one = adapter(read_settings(), name)
    path, kind = ("company/enrich", "not_json") if name == "pdl" else ("responses", "odd")
    stubs.control("fail", kind=kind, path=path, detail="failed", times=9)
    with provider_client(engine, [one], read_settings()) as ask, pytest.raises(ProviderError):
        everything(one, ask, stubs)
    assert stubs.site.books.tell()["paid"] == 2
    assert [row["state"] for row in rows(engine, operations)] == ["ambiguous", "ambiguous"]


def test_adapters_come_in_the_order_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BG_PEOPLE_PROVIDERS", "pdl,coresignal")
    monkeypatch.setenv("BG_ENRICHMENT", "deep_research")
    monkeypatch.setenv("BG_CORESIGNAL_COLLECT_CREDITS", "2")
    for name in NAMES:
        monkeypatch.setenv(f"BG_{name.upper()}_KEY", f"{name}-key")
    config = read_settings()
    pdl, coresignal = adapters_for(config, "people")
    assert (pdl.name, coresignal.name) == ("pdl", "coresignal")
    assert (coresignal.key, coresignal.collect_credits) == ("coresignal-key", 2.0)
    assert [one.name for one in adapters_for(config, "research")] == ["research"]
    assert [len(adapters_for(config, which)) for which in CAPABILITIES] == [0, 2, 0, 1, 1]


def test_a_missing_key_is_named() -> None:
    with pytest.raises(SettingsError, match="BG_APOLLO_KEY: not set"):
        adapter(read_settings(), "apollo")


def test_adapters_are_light_to_import() -> None:
    """No HTTP client, and no tables of phone numbers, before something is asked."""
    code = """if True:
        import sys
        from bg_orchestration.ledger import client
        from importlib import import_module
        for name in ("apollo", "coresignal", "lusha", "pdl", "research", "zerobounce"):
            import_module(f"bg_orchestration.providers.adapters.{name}.{name}")
        print([name for name in ("httpx", "phonenumbers", "dagster") if name in sys.modules])
    """
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == "[]"


def test_the_stubs_run_as_a_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bg_orchestration_tests.stubs", "--companies", "2", "--limits"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            url, key = process.stdout.readline().split()
            with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
                assert [one["number"] for one in client.get("/control/world").json()] == [0, 1]
                changes = client.post("/control/advance", json={}).json()
                assert {change["kind"] for change in changes} >= {"joined"}
                assert client.post("/control/fail", json={"kind": "?"}).status_code == 422
                found = client.get("/lusha/v3/account/usage", headers={"api_key": key})
                assert json.loads(found.content)["credits"]["remaining"] == 1_000_000
        finally:
            process.terminate()
        assert process.wait(10) is not None


def test_a_stub_has_its_limit(stubs: Stubs) -> None:
    stubs.control("limits", on=True)
    one = Apollo(stubs.key, stubs.base_url("apollo"))
    with httpx.Client(trust_env=False) as client:
        ask = PlainRequest(one, client)
        with pytest.raises(ProviderAwayError, match="rate_limited"):
            list(map(ask, [one.check()] * 200))
