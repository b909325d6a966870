"""`bg trace`: what it finds, and the picture it draws."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bg_orchestration.cli import bg
from bg_orchestration.observability.traces import SpanRecord
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.journeys import delete_spans, save
from bg_orchestration.refreshes.life_cycle import Refresh, complete, start
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.report.timeline import (
    Axis,
    Bar,
    bars_of_run,
    in_words,
)
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import trace_spans
from bg_orchestration_tests.store.rows import HOUR, LIMITS, POLICY, follow, push, rows

TRACE = "0af7651916cd43dd8448eb211c80319c"
RUN = "3f2a8c1e-2157-4679-9583-67164be54a7b"
AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def made(name: str, span_id: str, parent: str | None = None, **more: object) -> SpanRecord:
    fields: dict[str, object] = {
        "trace_id": TRACE,
        "span_id": span_id,
        "parent_id": parent,
        "name": name,
        "kind": "internal",
        "began_at": AT,
        "seconds": 1.0,
        "error": None,
        "attributes": {},
        "links": (),
        **more,
    }
    return SpanRecord(**fields)  # type: ignore[arg-type]


def trace(which: str, *options: str, code: int = 0) -> str:
    result = CliRunner().invoke(bg, ["trace", which, *options], env={"COLUMNS": "240"})
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def refreshed(engine: Engine) -> tuple[Engine, str, str]:
    """Two events in one refresh that is over, with two spans of its run."""
    follow(engine, "acme")
    first = push(engine, traceparent=f"00-{TRACE}-b7ad6b7169203331-01")
    push(engine, traceparent=f"00-1{TRACE[1:]}-b7ad6b7169203331-01")
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        [due] = emit(connection, LIMITS)
        refresh = start(connection, "acme", RUN, LIMITS, (due.refresh_id, 1))
        assert isinstance(refresh, Refresh)
        complete(connection, refresh, {})
    root = made("process buyer_group_refresh", "a" * 16, "b7ad6b7169203331",
                attributes={"bg.run_id": RUN})  # fmt: skip
    step = made("step people", "b" * 16, "a" * 16, error="ValueError", seconds=0.0004)
    save(engine, RUN, [step, root])
    return engine, first, due.refresh_id


def test_an_event_a_run_a_refresh_and_a_trace_find_the_same(
    refreshed: tuple[Engine, str, str],
) -> None:
    _, event, refresh_id = refreshed
    picture = trace(event)
    for which in (RUN, RUN[:8], refresh_id, refresh_id[:8], TRACE):
        assert trace(which) == picture
    assert f"Refresh {refresh_id} of acme: completed, reason event, trace {TRACE}" in picture
    assert picture.count("POST received") == 2
    assert picture.count(", linked") == 1
    lines = [line for line in picture.splitlines() if "step people" in line]
    assert len(lines) == 1
    assert lines[0].startswith("  step people")
    assert "0.4 ms" in lines[0]
    assert "ValueError" in lines[0]


def test_programs_get_json(refreshed: tuple[Engine, str, str]) -> None:
    _, event, refresh_id = refreshed
    found = json.loads(trace(event, "--json"))
    [journey] = found["refreshes"]
    assert journey["refresh_id"] == refresh_id
    assert [one["name"] for one in journey["attempts"][0]["spans"]] == [
        "process buyer_group_refresh",
        "step people",
    ]


def test_what_has_not_run_yet_tells_what_it_waits_for(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine, traceparent=f"00-{TRACE}-b7ad6b7169203331-01")
    assert "received, by no refresh" in trace(event)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    assert "wait: deferred" in trace(event)
    assert "as the limits allow" in trace(event)
    with writing(engine) as connection:
        emit(connection, LIMITS)
    assert "wait: in Dagster's queue" in trace(event)


def test_a_run_that_left_no_spans_is_told_from_the_tables(engine: Engine) -> None:
    follow(engine, "acme")
    with writing(engine) as connection:
        refresh = start(connection, "acme", RUN, LIMITS)
        assert isinstance(refresh, Refresh)
    assert f"run {RUN}, attempt 1, under way" in trace(RUN)
    with writing(engine) as connection:
        fail(connection, refresh.refresh_id, 1, "the run vanished", LIMITS)
    told = trace(RUN)
    assert f"run {RUN}, attempt 1, the run vanished" in told
    assert "wait: deferred" in told


def test_a_run_that_is_no_refresh_is_drawn_too(engine: Engine) -> None:
    save(engine, RUN, [made("process buyer_group_refresh", "a" * 16)])
    assert f"Run {RUN}: no refresh, trace {TRACE}" in trace(RUN)


def test_an_unknown_id_is_told_with_what_to_do(engine: Engine) -> None:
    for which in ("nothing", "%", "abcdef", "a_c%ef"):
        assert "bg inbox" in trace(which, code=1)


def test_long_waits_are_cut_short_and_work_is_not() -> None:
    work = Bar("step", AT + HOUR, AT + HOUR + timedelta(seconds=2))
    after = Bar("step", AT + HOUR + timedelta(seconds=1), AT + HOUR + timedelta(seconds=2))
    wait = Bar("wait: deferred", AT, AT + HOUR)
    axis = Axis([wait, work, after], AT, 40)
    assert axis.draw(wait) == "┄" * 9
    assert axis.draw(work) == " " * 9 + "━" * 31
    assert len(axis.draw(work).strip()) >= 2 * len(axis.draw(after).strip()) - 2
    assert axis.seconds(wait) == 3600


def test_a_child_whose_parent_was_left_out_is_drawn_at_the_edge() -> None:
    [bar] = bars_of_run([made("step people", "b" * 16, "f" * 16)])
    assert (bar.depth, bar.name) == (0, "step people")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0004, "0.4 ms"), (1.234, "1.23 s"), (303, "5 min 3 s"), (3725, "1 h 2 min")],
)
def test_durations_have_the_digits_that_matter(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_spans_are_forgotten_by_whole_runs(engine: Engine) -> None:
    save(engine, "old", [made("a", "a" * 16), made("b", "b" * 16)])
    save(engine, "new", [made("a", "a" * 16, began_at=datetime.now(UTC))])
    with writing(engine) as connection:
        assert delete_spans(connection, HOUR, 10) == 1
    assert [row["run_id"] for row in rows(engine, trace_spans)] == ["new"]
    assert rows(engine, logs) == []
