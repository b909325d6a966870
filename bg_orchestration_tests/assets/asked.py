"""A database whose company is asked about at providers' stubs over real HTTP."""

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.judgement.eligibility import likely
from bg_orchestration.domain.model import Company
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import save_companies
from bg_orchestration.store.database import writing
from bg_orchestration_tests.stubs.server import Stubs
from bg_orchestration_tests.stubs.world import Human

KEY = b"a key of the tests"
PROVIDERS = ("coresignal", "pdl", "apollo", "lusha", "research")


@pytest.fixture
def asked(sqlite_engine: Engine, stubs: Stubs, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The configured database; Coresignal's stub is who is asked. `acme` is its first company."""
    for name, value in {
        "PROVIDER": "coresignal",
        **{f"{name.upper()}_KEY": stubs.key for name in PROVIDERS},
        **{f"{name.upper()}_URL": stubs.base_url(name) for name in (*PROVIDERS, "zerobounce")},
        "DAILY_BUDGET_USD": "1000",
        "SUPPRESSION_KEY": KEY.decode(),
    }.items():
        monkeypatch.setenv(f"BG_{name}", value)
    monkeypatch.setattr("bg_orchestration.ledger.client._PAUSES", (0.02, 0.02, 0.02))
    settings.cache_clear()
    follow(sqlite_engine, "acme", stubs.site.world.companies[0].domain)
    return sqlite_engine


def follow(engine: Engine, company_id: str, domain: str | None) -> None:
    with writing(engine) as connection:
        named = Company(company_id=company_id, name=company_id, domain=domain)
        save_companies(connection, [named], "file:companies.csv")


def with_setting(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(f"BG_{name}", value)
    settings.cache_clear()


def worth_a_record(stubs: Stubs) -> list[Human]:
    """Who may enter a group of the first company."""
    company = stubs.site.world.companies[0]
    may_enter = likely(
        Company(company_id="acme", name="", employee_count=40), load_profiles(), load_policy(), 0
    )
    return [
        human
        for human in stubs.site.world.at(company)
        if may_enter(human.job.title, human.job.department)
    ]
