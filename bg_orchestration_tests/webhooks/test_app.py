import hashlib
import json
import time
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine, select, text

from bg_orchestration.intake import routing
from bg_orchestration.intake.event_reader import read_event
from bg_orchestration.intake.replay import replay_dead
from bg_orchestration.intake.routing import RoutingPolicy, route_received
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.store.database import clock, engine_for, upgrade_schema, writing
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.shared_query import SharedQuery
from bg_orchestration.webhooks.signatures import Keyring, read_claims
from bg_orchestration_tests.store.rows import follow
from bg_orchestration_tests.webhooks.conftest import (
    CRM,
    CRM_STANDARD,
    HR,
    KEYRING,
    OLD_CRM,
    STRANGER,
    Receiver,
    body,
    running,
    signed,
)

UNVERIFIED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "The signature could not be verified.",
}


def test_accepts_stores_and_knows_again(receiver: Receiver) -> None:
    content = body(note="\u0000 \ud83c\udf89")
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    first = receiver.post(content, CRM_STANDARD, traceparent=traceparent)
    assert (first.status_code, first.json()) == (202, {"status": "accepted", "eventId": "evt-1"})
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "server" not in first.headers

    for key in (CRM, OLD_CRM, CRM_STANDARD):
        again = receiver.post(content, key)
        assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    conflict = receiver.post(body(note="other"))
    assert (conflict.status_code, conflict.json()["status"]) == (200, "duplicate")

    with receiver.engine.connect() as connection:
        row = connection.execute(select(webhook_events)).one()
    assert row.body == content
    assert row.body_sha256 == hashlib.sha256(content).hexdigest()
    assert (row.scheme, row.webhook_id) == ("standard", "msg_1")
    assert row.key_fingerprint == CRM_STANDARD.fingerprint
    assert (row.traceparent[:36], row.conflicts, row.state) == (traceparent[:36], 1, "received")
    # Its own span, the sender's child.
    assert row.traceparent != traceparent
    for outcome, count in (("accepted", 1), ("duplicate", 3), ("conflict", 1)):
        line = f'bg_webhook_events_total{{outcome="{outcome}",source="crm"}}'
        assert receiver.metric(line) == count


def test_every_signature_fault_has_the_same_answer(light_receiver: Receiver) -> None:
    content = body()
    now = time.time()
    faults: list[dict[str, str]] = [
        {"content-type": "application/json"},
        signed(content, STRANGER),
        signed(content, HR),
        signed(content, at=now - 301),
        signed(content, at=now + 302),
        signed(content) | {"x-signature": "zz"},
        signed(body("evt-2")),
        signed(body(source="nobody"), STRANGER),
    ]
    answers = [light_receiver.client.post(PATH, content=content, headers=each) for each in faults]
    unknown = light_receiver.post(body(source="nobody"))
    for response in [*answers, unknown]:
        assert (response.status_code, response.json()) == (401, UNVERIFIED)
        assert response.headers["content-type"] == "application/problem+json"
        assert "www-authenticate" in response.headers
    assert light_receiver.stored() == []
    for reason in ("missing", "mismatch", "wrong_source", "stale", "ahead", "malformed"):
        assert light_receiver.metric(f'bg_webhook_refused_total{{reason="{reason}"}}') >= 1


def test_the_receivers_clock_decides(light_engine: Engine) -> None:
    with running(light_engine, now=lambda: 1_600_000_000.0) as receiver:
        headers = signed(body(), at=1_600_000_299)
        assert receiver.client.post(PATH, content=body(), headers=headers).status_code == 202
        assert receiver.post(body("evt-2")).status_code == 401


def test_any_source_where_configured(light_engine: Engine) -> None:
    with running(
        light_engine, Keyring.parse("*=secret-number-one,hr=secret-number-two")
    ) as receiver:
        any_key, hr_key = Keyring.parse("*=secret-number-one,hr=secret-number-two").keys
        assert receiver.post(body(source="whoever"), any_key).status_code == 202
        assert receiver.post(body(source="hr"), any_key).status_code == 202
        assert receiver.post(body(source="crm"), hr_key).status_code == 401
        before = receiver.client.get("/metrics").text.count("\n")
        for number in range(50):
            assert receiver.post(body(source=f"source-{number}"), any_key).status_code == 202
        assert receiver.client.get("/metrics").text.count("\n") == before
        assert receiver.metric('bg_webhook_events_total{outcome="accepted",source="*"}') == 51


