"""Requests to providers in the trace of a run: in our table, in the picture, at a collector."""

import json
from typing import Any

from click.testing import CliRunner
from sqlalchemy import Engine

from bg_orchestration.cli import bg
from bg_orchestration.store.schema.provider_tables import provider_records
from bg_orchestration.store.schema.tables import trace_spans
from bg_orchestration_tests.assets.asked import with_setting
from bg_orchestration_tests.assets.conftest import Run, why
from bg_orchestration_tests.assets.test_run_traces import collector as collector
from bg_orchestration_tests.observability.otlp import Collector
from bg_orchestration_tests.store.rows import rows
from bg_orchestration_tests.stubs.server import Stubs


def calls(engine: Engine, run_id: str) -> list[dict[str, Any]]:
    """The spans of the requests of a run, each with its attributes and the name of its parent."""
    of_run = [row for row in rows(engine, trace_spans) if row["run_id"] == run_id]
    names = {row["span_id"]: row["name"] for row in of_run}
    return [
        {**row, "under": names[row["parent_id"]], "known": known}
        for row in of_run
        if "bg.provider" in (known := json.loads(row["attributes"]))
    ]


def test_each_request_of_a_run_is_a_span_under_its_step(
    asked: Engine, run: Run, stubs: Stubs, collector: Collector
) -> None:
    result = run("acme")
    assert result.success, why(result)
    found = calls(asked, result.run_id)
    assert len(found) == stubs.ledger()["asked"] > 3
    assert {row["under"] for row in found} == {"step company", "step people"}
    assert {row["kind"] for row in found} == {"client"}
    assert {row["known"]["bg.provider"] for row in found} == {"coresignal"}
    assert {row["known"]["http.response.status_code"] for row in found} == {200}
    assert {row["known"]["bg.outcome"] for row in found} == {"ok"}
    assert {row["known"]["server.address"] for row in found} == {"127.0.0.1"}
    collects = [row for row in found if row["name"] == "GET employee_multi_source/collect"]
    read = [row for row in rows(asked, provider_records) if row["read_at"] is not None]
    assert len(collects) == len(read) > 0
    assert collects[0]["known"]["url.template"] == "employee_multi_source/collect"
    assert collects[0]["known"]["bg.cost_usd"] > 0

    picture = CliRunner().invoke(bg, ["trace", result.run_id], env={"COLUMNS": "240"}).output
    line = next(one for one in picture.splitlines() if "employee_multi_source/collect" in one)
    assert "provider coresignal, status 200, outcome ok, USD " in line

    sent = [one for one in collector.spans if "bg.provider" in one.attributes]
    assert {one.span_id for one in sent} == {row["span_id"] for row in found}

    # Neither the key nor anybody's name, address, title or id at the provider.
    told = "\n".join([picture, *(str(row) for row in rows(asked, trace_spans))])
    told += "".join(body.decode(errors="replace") for body in collector.bodies)
    assert stubs.key not in told
    for human in stubs.site.world.people:
        for personal in (human.name, human.email, human.slug, human.job.title):
            assert not personal or personal not in told, personal


def test_what_the_ledger_answered_is_told_by_its_step(
    asked: Engine, run: Run, stubs: Stubs
) -> None:
    assert run("acme").success
    result = run("acme")
    assert result.success, why(result)
    told = {
        row["name"]: json.loads(row["attributes"]).get("bg.ledger_hits")
        for row in rows(asked, trace_spans)
        if row["run_id"] == result.run_id
    }
    assert told["step company"] == 1
    picture = CliRunner().invoke(bg, ["trace", result.run_id], env={"COLUMNS": "240"}).output
    assert "answered by the ledger 1" in picture


def test_a_request_that_fails_is_marked_with_what_it_was(
    asked: Engine, run: Run, stubs: Stubs, monkeypatch: Any
) -> None:
    with_setting(monkeypatch, COMPANY_PROVIDERS="coresignal,pdl", PEOPLE_PROVIDERS="coresignal,pdl")
    stubs.control("fail", kind="no_credit", provider="coresignal", times=99)
    result = run("acme")
    assert result.success, why(result)
    failed = [row for row in calls(asked, result.run_id) if row["error"] is not None]
    assert {(row["known"]["bg.provider"], row["error"]) for row in failed} == {
        ("coresignal", "no_credit")
    }
    assert {row["known"]["bg.provider"] for row in calls(asked, result.run_id)} == {
        "coresignal",
        "pdl",
    }
