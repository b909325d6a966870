"""Spans apart from Dagster: what is recorded where, in which process, under which ids."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bg_orchestration.observability.provider_spans import provider_call, tell_answer
from bg_orchestration.observability.traces import (
    Trace,
    child_of,
    span,
    span_records,
    tell,
    trace_id_in,
    traceparent_now,
)

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
REFRESH = "c0ffee0916cd43dd8448eb211c80319c"


def begun(parent: str | None = PARENT) -> Trace:
    return Trace.begin("work", parent, REFRESH, {"bg.run_id": "r1"})


def test_nothing_is_recorded_and_nothing_imported_where_nobody_traces() -> None:
    code = (
        "import sys; from bg_orchestration.observability.traces import span, traceparent_now\n"
        "with span('a') as made: assert made is None and traceparent_now() is None\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_trace_goes_on_under_its_parent_and_nests() -> None:
    trace = begun()
    with trace.open(), span("outer"), span("inner", "client", {"db.system.name": "sqlite"}):
        assert trace_id_in(traceparent_now()) == trace_id_in(PARENT)
    inner, outer, root = span_records(trace.end())
    assert {one.trace_id for one in (inner, outer, root)} == {trace_id_in(PARENT)}
    assert (root.parent_id, outer.parent_id, inner.parent_id) == (
        "b7ad6b7169203331",
        root.span_id,
        outer.span_id,
    )
    assert (inner.kind, inner.attributes) == ("client", {"db.system.name": "sqlite"})
    assert traceparent_now() is None


@pytest.mark.parametrize(
    "parent", [None, "", "00-0-0-00", "nonsense", "00-" + "0" * 32 + PARENT[35:]]
)
def test_without_a_parent_the_trace_is_called_as_asked(parent: str | None) -> None:
    [root] = span_records(begun(parent).end())
    assert (root.trace_id, root.parent_id) == (REFRESH, None)


def test_spans_of_two_runs_in_one_process_do_not_mix() -> None:
    one, other = begun(), begun()
    with one.open(), span("a"):
        pass
    with other.open(), span("b"):
        pass
    with one.open(), span("c"):
        pass
    assert [span.name for span in span_records(one.end())] == ["a", "c", "work"]
    assert [span.name for span in span_records(other.end())] == ["b", "work"]


def test_a_call_of_a_provider_is_told_by_its_template() -> None:
    trace = begun()

    def call_times_out() -> None:
        with (
            trace.open(),
            provider_call("acmedata", "GET", "api.example.com", "/people/{email}") as made,
        ):
            assert made is not None
            made.set_attribute("http.response.status_code", 504)
            raise TimeoutError("ann@x.example")

    with pytest.raises(TimeoutError):
        call_times_out()
    call, _root = span_records(trace.end())
    assert (call.name, call.kind, call.error) == ("GET /people/{email}", "client", "TimeoutError")
    assert call.attributes == {
        "http.request.method": "GET",
        "server.address": "api.example.com",
        "url.template": "/people/{email}",
        "bg.provider": "acmedata",
        "http.response.status_code": 504,
        "error.type": "TimeoutError",
    }


def test_how_a_call_ended_stands_on_its_span_and_what_the_ledger_knew_on_the_one_around() -> None:
    trace = begun()
    with trace.open(), span("step people"):
        with provider_call("acmedata", "POST", "api.example.com", "person/search") as made:
            tell_answer(made, "not_found", 404, 0.0, answered=True)
        with provider_call("acmedata", "POST", "api.example.com", "person/search") as made:
            tell_answer(made, "transient", None, None, answered=False)
        tell({"bg.ledger_hits": 3})
    missed, broken, step, _root = span_records(trace.end())
    assert (missed.error, missed.attributes["bg.outcome"]) == (None, "not_found")
    assert missed.attributes["http.response.status_code"] == 404
    assert missed.attributes["bg.cost_usd"] == 0.0
    assert (broken.error, broken.attributes["error.type"]) == ("transient", "transient")
    assert "http.response.status_code" not in broken.attributes
    assert step.attributes == {"bg.ledger_hits": 3}
    # Where nobody traces there is nothing to put it on.
    tell({"bg.ledger_hits": 3})
    with provider_call("acmedata", "GET", "api.example.com", "credits") as made:
        tell_answer(made, "ok", 200, None, answered=True)


def test_many_requests_leave_room_for_the_steps_that_end_after_them() -> None:
    trace = begun()
    with trace.open(), span("step people"):
        for _ in range(600):
            with span("write sqlite", "client"):
                pass
    names = [one.name for one in span_records(trace.end())]
    assert names.count("write sqlite") == 450
    assert names[-2:] == ["step people", "work"]


def test_a_time_of_waiting_is_put_in_as_it_stands_in_rows() -> None:
    trace = begun()
    since = datetime(2026, 3, 1, 10, tzinfo=UTC)
    trace.add("wait: deferred", since, since + timedelta(hours=1))
    wait, root = span_records(trace.end())
    assert (wait.began_at, wait.seconds, wait.parent_id) == (since, 3600.0, root.span_id)


def test_no_loop_fills_the_table() -> None:
    trace = begun()
    with trace.open():
        for _ in range(600):
            with span("again"):
                pass
    assert len(trace.end()) == 500


def test_links_are_other_traces_once_each_is_valid() -> None:
    trace = begun()
    other = child_of("00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    trace.link([PARENT, other, "nonsense", ""])
    [root] = span_records(trace.end())
    assert root.links == (other,)


def test_forked_workers_give_different_ids_and_end_their_own_traces() -> None:
    code = """
import os, sys
from bg_orchestration.observability.traces import Trace, span_records, span, tracer_provider
tracer_provider()
for _ in range(3):
    if os.fork() == 0:
        trace = Trace.begin("work", None, "1" * 32, {})
        with trace.open(), span("part"):
            pass
        print(*[one.span_id for one in span_records(trace.end())], flush=True)
        os._exit(0)
    os.wait()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    ids = done.stdout.split()
    assert len(ids) == len(set(ids)) == 6
