"""Lineage reaches an OpenLineage server as events of the published form, and only if wanted."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import dagster as dg
import jsonschema
import pytest

from bg_orchestration import names
from bg_orchestration.automation import lineage_sensor
from bg_orchestration.automation.lineage_sensor import openlineage
from bg_orchestration.settings import settings
from bg_orchestration_tests.assets.conftest import Run, why
from bg_orchestration_tests.assets.conftest import database as database
from bg_orchestration_tests.assets.conftest import instance as instance
from bg_orchestration_tests.assets.conftest import run as run
from bg_orchestration_tests.store.rows import STAFF

# What https://openlineage.io/spec/2-0-2/OpenLineage.json requires of an event, in our words.
_URI = {"type": "string", "format": "uri", "pattern": "^https?://"}
_FACETS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["_producer", "_schemaURL"],
        "properties": {"_producer": _URI, "_schemaURL": _URI},
    },
}
_DATASET = {
    "type": "object",
    "required": ["namespace", "name"],
    "properties": {
        "namespace": {"type": "string", "minLength": 1},
        "name": {"type": "string", "minLength": 1},
        "facets": _FACETS,
        "inputFacets": _FACETS,
        "outputFacets": _FACETS,
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["eventTime", "producer", "schemaURL"],
    "properties": {
        "eventTime": {"type": "string", "format": "date-time"},
        "producer": _URI,
        "schemaURL": {
            "type": "string",
            "pattern": r"^https://openlineage\.io/spec/2-\d-\d/OpenLineage\.json#/\$defs/"
            r"(Run|Job|Dataset)Event$",
        },
        "eventType": {"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
        "run": {
            "type": "object",
            "required": ["runId"],
            "properties": {"runId": {"type": "string", "format": "uuid"}, "facets": _FACETS},
        },
        "job": {
            "type": "object",
            "required": ["namespace", "name"],
            "properties": {
                "namespace": {"type": "string", "minLength": 1},
                "name": {"type": "string", "minLength": 1},
                "facets": _FACETS,
            },
        },
        "inputs": {"type": "array", "items": _DATASET},
        "outputs": {"type": "array", "items": _DATASET},
        "dataset": _DATASET,
    },
    "anyOf": [{"required": ["run", "job"]}, {"required": ["job"]}, {"required": ["dataset"]}],
    # The three kinds have no other fields: a field at the wrong place is a fault.
    "additionalProperties": False,
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The events that a server at OPENLINEAGE_URL received."""
    received: list[dict[str, Any]] = []

    class Lineage(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/api/v1/lineage"
            received.append(json.loads(body))
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Lineage)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{httpd.server_port}")
    # The package reads the variable when it is imported.
    for name in [name for name in sys.modules if name.partition(".")[0] == "dagster_openlineage"]:
        monkeypatch.delitem(sys.modules, name)
    lineage_sensor._sensor.cache_clear()
    settings.cache_clear()
    yield received
    lineage_sensor._sensor.cache_clear()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def tick(instance: dg.DagsterInstance, cursor: str | None) -> str | None:
    """A tick of the sensor; returns its cursor."""
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    [*_] = openlineage(context)  # type: ignore[misc]
    return context.cursor


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.usefixtures("database")
def test_runs_and_assets_reach_the_server_in_the_published_form(
    run: Run, server: list[dict[str, Any]], instance: dg.DagsterInstance
) -> None:
    assert run("acme").success
    cursor = tick(instance, None)
    assert server == [], "history is not sent"
    result = run("acme")
    assert result.success, why(result)
    cursor = tick(instance, cursor)
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    for event in server:
        validator.validate(event)
    types = {event.get("eventType") for event in server}
    assert {"START", "COMPLETE"} <= types
    assert "FAIL" not in types
    assert any(names.JOB in event["job"]["name"] for event in server if "job" in event)
    # Each asset is an output, or a dataset, of this run or of an event of its own.
    found = {
        dataset["name"]
        for event in server
        for dataset in (*event.get("outputs", ()), *filter(None, [event.get("dataset")]))
    }
    assert all(any(asset in name for name in found) for asset in names.ASSETS), found
    text = json.dumps(server).casefold()
    assert [person.name for person in STAFF if person.name.casefold() in text] == []
    # The next tick has nothing new.
    many = len(server)
    tick(instance, cursor)
    assert len(server) == many


def test_nothing_is_sent_or_imported_unless_it_is_wanted(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENLINEAGE_URL", raising=False)
    settings.cache_clear()
    assert tick(instance, None) is None
    assert openlineage.default_status is dg.DefaultSensorStatus.STOPPED
