"""Whole runs of the job against providers' stubs over real HTTP."""

from datetime import UTC, datetime

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.ledger.rate_limit import close_circuit
from bg_orchestration.privacy.suppression import Suppressions, identifiers_of
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    buyer_groups,
    companies,
    contact_points,
    employments,
    people,
    pipeline_operations,
    provider_records,
)
from bg_orchestration_tests.assets.asked import KEY, follow, with_setting, worth_a_record
from bg_orchestration_tests.assets.conftest import Run, handed_over, of, why
from bg_orchestration_tests.store.rows import event_states, jobs, push, rows
from bg_orchestration_tests.stubs.server import Stubs


def test_a_company_known_by_its_domain_gets_a_group_with_its_cost(
    asked: Engine, run: Run, stubs: Stubs
) -> None:
    result = run("acme")
    assert result.success, why(result)
    with reading(asked) as connection:
        group = published(connection, "acme", "default")
    assert group is not None
    assert group.group.members
    assert group.contacts
    known = {row["person_id"] for row in rows(asked, people)}
    assert {point.person_id for point in group.contacts} <= known
    for point in group.contacts:
        assert point.source == "coresignal"
        assert point.seen_on == datetime.now(UTC).date().isoformat()

    [row] = rows(asked, companies)
    assert row["name"] == stubs.site.world.companies[0].name
    assert row["employee_count"] == 40
    paid = stubs.ledger()
    assert paid["paid"] == paid["distinct"] == len(rows(asked, pipeline_operations)) > 3
    said = of(result, names.PEOPLE)
    assert said["new"] == len(known) == said["dagster/row_count"] == len(worth_a_record(stubs))
    assert "records read" in said["providers"]
    [log] = rows(asked, logs)
    assert log["cost_usd"] == pytest.approx(paid["credits"]["coresignal"] * 0.0196)
    cost = of(result, names.COMPANY)["cost_usd"] + said["cost_usd"]
    assert cost == pytest.approx(log["cost_usd"], abs=0.001)


def test_a_repeat_asks_nothing_that_was_paid_for_and_changes_nothing(
    asked: Engine, run: Run, stubs: Stubs
) -> None:
    tables = (people, employments, contact_points, buyer_groups, provider_records)
    assert run("acme").success
    paid = stubs.ledger()["paid"]
    before = {table.name: rows(asked, table) for table in tables}
    result = run("acme")
    assert result.success, why(result)
    assert stubs.ledger()["paid"] == paid
    assert of(result, names.PUBLISHED_BUYER_GROUP)["changes"] == 0
    for table in tables[:-1]:
        assert rows(asked, table) == before[table.name]
    said = of(result, names.PEOPLE)
    assert (said["new"], said["changed"], said["left"]) == (0, 0, 0)
    assert said["cost_usd"] == 0
    assert of(result, names.COMPANY)["ledger_hits"] == 1


def test_leavers_end_newcomers_begin_and_ids_stay(asked: Engine, run: Run, stubs: Stubs) -> None:
    assert run("acme").success
    world = stubs.site.world
    company = world.companies[0]
    before = jobs(asked)
    for _ in range(4):
        world.advance(datetime.now(UTC))
    result = run("acme")
    assert result.success, why(result)
    after = jobs(asked)
    here = {f"li-{human.slug}" for human in world.at(company)}
    assert before.keys() <= after.keys()
    for (person_id, company_id), (title, _, current) in after.items():
        assert company_id == "acme"
        assert current == (person_id in here)
        if current:
            [human] = [one for one in world.people if f"li-{one.slug}" == person_id]
            assert title == human.job.title
    assert of(result, names.PEOPLE)["left"] == sum(not current for _, _, current in after.values())
    assert of(result, names.PEOPLE)["left"] > 0


def test_whoever_asked_to_be_forgotten_does_not_come_back(
    asked: Engine, run: Run, stubs: Stubs
) -> None:
    human = worth_a_record(stubs)[0]
    with writing(asked) as connection:
        Suppressions(KEY).suppress(connection, identifiers_of(f"li-{human.slug}"))
    result = run("acme")
    assert result.success, why(result)
    assert of(result, names.PEOPLE)["kept_out"] == 1
    kept = "\n".join(str(rows(asked, table)) for table in (people, contact_points, employments))
    assert human.slug not in kept


def test_known_people_of_a_file_are_recognized(asked: Engine, run: Run, stubs: Stubs) -> None:
    human = worth_a_record(stubs)[0]
    with writing(asked) as connection:
        connection.execute(
            people.insert().values(
                person_id="crm-1",
                name=human.name.upper(),
                linkedin_url=f"https://www.linkedin.com/in/{human.slug}",
                source="file:x",
                created_at=datetime.now(UTC),
            )
        )
    assert run("acme").success
    assert jobs(asked)["crm-1", "acme"][0] == human.job.title
    assert f"li-{human.slug}" not in {row["person_id"] for row in rows(asked, people)}


@pytest.mark.parametrize("domain", [None, "linkedin.com", "github.io"])
def test_nothing_is_asked_about_a_company_without_a_domain_of_its_own(
    asked: Engine, run: Run, stubs: Stubs, domain: str | None
) -> None:
    follow(asked, "nameless", domain)
    result = run("nameless")
    assert not result.success
    assert "bg import" in why(result)
    assert stubs.ledger()["asked"] == 0
    assert "web domain" in rows(asked, logs)[0]["error"]


