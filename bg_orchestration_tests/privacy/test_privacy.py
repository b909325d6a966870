"""That the check finds what is planted, and that a small run leaves nobody behind."""

import base64
import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

import dagster as dg
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from sqlalchemy import insert

from bg_orchestration import names
from bg_orchestration.automation import sensors
from bg_orchestration.definitions import defs
from bg_orchestration.domain.model import ContactPoint, Person
from bg_orchestration.observability.collector import collector as collector_of_process
from bg_orchestration.observability.logs import configure_hosted_logs
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import Employee, save_employees
from bg_orchestration.store.database import engine_for, upgrade_schema, writing
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    metadata,
    trace_spans,
)
from bg_orchestration.store.schema.tables import people as people_table
from bg_orchestration_tests.observability.otlp import collecting
from bg_orchestration_tests.privacy.__main__ import report
from bg_orchestration_tests.privacy.demo import POSTED, refused
from bg_orchestration_tests.privacy.values import Values, own_text, values_of
from bg_orchestration_tests.store.rows import follow, rows
from bg_orchestration_tests.webhooks.conftest import KEYRING, STRANGER, body, running

PERSON = {
    "name": "Zoë Quintabré",
    "email": "zoe.quintabre@mailbox.example",
    "phone": "+44 20 7946 0123",
    "title": "Archmage of Överseas Growth",
}
VALUES = values_of([PERSON, {"title": "Head of Sales"}])
Plant = Callable[[Path, str], None]


def _file(home: Path, content: bytes) -> None:
    folder = home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "planted").write_bytes(content)


def _row(home: Path, value: str | bytes, *, delete: bool = False) -> None:
    folder = home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / "runs.db")
    # As it is where SQLite is not built to overwrite what is deleted.
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("CREATE TABLE event_logs (id INTEGER PRIMARY KEY, event)")
    # Long enough to be spread over several pages of the file.
    connection.executemany("INSERT INTO event_logs (event) VALUES (?)", [("x" * 9_000,), (value,)])
    connection.commit()
    if delete:
        connection.execute("DELETE FROM event_logs")
        connection.commit()
    connection.close()


def _span(home: Path, value: str) -> None:
    span = Span(name="step")
    span.attributes.add(key="bg.company_id").value.string_value = value
    _file(home, span.SerializeToString())


def _stored_span(home: Path, value: str) -> None:
    home.mkdir(parents=True)
    engine = engine_for(f"sqlite:///{home / 'bg.sqlite3'}")
    metadata.create_all(engine)
    with writing(engine) as connection:
        connection.execute(
            insert(trace_spans).values(
                run_id="r", span_id="s", trace_id="t", name=value, kind="internal",
                began_at=datetime.now(UTC), seconds=1.0, attributes="{}", links="[]",
            )
        )  # fmt: skip
    engine.dispose()


PLANTS: dict[str, Plant] = {
    "a log line": lambda home, value: _file(home, f"... for {value.upper()}!".encode()),
    "JSON that escapes": lambda home, value: _file(home, json.dumps({"a": value}).encode()),
    "an address": lambda home, value: _file(
        home, f"GET /?q={quote_plus(value)} HTTP/1.1".encode()
    ),
    "a row of Dagster's": lambda home, value: _row(home, "y" * 4_090 + value + "y" * 9_000),
    "a deleted row": lambda home, value: _row(home, value, delete=True),
    "a compressed snapshot": lambda home, value: _row(home, zlib.compress(value.encode())),
    "a compressed file": lambda home, value: _file(home, gzip.compress(value.encode())),
    "a message of Celery's": lambda home, value: _file(
        home, json.dumps({"body": base64.b64encode(value.encode()).decode()}).encode()
    ),
    "a span that was sent": _span,
    "a span that is stored": _stored_span,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["name", "email", "phone", "title"])
