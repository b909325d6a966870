"""The digest of a week: its sections, its forms, and its way to the addresses."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, update

from bg_orchestration import names
from bg_orchestration.automation.notification_sensor import digest_weekly
from bg_orchestration.cli import bg
from bg_orchestration.destinations.notifications.digests import last_week, queue_digest
from bg_orchestration.destinations.notifications.dispatch import send_due
from bg_orchestration.domain.digest import DigestLine, digest, heading_of, week_days
from bg_orchestration.domain.model import Change, Seniority
from bg_orchestration.privacy.erasure import erase
from bg_orchestration.refreshes.digest_reading import read_digest
from bg_orchestration.report.digest_words import digest_as_dict, digest_as_html, digest_as_text
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import Employee, end_jobs, save_employees
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import note_owners
from bg_orchestration.store.schema.tables import buyer_group_changes, employments, people
from bg_orchestration_tests.destinations.notifications.conftest import Configure, change
from bg_orchestration_tests.destinations.notifications.receiving import SECRET, Receiver
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS

MONDAY = date(2026, 3, 2)
RANKS: dict[str, Seniority] = {"Sales Manager": "manager", "VP Sales": "vp", "Head": "director"}


SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def week(told: Engine) -> Engine:
    """Two accounts of two owners: a first publication before the week, and a move in it."""
    with writing(told) as connection:
        note_owners(connection, {"acme": "Kim <Seller>"})
    change(told, "acme", "p-ann", "p-bob")
    change(told, "globex", "p-cyd")
    _at(told, MONDAY - timedelta(days=20))
    with writing(told) as connection:
        end_jobs(connection, "acme", ["p-ann"])
        end_jobs(connection, "globex", [person.person_id for person in STAFF])
        save_employees(connection, [Employee("globex", STAFF[0])], "test")
        connection.execute(employments.update().values(as_of=datetime(2026, 3, 3, tzinfo=UTC)))
    change(told, "acme", "p-bob")
    change(told, "globex", "p-ann")
    _at(told, MONDAY + timedelta(days=1), since=MONDAY - timedelta(days=1))
    return told


def _at(engine: Engine, day: date, since: date | None = None) -> None:
    """Let the newest changes be of this day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with writing(engine) as connection:
        statement = update(buyer_group_changes).values(changed_at=at)
        if since is not None:
            after = datetime(since.year, since.month, since.day, tzinfo=UTC)
            statement = statement.where(buyer_group_changes.c.changed_at > after)
        connection.execute(statement)


def read(engine: Engine) -> Any:
    with reading(engine) as connection:
        return read_digest(connection, MONDAY, MONDAY + timedelta(days=6))


def test_a_week_has_a_section_for_each_owner(week: Engine) -> None:
    found = digest_as_dict(read(week))
    sections = {section["owner"]: section for section in found["sections"]}
    assert list(sections) == ["Kim <Seller>", None]
    [left] = sections["Kim <Seller>"]["changes"]
    assert left["heading"] == "moved to a company that is followed"
    assert (left["person"]["name"], left["other_company_id"]) == ("Ann Lee", "globex")
    assert "moved to globex Inc (globex)" in left["text"]
    headings = [each["heading"] for each in sections[None]["changes"]]
    assert headings == ["moved to a company that is followed", "joined"]
    assert found["sections"][0]["first_groups"] == []
    text = digest_as_text(read(week))
    assert "default: Kim <Seller>" in text
    assert "default: accounts without an owner" in text
    assert "Ann Lee" in text
    page = digest_as_html(read(week))
    assert "Kim &lt;Seller&gt;" in page
    assert "<Seller>" not in page
    assert "src=" not in page
    assert page == digest_as_html(read(week))


@SQLITE
def test_a_move_inside_one_section_is_one_line(week: Engine) -> None:
    with writing(week) as connection:
        note_owners(connection, {"globex": "Kim <Seller>"})
    [section] = digest_as_dict(read(week))["sections"]
    about_ann = [each for each in section["changes"] if each["person"]["id"] == "p-ann"]
    assert [each["heading"] for each in about_ann] == ["moved to a company that is followed"]
    assert "there decision maker now" in about_ann[0]["text"]


@SQLITE
def test_ids_instead_of_names_and_an_erased_person(week: Engine) -> None:
    by_id = json.dumps(digest_as_dict(read(week), "ids")) + digest_as_text(read(week), "ids")
    assert "p-ann" in by_id
    assert not [person.name for person in STAFF if person.name in by_id]
    with writing(week) as connection:
        erase(connection, ["p-ann"], SUPPRESSIONS)
    rest = json.dumps(digest_as_dict(read(week)))
    assert "p-ann" not in rest
    assert "Ann Lee" not in rest


