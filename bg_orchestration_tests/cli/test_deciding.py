"""`bg confirm`, `dismiss`, `assign`, `take-back`, `decisions`, and how `bg show` marks them.

Everybody here is fictional.
"""

import getpass
import json
from datetime import timedelta
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bg_orchestration.cli import bg
from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.model import (
    BuyerGroup,
    DecisionKind,
    Group,
    Member,
    Person,
    Role,
)
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.planning import emit
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.companies import end_jobs
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_decisions
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.store.rows import follow, rows

LIMITS = Limits(timedelta(0), 1000, 10, 3)
# A company with several groups needs the profile.
AT_ACME = ("acme", "--profile", "default")
COMMANDS = ("confirm", "dismiss", "assign", "take-back", "decisions", "show")
STAFF = (
    Person(person_id="p1", name="Ada Example", title="VP Sales"),
    Person(person_id="p2", name="Bao Example", title="Sales Manager"),
    Person(person_id="p3", name="Cleo [Example]", title="Buyer"),
    Person(person_id="p4", name="Dana Example", title="Buyer"),
    Person(person_id="p5", name="Dana Example", title="Clerk"),
)


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setattr(getpass, "getuser", lambda: "kim")


@pytest.fixture
def acme(engine: Engine) -> Engine:
    """A company with groups for two profiles, one with a group for another, one without any."""
    follow(engine, "acme", "globex", staff=STAFF)
    follow(engine, "bare")
    publishing(engine, "acme", group(member("p1", "decision"), member("p2")), group(profile="hr"))
    publishing(engine, "globex", group(member("p1", "decision"), company="globex", profile="hr"))
    return engine


def member(person_id: str, role: Role = "champion", decided: DecisionKind | None = None) -> Member:
    return Member(
        person_id=person_id, title="VP Sales", seniority="vp", function="sales", role=role,
        score=0.9, reasons=("because",), decided=decided,
    )  # fmt: skip


def group(*members: Member, company: str = "acme", profile: str = "default") -> Group:
    facts = BuyerGroup(
        company_id=company, profile_id=profile, company_size=12, size_range=(1, 4), members=members
    )
    return Group(group=facts)


def publishing(engine: Engine, company: str, *groups: Group) -> None:
    with writing(engine) as connection:
        refresh = start(connection, company, "run", LIMITS)
        assert isinstance(refresh, Refresh)
        publish(connection, refresh, groups)


def run(name: str, *arguments: str) -> Result:
    return CliRunner().invoke(bg, [name, *arguments])


