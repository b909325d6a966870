"""Ticks of the sensor: from the inbox to run requests."""

import threading
import time
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine, text

from bg_orchestration import names
from bg_orchestration.automation import sensors
from bg_orchestration.automation.schedules import refresh_stale_companies
from bg_orchestration.refreshes.open_work import backlog
from bg_orchestration.refreshes.planning import plan_changed
from bg_orchestration.settings import settings
from bg_orchestration.store.database import SchemaError, clock, engine_for, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import companies
from bg_orchestration_tests.automation.conftest import Tick
from bg_orchestration_tests.store.rows import (
    HOUR,
    LIMITS,
    archive,
    event_states,
    follow,
    let_pass,
    push,
    rows,
)

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_an_event_becomes_a_run_request_with_tags_and_a_key(
    database: Engine, tick: Tick, instance: dg.DagsterInstance
) -> None:
    event = push(database, traceparent=TRACEPARENT)
    result = tick()
    [request] = result.run_requests or []
    [log] = rows(database, logs)
    assert request.run_key == f"{log['refresh_id']}:1"
    assert request.partition_key == "acme"
    assert request.tags == {
        "bg/company": "acme",
        "bg/refresh_id": log["refresh_id"],
        "bg/reason": "event",
        "bg/traceparent": TRACEPARENT,
    }
    assert result.skip_reason is None
    # Dagster fails a whole tick whose partition it does not know.
    assert instance.get_dynamic_partitions(names.PARTITIONS) == ["acme"]
    assert event_states(database)[event] == ("pending", None)
    assert log["emitted_at"] is not None


def test_nothing_personal_stands_in_a_request(database: Engine, tick: Tick) -> None:
    push(database, id="p-secret", name="Ann Lee", email="ann@x.example", newTitle="CFO")
    [request] = tick().run_requests or []
    told = f"{request.tags} {request.run_key} {request.partition_key}"
    for personal in ("p-secret", "Ann", "ann@", "CFO"):
        assert personal not in told


def test_a_quiet_tick_says_in_numbers_what_waits(database: Engine, tick: Tick) -> None:
    skipped = tick().skip_reason
    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == (
        "0 events pending; refreshes: 0 under way, 0 held back by the limits, 0 deferred; "
        "0 events dead"
    )


def test_a_tick_counts_a_long_backlog_up_to_a_bound(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"c{number}" for number in range(30)]
    follow(database, *ids)
    with writing(database) as connection:
        plan_changed(connection, ids, LIMITS)
        monkeypatch.setattr(sensors, "_COUNTED", 20)
        assert "20 or more held back" in sensors._skip_reason(backlog(connection, 20))
        monkeypatch.setattr(sensors, "_COUNTED", 40)
        assert " 30 held back" in sensors._skip_reason(backlog(connection, 40))
        assert backlog(connection).over_limit == 30


def test_a_deferred_refresh_is_told_with_its_time(database: Engine, tick: Tick) -> None:
    push(database)
    tick()
    with writing(database) as connection:
        # As a run leaves it that has completed just now.
        connection.execute(logs.update().values(state="completed", started_at=logs.c.emitted_at))
    push(database)
    result = tick()
    assert not result.run_requests
    assert isinstance(result.skip_reason, dg.SkipReason)
    due_at = max(row["due_at"] for row in rows(database, logs))
    assert result.skip_reason.skip_message == (
        "2 events pending; refreshes: 0 under way, 0 held back by the limits, "
        f"1 deferred until {due_at:%Y-%m-%d %H:%M:%S} UTC or later; 0 events dead"
    )


def test_an_event_of_an_unknown_company_makes_its_partition(
    database: Engine, tick: Tick, instance: dg.DagsterInstance
) -> None:
    push(database, "new.example")
    assert [one.partition_key for one in tick().run_requests or []] == ["new.example"]
    assert sorted(instance.get_dynamic_partitions(names.PARTITIONS)) == ["acme", "new.example"]


