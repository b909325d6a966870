"""What is paid once, and what may have been charged: over real HTTP, on both databases."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from bg_orchestration.domain.admission import Limits
from bg_orchestration.ledger import client as client_module
from bg_orchestration.ledger import http_client
from bg_orchestration.ledger import ledger as ledger_module
from bg_orchestration.ledger.calls import Answer
from bg_orchestration.ledger.errors import CallRefusedError
from bg_orchestration.ledger.ledger import Ledger, Purpose, Reservation
from bg_orchestration.refreshes.failed_attempts import fail, give_up
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.settings import read_settings
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration.store.schema.tables import provider_requests
from bg_orchestration_tests.ledger.ledger_rows import PRICE, booked, counts, let_pass, timed
from bg_orchestration_tests.ledger.scripted_provider import (
    Said,
    ScriptedAdapter,
    ScriptedProvider,
    call,
    found,
)
from bg_orchestration_tests.store.rows import follow, rows

LIMITS = Limits(timedelta(0), starts_per_minute=100, concurrency=10, max_attempts=3)


def test_a_question_is_paid_once_whoever_asks_it_again(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(headers={"x-next": "7", "x-other": "no"}))
    first = ask(purpose=Purpose("acme", "r1"))
    again = ask(purpose=Purpose("globex", "r2"))
    assert provider.asked == 1
    assert (first.found, found(first.body), first.headers) == (
        True,
        {"found": True},
        {"x-next": "7"},
    )
    assert (again.found, again.body, again.headers) == (True, first.body, first.headers)
    assert abs(again.asked_at - first.asked_at) < timedelta(seconds=1)
    assert booked(engine) == [(1, "answered", "ok", PRICE, "listed")]
    assert counts(engine) == {"validate": (1, 0, 1)}
    # Everybody who is under way gave their place back.
    assert rows(engine, provider_requests) == []


def test_only_what_was_asked_is_timed(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(slow=0.2))
    ask()
    ask()
    requests, seconds = timed(engine)
    assert requests == provider.asked == 1
    assert 0.2 <= seconds < 60


def test_order_of_parameters_makes_no_other_question_but_version_and_provider_do(
    provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    ask(call(params={"a": "1", "b": "2"}, json={"x": 1, "y": [1, 2]}, method="POST"))
    ask(call(params={"b": "2", "a": "1"}, json={"y": [1, 2], "x": 1}, method="POST"))
    # Another purpose is the same question.
    ask(call(params={"b": "2", "a": "1"}, json={"y": [1, 2], "x": 1}, method="POST",
             capability="contact"))  # fmt: skip
    assert provider.asked == 1
    ask(call(params={"a": "1", "b": "2"}, json={"x": 1, "y": [2, 1]}, method="POST"))
    ask(call(params={"a": "1", "b": "2"}, json={"x": 1, "y": [1, 2]}, method="POST", version="v"))
    assert provider.asked == 3


def test_it_is_asked_again_once_the_answer_is_old(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    ask()
    let_pass(engine, timedelta(days=89))
    ask()
    assert provider.asked == 1
    let_pass(engine, timedelta(days=2))
    ask()
    assert provider.asked == 2
    assert [row[:2] for row in booked(engine)] == [(1, "answered"), (2, "answered")]


def test_a_miss_is_an_answer_with_its_own_time(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(404, b"{}"))
    assert not ask().found
    assert not ask().found
    let_pass(engine, timedelta(days=29))
    assert not ask().found
    assert provider.asked == 1
    let_pass(engine, timedelta(days=2))
    assert ask().found
    assert booked(engine) == [
        (1, "not_found", "not_found", 0.0, "listed"),
        (2, "answered", "ok", PRICE, "listed"),
    ]


def test_an_erased_answer_answers_nothing(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    ask()
    with writing(engine) as connection:
        connection.execute(update(operations).values(answer=None))
    ask()
    assert provider.asked == 2


def test_the_meter_outranks_the_price_list(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(
        Said(headers={"x-credits-spent": "4"}),
        Said(404, b"{}", headers={"x-credits-spent": "1"}),
        Said(400, b"{}", headers={"x-credits-spent": "2"}),
    )
    ask(call(1))
    ask(call(2))
    with pytest.raises(CallRefusedError):
        ask(call(3))
    assert [row[1:] for row in booked(engine)] == [
        ("answered", "ok", 0.04, "metered"),
        ("not_found", "not_found", 0.01, "metered"),
        ("failed", "invalid", 0.02, "metered"),
    ]


def test_free_calls_are_asked_each_time_and_counted_but_not_booked(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(), Said(503, b""))
    ask(call(credits=0.0))
    ask(call(credits=0.0))
    assert provider.asked == 3
    assert booked(engine) == []
    assert counts(engine) == {"validate": (3, 1, 0)}


def test_two_who_ask_at_once_make_one_call(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(slow=0.3))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask(), range(4)))
    assert provider.asked == 1
    assert {answer.body for answer in answers} == {b'{"found": true}'}
    assert len(booked(engine)) == 1


def test_what_a_refresh_cost_stands_in_its_log(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    follow(engine, "acme")
    with writing(engine) as connection:
        plan_manual(connection, ["acme"])
    [log] = rows(engine, logs)
    provider.say(Said(), Said(cut=True), Said())
    mine = Purpose("acme", log["refresh_id"])
    ask(call(1), mine)
    ask(call(2), mine)
    ask(call(3))
    [log] = rows(engine, logs)
    # One answer, one that may have been charged and its repetition; the other one is not its own.
    assert log["cost_usd"] == pytest.approx(3 * PRICE)


def test_a_cut_answer_is_booked_and_repeated_once(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(cut=True))
    assert ask().found
    assert provider.asked == 2
    assert booked(engine) == [
        (1, "ambiguous", "transient", PRICE, "possible"),
        (2, "answered", "ok", PRICE, "listed"),
    ]


def test_a_question_left_open_twice_is_asked_no_more(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(slow=0.5), Said(slow=0.5))
    impatient = call(read_seconds=0.1)
    with pytest.raises(CallRefusedError, match="charged twice") as raised:
        ask(impatient)
    assert raised.value.kind == "transient"
    with pytest.raises(CallRefusedError):
        ask(impatient)
    assert provider.asked == 2
    assert booked(engine) == [
        (1, "ambiguous", "transient", PRICE, "possible"),
        (2, "ambiguous", "transient", PRICE, "possible"),
    ]
    let_pass(engine, timedelta(days=31))
    assert ask(call()).found


def test_where_repeating_is_free_it_is_repeated_and_one_charge_is_booked(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(cut=True), Said(cut=True), Said(cut=True))
    assert ask(call(repeat_charged=False)).found
    assert provider.asked == 4
    assert [(row[1], row[3]) for row in booked(engine)] == [
        ("ambiguous", 0.0),
        ("ambiguous", 0.0),
        ("ambiguous", 0.0),
        ("answered", PRICE),
    ]


def test_a_success_that_nobody_can_read_may_have_been_charged(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(body=b""), Said(body=b"<html>"))
    with pytest.raises(CallRefusedError, match="charged twice"):
        ask()
    assert [row[1:] for row in booked(engine)] == [
        ("ambiguous", "transient", PRICE, "possible")
    ] * 2


def test_what_was_charged_in_vain_is_booked_by_the_meter_and_repeated_once(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    in_vain = Said(503, b"", headers={"x-credits-spent": "2"})
    provider.say(in_vain, in_vain)
    with pytest.raises(CallRefusedError, match="charged twice"):
        ask()
    assert provider.asked == 2
    assert [row[1:] for row in booked(engine)] == [("ambiguous", "transient", 0.02, "metered")] * 2


def test_an_answer_in_drops_is_given_up(
    engine: Engine,
    provider: ScriptedProvider,
    ask: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_client, "_CONNECT_SECONDS", 0.1)
    provider.say(Said(drip=0.15))
    assert ask(call(read_seconds=1.0)).found
    assert [row[1] for row in booked(engine)] == ["ambiguous", "answered"]


_KILLED = """
import sys
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.settings import read_settings
from bg_orchestration.store.database import engine_for
from bg_orchestration_tests.ledger.scripted_provider import ScriptedAdapter, call

