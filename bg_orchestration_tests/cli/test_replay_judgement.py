"""`bg replay-judgement`: other rules and older people beside what is published, writing nothing.

Everybody here is fictional.
"""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bg_orchestration.cli import replay_judgement
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import Decision, Group
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.refreshes.decisions import decide, decisions_of
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.planning import plan
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import company, people_of
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import metadata, webhook_events
from bg_orchestration_tests.store.rows import LIMITS, POLICY, STAFF, follow, push, rows

HR = "id: default\ncategory: hr\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(replay_judgement.replay_judgement, list(arguments))


def told(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def told_json(*arguments: str) -> Any:
    return json.loads(told(*arguments, "--json"))


def publishing(engine: Engine, company_id: str) -> None:
    """Publish what a refresh of the company would."""
    with writing(engine) as connection:
        refresh = start(connection, company_id, f"run-{company_id}", LIMITS)
        assert isinstance(refresh, Refresh)
        found = company(connection, company_id)
        assert found is not None
        profiles, policy = load_profiles(), load_policy()
        scored = score_people(found, people_of(connection, company_id), profiles, policy)
        decided = decisions_of(connection, company_id)
        groups = [
            Group(group=assign(found, scored, one, policy, decided.get(one.id, ())))
            for one in profiles
        ]
        publish(connection, refresh, groups)


@pytest.fixture
def acme(engine: Engine) -> Engine:
    """Two companies with published groups, and one without any."""
    follow(engine, "acme", "globex", staff=STAFF)
    follow(engine, "bare")
    for company_id in ("acme", "globex"):
        publishing(engine, company_id)
    return engine


@pytest.fixture
def hr(tmp_path: Path) -> str:
    path = tmp_path / "hr.yaml"
    path.write_text(HR)
    return str(path)


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows(engine, table) for table in metadata.sorted_tables}


def test_under_the_same_rules_nothing_differs(acme: Engine) -> None:
    output = told()
    assert output.startswith(
        "3 companies judged: 2 unchanged, 1 without a published group to compare with\n"
        "Members: 0 joined, 0 dropped, 0 changed role\n"
    )
    assert output.endswith("Nothing was stored or published.\n")
    [before, after] = [told_json()["summary"][f"completeness_{name}"] for name in _BOTH]
    assert before == after > 0


_BOTH = ("published", "judged")


def test_under_other_rules_each_company_tells_what_would_differ(acme: Engine, hr: str) -> None:
    output = told("acme", "--profile", hr)
    assert output.startswith("acme Inc (acme), profile default: ")
    assert "\n  Ann Lee is out of the group, was champion (Chief Revenue Officer)" in output
    assert "1 companies judged: 0 unchanged" in output

    found = told_json("--profile", hr)
    assert [one["company_id"] for one in found["companies"]] == ["acme", "globex"]
    first = found["companies"][0]
    assert first["profile_id"] == "default"
    assert first["published"]["size"] > first["judged"]["size"]
    assert {"person_id", "kind", "old", "new", "in_words"} <= first["changes"][0].keys()
    summary = found["summary"]
    assert (summary["companies"], summary["unchanged"], summary["without_group"]) == (3, 0, 1)
    kinds = [change["kind"] for one in found["companies"] for change in one["changes"]]
    assert summary["dropped"] == kinds.count("dropped") > 0


def test_nothing_is_written_anywhere(acme: Engine, hr: str) -> None:
    before = everything(acme)
    told("--profile", hr)
    told("--since", "2026-01-01")
    assert everything(acme) == before


