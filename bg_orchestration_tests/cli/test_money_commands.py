"""The commands about data providers: what they cost, whether they answer."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bg_orchestration.cli import bg
from bg_orchestration.domain.model import Company
from bg_orchestration.ledger import client
from bg_orchestration.ledger.calls import Cost
from bg_orchestration.ledger.ledger import Purpose, Reservation
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import save_companies
from bg_orchestration.store.database import writing
from bg_orchestration_tests.ledger.paid import ledger_of, paid_call, settle
from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site

DAY = timedelta(days=1)


def run(*arguments: str) -> Result:
    settings.cache_clear()
    return CliRunner().invoke(bg, list(arguments), env={"COLUMNS": "200"})


def run_json(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def _stubs() -> Iterator[Stubs]:
    with serving(Site()) as running:
        yield running


@pytest.fixture
def stubs(_stubs: Stubs, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Stubs:
    """Stubs whose Coresignal is configured."""
    _stubs.site.faults.planned.clear()
    monkeypatch.setenv("BG_PROVIDER", "coresignal")
    monkeypatch.setenv("BG_CORESIGNAL_URL", _stubs.base_url("coresignal"))
    monkeypatch.setenv("BG_CORESIGNAL_KEY", _stubs.key)
    return _stubs


def pay(engine: Engine, key: str, company_id: str, *, open_: bool = False, **of: Any) -> None:
    """Book a paid question as asking does."""
    values = {"capability": "company", "endpoint": "company/enrich"} | of
    call = paid_call(key, **values)
    reservation = ledger_of(engine, purpose=Purpose(company_id), usd=0.25).reserve(call)
    assert isinstance(reservation, Reservation)
    if open_:
        settle(engine, reservation, "transient", None, why="no answer within 30 s")
    else:
        settle(engine, reservation, "ok", Cost(1.0, 0.25, "metered"))


@pytest.fixture
def paid(engine: Engine) -> Engine:
    with writing(engine) as connection:
        for company_id in ("acme", "globex", "shop"):
            domain = None if company_id == "shop" else f"{company_id}.example"
            one = Company(company_id=company_id, name=company_id, domain=domain, employee_count=100)
            save_companies(connection, [one], "test")
    pay(engine, "k1", "acme")
    pay(engine, "k2", "globex", endpoint="person/enrich", capability="people", open_=True)
    return engine


def test_operations_are_listed_and_summed_up(paid: Engine) -> None:
    found = run_json("operations")
    assert [one["state"] for one in found["operations"]] == ["ambiguous", "answered"]
    assert found["cost_usd"] == 0.5
    only = run_json("operations", "--company", "globex", "--state", "ambiguous", "--since", "1h")
    assert [one["endpoint"] for one in only["operations"]] == ["person/enrich"]
    assert [one["requests"] for one in only["sums"]] == [1]
    text = run("operations").output
    assert "no answer within 30 s" in text
    assert "0.2500  metered" in text
    assert "0.5000" in text.splitlines()[-1]


def test_nothing_paid_for_is_said(engine: Engine) -> None:
    assert run("operations").output == "Nothing was paid for.\n"
    assert run_json("operations") == {"operations": [], "sums": [], "cost_usd": 0}
    assert run("operations", "--since", "soon").exit_code == 2


def test_stats_tell_what_was_spent(paid: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BG_PDL_DAILY_USD", "2")
    found = run_json("stats")
    assert found["operations_by_state"] == {"ambiguous": 1, "answered": 1}
    assert (found["spent_usd"], found["spent_today_usd"]) == (0.5, 0.5)
    assert found["budget_left_usd"] == 9.5
    assert [(one["provider"], one["ambiguous"]) for one in found["providers"]] == [("pdl", 1)]
    assert "1.5000" in run("stats").output


def test_a_provider_that_answers_works(stubs: Stubs) -> None:
    result = run("providers", "check")
    assert result.exit_code == 0, result.output
    assert "answers" in result.output
    [told] = run_json("providers", "check")
    assert told == {
        "provider": "coresignal",
        "used_for": "company, people, contact",
        "works": True,
        "found": "answers",
        "to_do": "",
    }


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("bad_key", "Set BG_CORESIGNAL_KEY"),
        ("no_credit", "Top the account up"),
        ("forbidden", "The key or the plan"),
        ("server_error", "Check BG_CORESIGNAL_URL"),
    ],
)
def test_what_does_not_work_is_told_with_what_to_do(
    stubs: Stubs, kind: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_PAUSES", (0.01, 0.01))
    stubs.site.faults.planned.append(Fault(kind, "coresignal", times=3))
    result = run("providers", "check")
    assert result.exit_code == 1
    assert said in result.output
    assert "Does not work: coresignal." in result.output
    stubs.site.faults.planned.clear()
    # It was mended: nobody waits until the circuit closes by itself.
    assert run("providers", "check").exit_code == 0


def test_a_missing_key_and_a_wrong_one_are_told(
    stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_CORESIGNAL_KEY", "wrong-key-of-somebody")
    result = run("providers", "check")
    assert result.exit_code == 1
    assert "bad key" in result.output
    assert "wrong-key-of-somebody" not in result.output
    monkeypatch.delenv("BG_CORESIGNAL_KEY")
    result = run("providers", "check")
    assert result.exit_code == 1
    assert "BG_CORESIGNAL_KEY: not set" in result.output


def test_without_providers_there_is_nothing_to_check(engine: Engine) -> None:
    result = run("providers", "check")
    assert result.exit_code == 0
    assert "BG_PROVIDER is sample" in result.output


def test_an_estimate_says_what_it_rests_on(paid: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BG_PROVIDER", "pdl")
    found = run_json("estimate", "acme", "globex", "shop")
    questions = {one["company_id"]: one["questions"] for one in found["companies"]}
    # What is known of acme is still fresh, and nobody is asked about a company without a website.
    assert questions == {
        "acme": {"company": 0, "people": 50, "contact": 8},
        "globex": {"company": 1, "people": 50, "contact": 8},
        "shop": {"company": 0, "people": 0, "contact": 8},
    }
    assert found["total_usd"] == pytest.approx((58 + 59 + 8) * 0.28)
    assert found["budget_left_usd"] == 9.5
    text = run("estimate", "acme").output
    assert "it takes more than today" in text
    assert "50% of the people are worth a record" in text


def test_an_estimate_counts_likely_members_where_people_are_shown_first(
    paid: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_PROVIDER", "coresignal")
    [found] = run_json("estimate", "globex")["companies"]
    assert found["questions"] == {"company": 1, "people": 22, "contact": 0}
    # Twenty credits for the company, for each record, and for each of five pages of previews.
    assert found["total_usd"] == pytest.approx((1 + 22 + 5) * 20 * 0.0196)
    text = run("estimate", "globex").output
    assert "50% of the people are worth a record, at most 22" in text


def test_estimates_are_for_the_stale_for_all_or_for_those_named(paid: Engine) -> None:
    assert len(run_json("estimate", "--stale")["companies"]) == 3
    assert len(run_json("estimate", "--all")["companies"]) == 3
    assert run_json("estimate", "--all")["total_usd"] == 0
    assert "No call is paid: BG_PROVIDER is sample." in run("estimate", "--all").output
    assert run("estimate").exit_code == run("estimate", "acme", "--all").exit_code == 2
    assert "No company nobody is known" in run("estimate", "nobody").output