config = read_settings()
adapters = [ScriptedAdapter(sys.argv[1])]
with provider_client(engine_for(config.url), adapters, config, Purpose("acme")) as request:
    request(call(read_seconds=60.0))
"""


def test_a_process_killed_between_question_and_answer_leaves_one_repetition(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(Said(slow=20.0))
    process = subprocess.Popen([sys.executable, "-c", _KILLED, provider.url], env=os.environ)
    deadline = time.monotonic() + 30
    while provider.asked == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    [row] = rows(engine, operations)
    assert (row["state"], row["cost_basis"], row["company_id"]) == ("started", "possible", "acme")
    # Nobody asks it while the killed one might still be at work.
    with reading(engine) as connection:
        assert row["claimed_until"] - clock(connection) > timedelta(seconds=60)
    let_pass(engine, timedelta(minutes=4))
    assert ask(call(read_seconds=60.0)).found
    assert provider.asked == 2
    assert booked(engine) == [
        (1, "ambiguous", None, PRICE, "possible"),
        (2, "answered", "ok", PRICE, "listed"),
    ]
    # Killed once more, it would not be asked a third time before long.
    with writing(engine) as connection:
        connection.execute(update(operations).values(state="ambiguous", answer=None))
    with pytest.raises(CallRefusedError):
        ask(call(read_seconds=60.0))


@pytest.mark.parametrize("end", [fail, give_up])
def test_the_end_of_a_killed_attempt_frees_its_call_and_its_place_at_once(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer], end: Callable[..., None]
) -> None:
    follow(engine, "acme", "globex")
    with writing(engine) as connection:
        refresh = start(connection, "acme", "run-1", LIMITS)
    assert isinstance(refresh, Refresh)
    killed = Ledger(
        engine,
        [ScriptedAdapter(provider.url, at_once=1)],
        read_settings(),
        Purpose("acme", refresh.refresh_id),
    )
    reserved = killed.reserve(call())
    assert isinstance(reserved, Reservation)
    with writing(engine) as connection:
        arguments = (LIMITS,) if end is fail else ()
        end(connection, refresh.refresh_id, refresh.attempt, "the worker is gone", *arguments)
    # The same call and another one, although one request at a time is allowed.
    assert ask(call(), Purpose("acme", "next"), at_once=1).found
    assert ask(call(2), Purpose("globex", "other"), at_once=1).found
    assert [row[:2] for row in booked(engine)] == [
        (1, "ambiguous"), (2, "answered"), (1, "answered")
    ]  # fmt: skip
    assert rows(engine, provider_requests) == []


def test_a_process_that_stood_still_sends_nothing_that_others_may_have_taken_over(
    engine: Engine,
    provider: ScriptedProvider,
    ask: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = iter([0.5])
    real = time.sleep
    monkeypatch.setattr(client_module, "_STANDSTILL_SECONDS", 0.4)
    monkeypatch.setattr(client_module.time, "sleep", lambda _: real(next(seconds, 0.0)))
    assert ask().found
    assert provider.asked == 1
    assert [row[:3] for row in booked(engine)] == [
        (1, "failed", "transient"), (2, "answered", "ok")
    ]  # fmt: skip


def test_a_database_that_is_away_for_a_moment_loses_no_paid_answer(
    engine: Engine,
    provider: ScriptedProvider,
    ask: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sqlalchemy.exc import OperationalError

    real, failures = ledger_module.release, iter([True, True])

    def away_at_first(*args: Any, **kwargs: Any) -> None:
        if next(failures, False):
            raise OperationalError("", {}, ConnectionError())
        real(*args, **kwargs)

    monkeypatch.setattr(ledger_module, "release", away_at_first)
    monkeypatch.setattr(ledger_module, "_STORE_PAUSES", (0.01, 0.01, 0.01))
    ask()
    assert provider.asked == 1
    assert booked(engine) == [(1, "answered", "ok", PRICE, "listed")]
