"""The commands on a system whose people come from providers, against their stubs."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bg_orchestration.cli import bg
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.assets.asked import with_setting
from bg_orchestration_tests.assets.conftest import Run, why
from bg_orchestration_tests.store.rows import rows
from bg_orchestration_tests.stubs.server import Stubs


def command(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(bg, arguments)
    assert result.exit_code == code, result.output
    return str(result.output)


def told(*arguments: str) -> Any:
    return json.loads(command(*arguments, "--json"))


def test_a_person_lets_one_company_pass_the_budget(
    asked: Engine, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, DAILY_BUDGET_USD="2")
    monkeypatch.setenv("COLUMNS", "300")
    output = command("refresh", "acme", code=1)
    assert "deferred until" in output
    assert "bg refresh acme --over-budget" in output
    assert "BG_DAILY_BUDGET_USD" in command("refresh", "acme", "--why")
    assert [row["state"] for row in rows(asked, logs)] == ["planned"]

    output = command("refresh", "acme", "--over-budget")
    assert "members" in output
    assert "USD" in output
    [row] = rows(asked, logs)
    assert (row["state"], row["deferred"]) == ("completed", None)
    assert row["cost_usd"] > 2
    ledger = stubs.ledger()
    assert ledger["paid"] == ledger["distinct"]


def test_show_tells_what_research_found_apart_from_the_rest(
    asked: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, ENRICHMENT="deep_research")
    result = run("acme")
    assert result.success, why(result)
    members = told("show", "acme")["members"]
    researched = [member for member in members if "research" in member]
    assert researched
    for member in members:
        assert ("research" in member) <= (member["role"] in ("decision", "champion"))
        for contact in member["contacts"]:
            assert {"kind", "value", "source", "type", "status"} <= contact.keys()
    for member in researched:
        assert member["research"]["sources"]
    assert "research: " in command("show", "acme")