def test_the_digest_is_sent_once_for_each_week(
    week: Engine, sales: Receiver, configure: Configure
) -> None:
    configure(events="sales=digest")
    send_due(week, settings())
    before = len(sales.got)
    with writing(week) as connection:
        assert queue_digest(connection, MONDAY) == ("sales",)
    with writing(week) as connection:
        assert queue_digest(connection, MONDAY) == ()
        assert queue_digest(connection, MONDAY - timedelta(days=70)) == ("sales",)
    send_due(week, settings())
    [got] = sales.got[before:]
    assert got.signed_by(SECRET)
    assert got.json["type"] == names.DIGEST
    assert got.json["data"]["first"] == "2026-03-02"
    assert len(got.json["data"]["sections"]) == 2
    assert got.json["data"]["changes_left_out"] == 0


@SQLITE
def test_the_schedule_queues_the_last_week(
    week: Engine, sales: Receiver, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(events="sales=digest")
    monkeypatch.setenv("BG_PROVIDER", "files")
    settings.cache_clear()
    at = datetime(2026, 3, 9, 6, tzinfo=UTC)
    for expected in ("sales", "no address"):
        answer = digest_weekly(dg.build_schedule_context(scheduled_execution_time=at))
        assert isinstance(answer, dg.SkipReason)
        assert answer.skip_message == (
            f"The digest of the week from 2026-03-02 is queued for: {expected}"
        )


@SQLITE
def test_the_command_prints_writes_and_refuses(week: Engine, tmp_path: Path) -> None:
    def run(*options: str) -> Any:
        return CliRunner().invoke(bg, ["digest", *options])

    assert "Ann Lee" in run("--week", "2026-W10").stdout
    assert json.loads(run("--week", "--json").stdout)["sections"] == []
    assert "Nothing changed." in run("--week").stdout
    assert "Nothing changed." in run().stdout
    only = json.loads(run("--week", "2026-W10", "--owner", "Kim <Seller>", "--json").stdout)
    assert [section["owner"] for section in only["sections"]] == ["Kim <Seller>"]
    assert run("--week", "2026-W10", "--html", str(tmp_path / "d.html")).exit_code == 0
    assert "Ann Lee" in (tmp_path / "d.html").read_text()
    assert "Queued for sales" in run("--week", "2026-W10", "--notify").stdout
    assert "queued before" in run("--week", "2026-W10", "--notify").stdout
    assert run("--notify").exit_code == 2
    refused = run("--week", "2026-W60")
    assert refused.exit_code == 2
    assert "no week" in refused.output


def of(kind: Any, **more: Any) -> Change:
    return Change(person_id="p", kind=kind, **more)


@pytest.mark.parametrize(
    ("found", "heading"),
    [
        (of("left", cause="left"), "left"),
        (of("left"), "left"),
        (of("left", cause="moved", other_company="X"), "moved to a company that is not followed"),
        (of("left", cause="moved", other_company_id="x"), "moved to a company that is followed"),
        (of("dropped", cause="ranked"), "out of the group"),
        (of("joined", cause="hired"), "joined"),
        (of("role_changed", old="champion", new="decision"), "new role in the group"),
        (of("title_changed", old="Sales Manager", new="VP Sales"), "promoted"),
        (of("title_changed", old="VP Sales", new="Sales Manager"), None),
        (of("title_changed", old="VP Sales", new=None), None),
        (of("contact_changed"), None),
    ],
)
def test_each_change_has_one_heading(found: Change, heading: str | None) -> None:
    assert heading_of(found, RANKS) == heading


def test_gaps_are_collected_once_and_first_groups_are_counted() -> None:
    changes = [
        of("left", cause="left", gaps_opened=("decision", "function sales")),
        of("dropped", cause="ranked", gaps_opened=("decision",)),
        of("joined", cause="first"),
        of("joined", cause="first"),
        of("joined", cause="moved", gaps_closed=("champion",)),
    ]
    lines = [("default", DigestLine(MONDAY, "acme", "Acme", each, "Ada")) for each in changes]
    [section] = digest(MONDAY, MONDAY, lines, {}, {}).sections
    assert section.gaps_opened == {"acme": ["decision", "function sales"]}
    assert section.gaps_closed == {"acme": ["champion"]}
    assert section.first_groups == {"acme": "Acme"}
    assert digest(MONDAY, MONDAY, [], {}, {}).sections == ()


def test_weeks_are_iso_weeks() -> None:
    assert week_days("2026-W10") == (date(2026, 3, 2), date(2026, 3, 8))
    assert week_days("2026-w53") == (date(2026, 12, 28), date(2027, 1, 3))
    for text in ("2026-W54", "2025-W53", "2026-10", "W10", "2026-W-1", "\uff12026-W10", ""):
        with pytest.raises(ValueError, match="no week"):
            week_days(text)
    for day in range(7):
        assert last_week(MONDAY + timedelta(days=day)) == MONDAY - timedelta(days=7)


@SQLITE
def test_names_without_a_person_are_ids(week: Engine) -> None:
    with writing(week) as connection:
        connection.execute(update(people).values(name=people.c.person_id))
    assert "p-ann" in digest_as_text(read(week))
