"""`bg correct`: what people put right about how to reach somebody. Everybody here is fictional."""

import getpass
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bg_orchestration.assets.contacts import known_contacts
from bg_orchestration.cli import correct
from bg_orchestration.domain.model import ContactPoint
from bg_orchestration.store.contact_points import add_contacts
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.store.rows import STAFF, follow, rows


@pytest.fixture(autouse=True)
def _login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "kim")


@pytest.fixture
def acme(engine: Engine) -> Engine:
    follow(engine, "acme", staff=STAFF)
    points = [
        ContactPoint(person_id="p-ann", kind="email", value=value, source="file:x")
        for value in ("ann@x.example", "Old@x.example")
    ]
    with writing(engine) as connection:
        add_contacts(connection, points)
    return engine


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(correct.correct, ["acme", *arguments])
    assert result.exit_code == code, result.output
    return result


def reached(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [point.value for point in known_contacts(connection, ["p-ann"])]


def told(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").output)


def test_a_right_address_stands_alone_and_can_be_taken_back(acme: Engine) -> None:
    said = run("p-ann", "--email", "ann.lee@X.example", "--why", "she told me")
    assert "takes effect" in said.output
    assert "she told me" in said.output
    assert reached(acme) == ["ann.lee@x.example"]
    assert rows(acme, logs)[0]["reason"] == "manual"
    again = told("p-ann", "--email", "ann.lee@x.example", "--why", "she told me")
    assert (again["changed"], again["takes_effect"]) == (False, "Nothing changed")
    run("Ann Lee", "--email", "ann.lee@x.example", "--take-back", "--why", "she moved")
    assert reached(acme) == ["Old@x.example", "ann@x.example"]
    assert told("p-ann")["corrections"] == []


def test_another_right_address_replaces_the_first(acme: Engine) -> None:
    for address in ("a@x.example", "b@x.example"):
        run("p-ann", "--email", address, "--why", "her card")
    assert reached(acme) == ["b@x.example"]
    [line] = told("p-ann")["corrections"]
    assert (line["value"], line["corrected_by"]) == ("b@x.example", "kim")


def test_a_wrong_address_never_comes_back_with_an_import(acme: Engine) -> None:
    run("p-ann", "--wrong", "old@x.example", "--why", "it bounced")
    assert reached(acme) == ["ann@x.example"]
    point = ContactPoint(person_id="p-ann", kind="email", value="OLD@x.example", source="file:y")
    with writing(acme) as connection:
        add_contacts(connection, [point])
    assert reached(acme) == ["ann@x.example"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["p-ann", "--email", "no address", "--why", "x"], 2, "is not an email address"),
        (
            ["p-ann", "--email", "email_not_unlocked@domain.com", "--why", "x"],
            2,
            "no email address",
        ),
        (["p-ann", "--phone", "030 123", "--why", "x"], 2, "country code"),
        (["p-ann", "--email", "a@x.example"], 2, "--why"),
        (["p-ann", "--email", "a@x.example", "--take-back"], 1, "nothing to take back"),
        (["nobody", "--email", "a@x.example", "--why", "x"], 1, "No person with the id or name"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    acme: Engine, arguments: list[str], code: int, sentence: str
) -> None:
    assert sentence in run(*arguments, code=code).output
    assert reached(acme) == ["Old@x.example", "ann@x.example"]


def test_a_phone_is_kept_in_e164(acme: Engine) -> None:
    run("p-ann", "--phone", "+49 (0)30 123-456", "--why", "her card")
    assert "+4930123456" in reached(acme)
