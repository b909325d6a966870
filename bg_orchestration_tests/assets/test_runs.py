"""Whole runs of the job in a real Dagster instance, and what they leave in our tables."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from sqlalchemy import Engine, text

from bg_orchestration import names
from bg_orchestration.assets.partitions import add_partitions
from bg_orchestration.domain.model import Person
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    company_leases,
    metadata,
    refresh_attempts,
    trace_spans,
)
from bg_orchestration_tests.assets.conftest import QUIET, Run, handed_over, log, of, why
from bg_orchestration_tests.store.rows import (
    LIMITS,
    STAFF,
    event_states,
    follow,
    let_pass,
    push,
    rows,
)


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every table but the spans, which each run leaves."""
    return {
        table.name: rows(engine, table)
        for table in metadata.sorted_tables
        if table is not trace_spans
    }


def test_a_planned_run_publishes_and_handles_its_events(engine: Engine, run: Run) -> None:
    follow(engine, "acme", staff=STAFF)
    event = push(engine, newTitle="Chief Executive Officer", email="ann@x.example")
    result = run("acme", tags=handed_over(engine))
    assert result.success, why(result)
    row = log(engine)
    assert (row["state"], row["run_id"], row["reason"]) == ("completed", result.run_id, "event")
    assert event_states(engine)[event] == ("handled", None)

    with reading(engine) as connection:
        group = published(connection, "acme", "default")
    assert group is not None
    ids = {member.person_id for member in group.group.members}
    assert "p-ann" in ids
    assert [point.value for point in group.contacts] == ["ann@x.example"]
    said = of(result, names.PUBLISHED_BUYER_GROUP)
    assert (said["refresh_id"], said["reason"], said["events"]) == (row["refresh_id"], "event", 1)
    assert said["changes"] == said["joined"] == len(ids)
    assert of(result, names.PEOPLE)["dagster/row_count"] == len(STAFF)
    assert of(result, names.BUYER_GROUP)["size"] == len(ids)
    assert of(result, names.CONTACTS)["reachable"] == 1
    checks = result.get_asset_check_evaluations()
    [sound] = [check for check in checks if check.check_name == "group_is_sound"]
    assert sound.metadata["members_explained"].value == "ok"


