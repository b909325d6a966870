"""Coresignal's and People Data Labs' pushes over real HTTP, on both databases."""

import json
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import Engine, select, text

from bg_orchestration.intake.id_pushes import DELIVERY
from bg_orchestration.intake.subscriptions import close_address, open_address
from bg_orchestration.names import CORESIGNAL_PATH, PDL_PATH
from bg_orchestration.store.database import clock, engine_for, upgrade_schema, writing
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration.webhooks import array_door
from bg_orchestration.webhooks.shared_query import SharedQuery
from bg_orchestration_tests.store.rows import follow, rows
from bg_orchestration_tests.webhooks.conftest import Receiver, body, running

CHANGED = {"member_id": 900001, "status": "changed", "changed_fields": ["experience"]}
ARRIVED = {"member_id": 900002, "status": "started_matching_query", "changed_fields": None}
UNVERIFIED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "The token could not be verified.",
}


@pytest.fixture(autouse=True)
def _every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Subscriptions are asked for at each request, not once a second."""
    monkeypatch.setattr(SharedQuery, "seconds", 0.0)


def subscribe(engine: Engine, provider: Any = "coresignal", **about: Any) -> tuple[str, str]:
    with writing(engine) as connection:
        return open_address(connection, provider, **about)


def push(
    receiver: Receiver, token: str, content: Any, path: str = CORESIGNAL_PATH, **headers: str
) -> httpx.Response:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    where = f"{path}/{token}" if token else path
    with_type = {"content-type": "application/json", **headers}
    return receiver.client.post(where, content=raw, headers=with_type)


def test_a_delivery_is_fanned_out_and_kept_byte_for_byte(receiver: Receiver) -> None:
    follow(receiver.engine, "acme")
    subscription_id, token = subscribe(receiver.engine, company_id="acme")
    raw = json.dumps([CHANGED, ARRIVED, {"member_id": None}, CHANGED], indent=1).encode()
    first = push(receiver, token, raw)
    told = first.json()
    assert first.status_code == 202
    assert {name: told[name] for name in ("status", "entries", "new", "unusable")} == {
        "status": "accepted", "entries": 3, "new": 2, "unusable": 1,
    }  # fmt: skip
    stored = {row["type"]: row for row in rows(receiver.engine, webhook_events)}
    assert len(rows(receiver.engine, webhook_events)) == 3
    assert stored[DELIVERY]["body"] == raw
    for kind, who in (("hint.changed", 900001), ("hint.started_matching_query", 900002)):
        row = stored[kind]
        assert (row["person_id"], row["company_id"]) == (f"coresignal:{who}", "acme")
        assert (row["source"], row["scheme"], row["state"]) == (
            "coresignal", "coresignal", "received",
        )  # fmt: skip
        assert row["key_fingerprint"] == subscription_id
        assert row["webhook_id"] == stored[DELIVERY]["event_id"] == told["deliveryId"]
    accepted = 'bg_webhook_events_total{outcome="accepted",source="coresignal"}'
    assert receiver.metric(accepted) == 2
    assert receiver.metric('bg_webhook_unusable_entries_total{source="coresignal"}') == 1

    again = push(receiver, token, raw)
    assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    # The same news among other ones is known, too.
    more = push(receiver, token, [ARRIVED, {"member_id": 900003}])
    assert (more.status_code, more.json()["new"]) == (202, 1)
    assert len(rows(receiver.engine, webhook_events)) == 5


def test_people_data_labs_sends_a_thousand_ids(receiver: Receiver) -> None:
    _, token = subscribe(receiver.engine, "pdl", people=5)
    ids = [f"pdl-{number}" for number in range(1_000)]
    answer = push(receiver, token, ids, PDL_PATH)
    assert (answer.status_code, answer.json()["new"]) == (202, 1_000)
    bearer = push(receiver, "", ids, PDL_PATH, authorization=f"Bearer {token}")
    assert (bearer.status_code, bearer.json()["status"]) == (200, "duplicate")
    assert push(receiver, "", ids, PDL_PATH + "/", authorization=f"bearer {token}").is_success


def test_a_large_delivery_is_one_transaction(receiver: Receiver) -> None:
    _, token = subscribe(receiver.engine, people=5)
    entries = [{**CHANGED, "member_id": number} for number in range(5_000)]
    raw = json.dumps(entries).encode()
    assert len(raw) > 300_000
    answer = push(receiver, token, raw)
    assert (answer.status_code, answer.json()["new"]) == (202, 5_000)


def test_every_fault_of_a_token_has_the_same_answer(light_receiver: Receiver) -> None:
    _, token = subscribe(light_receiver.engine, people=1)
    _, other = subscribe(light_receiver.engine, "pdl", people=1)
    gone, removed = subscribe(light_receiver.engine, people=1)
    with writing(light_receiver.engine) as connection:
        close_address(connection, gone)
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        other,
        removed,
        "x",
        "%00",
        "a" * 9999,
    ]
    for one in wrong:
        answer = push(light_receiver, one, [CHANGED])
        assert (answer.status_code, answer.json()) == (401, UNVERIFIED)
        assert answer.headers["www-authenticate"] == "Bearer"
    for headers in ({}, {"authorization": "Basic abc"}, {"authorization": "Bearer x"}):
        answer = push(light_receiver, "", ["pdl-1"], PDL_PATH, **headers)
        assert (answer.status_code, answer.json()) == (401, UNVERIFIED)
    # A token counts for its own provider only.
    assert push(light_receiver, token, ["pdl-1"], PDL_PATH).status_code == 401
    assert light_receiver.stored() == []
    refused = "bg_webhook_refused_total"
    assert light_receiver.metric(f'{refused}{{reason="wrong_token"}}') == 4
    assert light_receiver.metric(f'{refused}{{reason="malformed"}}') == 5
    assert light_receiver.metric(f'{refused}{{reason="missing"}}') == 1
    assert push(light_receiver, token, [CHANGED]).status_code == 202


def test_suspects_are_throttled_and_whoever_has_a_token_is_not(light_receiver: Receiver) -> None:
    _, token = subscribe(light_receiver.engine, people=1)
    statuses = [push(light_receiver, "x" * 43, [CHANGED]).status_code for _ in range(65)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    # A suspect at one door is one at each, and what verifies is never turned away.
    assert light_receiver.client.post(CORESIGNAL_PATH + "/y", content=b"").status_code == 429
    assert push(light_receiver, token, [CHANGED]).status_code == 202
    assert light_receiver.post(body()).status_code == 202


def test_what_cannot_be_taken(light_receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = subscribe(light_receiver.engine, people=1)
    monkeypatch.setattr(array_door, "MAX_ENTRIES", 3)
    for content, status in (
        (b"", 400), (b"[", 400), (b"\xff", 400), (b'[{"member_id":1,"member_id":2}]', 400),
        (b"{}", 422), (b"null", 422), (b'"x"', 422), ([{"member_id": []}, None], 422),
        ([CHANGED] * 4, 413), (b"[" + b" " * array_door.MAX_DELIVERY + b"]", 413),
    ):  # fmt: skip
        answer = push(light_receiver, token, content)
        assert answer.status_code == status, content[:40]
        assert answer.headers["content-type"] == "application/problem+json"
    # Nothing sends them again: what is small enough is kept for a replay, once.
    kept = light_receiver.stored()
    assert len(kept) == 8
    assert all(each.startswith("unreadable:") for each in kept)
    assert push(light_receiver, token, b"[]").status_code == 202
    path = f"{CORESIGNAL_PATH}/{token}"
    assert light_receiver.client.get(path).status_code == 405
    plain = {"content-type": "text/plain"}
    assert light_receiver.client.post(path, content=b"[]", headers=plain).status_code == 415


def test_a_database_that_is_away_is_503_and_nothing_is_lost(database_url: str) -> None:
    engine = engine_for(database_url)
    with running(engine) as receiver:
        away = push(receiver, "x" * 43, [CHANGED])
        assert (away.status_code, away.headers["retry-after"]) == (503, "5")
        upgrade_schema(engine)
        _, token = subscribe(engine, people=1)
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE webhook_events RENAME TO hidden"))
        failed = push(receiver, token, [CHANGED, ARRIVED])
        assert (failed.status_code, failed.headers["retry-after"]) == (503, "5")
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO webhook_events"))
        assert push(receiver, token, [CHANGED, ARRIVED]).status_code == 202
    engine.dispose()


def test_no_token_is_stored_or_logged(light_receiver: Receiver) -> None:
    _, token = subscribe(light_receiver.engine, people=1)
    with structlog.testing.capture_logs() as lines:
        assert push(light_receiver, token, [CHANGED]).status_code == 202
        assert push(light_receiver, "w" * 43, [CHANGED]).status_code == 401
    assert [line["event"] for line in lines] == ["delivery_taken", "event_refused"]
    assert token not in json.dumps(lines)
    assert "www" not in json.dumps(lines)
    with light_receiver.engine.connect() as connection:
        for table in ("webhook_events", "provider_subscriptions"):
            assert token not in str(connection.execute(text(f"SELECT * FROM {table}")).all())


def test_a_new_day_is_new(light_engine: Engine) -> None:
    now = [1_790_000_000.0]
    _, token = subscribe(light_engine, people=1)
    with running(light_engine, now=lambda: now[0]) as receiver:
        assert push(receiver, token, [CHANGED]).status_code == 202
        assert push(receiver, token, [CHANGED]).status_code == 200
        now[0] += 86_400
        assert push(receiver, token, [CHANGED]).status_code == 202
    with light_engine.connect() as connection:
        times = connection.scalars(select(webhook_events.c.received_at))
        assert all(abs((one - clock(connection)).total_seconds()) < 60 for one in times)