def test_what_cannot_be_read_or_used(shared_receiver: Receiver) -> None:
    for content, status in (
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (body(id=7.5), 422),
        (body(company={"id": "a/b", "name": "x"}), 422),
        (body(timestamp="0001-01-01T00:00:00+14:00"), 422),
        (body(changes={"\ud800": 1}), 422),
    ):
        response = shared_receiver.post(content)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert problem["status"] == status
        if status == 422:
            assert problem["errors"][0]["field"] in problem["detail"]
    assert shared_receiver.post(body()).status_code == 202


def test_a_verified_body_that_is_no_event_is_kept_for_a_replay(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider that renames a field loses no event: they are dead, and replayed after a fix."""
    contents = (body(name="x", person={"id": "p-1"}), b"{")
    for content, status in zip(contents, (422, 400), strict=True):
        for _ in range(2):
            assert receiver.post(content, CRM_STANDARD).status_code == status
    assert receiver.post(contents[0], STRANGER).status_code == 401
    with receiver.engine.connect() as connection:
        rows = connection.execute(select(webhook_events).order_by(webhook_events.c.id)).all()
    assert [row.body for row in rows] == list(contents)
    assert {(row.source, row.type, row.scheme) for row in rows} == {
        ("crm", "unreadable", "standard")
    }
    policy = RoutingPolicy(True, True, Suppressions(b"key of tests"))
    follow(receiver.engine, "example.com")

    def routed() -> list[tuple[str, str]]:
        with writing(receiver.engine) as connection:
            route_received(connection, policy, clock(connection))
            rows = connection.execute(
                select(webhook_events.c.state, webhook_events.c.reason).order_by(
                    webhook_events.c.id
                )
            )
            return [(row.state, str(row.reason)) for row in rows]

    [(renamed, why), (garbage, _)] = routed()
    assert (renamed, garbage) == ("dead", "dead")
    assert "person.name" in why
    fixed = read_event(body(person={"id": "p-1", "name": "Mara Beispiel"}))
    monkeypatch.setattr(routing, "read_event", lambda _content: fixed)
    with writing(receiver.engine) as connection:
        assert replay_dead(connection) == 2
    assert [state for state, _ in routed()] == ["pending", "pending"]


def test_media_types(shared_receiver: Receiver) -> None:
    for number, (name, value, status) in enumerate(
        (
            ("content-type", "application/json; charset=utf-8", 202),
            ("content-type", "Application/JSON", 202),
            ("content-type", "application/cloudevents+json", 202),
            ("content-encoding", "identity", 202),
            ("content-type", "", 415),
            ("content-type", "text/plain", 415),
            ("content-type", "application/jsonp", 415),
            ("content-type", "text/html+json", 415),
            ("content-type", "application/x-www-form-urlencoded", 415),
            ("content-encoding", "gzip", 415),
            ("content-encoding", "br", 415),
        )
    ):
        response = shared_receiver.post(body(f"evt-{number}"), **{name: value})
        assert response.status_code == status, value


def padded(size: int) -> bytes:
    return body(pad="x" * (size - len(body(pad=""))))


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_size_limit(shared_receiver: Receiver, chunked: bool) -> None:
    limit = 256 * 1024
    for size, status in ((limit - 1, 202), (limit, 200), (limit + 1, 413), (10_000_000, 413)):
        content = padded(size)
        assert len(content) == size
        sent: Any = iter([content[:1000], content[1000:]]) if chunked else content
        response = shared_receiver.client.post(PATH, content=sent, headers=signed(content))
        assert response.status_code == status
    # An unsigned giant is refused by its head alone, and the sender reads the answer.
    giant: Any = iter([b"x" * 1_000_000] * 10) if chunked else b"x" * 10_000_000
    assert shared_receiver.client.post(PATH, content=giant).status_code == 401


@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_methods(shared_receiver: Receiver, path: str) -> None:
    content = body()
    posted = shared_receiver.client.post(path, content=content, headers=signed(content))
    assert posted.status_code == 202
    assert shared_receiver.client.get(path).status_code == 200
    head = shared_receiver.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    allowed = "GET, POST, HEAD, OPTIONS"
    for method in ("OPTIONS", "TRACE", "PUT", "PATCH", "DELETE"):
        response = shared_receiver.client.request(method, path)
        assert response.status_code == (204 if method == "OPTIONS" else 405)
        assert response.headers["allow"] == allowed


def test_other_paths(shared_receiver: Receiver) -> None:
    for path in ("/", "/api", "/docs", f"{PATH}//", f"{PATH}/x", "/api/../etc/passwd"):
        response = shared_receiver.client.get(path)
        assert (response.status_code, response.json()["detail"]) == (404, "There is nothing here.")


def test_the_description_verifies_as_printed(shared_receiver: Receiver) -> None:
    described = shared_receiver.client.get(PATH).json()
    assert {each["scheme"] for each in described["signatures"]} == {"hex", "standard"}
    for each in described["signatures"]:
        example = each["example"]
        keyring = Keyring.parse(f"crm={example['secret']}")
        headers = [(name.encode(), text.encode()) for name, text in example["headers"].items()]
        claims = read_claims(headers, 1_769_851_800_000)
        assert keyring.verify(claims, example["body"].encode())
        assert json.loads(example["body"])["id"] in example["body"]
    for key in KEYRING.keys:
        assert key.secret.decode("latin-1") not in json.dumps(described)


def test_only_failures_are_throttled(light_receiver: Receiver) -> None:
    statuses = [light_receiver.post(body(), STRANGER).status_code for _ in range(65)]
    assert statuses == [401] * 60 + [429] * 5
    late = light_receiver.client.post(PATH, content=b"x")
    assert late.status_code == 429
    assert 1 <= int(late.headers["retry-after"]) <= 60
    assert light_receiver.post(body()).status_code == 202


def test_strangers_add_no_metric_series(light_receiver: Receiver) -> None:
    def series() -> int:
        text = light_receiver.client.get("/metrics").text
        return sum(not line.startswith("#") for line in text.splitlines())

    light_receiver.post(body(), STRANGER)
    before = series()
    for number in range(300):
        light_receiver.client.post(f"/{number}")
        light_receiver.client.post(PATH, headers={"x-forwarded-for": f"10.0.0.{number}"})
    assert series() == before


def test_forwarded_headers_of_a_stranger_are_not_believed(light_receiver: Receiver) -> None:
    for number in range(60):
        light_receiver.post(body(), STRANGER, **{"x-forwarded-for": f"10.0.0.{number}"})
    assert light_receiver.post(body(), STRANGER).status_code == 429


def test_ids_of_any_shape_come_back_as_sent(receiver: Receiver) -> None:
    ids = ["a", "A", "x" * 255, " a ", "../a", "a\r\nb", "\u00e9", "e\u0301", "'; --", "a.b", "🎉"]
    for event_id in ids:
        response = receiver.post(body(event_id))
        assert (response.status_code, response.json()["eventId"]) == (202, event_id)
    assert sorted(receiver.stored()) == sorted(ids)


def test_a_missing_schema_is_told_and_recovered_from(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SharedQuery, "seconds", 0.0)
    engine = engine_for(database_url)
    with running(engine) as receiver:
        assert receiver.client.get("/healthz").json() == {"status": "ok"}
        not_ready = receiver.client.get("/readyz")
        assert (not_ready.status_code, not_ready.headers["retry-after"]) == (503, "5")
        assert "bg db upgrade" in not_ready.json()["detail"]
        refused = receiver.post(body())
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")

        upgrade_schema(engine)
        assert receiver.post(body()).status_code == 202
        assert receiver.client.get("/readyz").json() == {"status": "ready"}

        with writing(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        assert receiver.client.get("/readyz").status_code == 503
    engine.dispose()


def test_nothing_personal_or_secret_is_logged(
    shared_receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as lines:
        shared_receiver.post(body())
        shared_receiver.post(body(note="other"))
        shared_receiver.post(body(person={"id": 1.5, "name": "Mara Beispiel"}))
        shared_receiver.post(body(), STRANGER)
    assert [line["event"] for line in lines] == [
        "event_accepted",
        "event_conflict",
        "event_refused",
        "event_refused",
    ]
    told = json.dumps(lines) + caplog.text
    for secret in (
        "Mara",
        "Beispiel",
        "VP Sales",
        "secret-of-tests",
        signed(body())["x-signature"],
    ):
        assert secret not in told