def test_nothing_personal_stands_in_what_dagster_keeps(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    push(database, name="Ann Lee", newTitle="Zar of Everything", email="ann@x.example")
    result = run("acme", tags=handed_over(database))
    assert result.success
    kept = "\n".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert "p-ann" in kept
    for personal in ("Ann Lee", "Zar of Everything", "ann@x.example", "Bob Ray"):
        assert personal not in kept


def test_a_repeat_changes_no_row_of_the_group(database: Engine, run: Run) -> None:
    assert run("acme").success
    first = everything(database)
    result = run("acme")
    assert result.success
    assert of(result, names.PUBLISHED_BUYER_GROUP)["changes"] == 0
    second = everything(database)
    for table in ("buyer_groups", "buyer_group_members", "buyer_group_changes", "employments"):
        assert second[table] == first[table] != []
    assert [row["reason"] for row in rows(database, logs)] == ["manual", "manual"]


@pytest.mark.parametrize(
    ("company_id", "sentence"),
    [
        ("nobody", "No company nobody is known. List them: bg companies"),
        ("no,id", "The partition key is no company id"),
        (None, "exactly one company"),
    ],
)
def test_a_run_of_anything_but_one_company_fails_in_one_sentence(
    database: Engine,
    run: Run,
    instance: dg.DagsterInstance,
    company_id: str | None,
    sentence: str,
) -> None:
    result = run(company_id)
    assert not result.success
    [failure] = [event for event in result.all_node_events if event.is_step_failure]
    assert failure.step_key == names.REFRESH_STEP
    said = failure.step_failure_data.user_failure_data
    assert said is not None
    assert sentence in str(said.description)
    assert not [event for event in result.all_node_events if event.is_step_up_for_retry]
    assert rows(database, logs) == []
    assert instance.get_dynamic_partitions(names.PARTITIONS) == []


def test_a_run_over_a_range_of_companies_is_refused(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    add_partitions(instance, ["acme", "empty"])
    ends = {"start": "acme", "end": "empty"}
    tags = {f"dagster/asset_partition_range_{end}": key for end, key in ends.items()}
    result = run(None, tags=tags)
    assert not result.success
    assert "exactly one company" in why(result)
    assert rows(database, logs) == []


def test_a_database_without_tables_is_named_with_the_command_that_makes_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    settings.cache_clear()
    result = run("acme")
    assert not result.success
    assert "bg db upgrade" in why(result)


def test_a_company_without_people_gets_an_empty_group(database: Engine, run: Run) -> None:
    result = run("empty")
    assert result.success, why(result)
    with reading(database) as connection:
        group = published(connection, "empty", "default")
    assert group is not None
    assert group.group.members == ()
    assert group.group.gaps
    assert of(result, names.CONTACTS)["share_reachable"] == 0.0
    summary = json.loads(log(database)["summary"])
    assert summary.keys() == {"changes", "confidence", "events", "members", "people"}
    assert [summary[name] for name in ("changes", "events", "members", "people")] == [0] * 4


def test_people_without_titles_are_no_fault(database: Engine, run: Run) -> None:
    nobody = [Person(person_id=f"p-{n}", name=f"Nobody {n}") for n in range(4)]
    follow(database, "quiet", staff=nobody)
    result = run("quiet")
    assert result.success, why(result)
    assert of(result, names.PEOPLE)["without_title"] == 4


def test_a_company_that_is_being_refreshed_is_left_alone(database: Engine, run: Run) -> None:
    with writing(database) as connection:
        assert isinstance(start(connection, "acme", "other-run", LIMITS), Refresh)
    before = everything(database)
    result = run("acme")
    assert result.success, why(result)
    assert everything(database) == before
    [observed] = result.get_asset_observation_events()
    skipped = observed.asset_observation_data.asset_observation.metadata["skipped"].value
    assert skipped == "The company is already being refreshed by run other-run."
    assert result.get_asset_materialization_events() == []


def test_an_attempt_that_is_over_is_left_alone(database: Engine, run: Run) -> None:
    push(database)
    tags = handed_over(database)
    assert run("acme", tags=tags).success
    before = everything(database)
    result = run("acme", tags=tags)
    assert result.success
    assert result.get_asset_materialization_events() == []
    assert everything(database) == before


def test_a_failed_run_that_somebody_runs_again_is_a_refresh_of_theirs(
    database: Engine, instance: dg.DagsterInstance
) -> None:
    """Dagit copies the tags of the run, the key of an attempt that is over among them."""
    push(database)
    tags = handed_over(database)
    with writing(database) as connection:
        lone = replace(LIMITS, max_attempts=1)
        planned = (tags[names.TAG_REFRESH], 1)
        assert isinstance(start(connection, "acme", "first", lone, planned), Refresh)
        assert fail(connection, tags[names.TAG_REFRESH], 1, "Boom", lone) == "dead"
    first = instance.create_run_for_job(_job(), status=dg.DagsterRunStatus.FAILURE, tags=tags)
    again = instance.create_run_for_job(
        _job(),
        run_config=QUIET,
        parent_run_id=first.run_id,
        root_run_id=first.run_id,
        tags={**tags, "dagster/partition": "acme", "dagster/parent_run_id": first.run_id},
    )
    assert execute_run(InMemoryJob(_job()), again, instance).success
    states = {row["reason"]: row["state"] for row in rows(database, logs)}
    assert states == {"event": "dead", "manual": "completed"}


@pytest.mark.parametrize("copied", [{}, {names.TAG_REFRESH: "0" * 32, names.TAG_REASON: "event"}])
def test_dagit_finds_the_runs_of_people_by_the_same_tags(
    database: Engine, instance: dg.DagsterInstance, run: Run, copied: dict[str, str]
) -> None:
    run_id = run("acme", tags=copied).run_id
    found = instance.get_run_by_id(run_id)
    assert found is not None
    assert found.status is dg.DagsterRunStatus.SUCCESS
    tags = {
        name: found.tags[name] for name in (names.TAG_COMPANY, names.TAG_REFRESH, names.TAG_REASON)
    }
    assert list(tags.values()) == ["acme", log(database)["refresh_id"], "manual"]


@pytest.mark.parametrize(
    "run_key", [None, "", "{}", "{}:", "{}:x", "{}:-1", "{}:²", "other:1", ":1", "1"]
)
def test_a_run_without_a_run_key_of_its_refresh_is_a_persons(
    database: Engine, run: Run, run_key: str | None
) -> None:
    """A person may copy any of a run's tags into the launchpad."""
    push(database)
    refresh_id = handed_over(database)[names.TAG_REFRESH]
    key = {} if run_key is None else {"dagster/run_key": run_key.format(refresh_id)}
    result = run("acme", tags={names.TAG_REFRESH: refresh_id, **key})
    assert result.success, why(result)
    row = log(database)
    assert (row["refresh_id"], row["state"], row["reason"]) == (refresh_id, "completed", "manual")


def test_a_dead_runs_lease_is_not_waited_for(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    """Dagster knows that the holder has ended: the company is free at once."""
    dead = instance.create_run_for_job(
        job_def=_job(), status=dg.DagsterRunStatus.FAILURE, tags={"dagster/partition": "acme"}
    )
    with writing(database) as connection:
        assert isinstance(start(connection, "acme", dead.run_id, LIMITS), Refresh)
    result = run("acme")
    assert result.success, why(result)
    row = log(database)
    assert (row["state"], row["attempt"], row["run_id"]) == ("completed", 2, result.run_id)
    assert [one["error"] for one in rows(database, refresh_attempts)] == [
        "the run ended early",
        None,
    ]


def _job() -> dg.JobDefinition:
    from bg_orchestration.definitions import defs

    return defs.resolve_job_def(names.JOB)


def test_assets_without_publishing_are_no_refresh(database: Engine, run: Run) -> None:
    before = everything(database)
    result = run("acme", only=[names.COMPANY, names.PEOPLE, names.SCORED_PEOPLE])
    assert result.success, why(result)
    assert len(result.get_asset_materialization_events()) == 3
    assert everything(database) == before


def test_the_end_of_a_chain_alone_is_a_refresh(database: Engine, run: Run) -> None:
    """As when somebody runs a failed run again from its middle."""
    assert run("acme", only=[*_upstream(), names.CONTACTS]).success
    result = run("acme", only=[names.PUBLISHED_BUYER_GROUP])
    assert result.success, why(result)
    assert log(database)["state"] == "completed"


@pytest.mark.parametrize("asset", names.ASSETS)
def test_each_asset_can_be_materialized_alone(database: Engine, run: Run, asset: str) -> None:
    assert run("acme").success
    result = run("acme", only=[asset])
    assert result.success, why(result)
    made = [event.asset_key for event in result.get_asset_materialization_events()]
    assert made == [dg.AssetKey(asset)]
    refreshes = 2 if asset == names.PUBLISHED_BUYER_GROUP else 1
    assert [row["state"] for row in rows(database, logs)] == ["completed"] * refreshes


@pytest.mark.parametrize(
    ("asset", "missing"),
    [
        (names.SCORED_PEOPLE, names.COMPANY),
        (names.BUYER_GROUP, names.COMPANY),
        (names.CONTACTS, names.BUYER_GROUP),
        (names.PUBLISHED_BUYER_GROUP, names.CONTACTS),
    ],
)
def test_an_asset_whose_parents_were_never_made_says_which(
    database: Engine, run: Run, asset: str, missing: str
) -> None:
    result = run("acme", only=[asset])
    assert not result.success
    assert f"{missing} was never materialized for acme: materialize it too" in why(result)
    assert not [event for event in result.all_node_events if event.is_step_up_for_retry]


def _upstream() -> list[str]:
    return [names.COMPANY, names.PEOPLE, names.SCORED_PEOPLE, names.BUYER_GROUP]


def test_an_asset_that_raises_fails_the_attempt_and_frees_the_company(
    database: Engine, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "profiles"
    broken.mkdir()
    (broken / "mine.yaml").write_text("id: mine\ncategory: [\n")
    monkeypatch.setenv("BG_PROFILES", str(broken))
    settings.cache_clear()
    event = push(database)
    result = run("acme", tags=handed_over(database))
    assert not result.success
    row = log(database)
    assert (row["state"], row["attempt"]) == ("failed", 2)
    # The words of an error of ours; a foreign exception's message may quote what is personal.
    assert row["error"].startswith("ProfileError: mine.yaml:3: ")
    [attempt] = rows(database, refresh_attempts)
    assert (attempt["run_id"], attempt["error"]) == (result.run_id, row["error"])
    assert attempt["ended_at"] is not None
    assert event_states(database)[event][0] == "pending"

    monkeypatch.delenv("BG_PROFILES")
    settings.cache_clear()
    assert run("acme").success
    assert event_states(database)[event][0] == "handled"


class Clock:
    """Dagster's clock between the tries of a step: sleeping moves it on at once."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def time(self) -> float:
        return float(sum(self.slept))

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def test_faults_that_may_pass_are_tried_again_after_2_4_and_8_seconds(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr("dagster._core.execution.plan.active.time", clock)
    with writing(database) as connection:
        # SQLite calls a missing table an OperationalError, as it does a locked database.
        connection.execute(text("ALTER TABLE employments RENAME TO gone"))
    result = run("acme")
    assert not result.success
    waits = [
        event.step_retry_data.seconds_to_wait
        for event in result.all_node_events
        if event.is_step_up_for_retry
    ]
    assert waits == [2, 4, 8]
    assert sum(clock.slept) == pytest.approx(14, abs=0.1)
    row = log(database)
    assert (row["state"], row["error"]) == ("failed", "OperationalError")
    assert len(rows(database, refresh_attempts)) == 1


def test_a_fault_that_passes_costs_nothing_but_time(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mended(Clock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if len(self.slept) == 1:
                rename("gone", "employments")

    def rename(old: str, new: str) -> None:
        with writing(database) as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    monkeypatch.setattr("dagster._core.execution.plan.active.time", Mended())
    rename("employments", "gone")
    result = run("acme")
    assert result.success, why(result)
    row = log(database)
    assert (row["state"], row["attempt"], row["error"]) == ("completed", 1, None)
    assert len(rows(database, refresh_attempts)) == 1


def test_a_run_that_waits_for_the_limits_gives_up_in_the_end(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bg_orchestration.assets.refresh_step.PATIENCE_SECONDS", 0.6)
    monkeypatch.setattr("bg_orchestration.assets.refresh_step._ASK_SECONDS", 0.05)
    follow(database, "b", "c", "d")
    for name in ("b", "c", "d"):
        with writing(database) as connection:
            assert isinstance(start(connection, name, f"run-{name}", settings().limits), Refresh)
    result = run("acme")
    assert not result.success
    assert "The limit of 3 refreshes at once let nothing start for" in why(result)
    assert len(rows(database, logs)) == 3
    # They end; the next run starts.
    let_pass(database, settings().limits.cooldown)
    with writing(database) as connection:
        connection.execute(logs.update().values(state="completed"))
        connection.execute(company_leases.delete())
    assert run("acme").success


def test_a_run_says_for_what_it_waits_and_how_long_it_waited(
    database: Engine, run: Run, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(database, "b", "c", "d")
    for name in ("b", "c", "d"):
        with writing(database) as connection:
            assert isinstance(start(connection, name, f"run-{name}", settings().limits), Refresh)

    def end_them(_seconds: float) -> None:
        let_pass(database, settings().limits.cooldown)
        with writing(database) as connection:
            connection.execute(logs.update().values(state="completed"))
            connection.execute(company_leases.delete())

    monkeypatch.setattr("bg_orchestration.assets.refresh_step.time.sleep", end_them)
    result = run("acme")
    assert result.success, why(result)
    lines = [entry.user_message for entry in instance.all_logs(result.run_id)]
    waiting = next(line for line in lines if line.startswith("Waiting for "))
    assert waiting == "Waiting for the limit of 3 refreshes at once. At most 300 s."
    started = next(line for line in lines if line.startswith("Refreshing acme: "))
    assert "reason manual, attempt 1, after " in started
    assert started.endswith(" s of waiting for the limits")
    assert any(line.startswith("Published: ") for line in lines)
    # Dagit filters by the tag: it must not go on saying that the run waits.
    done = instance.get_run_by_id(result.run_id)
    assert done is not None
    assert done.tags["bg/waiting"].startswith("over after ")