def test_not_a_byte_of_the_database_changes(
    tmp_path: Path, acme: Engine, hr: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if acme.dialect.name != "sqlite":
        pytest.skip("no file to look at")
    # The last to leave writes its log into the file.
    acme.dispose()
    path = Path(str(acme.url.database))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    told("--profile", hr, "--since", "2026-01-01")
    acme.dispose()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert not settings().home.exists()


def test_a_new_profile_is_compared_with_the_only_one_in_force_or_the_one_that_is_named(
    acme: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(HR.replace("default", "people-tools"))
    result = run("--profile", str(path), "--against", "people-tools")
    assert result.exit_code == 1
    assert "No group is published for profile people-tools" in result.stderr
    assert "--against default" in result.stderr
    alone = run("--profile", str(path))
    assert alone.exit_code == 0
    assert "people-tools is compared with the groups of default" in alone.stderr
    found = told_json("--profile", str(path), "--against", "default")
    assert {one["profile_id"] for one in found["companies"]} == {"default"}


def test_what_people_decided_stands(acme: Engine, hr: str) -> None:
    with writing(acme) as connection:
        kept = Decision(person_id="p-ann", kind="confirmed", role="decision")
        decide(connection, "acme", "default", kept, "kim", "signed before")
    publishing(acme, "acme")
    output = told("acme", "--profile", hr)
    assert "Ann Lee is out" not in output
    assert "Bob Ray is out of the group" in output


def test_how_to_reach_somebody_is_no_difference(acme: Engine) -> None:
    push(acme, newTitle="Chief Revenue Officer", email="ann@x.example")
    with writing(acme) as connection:
        plan(connection, POLICY, LIMITS)
    assert told_json("acme")["companies"] == []


def test_as_of_a_date_events_since_are_undone(acme: Engine) -> None:
    with reading(acme) as connection:
        now = clock(connection)
    push(
        acme, "acme", "person.company_change", now,
        id="p-gil", name="Gil Fox", newCompany="acme Inc", newTitle="VP Sales",
    )  # fmt: skip
    push(acme, "acme", "person.promotion", now, oldTitle="Head of Sales", newTitle="Owner")
    with writing(acme) as connection:
        plan(connection, POLICY, LIMITS)
    publishing(acme, "acme")
    day = f"{now - timedelta(days=1):%Y-%m-%d}"
    output = told("acme", "--since", day)
    assert "  Gil Fox is out of the group, was " in output
    assert "Ann Lee has a new title: Head of Sales, before: Owner" in output
    assert f"1 companies judged as of {day} 00:00 UTC" in output
    # Everybody else was imported a moment ago.
    assert "Not known: when 5 people joined who were imported since" in output
    # Nothing happened at the other one.
    assert told_json("globex", "--since", day)["companies"] == []


def test_as_of_a_date_who_left_since_is_there(acme: Engine) -> None:
    with reading(acme) as connection:
        now = clock(connection)
    push(
        acme, "acme", "person.company_change", now,
        oldCompany="Acme, Inc.", newCompany="Elsewhere", oldTitle="Chief Revenue Officer",
    )  # fmt: skip
    with writing(acme) as connection:
        plan(connection, POLICY, LIMITS)
    publishing(acme, "acme")
    output = told("acme", "--since", f"{now - timedelta(days=1):%Y-%m-%d}")
    assert "Ann Lee joined as champion (Chief Revenue Officer)" in output


def test_events_that_are_forgotten_are_told(acme: Engine) -> None:
    with reading(acme) as connection:
        now = clock(connection)
    first = push(acme, "acme", at=now, newTitle="Owner")
    push(acme, "acme", at=now, newTitle="Founder")
    with writing(acme) as connection:
        plan(connection, POLICY, LIMITS)
        forgotten = webhook_events.c.event_id == first
        connection.execute(webhook_events.update().where(forgotten).values(body=None))
    notes = told_json("acme", "--since", f"{now - timedelta(days=1):%Y-%m-%d}")["summary"]
    assert any(one.startswith("the content of 1 events since") for one in notes["not_known"])
    assert any(one.startswith("1 old titles") for one in notes["not_known"])


def test_many_companies_tell_how_far_they_are(
    acme: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_judgement, "_PROGRESS_SECONDS", 0.0)
    result = run("--json")
    assert "1 of 3 companies judged\n" in result.stderr
    assert json.loads(result.stdout)["companies"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nobody"], 1, "No company nobody is known. List them: bg companies"),
        (["bare"], 1, "No group is published yet"),
        (["--profile", "none.yaml"], 1, "none.yaml: cannot be read"),
        (["--against", "default"], 2, "--against says what to compare --profile with"),
        (["--since", "2999-01-01"], 2, "lies in the future"),
        (["--since", "yesterday"], 2, "does not match the formats"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    acme: Engine, arguments: list[str], code: int, words: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert words in result.output


def test_a_wrong_profile_names_file_line_and_field(acme: Engine, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("id: default\ncategory: hr\ndeal_size_usd: much\n")
    result = run("--profile", str(path))
    assert result.exit_code == 1
    assert f"{path}:3: deal_size_usd: " in result.output
