"""`bg notifications`: what it lists, replays and tries."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bg_orchestration.cli import bg
from bg_orchestration.destinations.notifications.dispatch import send_due
from bg_orchestration.settings import settings
from bg_orchestration_tests.destinations.notifications.conftest import (
    Configure,
    change,
    die,
)
from bg_orchestration_tests.destinations.notifications.receiving import SECRET, Receiver
from bg_orchestration_tests.store.rows import follow

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(bg, ["notifications", *arguments], env={"COLUMNS": "200"})


def listed(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_it_lists_what_became_of_each(told: Engine, sales: Receiver) -> None:
    changed = change(told, "acme", "p-ann")
    died = die(told, "globex")
    sales.answers = [410, 500]
    send_due(told, settings())
    # The address rests: what was dead keeps its cause, what waits has none yet.
    (dead,) = listed("--state", "dead")
    assert (dead["message_id"], dead["error"]) == (f"msg_{changed}_group_changed", "HTTP 410")
    assert [one["refresh_id"] for one in listed()] == [died, changed]
    assert listed("--to", "nobody") == []
    shown = run().output
    assert "HTTP 410" in shown
    assert "group.changed" in shown
    for personal in ("Ann", "VP Sales"):
        assert personal not in shown

    assert "Pending again: 1 message." in run("--replay", dead["message_id"]).output
    assert "Nothing to replay" in run("--replay").output
    sales.answers = []
    send_due(told, settings())
    assert {one["state"] for one in listed()} == {"sent"}


def test_what_waits_says_why(told: Engine, sales: Receiver, configure: Configure) -> None:
    change(told, "acme", "p-ann")
    sales.answers = [500]
    send_due(told, settings())
    assert "HTTP 500, again at " in run().output
    configure(urls=f"other={sales.url}", secrets=f"other={SECRET}")
    assert "no address of this name is set" in run().output


def test_it_says_that_notifications_are_off(engine: Engine) -> None:
    follow(engine, "acme")
    result = run()
    assert "No messages." in result.output
    assert "Notifications are off" in result.output
    assert run("--test", "sales").exit_code == 2


def test_a_test_message_goes_out_now(told: Engine, sales: Receiver) -> None:
    result = run("--test", "sales")
    assert (result.exit_code, result.output) == (0, "sales: HTTP 204, taken\n")
    [got] = sales.got
    assert got.signed_by(SECRET)
    assert (got.json["type"], got.json["data"]) == ("test", {})
    assert listed() == []

    sales.answers = [403]
    result = run("--test", "sales")
    assert (result.exit_code, result.output) == (1, "sales: HTTP 403, not taken\n")


def test_wrong_use_is_told(told: Engine, configure: Configure) -> None:
    result = run("--test", "nobody")
    assert result.exit_code == 2
    assert "The addresses are: sales" in result.output
    assert run("msg_1").exit_code == 2
    configure(urls="sales=ftp://x.example")
    result = run("--test", "sales")
    assert result.exit_code == 2
    assert "BG_NOTIFY_URLS: sales is no URL" in result.output
