"""What Dagit shows of a group and its checks, and which group is not published."""

import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.assets.artifacts import erase_from_artifacts
from bg_orchestration.assets.asset_checks import EMPTY_GROUP, TAG_ACCEPT
from bg_orchestration.assets.metadata import change_metadata, links
from bg_orchestration.domain.checks import CHECKS
from bg_orchestration.domain.model import ROLES, Change, Decision, Group, Person
from bg_orchestration.refreshes.decisions import decide
from bg_orchestration.refreshes.explanations import explain
from bg_orchestration.refreshes.life_cycle import LEASE
from bg_orchestration.refreshes.overview import events
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store.companies import end_jobs
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_changes, refresh_attempts
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.assets.conftest import Run, handed_over, log, of, why
from bg_orchestration_tests.store.rows import HAPPENED, LIMITS, STAFF, follow, let_pass, push, rows

NUMBERS = {
    "size", "completeness", "confidence", "people_known", "share_reachable",
    "role_decision", "role_champion", "role_stakeholder", "role_blocker", "role_introducer",
}  # fmt: skip


def checked(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {each.check_name: each for each in result.get_asset_check_evaluations()}


def group_of(engine: Engine, company_id: str = "acme") -> Group:
    with reading(engine) as connection:
        found = published(connection, company_id, "default")
    assert found is not None
    return found


def everybody_leaves(engine: Engine, company_id: str = "acme") -> None:
    with writing(engine) as connection:
        end_jobs(connection, company_id, [person.person_id for person in STAFF])


def test_the_figures_are_numbers_under_steady_names(database: Engine, run: Run) -> None:
    for company_id in ("acme", "empty"):
        said = of(run(company_id), names.BUYER_GROUP)
        assert said.keys() >= NUMBERS
        for name in NUMBERS:
            assert isinstance(said[name], (int, float)), name
    said = of(run("acme"), names.BUYER_GROUP)
    group = group_of(database).group
    assert (said["size"], said["people_known"]) == (len(group.members), len(STAFF))
    assert said["confidence"] == group.confidence > 0
    assert said["missing"] != "nothing" if group.gaps else said["missing"] == "nothing"


def test_the_share_reachable_counts_members_with_an_address(engine: Engine, run: Run) -> None:
    follow(engine, "acme", staff=STAFF)
    assert of(run("acme"), names.BUYER_GROUP)["share_reachable"] == 0.0
    push(engine, email="ann@x.example", newTitle="Chief Revenue Officer")
    result = run("acme", tags=handed_over(engine))
    said = of(result, names.BUYER_GROUP)
    assert said["share_reachable"] == round(1 / said["size"], 4)
    assert said["share_reachable"] == of(result, names.CONTACTS)["share_reachable"]


def test_what_people_decided_is_done_and_shown(database: Engine, run: Run) -> None:
    assert run("acme").success
    before = {member.person_id: member.role for member in group_of(database).group.members}
    with writing(database) as connection:
        for decision in (
            Decision(person_id="p-ann", kind="dismissed"),
            Decision(person_id="p-eve", kind="assigned", role="champion"),
            Decision(person_id="p-bob", kind="confirmed", role="decision"),
        ):
            decide(connection, "acme", "default", decision, "kim", "knows them")
    result = run("acme")
    assert result.success, why(result)
    table = of(result, names.BUYER_GROUP)["group"]
    shown: dict[str, Any] = {record.data["person_id"]: record.data for record in table.records}
    assert "p-ann" in before
    assert "p-ann" not in shown
    assert (shown["p-eve"]["role"], shown["p-eve"]["decided"]) == ("champion", "assigned")
    assert (shown["p-bob"]["role"], shown["p-bob"]["decided"]) == ("decision", "confirmed")
    assert {data["decided"] for data in shown.values()} >= {"", "assigned", "confirmed"}
    kept = {member.person_id: member.decided for member in group_of(database).group.members}
    assert kept == {person_id: data["decided"] or None for person_id, data in shown.items()}
    told = of(result, names.PUBLISHED_BUYER_GROUP)["what_changed"]
    assert told.startswith(
        f"- **default**: p-ann is out of the group, was {_words(before['p-ann'])}: "
        "still works there, but a user dismissed them\n"
    )


def _words(role: str) -> str:
    return "decision maker" if role == "decision" else role


def test_changes_are_told_in_words_without_anything_personal(database: Engine, run: Run) -> None:
    with reading(database) as connection:
        month = clock(connection).date().strftime("%Y-%m")
    new = Person(
        person_id="p-new", name="Gil Fox", title="Sales Director", department="Sales",
        started_on=month,
    )  # fmt: skip
    assert run("acme").success
    follow(database, "acme", staff=[new])
    said = of(run("acme"), names.PUBLISHED_BUYER_GROUP)
    [line] = [line for line in said["what_changed"].splitlines() if "p-new" in line]
    assert line.startswith("- **default**: p-new joined as ")
    assert "(new since " in line
    for personal in ("Gil", "Director"):
        assert personal not in said["what_changed"]
    assert said["joined"] >= 1
    assert of(run("acme"), names.PUBLISHED_BUYER_GROUP)["what_changed"] == "nothing"


def test_dagit_shows_the_changes_without_a_click() -> None:
    changes = [Change(person_id=f"p{n}", kind="joined", new="champion") for n in range(60)]
    said = change_metadata({"default": changes}, HAPPENED.date())
    words = said["what_changed"].value
    # Longer Markdown stands behind a click.
    assert 900 < len(words) < 1_000
    *lines, last = words.splitlines()
    assert (last, said["changes"]) == (f"- and {60 - len(lines)} more", 60)


def test_members_stand_by_role_and_score_with_one_short_reason(engine: Engine, run: Run) -> None:
    follow(engine, "acme", staff=STAFF)
    push(engine)
    said = of(run("acme", tags=handed_over(engine)), names.PUBLISHED_BUYER_GROUP)
    rows = [record.data for record in said["group"].records]
    order = [(ROLES.index(row["role"]), -row["score"]) for row in rows]
    assert order == sorted(order)
    assert len(rows) > 3
    assert {row["person_id"] for row in rows} == {
        member.person_id for member in group_of(engine).group.members
    }
    for row in rows:
        assert 0 < len(row["reason"]) < 100
        assert "; " not in row["reason"]
    # What a reader asks next, in the order of asking.
    assert list(said)[:6] == [
        "what_changed", "group", "event_to_published_seconds", "cost_usd", "seconds", "trace",
    ]  # fmt: skip
    assert said["event_to_published_seconds"] > 0
    refresh_id = said["refresh_id"]
    assert (said["trace"], said["report"]) == (f"bg trace {refresh_id}", "bg show acme")


def test_links_lead_where_the_settings_say() -> None:
    config = Settings(
        trace_url="https://jaeger.example.com/trace/{trace_id}",
        report_url="https://reports.example.com/{company_id}?refresh={refresh_id}",
    )
    found = {name: link.value for name, link in links(config, "acme", "r1", "t1").items()}
    assert found == {
        "trace": "https://jaeger.example.com/trace/t1",
        "report": "https://reports.example.com/acme?refresh=r1",
    }


def test_a_refresh_writes_the_page_that_dagit_names(
    database: Engine, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pages"
    monkeypatch.setenv("BG_REPORTS", str(folder))
    settings.cache_clear()
    page = folder / "companies/acme.html"
    assert of(run("acme"), names.PUBLISHED_BUYER_GROUP)["report"] == str(page)
    assert "Buyer group: " in page.read_text()
    assert "companies/acme.html" in (folder / "index.html").read_text()
    erase_from_artifacts(["acme", "unknown"], ["p-1"])
    assert not page.exists()
    # A file in the place of the folder: the group is published, and no link leads to nothing.
    shutil.rmtree(folder)
    folder.write_text("")
    monkeypatch.setenv("BG_REPORT_URL", "https://reports.example.com/{report_file}")
    settings.cache_clear()
    again = run("acme")
    assert again.success
    assert of(again, names.PUBLISHED_BUYER_GROUP)["report"] == "bg show acme"
    folder.unlink()
    linked = of(run("acme"), names.PUBLISHED_BUYER_GROUP)["report"]
    assert linked == "https://reports.example.com/companies/acme.html"
    assert page.exists()


def test_each_check_is_kept_for_each_company(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    for company_id in ("acme", "empty"):
        found = checked(run(company_id))
        assert list(found) == ["group_is_sound", "members_reachable", "usual_refresh"]
        assert {each.partition for each in found.values()} == {company_id}
        rules = {name: value.value for name, value in found["group_is_sound"].metadata.items()}
        assert list(rules) == [check.name for check in CHECKS]
        assert rules["members_explained"] == "ok"
    assert not found["group_is_sound"].passed
    assert found["group_is_sound"].severity is dg.AssetCheckSeverity.WARN
    assert rules["decision_maker_known"].startswith("default: ")
    # Dagit shows the newest answer without its partition in places: so the company is named.
    said = str(found["group_is_sound"].description)
    assert said.startswith("empty is published, with warnings: decision_maker_known")
    key = dg.AssetCheckKey(dg.AssetKey(names.BUYER_GROUP), "group_is_sound")
    kept = instance.event_log_storage.get_asset_check_partition_info([key])
    assert {one.partition_key for one in kept} == {"acme", "empty"}


def test_a_group_that_lost_everybody_is_not_published(engine: Engine, run: Run) -> None:
    follow(engine, "acme", staff=STAFF)
    assert run("acme").success
    before, changes = group_of(engine), rows(engine, buyer_group_changes)
    everybody_leaves(engine)
    result = run("acme")
    assert not result.success
    answer = checked(result)["group_is_sound"]
    assert (answer.passed, answer.severity) == (False, dg.AssetCheckSeverity.ERROR)
    made = {event.asset_key for event in result.get_asset_materialization_events()}
    assert made == {dg.AssetKey(name) for name in ("company", "people", "scored_people")}
    assert group_of(engine) == before
    assert rows(engine, buyer_group_changes) == changes
    [_, failed] = sorted(rows(engine, logs), key=lambda row: row["planned_at"])
    assert failed["state"] == "failed"
    assert failed["error"] == (
        "Failure: Not published, what was published stays. possible_group: default: the group "
        f"would be empty, {len(before.group.members)} members are published; of 5 people known "
        "then, 0 are known now. Import the missing people with `bg import` and refresh again. "
        "If they have all left, accept it: `bg refresh acme --accept-empty`, or materialize all "
        "assets of the company in Dagit with the tag bg/accept = empty_group"
    )
    assert failed["error"].removeprefix("Failure: ") in why(result)


def test_what_follows_a_refused_group_cannot_publish_it_either(database: Engine, run: Run) -> None:
    assert run("acme").success
    before = group_of(database)
    everybody_leaves(database)
    assert not run("acme").success
    assert run("acme", only=[names.CONTACTS, names.PUBLISHED_BUYER_GROUP]).success
    assert group_of(database) == before


def test_a_person_lets_an_empty_group_through(database: Engine, run: Run) -> None:
    assert run("acme").success
    everybody_leaves(database)
    assert not run("acme", tags={TAG_ACCEPT: "yes"}).success
    result = run("acme", tags={TAG_ACCEPT: EMPTY_GROUP})
    assert result.success, why(result)
    answer = checked(result)["group_is_sound"]
    assert (answer.passed, answer.severity) == (False, dg.AssetCheckSeverity.WARN)
    sentence = answer.metadata["possible_group"].value
    assert str(sentence).startswith("accepted by a person: default: ")
    assert group_of(database).group.members == ()
    # From now on the empty group is the published one.
    assert run("acme").success


def test_people_who_come_back_need_nobody(database: Engine, run: Run) -> None:
    assert run("acme").success
    before = group_of(database)
    everybody_leaves(database)
    assert not run("acme").success
    follow(database, "acme", staff=STAFF)
    assert run("acme").success
    assert group_of(database) == before


def test_a_refused_refresh_dies_with_its_cause_and_can_be_replayed(
    database: Engine, run: Run
) -> None:
    assert run("acme").success
    let_pass(database, settings().limits.cooldown)
    event = push(database)
    for attempt in range(1, LIMITS.max_attempts + 1):
        tags = handed_over(database)
        # The event told that one of them works there, which is a fifth of the people.
        everybody_leaves(database)
        assert not run("acme", tags=tags).success
        assert len(rows(database, refresh_attempts)) == 1 + attempt
        let_pass(database, 2 * LEASE + settings().limits.cooldown)
    with reading(database) as connection:
        [line] = events(connection, state="dead")
        told = explain(connection, "acme", LIMITS, settings().freshness, ())
    assert line.event_id == event
    assert line.reason is not None
    for text in (line.reason, told.history[0]):
        assert "possible_group: default: the group would be empty" in text
        assert "--accept-empty" in text


def test_a_group_without_reasons_is_refused(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules explain everybody: only a fault in them could make such a group."""
    from bg_orchestration.assets import buyer_group
    from bg_orchestration.domain.judgement.roles import assign

    def unexplained(*arguments: Any) -> Any:
        group = assign(*arguments)
        bare = [member.model_copy(update={"reasons": ()}) for member in group.members]
        return group.model_copy(update={"members": tuple(bare)})

    monkeypatch.setattr(buyer_group, "assign", unexplained)
    assert not run("acme").success
    assert "members_explained: default: p-" in log(database)["error"]
    with reading(database) as connection:
        assert published(connection, "acme", "default") is None