def told(name: str, *arguments: str) -> str:
    result = run(name, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def told_json(name: str, *arguments: str) -> Any:
    return json.loads(told(name, *arguments, "--json"))


def in_force() -> dict[str, tuple[str, str | None]]:
    return {line["person_id"]: (line["kind"], line["role"]) for line in told_json("decisions")}


def test_a_confirmed_person_keeps_the_role_they_have(acme: Engine) -> None:
    output = told("confirm", *AT_ACME, "p1", "--why", "signed the contract", "--by", "lou")
    assert output == (
        "Ada Example (p1) is confirmed as decision maker in the group of acme for profile "
        "default. It takes effect with the next refresh, which a running `bg up` starts now; "
        "without it: bg refresh acme.\n"
    )
    [row] = [row for row in rows(acme, logs) if row["state"] == "planned"]
    assert (row["company_id"], row["reason"]) == ("acme", "manual")
    [line] = told_json("decisions")
    assert (line["decided_by"], line["why"]) == ("lou", "signed the contract")
    assert in_force() == {"p1": ("confirmed", "decision")}


def test_the_same_again_changes_nothing_and_plans_nothing(acme: Engine) -> None:
    told("assign", *AT_ACME, "p3", "--role", "blocker", "--why", "guards the budget")
    publishing(acme, "acme", group(member("p3", "blocker", "assigned")), group(profile="hr"))
    # What was decided before the refresh plans none after it.
    before = rows(acme, buyer_group_decisions), rows(acme, logs)
    output = told("assign", *AT_ACME, "p3", "--role", "blocker", "--why", "x", "--by", "lou")
    assert output == (
        "Cleo [Example] (p3) is already assigned as blocker in the group of acme for profile "
        "default, by kim: guards the budget. Nothing changed.\n"
    )
    again = told_json("assign", *AT_ACME, "p3", "--role", "blocker", "--why", "x")
    assert (again["changed"], again["decided_by"]) == (False, "kim")
    assert (rows(acme, buyer_group_decisions), rows(acme, logs)) == before


def test_deciding_otherwise_replaces_and_taking_back_ends(acme: Engine) -> None:
    told("confirm", *AT_ACME, "p2", "--why", "one")
    told("assign", *AT_ACME, "p2", "--role", "introducer", "--why", "two")
    result = told_json("dismiss", *AT_ACME, "p2", "--why", "three")
    assert (result["kind"], result["role"], result["name"]) == ("dismissed", None, "Bao Example")
    assert (result["company_id"], result["profile_id"]) == ("acme", "default")
    assert result["changed"] is True
    assert "takes effect" in result["takes_effect"]
    assert in_force() == {"p2": ("dismissed", None)}
    output = told("take-back", "acme", "p2", "--why", "moved", "--by", "lou")
    assert output.startswith(
        "Bao Example (p2) is no longer dismissed from the group of acme for profile default: "
        "the rules judge again. It takes effect"
    )
    assert in_force() == {}
    assert told("decisions").startswith("No decision. Make one: bg confirm")
    history = told_json("decisions", "acme", "--all")
    assert [line["why"] for line in history] == ["one", "two", "three"]
    assert [line["taken_back_by"] for line in history] == ["kim", "kim", "lou"]
    listed = told("decisions", "acme", "--all")
    for words in ("confirmed as champion", "Bao Example", "p2", "by lou: moved", "three"):
        assert words in listed


def test_the_list_shows_words_as_they_were_said(acme: Engine) -> None:
    told("dismiss", *AT_ACME, "p3", "--why", "[told us] so [/b]")
    listed = told("decisions", "acme")
    assert "p3" in listed
    assert "Cleo [Example]" in listed
    assert "[told us] so [/b]" in listed
    assert "Taken back" not in listed
    assert told_json("decisions", "globex") == []


def test_a_name_will_do_where_it_means_one_person(acme: Engine) -> None:
    told("assign", *AT_ACME, "Bao Example", "--role", "champion", "--why", "drives it")
    assert in_force() == {"p2": ("assigned", "champion")}
    result = run("dismiss", *AT_ACME, "Dana Example", "--why", "so")
    assert result.exit_code == 1
    assert "name one by id: p4, p5" in result.output
    told("take-back", "acme", "Bao Example")
    assert in_force() == {}


def test_a_company_with_several_groups_needs_the_profile(acme: Engine) -> None:
    for command in (
        ("confirm", "acme", "p1"),
        ("dismiss", "acme", "p1"),
        ("assign", "acme", "p1", "--role", "champion"),
    ):
        result = run(*command, "--why", "so")
        assert result.exit_code == 2
        assert "Name one with --profile: default, hr" in result.output
    assert rows(acme, buyer_group_decisions) == []
    assert told_json("show", "acme", "--profile", "hr")["profile_id"] == "hr"
    groups = told_json("show", "acme")["groups"]
    assert [group["profile_id"] for group in groups] == ["default", "hr"]
    for profile in ("default", "hr"):
        assert f"acme Inc (acme), profile {profile}\n" in told("show", "acme")
    assert told_json("show", "globex")["profile_id"] == "hr"


def test_the_one_profile_is_found(acme: Engine) -> None:
    assert told_json("dismiss", *AT_ACME, "p1", "--why", "so")["profile_id"] == "default"
    assert told_json("dismiss", "globex", "p1", "--why", "so")["profile_id"] == "hr"
    assert told_json("dismiss", *AT_ACME, "p1", "--why", "so", "--profile", "hr")["changed"]
    result = run("take-back", "acme", "p1")
    assert result.exit_code == 1
    assert "Name one with --profile: default, hr" in result.output
    told("take-back", "acme", "p1", "--profile", "hr")
    told("take-back", "acme", "p1")
    assert [line["company_id"] for line in told_json("decisions")] == ["globex"]


def test_a_decision_about_somebody_who_left_can_be_taken_back(acme: Engine) -> None:
    told("dismiss", *AT_ACME, "p1", "--why", "so")
    with writing(acme) as connection:
        end_jobs(connection, "acme", ["p1"])
    told("take-back", "acme", "p1")
    assert in_force() == {}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("confirm", "nowhere", "p1", "--why", "x"), "No company nowhere is known"),
        (("dismiss", "bare", "p1", "--why", "x"), "bg refresh bare"),
        (("dismiss", "acme", "p1", "--why", "x", "--profile", "it"), "it has: default, hr"),
        (("dismiss", *AT_ACME, "p9", "--why", "x"), "No person with the id or name 'p9'"),
        (("dismiss", *AT_ACME, "p5", "--why", "x"), "p5 does not work at acme"),
        (("confirm", *AT_ACME, "p3", "--why", "x"), "bg assign acme p3 --role ROLE"),
        (("take-back", "acme", "p1"), "There is nothing to take back"),
        (("take-back", "nowhere", "p1"), "No company nowhere is known"),
        (("decisions", "nowhere"), "No company nowhere is known"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    acme: Engine, arguments: tuple[str, ...], sentence: str
) -> None:
    with writing(acme) as connection:
        end_jobs(connection, "acme", ["p5"])
    before = rows(acme, logs)
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert rows(acme, buyer_group_decisions) == []
    assert rows(acme, logs) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("confirm", "acme", "p1"), "Missing option '--why'"),
        (("confirm", "acme", "p1", "--why", "  "), "say it in a few words"),
        (("dismiss", "acme", "p1", "--why", "x", "--by", ""), "say it in a few words"),
        (("assign", "acme", "p1", "--why", "x"), "Missing option '--role'"),
        (("assign", "acme", "p1", "--why", "x", "--role", "boss"), "'champion'"),
    ],
)
def test_wrong_use_exits_with_two(acme: Engine, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_a_system_without_login_names_asks_for_one(
    acme: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    result = run("dismiss", *AT_ACME, "p1", "--why", "x")
    assert result.exit_code == 2
    assert "--by" in result.output
    told("dismiss", *AT_ACME, "p1", "--why", "x", "--by", "kim")


def test_it_is_said_when_a_decision_takes_effect(acme: Engine) -> None:
    with writing(acme) as connection:
        running = start(connection, "acme", "run-2", LIMITS)
    assert isinstance(running, Refresh)
    output = told("dismiss", *AT_ACME, "p1", "--why", "x")
    assert "with the refresh that follows the one running now." in output
    with writing(acme) as connection:
        publish(connection, running, [group(member("p1")), group(profile="hr")])
        [following] = emit(connection, LIMITS)
    assert following.company_id == "acme"
    with writing(acme) as connection:
        start(connection, "acme", "run-3", LIMITS, (following.refresh_id, following.attempt))
        fail(connection, following.refresh_id, following.attempt, "Boom", LIMITS)
    output = told("dismiss", *AT_ACME, "p2", "--why", "x")
    assert "with the refresh due at" in output
    assert "or at once with `bg refresh acme`" in output


def test_show_marks_members_and_lists_whom_people_keep_out(acme: Engine) -> None:
    told("confirm", *AT_ACME, "p1", "--why", "signed [the] contract")
    told("assign", *AT_ACME, "p2", "--role", "introducer", "--why", "knows her")
    told("dismiss", *AT_ACME, "p3", "--why", "not theirs")
    told("assign", *AT_ACME, "p4", "--role", "blocker", "--why", "guards it")
    before = told("show", "acme")
    assert "confirmed as decision maker by kim: signed [the] contract, from the next" in before
    publishing(
        acme,
        "acme",
        group(member("p1", "decision", "confirmed"), member("p2", "introducer", "assigned")),
        group(profile="hr"),
    )
    after = told("show", "acme")
    assert "confirmed by kim: signed [the] contract\n" in after.replace(" \n", "\n")
    assert "assigned by kim: knows her" in after
    assert "from the next refresh on" not in after
    assert "Cleo [Example] (p3), dismissed by kim: not theirs" in after
    assert (
        "Dana Example (p4), assigned as blocker by kim: guards it, not in the group as published"
    ) in after
    shown = told_json("show", *AT_ACME)
    assert [one["decided"] for one in shown["members"]] == ["confirmed", "assigned"]
    assert [(one["person_id"], one["kind"], one["role"]) for one in shown["decisions"]] == [
        ("p1", "confirmed", "decision"),
        ("p2", "assigned", "introducer"),
        ("p3", "dismissed", None),
        ("p4", "assigned", "blocker"),
    ]
    assert told_json("show", "acme", "--profile", "hr")["decisions"] == []


def test_somebody_dismissed_who_is_still_a_member_is_marked(acme: Engine) -> None:
    told("dismiss", *AT_ACME, "p2", "--why", "not theirs")
    assert "dismissed by kim: not theirs, from the next refresh on" in told("show", "acme")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_teaches_with_an_example(name: str) -> None:
    output = told(name, "--help")
    assert f"bg {name} acme" in output
    assert "--json" in output


def test_every_role_can_be_assigned(acme: Engine) -> None:
    for role in get_args(Role):
        assert told_json("assign", *AT_ACME, "p1", "--role", role, "--why", "x")["role"] == role
