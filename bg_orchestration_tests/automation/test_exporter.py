"""The pipeline's metrics: what they say, and that a part that is gone takes no other along."""

import threading
import time
from pathlib import Path

import dagster as dg
import pytest
from dagster._daemon.types import DaemonHeartbeat
from prometheus_client import generate_latest
from prometheus_client.registry import CollectorRegistry
from sqlalchemy import Engine, text

from bg_orchestration.ledger import rate_limit
from bg_orchestration.observability import metric_families
from bg_orchestration.observability.metric_families import Family
from bg_orchestration.ops import metrics_exporter
from bg_orchestration.ops.metrics_exporter import PipelineCollector
from bg_orchestration.settings import settings
from bg_orchestration.store import outbox
from bg_orchestration.store.database import SCHEMA_VERSION, clock, engine_for, writing
from bg_orchestration_tests.automation.scrapes import scrape, values
from bg_orchestration_tests.ledger.paid import fail, ledger_of, paid_call
from bg_orchestration_tests.refreshes.lives import (
    done,
    handed_over,
    taken,
)
from bg_orchestration_tests.store.rows import follow, push


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a Dagster that has run; the tests only read it."""
    home = tmp_path_factory.mktemp("dagster")
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        instance.get_runs_count()
        instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - 7, "SENSOR", "id", []))
        instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - 7, "ASSET", "id", []))
    return home


def test_metrics_tell_what_happened_and_what_waits(engine: Engine, home: Path) -> None:
    follow(engine, "acme", "beta")
    push(engine)
    [due] = handed_over(engine)
    done(engine, taken(engine, "acme", "r1", due))
    push(engine, "beta")
    handed_over(engine)
    push(engine)

    found = scrape(engine, home)
    assert set(values(found["bg_scrape_collector_success"]).values()) == {1}
    assert values(found["bg_schema_info"]) == {(SCHEMA_VERSION, SCHEMA_VERSION): 1}
    stages = values(found["bg_events_pending"])
    assert (stages[("received",)], stages[("under_way",)], stages[("due",)]) == (1, 1, 0)
    assert values(found["bg_oldest_pending_event_age_seconds"])[("received",)] < 60
    assert values(found["bg_refreshes_open"])[("handed_over",)] == 1
    attempts = values(found["bg_refresh_attempts"])
    assert attempts[("event", "completed")] == 1
    assert sum(attempts.values()) == 1
    assert values(found["bg_event_to_published_seconds"])[("no",)] == 1
    last = values(found["bg_last_completed_refresh_timestamp_seconds"])[()]
    assert abs(last - time.time()) < 60
    assert values(found["bg_companies_followed"]) == {(): 2}
    assert values(found["bg_dagster_daemon_heartbeat_age_seconds"]).keys() == {("SENSOR",)}


def test_every_listed_label_value_is_a_series_from_the_start(engine: Engine, home: Path) -> None:
    found = scrape(engine, home)
    declared = [one for one in vars(metric_families).values() if isinstance(one, Family)]
    assert {one.name for one in declared} == found.keys()
    for family in declared:
        metric = found[family.name]
        assert metric.documentation == family.help
        if (
            family.labels
            and all(family.labels.values())
            and family is not metric_families.HEARTBEAT_AGE
        ):
            assert len(values(metric)) == len(list(family.label_sets())), family.name


def test_a_database_that_is_gone_leaves_dagsters_metrics_standing(
    home: Path, tmp_path: Path
) -> None:
    gone = engine_for("postgresql://nobody@127.0.0.1:1/none")
    began = time.monotonic()
    found = scrape(gone, home)
    assert time.monotonic() - began < 60
    success = values(found["bg_scrape_collector_success"])
    assert success == {("schema",): 0, ("pipeline",): 0, ("census",): 0, ("dagster",): 1}
    assert "bg_events_pending" not in found
    assert "bg_dagster_runs" in found
    assert "bg_build_info" in found


def test_a_dagster_that_never_ran_leaves_the_databases_metrics_standing(
    engine: Engine, tmp_path: Path
) -> None:
    found = scrape(engine, tmp_path / "nothing")
    assert values(found["bg_scrape_collector_success"])[("dagster",)] == 0
    assert values(found["bg_scrape_collector_success"])[("pipeline",)] == 1
    assert "bg_dagster_runs" not in found
    assert "bg_events_pending" in found


def test_a_schema_of_another_version_is_told(engine: Engine, home: Path) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
        connection.execute(text("DROP TABLE pipeline_counters"))
    found = scrape(engine, home)
    assert values(found["bg_schema_info"]) == {("0003", SCHEMA_VERSION): 1}
    success = values(found["bg_scrape_collector_success"])
    assert (success[("schema",)], success[("pipeline",)], success[("census",)]) == (1, 0, 1)


def test_a_question_that_hangs_does_not_hold_the_scrape(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics_exporter, "_SCRAPE_SECONDS", 1.0)
    over = threading.Event()
    monkeypatch.setattr(metrics_exporter.open_work, "stages", lambda _connection: over.wait(120))
    began = time.monotonic()
    found = scrape(engine, home)
    over.set()
    assert time.monotonic() - began < 60
    assert values(found["bg_scrape_collector_success"])[("pipeline",)] == 0
    assert values(found["bg_scrape_collector_success"])[("schema",)] == 1


def test_the_census_rests_for_a_hundred_times_as_long_as_it_took(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = CollectorRegistry()
    registry.register(PipelineCollector(engine, home))
    monkeypatch.setattr(metrics_exporter, "_CENSUS_REST", 1_000_000)
    assert b"bg_companies_followed 0.0" in generate_latest(registry)
    follow(engine, "acme")
    assert b"bg_companies_followed 0.0" in generate_latest(registry)

    registry = CollectorRegistry()
    registry.register(PipelineCollector(engine, home))
    monkeypatch.setattr(metrics_exporter, "_CENSUS_REST", 0)
    assert b"bg_companies_followed 1.0" in generate_latest(registry)
    follow(engine, "beta")
    assert b"bg_companies_followed 2.0" in generate_latest(registry)


def test_metrics_tell_of_providers_of_money_and_of_messages(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_PROVIDER", "pdl")
    monkeypatch.setenv("BG_NOTIFY_SLACK_URLS", "sales=https://hooks.example.com/x")
    settings.cache_clear()
    ledger_of(engine, usd=2.5).reserve(paid_call("k"))
    for provider in ("pdl", "apollo"):
        fail(engine, provider, "no_credit", "HTTP 402")
    with writing(engine) as connection:
        rate_limit.count_calls(connection, "pdl", "e", calls=4, ledger_hits=2)
        outbox.note(connection, "group.changed", "acme", "r1", clock(connection))

    found = scrape(engine, home)
    calls = values(found["bg_provider_calls"])
    assert (calls["pdl", "answered"], calls["pdl", "failed"]) == (4, 1)
    assert calls["zerobounce", "answered"] == 0
    assert values(found["bg_provider_ledger_hits"])[("pdl",)] == 2
    assert values(found["bg_provider_spent_today_usd"])[("pdl",)] == 2.5
    assert values(found["bg_daily_budget_usd"]) == {(): 10.0}
    assert values(found["bg_daily_budget_left_usd"]) == {(): 7.5}
    circuits = values(found["bg_provider_circuit_open"])
    # Apollo is not in use: nobody would ever close its circuit.
    assert [labels for labels, value in circuits.items() if value] == [("pdl", "stopped")]
    assert values(found["bg_notifications_pending"]) == {(): 1}
    assert values(found["bg_notifications_dead"]) == {(): 0}

    monkeypatch.setenv("BG_DAILY_BUDGET_USD", "none")
    settings.cache_clear()
    found = scrape(engine, home)
    assert values(found["bg_daily_budget_usd"]) == values(found["bg_daily_budget_left_usd"]) == {}