@pytest.mark.parametrize("place", list(PLANTS))
def test_what_is_planted_is_found_and_not_repeated(
    place: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "planted"
    PLANTS[place](home, PERSON[kind])
    assert report(home, VALUES) == 1
    told = capsys.readouterr().out
    assert told.splitlines()[0].endswith(f": 1 of kind {kind}")
    assert told.splitlines()[-1] == "4 values, 1 found in 1 files"
    assert PERSON[kind] not in told


def test_people_are_looked_for_only_where_they_must_not_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "clean"
    _stored_span(home, "step people")
    with sqlite3.connect(home / "bg.sqlite3") as connection:
        connection.execute(
            f"INSERT INTO {people_table.name} (person_id, name, source, created_at) "
            f"VALUES ('p', '{PERSON['name']}', 'test', '2026-01-01 00:00:00')"
        )
    connection.close()
    (home / "artifacts").mkdir()
    (home / "artifacts" / "people.json").write_text(json.dumps(PERSON))
    assert report(home, VALUES) == 0
    assert capsys.readouterr().out == "4 values, 0 found in 1 files\n"


def test_a_title_counts_unless_our_own_words_are_the_same() -> None:
    assert VALUES["title"] == {PERSON["title"]}
    assert "head of sales" in own_text()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An own BG_HOME with a company of distinctive people, debug lines on."""
    monkeypatch.setenv("BG_PROVIDER", "files")
    settings.cache_clear()
    engine = engine_for(settings().url)
    upgrade_schema(engine)
    follow(engine, "acme")
    staff = [
        Person(person_id=f"p-{number}", name=f"Zoë Quintabré {number}", title=title)
        for number, title in enumerate(["VP Sales", PERSON["title"], "Chief Revenue Archmage"])
    ]
    points = (
        ContactPoint(person_id="p-0", kind="email", value=PERSON["email"], source="test"),
        ContactPoint(person_id="p-0", kind="phone", value="+442079460123", source="test"),
    )
    with writing(engine) as connection:
        save_employees(
            connection, [Employee("acme", one, contacts=points) for one in staff], "test"
        )
    configure_hosted_logs("debug")
    yield settings().home
    engine.dispose()


def test_a_small_run_leaves_nobody_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Receiver, sensor and run for real, with a collector; also a run that fails."""
    monkeypatch.setattr(sensors, "_STAY_SECONDS", 0.2)
    event = {"id": "p-new", "name": PERSON["name"], "email": PERSON["email"],
             "newTitle": PERSON["title"]}  # fmt: skip
    content = body("evt-1", person=event, company={"id": "acme", "name": "acme Inc"})
    (home / "dagster").mkdir(parents=True)
    (home / "logs").mkdir()
    with (
        collecting() as collector,
        dg.DagsterInstance.local_temp(str(home / "dagster")) as instance,
    ):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        settings.cache_clear()
        collector_of_process.cache_clear()
        with running(engine_for(settings().url), KEYRING) as receiver:
            assert receiver.post(content).status_code == 202
            assert receiver.post(content, STRANGER).status_code == 401
            for one in refused(json.loads(content)):
                receiver.post(one)
            (home / "logs" / "metrics").write_bytes(receiver.client.get("/metrics").content)
        assert _refresh(instance)
        broken = {"contacts": json.dumps([PERSON])}
        with writing(engine_for(settings().url)) as connection:
            connection.execute(buyer_group_members.update().values(broken))
        assert not _refresh(instance, tick=False)
        collector_of_process.cache_clear()
    for number, sent in enumerate(collector.bodies):
        (home / "logs" / f"spans-{number}").write_bytes(sent)
    told = capfd.readouterr()
    (home / "logs" / "output").write_text(told.out + told.err)
    assert "event_refused" in told.err
    assert "step_done" in told.err
    assert collector.bodies
    group = {row["person_id"] for row in rows(engine_for(settings().url), buyer_group_members)}
    assert {"p-0", "p-new"} & group
    assert report(home, _values_of_small_run()) == 0, capfd.readouterr().out


def _values_of_small_run() -> Values:
    named = [{"name": f"Zoë Quintabré {number}"} for number in range(3)]
    return values_of([PERSON, POSTED, {"title": "Chief Revenue Archmage"}, *named])


def _refresh(instance: dg.DagsterInstance, *, tick: bool = True) -> bool:
    """Run what the sensor asks for, or as somebody who presses Materialize."""
    tags = {"dagster/partition": "acme"}
    if tick:
        with dg.build_sensor_context(instance=instance) as context:
            [request] = sensors.webhook_inbox(context).run_requests
        tags |= {**request.tags, "dagster/run_key": request.run_key}
    job = defs.resolve_job_def(names.JOB)
    return job.execute_in_process(instance=instance, tags=tags, raise_on_error=False).success