def test_a_company_that_nobody_knows_fails_in_a_sentence_and_costs_nothing(
    asked: Engine, run: Run, stubs: Stubs
) -> None:
    follow(asked, "strange", "nobody-knows.example")
    result = run("strange")
    assert not result.success
    assert "coresignal: does not know it" in why(result)
    assert stubs.ledger()["paid"] == 0


def test_drift_is_told_by_field_and_what_is_stored_helps(
    asked: Engine, run: Run, stubs: Stubs
) -> None:
    assert run("acme").success
    # Several times, so that the record of a member is among the changed ones.
    for _ in range(4):
        stubs.site.world.advance(datetime.now(UTC))
    stubs.control("fail", kind="drift", path="employee_multi_source/collect", times=99,
                  detail="id")  # fmt: skip
    result = run("acme")
    assert result.success, why(result)
    words = of(result, names.PEOPLE)["providers"]
    assert "coresignal: schema drift: employee_multi_source/collect: id is missing" in words
    assert not [event for event in result.all_node_events if event.is_step_up_for_retry]


def test_the_next_provider_is_asked_where_the_first_lets_nobody_in(
    asked: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, COMPANY_PROVIDERS="coresignal,pdl", PEOPLE_PROVIDERS="coresignal,pdl")
    stubs.control("fail", kind="no_credit", provider="coresignal", times=99)
    result = run("acme")
    assert result.success, why(result)
    for asset in (names.COMPANY, names.PEOPLE):
        words = of(result, asset)["providers"]
        assert "coresignal: stopped" in words
        assert "pdl: " in words
    by_pdl = {person_id for person_id, _ in jobs(asked)}
    assert by_pdl

    # When the first one answers again, the same people are still the same.
    stubs.site.faults.planned.clear()
    with writing(asked) as connection:
        close_circuit(connection, "coresignal")
    result = run("acme")
    assert result.success, why(result)
    assert "records read" in of(result, names.PEOPLE)["providers"]
    coresignal = {f"li-{human.slug}" for human in worth_a_record(stubs)}
    assert {person_id for person_id, _ in jobs(asked)} == by_pdl | coresignal
    assert len(rows(asked, people)) < len(by_pdl) + len(coresignal)


def test_an_event_is_not_handled_while_nobody_can_be_asked(
    asked: Engine, run: Run, stubs: Stubs
) -> None:
    assert run("acme").success
    event = push(asked)
    stubs.control("fail", kind="bad_key", times=99)
    result = run("acme", tags=handed_over(asked))
    assert not result.success
    assert event_states(asked)[event] == ("pending", None)
    row = max(rows(asked, logs), key=lambda one: one["planned_at"])
    assert row["state"] == "failed"
    assert "no provider could be asked. coresignal: stopped" in row["error"]


def test_an_event_is_a_hint_and_no_fact(asked: Engine, run: Run, stubs: Stubs) -> None:
    assert run("acme").success
    before = rows(asked, people)
    push(asked, name="Somebody Else", newTitle="Zar of Everything")
    handed_over_ = handed_over_as_hint(asked)
    result = run("acme", tags=handed_over_)
    assert result.success, why(result)
    assert rows(asked, people) == before


def handed_over_as_hint(engine: Engine) -> dict[str, str]:
    from bg_orchestration.automation.sensors import _next

    [due] = _next(engine)
    return {
        names.TAG_REFRESH: due.refresh_id,
        "dagster/run_key": f"{due.refresh_id}:{due.attempt}",
    }


def test_a_spent_budget_defers_the_refresh_and_what_was_paid_is_used(
    asked: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, DAILY_BUDGET_USD="2")
    result = run("acme")
    assert result.success, why(result)
    [skipped] = [
        event.asset_observation_data.asset_observation
        for event in result.all_node_events
        if event.event_type_value == "ASSET_OBSERVATION"
    ]
    assert skipped.asset_key == dg.AssetKey(names.PEOPLE)
    assert "BG_DAILY_BUDGET_USD" in skipped.metadata["deferred"].value
    [row] = rows(asked, logs)
    assert (row["state"], row["attempt"], row["error"]) == ("planned", 2, None)
    assert row["deferred"].startswith("BG_DAILY_BUDGET_USD")
    assert row["due_at"] > datetime.now(UTC)
    assert 0 < row["cost_usd"] <= 2
    assert rows(asked, buyer_groups) == rows(asked, people) == []
    paid = stubs.ledger()["paid"]

    with_setting(monkeypatch, DAILY_BUDGET_USD="none")
    result = run("acme")
    assert result.success, why(result)
    assert rows(asked, buyer_groups)
    ledger = stubs.ledger()
    assert ledger["paid"] == ledger["distinct"] > paid


def test_people_alone_fail_with_the_sentence_when_the_budget_is_spent(
    asked: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, DAILY_BUDGET_USD="0")
    result = run("acme", only=[names.PEOPLE])
    assert not result.success
    assert "BG_DAILY_BUDGET_USD" in why(result)
    assert rows(asked, logs) == []


def test_nothing_personal_stands_in_what_dagster_keeps(
    asked: Engine, run: Run, stubs: Stubs, instance: dg.DagsterInstance
) -> None:
    result = run("acme")
    assert result.success
    kept = "\n".join(str(entry) for entry in instance.all_logs(result.run_id))
    for human in stubs.site.world.at(stubs.site.world.companies[0]):
        assert human.email is None or human.email not in kept
    assert stubs.key not in kept