def test_followed_companies_are_partitions_and_the_cursor_spares_listing_them(
    database: Engine, tick: Tick, instance: dg.DagsterInstance
) -> None:
    follow(database, *(f"c{number:02}" for number in range(30)))
    cursor = tick().cursor
    assert len(instance.get_dynamic_partitions(names.PARTITIONS)) == 31
    follow(database, "later")
    assert tick(cursor).cursor != cursor
    assert instance.has_dynamic_partition(names.PARTITIONS, "later")
    # An archived company keeps its partition: deleting one fails a backfill in progress.
    archive(database, "later")
    tick("32")
    assert instance.has_dynamic_partition(names.PARTITIONS, "later")


def test_a_partition_deleted_in_dagit_comes_back_at_the_next_tick(
    database: Engine, tick: Tick, instance: dg.DagsterInstance
) -> None:
    follow(database, *(f"c{number:02}" for number in range(30)))
    cursor = tick().cursor
    instance.delete_dynamic_partition(names.PARTITIONS, "c07")
    cursor = tick(cursor).cursor
    assert instance.has_dynamic_partition(names.PARTITIONS, "c07")
    assert tick(cursor).cursor == cursor


def test_a_waiting_tick_returns_at_the_first_event(
    database: Engine, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sensors, "_STAY_SECONDS", 20.0)
    pushed: list[float] = []

    def later() -> None:
        time.sleep(0.5)
        push(database)
        pushed.append(time.monotonic())

    thread = threading.Thread(target=later)
    thread.start()
    result = tick()
    waited = time.monotonic() - pushed[0]
    thread.join()
    assert len(result.run_requests or []) == 1
    assert waited < 60


def test_a_database_without_tables_fails_the_tick_with_the_command(
    tick: Tick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    settings.cache_clear()
    with pytest.raises(SchemaError, match="bg db upgrade"):
        tick()


def test_a_database_that_is_down_fails_the_tick_and_names_no_secret(
    tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://somebody:hush@127.0.0.1:1/bg"
    monkeypatch.setenv("BG_DATABASE_URL", url)
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="The database cannot be reached") as failed:
        tick()
    assert "hush" not in str(failed.value)
    engine_for(url).dispose()


def test_a_broken_table_fails_the_tick_and_loses_nothing(database: Engine, tick: Tick) -> None:
    event = push(database)
    with writing(database) as connection:
        connection.execute(text("ALTER TABLE refresh_attempts RENAME TO gone"))
    with pytest.raises(RuntimeError, match="no such table: refresh_attempts"):
        tick()
    assert event_states(database)[event] == ("received", None)
    with writing(database) as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO refresh_attempts"))
    assert len(tick().run_requests or []) == 1


def test_the_schedule_marks_stale_companies_once_and_the_sensor_starts_them(
    database: Engine, tick: Tick, instance: dg.DagsterInstance
) -> None:
    follow(database, "globex")
    archive(database, "globex")
    told = []
    for _ in range(2):
        with dg.build_schedule_context(instance=instance) as context:
            answer = refresh_stale_companies(context)
        assert isinstance(answer, dg.SkipReason)
        told.append(answer.skip_message)
    assert told[0] == (
        "1 companies are older than the age of their tier and were marked as due; the sensor "
        "webhook_inbox starts them"
    )
    assert told[1] is not None
    assert told[1].startswith("0 companies")
    [request] = tick().run_requests or []
    assert request.tags["bg/reason"] == "scheduled"
    # Its age counts from the last completion.
    with writing(database) as connection:
        connection.execute(logs.update().values(state="completed", finished_at=logs.c.due_at))
        connection.execute(companies.update().values(refreshed_at=clock(connection)))
    # Without a group its tier is orange, which is refreshed after 7 days.
    let_pass(database, 6 * 24 * HOUR)
    with dg.build_schedule_context(instance=instance) as context:
        early = refresh_stale_companies(context)
    let_pass(database, 2 * 24 * HOUR)
    with dg.build_schedule_context(instance=instance) as context:
        late = refresh_stale_companies(context)
    assert [str(one.skip_message)[0] for one in (early, late)] == ["0", "1"]  # type: ignore[union-attr]
