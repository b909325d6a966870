"""The commands that read: what they print, for people and for programs, and how they fail."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from bg_orchestration.cli import bg
from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.model import (
    BuyerGroup,
    Company,
    ContactPoint,
    Gap,
    Group,
    Member,
    Person,
)
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.settings import Settings, settings, variable_of
from bg_orchestration.store.companies import Employee, save_companies, save_employees
from bg_orchestration.store.database import writing

LIMITS = Limits(timedelta(0), 1000, 10, 3)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(bg, list(arguments))


def run_json(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def acme(engine: Engine) -> Engine:
    """A company with one published member; everybody here is fictional."""
    member = Member(
        person_id="p1",
        title="VP Sales",
        seniority="vp",
        function="sales",
        role="decision",
        score=0.9,
        reasons=("may approve the deal",),
    )
    email = ContactPoint(person_id="p1", kind="email", value="ada@acme.example", source="test")
    person = Person(person_id="p1", name="Ada Example", title="VP Sales")
    with writing(engine) as connection:
        save_companies(connection, [Company(company_id="acme", name="Acme Example")], "test")
        save_companies(connection, [Company(company_id="bare", name="Bare Example")], "test")
        manager = Person(person_id="p2", name="Bao Example", title="Sales Manager")
        gone = Person(person_id="p3", name="Cleo Example")
        staff = [Employee("acme", person, contacts=(email,)), Employee("acme", manager)]
        save_employees(connection, [*staff, Employee("bare", gone)], "test")
    with writing(engine) as connection:
        refresh = start(connection, "acme", "run-1", LIMITS)
        assert isinstance(refresh, Refresh)
        group = BuyerGroup(
            company_id="acme",
            profile_id="default",
            company_size=12,
            size_range=(1, 4),
            members=(member,),
            people_known=2,
            covered=("decision",),
            gaps=(
                Gap(
                    need="champion",
                    look_for="no champion known; look for a sales manager",
                    nearest=("p2", "p1", "p3", "p4"),
                ),
            ),
            completeness=0.5,
            confidence=0.25,
        )
        publish(connection, refresh, [Group(group=group, contacts=(email,))])
    return engine


def test_show_for_programs_has_the_contract_s_keys(acme: Engine) -> None:
    group = run_json("show", "acme")
    assert group["company_id"] == "acme"
    assert group["size_range"] == [1, 4]
    (member,) = group["members"]
    assert member["person_id"] == "p1"
    assert member["role"] == "decision"
    assert member["score"] == 0.9
    assert member["reasons"] == ["may approve the deal"]
    assert member["name"] == "Ada Example"
    assert [contact["value"] for contact in member["contacts"]] == ["ada@acme.example"]
    assert (member["decided"], member["started_on"]) == (None, None)
    assert group["covered"] == ["decision"]
    assert group["gaps"] == [
        {
            "need": "champion",
            "look_for": "no champion known; look for a sales manager",
            "nearest": ["p2", "p1", "p3", "p4"],
        }
    ]
    figures = [group[name] for name in ("completeness", "confidence", "people_known")]
    assert figures == [0.5, 0.25, 2]
    assert group["decisions"] == []


def test_show_for_people_names_members_reasons_and_gaps(
    acme: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    output = run("show", "acme").output
    for words in ("Ada Example", "VP Sales", "may approve the deal", "ada@acme.example"):
        assert words in output
    assert output.startswith("Acme Example (acme), profile default\n1 member; ")
    for figure in ("complete 50%", "confidence 0.25", "2 people known"):
        assert output.count(figure) == 1


def test_show_names_what_is_missing_and_who_comes_nearest(
    acme: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    output = run("show", "acme").output
    assert "Covered: decision" in output
    # A member is named alone, and somebody who is not known any more by the id.
    assert (
        "Missing: no champion known; look for a sales manager; nearest: "
        "Bao Example (Sales Manager), Ada Example, Cleo Example, p4"
    ) in output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "nobody"), "No company nobody is known"),
        (("changes", "nobody"), "No company nobody is known"),
        (("show", "bare"), "bg refresh bare"),
        (("show", "acme", "--profile", "other"), "it has: default"),
        (("refresh", "nobody"), "No company nobody is known"),
    ],
)
def test_what_is_not_there_is_told_with_what_to_do(
    acme: Engine, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output


def test_changes_are_told_in_words_and_can_be_narrowed(acme: Engine) -> None:
    told = " ".join(run("changes").output.split())
    assert "Ada Example is decision maker in the first published group (VP Sales)" in told
    (change,) = run_json("changes", "acme", "--since", "1h")
    assert (change["kind"], change["person_id"], change["new"]) == ("joined", "p1", "decision")
    assert (change["title"], change["since"]) == ("VP Sales", None)
    assert run_json("changes", "bare") == []
    assert run("changes", "--since", "soon").exit_code == 2


def test_sentences_have_room_at_few_columns(acme: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "56")
    assert "What changed: Ada Example is decision maker in the first" in run("changes").output
    monkeypatch.setenv("COLUMNS", "80")
    assert "What changed:" not in run("changes").output


def test_the_beginning_of_an_id_is_enough_to_read_but_not_to_change(acme: Engine) -> None:
    assert run_json("show", "ac") == run_json("show", "acme")
    assert run_json("changes", "ac") == run_json("changes", "acme")
    assert run("inbox", "--company", "ba").exit_code == 0
    with writing(acme) as connection:
        save_companies(connection, [Company(company_id="acorn", name="Acorn Example")], "test")
    several = run("show", "ac")
    assert several.exit_code == 1
    assert "Did you mean: acme, acorn?" in several.output
    assert run("unfollow", "bar").exit_code == 1
    assert run("replay", "--company", "bar").exit_code == 1


def test_stats_and_companies_count(acme: Engine) -> None:
    stats = run_json("stats")
    assert stats["companies"] == 2
    assert stats["members_by_role"] == {"decision": 1}
    assert stats["refreshes_by_state"] == {"completed": 1}
    assert {one["company_id"] for one in run_json("companies")} == {"acme", "bare"}
    assert "acme" in run("companies").output


def test_an_empty_inbox_is_no_error(acme: Engine) -> None:
    assert run_json("inbox") == []
    assert run("inbox", "--state", "nonsense").exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [("show", "x"), ("changes",), ("inbox",), ("stats",), ("companies",), ("refresh", "x")],
)
def test_a_missing_schema_is_told_with_the_command_that_makes_it(
    arguments: tuple[str, ...],
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert "bg db upgrade" in result.output


def test_an_older_schema_is_told_too(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "bg db upgrade" in run("stats").output
    assert run("db", "upgrade").exit_code == 1


def test_db_upgrade_can_be_repeated() -> None:
    for _ in range(2):
        result = run("db", "upgrade")
        assert result.exit_code == 0, result.output
    assert run_json("stats")["companies"] == 0


def test_a_database_that_does_not_answer_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BG_DATABASE_URL", "postgresql://bg:hidden-word@127.0.0.1:1/bg")
    settings.cache_clear()
    result = run("stats")
    assert result.exit_code == 1
    assert "cannot be reached" in result.output
    assert "hidden-word" not in result.output


def test_settings_masks_secrets_and_lists_every_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BG_WEBHOOK_SECRETS", "a=hidden-word-of-the-tests")
    monkeypatch.setenv("WEBHOOK_SECRET", "hidden-word-of-the-tests")
    monkeypatch.setenv("BG_DATABASE_URL", "postgresql://bg:hidden-word@localhost/bg")
    monkeypatch.setenv("BG_COMPANY_COOLDWON", "1h")
    settings.cache_clear()
    result = run("settings", "--json")
    assert "hidden-word" not in result.output
    shown = json.loads(result.stdout)
    assert shown.keys() == {variable_of(field) for field in Settings.model_fields}
    assert shown["BG_COMPANY_COOLDOWN"] == "1h"
    assert "BG_COMPANY_COOLDWON is set, but no setting" in result.stderr
    table = run("settings").output
    assert "hidden-word" not in table
    assert all(info.description for info in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("BG_COMPANY_COOLDOWN", "soon", "90s"),
        ("BG_REFRESHES_PER_MINUTE", "0", "greater than or equal to 1"),
        ("BG_PROVIDER", "crystal-ball", "'sample'"),
        ("BG_RECEIVER_PORT", "eighty", "integer"),
        ("BG_FOLLOW_UNKNOWN", "perhaps", "boolean"),
    ],
)
def test_a_wrong_setting_names_its_variable_and_what_it_may_be(
    variable: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    settings.cache_clear()
    result = run("stats")
    assert result.exit_code == 2
    assert variable in result.output
    assert words in result.output


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("BG_WEBHOOK_SECRETS", "a=too-short", "can be guessed"),
        ("BG_DATABASE_URL", "mysql://u:hidden-word@h/d", "sqlite://... or postgresql://..."),
        ("BG_CELERY_BROKER", "hidden-word", "redis://"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "http://"),
        ("BG_ARTIFACTS", "gs://bucket", "s3://bucket/prefix"),
        ("BG_PROFILES", "/no/such/folder", "no such folder"),
        ("BG_HOME", __file__, "is a file"),
        ("BG_PROVIDER", "pdl", "BG_PDL_KEY: not set"),
        ("BG_NOTIFY_SLACK_URLS", "a=ftp://hidden-word/", "https://host/path"),
    ],
)
def test_settings_name_values_that_cannot_be_used(
    variable: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("settings").exit_code == 0
    monkeypatch.setenv(variable, value)
    settings.cache_clear()
    result = run("settings")
    assert result.exit_code == 2
    assert words in result.stderr
    assert "hidden-word" not in result.stderr


def test_every_command_teaches_itself() -> None:
    listed = run("--help").output
    for name in bg.list_commands(click.Context(bg)):
        assert name in listed
        result = run(name, "--help")
        assert result.exit_code == 0, result.output
        assert "Usage:" in result.output


def test_wrong_use_exits_with_two() -> None:
    assert run("show").exit_code == 2
    assert run("refresh").exit_code == 2
    assert run("fly").exit_code == 2


def test_a_dagster_home_without_settings_is_told(
    acme: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("DAGSTER_HOME", str(empty))
    result = run("refresh", "acme")
    assert result.exit_code == 1
    assert "deploy/dagster.yaml" in result.output
    shutil.rmtree(empty)
