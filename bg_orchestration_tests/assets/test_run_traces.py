"""What a run leaves of its trace: in our table, and with a real collector over real HTTP."""

import json
import time
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest
import structlog
from sqlalchemy import Engine, text

from bg_orchestration import names
from bg_orchestration.observability.collector import PATIENCE_SECONDS
from bg_orchestration.observability.collector import collector as collector_of_process
from bg_orchestration.settings import settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import trace_spans
from bg_orchestration_tests.assets.conftest import Run, handed_over, log, why
from bg_orchestration_tests.assets.test_runs import Clock
from bg_orchestration_tests.observability.otlp import Collector, collecting
from bg_orchestration_tests.store.rows import STAFF, follow, push, rows

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
OTHER = "1bf7651916cd43dd8448eb211c80319d"
STEPS = ("company", "people", "scored_people", "buyer_group", "contacts", "published_buyer_group")
ROOT = "process buyer_group_refresh"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A real collector, and this process sends to it."""
    with collecting() as made:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
        settings.cache_clear()
        collector_of_process.cache_clear()
        yield made
    collector_of_process.cache_clear()


def handed_over_with_trace(engine: Engine, flags: str = "01") -> dict[str, str]:
    return {**handed_over(engine), names.TAG_TRACEPARENT: f"00-{TRACE}-{SPAN}-{flags}"}


def by_name(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(engine, trace_spans):
        found.setdefault(row["name"], []).append(row)
    return found


def test_steps_and_transactions_of_a_run_are_spans_of_its_oldest_events_trace(
    engine: Engine, run: Run
) -> None:
    follow(engine, "acme", staff=STAFF)
    push(engine, traceparent=f"00-{TRACE}-{SPAN}-01")
    push(engine, traceparent=f"00-{OTHER}-{SPAN}-01", newTitle="Chief Executive Officer")
    result = run("acme", tags=handed_over_with_trace(engine))
    assert result.success, why(result)
    found = by_name(engine)
    [root] = found[ROOT]
    assert (root["trace_id"], root["parent_id"], root["kind"]) == (TRACE, SPAN, "consumer")
    # The oldest event's trace goes on; the other one is linked.
    assert root["links"] == f'["00-{OTHER}-{SPAN}-01"]'
    assert {row["trace_id"] for of in found.values() for row in of} == {TRACE}
    assert {row["run_id"] for of in found.values() for row in of} == {result.run_id}
    refresh_id = log(engine)["refresh_id"]
    for part in (f'"messaging.message.id": "{refresh_id}"', '"messaging.batch.message_count": 2'):
        assert part in root["attributes"]

    spans = {row["span_id"]: row for of in found.values() for row in of}
    for step in STEPS:
        [row] = found[f"step {step}"]
        assert row["parent_id"] == root["span_id"]
        assert root["began_at"] <= row["began_at"]
    system = engine.dialect.name
    written = found[f"write {system}"]
    # The lease is acquired before the first asset; the last one publishes.
    written.sort(key=lambda row: row["began_at"])
    parents = [spans[row["parent_id"]]["name"] for row in written]
    assert parents == [ROOT, "step published_buyer_group"]
    assert {row["kind"] for row in written} == {"client"}
    assert found[f"read {system}"]
    assert all(row["error"] is None for row in spans.values())
    assert found["wait: in Dagster's queue"]


def test_a_collector_gets_what_our_table_gets(
    database: Engine, run: Run, collector: Collector
) -> None:
    push(database, traceparent=f"00-{TRACE}-{SPAN}-01")
    push(database, traceparent=f"00-{OTHER}-{SPAN}-01")
    assert run("acme", tags=handed_over_with_trace(database)).success
    stored = {(row["trace_id"], row["span_id"]) for row in rows(database, trace_spans)}
    assert {(one.trace_id, one.span_id) for one in collector.spans} == stored
    assert collector.requests == 1
    [root] = collector.named(ROOT)
    assert (root.parent_id, root.kind, root.links) == (SPAN, "consumer", [OTHER])
    assert root.service == "bg_orchestration"
    assert root.attributes["messaging.operation.type"] == "process"
    [transaction, *_] = collector.named("write sqlite")
    assert transaction.attributes == {"db.system.name": "sqlite", "db.operation.name": "write"}


def test_a_trace_that_its_sender_does_not_sample_stays_with_us(
    database: Engine, run: Run, collector: Collector
) -> None:
    push(database, traceparent=f"00-{TRACE}-{SPAN}-00")
    assert run("acme", tags=handed_over_with_trace(database, flags="00")).success
    assert {row["trace_id"] for row in rows(database, trace_spans)} == {TRACE}
    assert collector.requests == 0


def test_attempts_without_an_event_share_the_trace_that_is_called_like_their_refresh(
    database: Engine, run: Run
) -> None:
    push(database)
    tags = handed_over(database)
    assert run("acme", tags=tags).success
    assert {row["trace_id"] for row in rows(database, trace_spans)} == {tags[names.TAG_REFRESH]}
    [root] = by_name(database)[ROOT]
    assert root["parent_id"] is None


def test_a_run_of_a_person_is_a_trace_of_its_own_that_links_the_events(
    database: Engine, run: Run
) -> None:
    push(database, traceparent=f"00-{TRACE}-{SPAN}-01")
    handed_over(database)
    result = run("acme")
    assert result.success
    [root] = by_name(database)[ROOT]
    assert root["trace_id"] == result.run_id.replace("-", "")
    assert TRACE in root["links"]


def test_a_collector_that_fails_costs_no_run_and_is_left_alone_for_a_while(
    database: Engine, run: Run, collector: Collector
) -> None:
    collector.status = 400
    assert run("acme").success
    assert run("acme").success
    assert collector.requests == 1
    assert {row["state"] for row in rows(database, logs)} == {"completed"}


def test_a_collector_that_is_away_keeps_a_run_for_a_bounded_time(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    settings.cache_clear()
    collector_of_process.cache_clear()
    began = time.monotonic()
    assert run("acme").success
    first = time.monotonic() - began
    began = time.monotonic()
    assert run("acme").success
    assert first < PATIENCE_SECONDS + 5
    assert time.monotonic() - began < first + 1
    collector_of_process.cache_clear()


def test_spans_that_cannot_be_stored_fail_no_run(
    database: Engine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing(database) as connection:
        connection.execute(text("DROP TABLE trace_spans"))
    result = run("acme")
    assert result.success, why(result)
    assert log(database)["state"] == "completed"
    assert "spans_not_stored" in capsys.readouterr().err


def test_nothing_is_stored_where_nothing_is_kept(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_KEEP_TRACES", "0")
    settings.cache_clear()
    assert run("acme").success
    assert rows(database, trace_spans) == []


def test_an_error_is_told_by_its_type_alone(
    database: Engine, run: Run, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(*_: Any) -> None:
        try:
            raise KeyError(someone)
        except KeyError as error:
            raise ValueError(someone) from error

    # Put together here: tracebacks quote the code.
    someone = " ".join(["Ann", "Lee", "ann@x.example"])
    monkeypatch.setattr("bg_orchestration.assets.scored_people.score_people", raising)
    result = run("acme")
    assert not result.success
    found = by_name(database)
    assert [row["error"] for row in found["step scored_people"]] == ["ValueError"]
    assert found[ROOT][0]["error"] == "ValueError"
    assert "Ann" not in str(rows(database, trace_spans))
    assert "step published_buyer_group" not in found
    # Neither does Dagster keep it; the place in the code it does.
    events = "\n".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert "ann@x.example" not in events
    assert "Ann Lee" not in events
    assert "ValueError" in events
    assert "in raising" in events


def test_a_step_that_is_tried_again_shows_each_try(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mended(Clock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            rename("gone", "employments")

    def rename(old: str, new: str) -> None:
        with writing(database) as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    monkeypatch.setattr("dagster._core.execution.plan.active.time", Mended())
    rename("employments", "gone")
    assert run("acme").success
    found = by_name(database)
    tries = sorted(found["step people"], key=lambda row: row["began_at"])
    assert [row["error"] for row in tries] == ["OperationalError", None]
    # What ended well in the end is no error of the run.
    assert found[ROOT][0]["error"] is None


def test_the_log_of_a_run_in_dagit_carries_the_ids(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    push(database, traceparent=f"00-{TRACE}-{SPAN}-01")
    result = run("acme", tags=handed_over_with_trace(database))
    lines = [entry.user_message for entry in instance.all_logs(result.run_id)]
    refresh_id = log(database)["refresh_id"]
    ids = f"company_id acme, refresh_id {refresh_id}, run_id {result.run_id}, trace_id {TRACE}"
    [line] = [line for line in lines if "The step took " in line]
    assert line.endswith(ids)
    for step in STEPS:
        assert f"{step} 0." in line


def test_log_lines_of_a_run_carry_the_ids(
    database: Engine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    push(database, traceparent=f"00-{TRACE}-{SPAN}-01")
    result = run("acme", tags=handed_over_with_trace(database))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line[:1] == "{"]
    done = [line for line in lines if line["event"] == "step_done"]
    assert [line["step"] for line in done] == list(STEPS)
    for line in done:
        assert (line["trace_id"], line["run_id"]) == (TRACE, result.run_id)
        assert (line["company_id"], line["refresh_id"]) == ("acme", log(database)["refresh_id"])
    assert structlog.contextvars.get_contextvars() == {}
