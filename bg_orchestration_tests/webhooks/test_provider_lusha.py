"""Lusha's pushes over real HTTP: signed, acknowledged, stored byte for byte."""

import hashlib
import hmac
import json
import time
from typing import Any

import httpx
import pytest
import structlog

from bg_orchestration.intake.lusha_pushes import OPT_OUT
from bg_orchestration.names import LUSHA_PATH
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration.webhooks.signatures import Key, Keyring
from bg_orchestration_tests.intake.test_pushes import OPT_OUT as PERSON_GONE
from bg_orchestration_tests.intake.test_pushes import PROMOTION
from bg_orchestration_tests.store.rows import rows
from bg_orchestration_tests.webhooks.conftest import CRM, Receiver, body, running

SECRET = "a-secret-of-lusha-in-tests"
LUSHA = Keyring((Key.read("lusha", SECRET), CRM))


def push(
    receiver: Receiver,
    content: Any,
    secret: str = SECRET,
    at: float | None = None,
    unit: int = 1,
    **headers: str,
) -> httpx.Response:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    stamp = str(int((time.time() if at is None else at) * unit))
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    told = {
        "content-type": "application/json",
        "user-agent": "Lusha-Webhooks/1.0",
        "x-lusha-timestamp": stamp,
        "x-lusha-signature": signed,
        **headers,
    }
    return receiver.client.post(LUSHA_PATH, content=raw, headers=told)


@pytest.fixture
def lusha(light_engine: Any) -> Any:
    with running(light_engine, LUSHA) as made:
        yield made


@pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
def test_a_signal_is_acknowledged_once_stored(engine: Any, unit: int) -> None:
    with running(engine, LUSHA) as receiver:
        raw = json.dumps(PROMOTION, indent=2).encode()
        first = push(receiver, raw, unit=unit)
        told = first.json()
        assert first.status_code == 202
        assert (told["received"], told["webhookId"]) == (True, "f3b87e05")
        assert told["timestamp"].endswith("+00:00")
        again = push(receiver, raw, unit=unit)
        assert (again.status_code, again.json()["webhookId"]) == (200, "f3b87e05")
        [row] = rows(engine, webhook_events)
        assert (row["body"], row["type"], row["scheme"]) == (raw, "person.promotion", "lusha")
        assert (row["person_id"], row["company_id"]) == ("lusha:7", "-")
        accepted = 'bg_webhook_events_total{outcome="accepted",source="lusha"}'
        assert receiver.metric(accepted) == 1


def test_only_lushas_own_signature_counts(lusha: Receiver) -> None:
    now = time.time()
    answers = [
        push(lusha, PROMOTION, "another-secret"),
        push(lusha, PROMOTION, "crm-secret-of-tests"),
        push(lusha, PROMOTION, at=now - 301),
        push(lusha, PROMOTION, at=now + 302, unit=1000),
        push(lusha, PROMOTION, **{"x-lusha-signature": "zz"}),
        push(lusha, PROMOTION, **{"x-lusha-timestamp": f"{int(now)}.0"}),
        # The contract's headers do not open this door, nor Lusha's that one.
        lusha.client.post(
            LUSHA_PATH, content=body(), headers=CRM.headers(body(), int(now * 1000), "m")
        ),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.json()["detail"] == "The signature could not be verified."
    assert lusha.stored() == []


def test_without_a_secret_of_lusha_nothing_gets_in(light_receiver: Receiver) -> None:
    assert push(light_receiver, PROMOTION).status_code == 401


def test_what_verifies_is_stored_even_if_it_says_nothing_to_us(lusha: Receiver) -> None:
    unknown = {"id": "9", "type": "newSignal", "more": {"deep": [1]}}
    assert push(lusha, unknown).status_code == 202
    assert push(lusha, {"hello": "world"}).status_code == 202
    assert push(lusha, [1]).status_code == 202
    assert push(lusha, b"{").status_code == 400
    types = {row["type"] for row in rows(lusha.engine, webhook_events)}
    assert types == {"lusha.newSignal", "lusha.unreadable", "unreadable"}


def test_an_opt_out_is_a_row_that_the_planner_acts_upon(lusha: Receiver) -> None:
    with structlog.testing.capture_logs() as lines:
        assert push(lusha, PERSON_GONE).status_code == 202
        assert push(lusha, {**PERSON_GONE, "jobTitle": "CEO"}).status_code == 200
    [row] = rows(lusha.engine, webhook_events)
    assert (row["type"], row["person_id"], row["state"]) == (OPT_OUT, "lusha:987", "received")
    assert "mara" not in json.dumps(lines).lower()


def test_the_challenge_is_echoed_and_nothing_else(light_receiver: Receiver) -> None:
    get = light_receiver.client.get
    answer = get(LUSHA_PATH, params={"challenge": "abc-123_<>"})
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc-123_<>"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    for query in ("", "challenge=", "challenge=a&challenge=b", "challenge=%0d%0a", "challenge=%C3"):
        assert get(f"{LUSHA_PATH}?{query}").status_code == 400
    assert get(LUSHA_PATH, params={"challenge": "x" * 513}).status_code == 400
