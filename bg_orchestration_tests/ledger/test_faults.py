"""What is repeated, what is not, and when a provider is left alone."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bg_orchestration.ledger import rate_limit
from bg_orchestration.ledger.calls import Answer
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.errors import CallRefusedError, ProviderAwayError, ProviderStoppedError
from bg_orchestration.settings import read_settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import provider_circuits
from bg_orchestration_tests.ledger.ledger_rows import PRICE, booked, counts, let_pass
from bg_orchestration_tests.ledger.scripted_provider import (
    Said,
    ScriptedAdapter,
    ScriptedProvider,
    call,
)
from bg_orchestration_tests.store.rows import rows


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """One database: what is tested here does not depend on its kind."""
    return sqlite_engine


def test_passing_faults_are_repeated_and_cost_nothing(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(503, b""), Said(500, b"<html>"), Said(202, b"{}"))
    assert ask().found
    assert booked(engine) == [
        (1, "failed", "transient", 0.0, "listed"),
        (2, "failed", "transient", 0.0, "listed"),
        (3, "failed", "pending", 0.0, "listed"),
        (4, "answered", "ok", PRICE, "listed"),
    ]
    assert counts(engine) == {"validate": (4, 2, 0)}
    assert rows(engine, provider_circuits) == []


def test_it_gives_up_after_the_third_repetition(
    provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(*[Said(503, b"")] * 4)
    with pytest.raises(ProviderAwayError, match="zerobounce: validate: HTTP 503"):
        ask()
    assert provider.asked == 4


def test_a_refused_connection_books_no_cost_and_is_repeated(
    engine: Engine, ask: Callable[..., Answer]
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with (
            provider_client(engine, [ScriptedAdapter(url)], read_settings()) as one,
            pytest.raises(ProviderAwayError, match="no connection"),
        ):
            one(call())
    assert [row[1:4] for row in booked(engine)] == [("failed", "transient", 0.0)] * 4


def test_retry_after_holds_everybody_back(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(429, b"{}", headers={"retry-after": "1"}))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, call(1))
        while provider.asked == 0:
            time.sleep(0.01)
        time.sleep(0.1)
        second = pool.submit(ask, call(2))
        assert first.result().found
        assert second.result().found
    began = provider.at[0]
    assert len(provider.at) == 3
    assert all(at - began >= 0.95 for at in provider.at[1:])


def test_one_that_asks_to_wait_for_long_is_away_at_once(
    provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(429, b"{}", headers={"retry-after": "3600"}))
    began = time.monotonic()
    with pytest.raises(ProviderAwayError, match="asks to wait 3600 s"):
        ask(call(1))
    with pytest.raises(ProviderAwayError, match=r"next slot is in 3\d{3} s only"):
        ask(call(2))
    assert provider.asked == 1
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_provider_that_needs_a_person_is_left_alone(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer], status: int
) -> None:
    provider.say(Said(status, b"{}"))
    with pytest.raises(ProviderStoppedError, match=f"HTTP {status}"):
        ask(call(1))
    with pytest.raises(ProviderStoppedError, match="bg providers check"):
        ask(call(2))
    assert provider.asked == 1
    assert [row[1:4:2] for row in booked(engine)] == [("failed", 0.0)]
    let_pass(engine, timedelta(minutes=16))
    assert ask(call(2)).found
    assert rows(engine, provider_circuits) == []


def test_faults_in_a_row_open_the_circuit_and_one_trial_closes_it(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(*[Said(500, b"")] * 5)
    for number in (1, 2):
        with pytest.raises(ProviderAwayError):
            ask(call(number))
    assert provider.asked == 5
    with pytest.raises(ProviderAwayError, match="failed again and again"):
        ask(call(3))
    assert provider.asked == 5
    let_pass(engine, timedelta(seconds=31))
    provider.say(Said(500, b""))
    with pytest.raises(ProviderAwayError):
        ask(call(3))
    # The one that tried failed: nobody else asks.
    assert provider.asked == 6
    let_pass(engine, timedelta(seconds=61))
    assert ask(call(3)).found
    assert ask(call(4)).found


def test_what_a_person_mended_is_asked_at_once(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(402, b"{}"))
    with pytest.raises(ProviderStoppedError):
        ask()
    with writing(engine) as connection:
        rate_limit.close_circuit(connection, "zerobounce")
    assert ask().found


def test_an_invalid_question_is_not_repeated_and_a_protected_one_remembered(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(422, b"{}"), Said(451, b"{}"))
    with pytest.raises(CallRefusedError) as raised:
        ask(call(1))
    assert raised.value.kind == "invalid"
    for _ in range(2):
        with pytest.raises(CallRefusedError) as raised:
            ask(call(2))
        assert raised.value.kind == "compliance"
    assert provider.asked == 2
    # Neither says anything about the provider's health.
    assert rows(engine, provider_circuits) == []
