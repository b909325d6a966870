"""Pace, requests at once, and the day's budget, under competition, on both databases."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from bg_orchestration.ledger.budget import allow_over_budget, day_of, override_until
from bg_orchestration.ledger.calls import Answer
from bg_orchestration.ledger.errors import BudgetSpentError, ProviderStoppedError
from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import provider_circuits
from bg_orchestration_tests.ledger.ledger_rows import booked, let_pass
from bg_orchestration_tests.ledger.scripted_provider import (
    Said,
    ScriptedProvider,
    call,
)
from bg_orchestration_tests.store.rows import follow, rows


def test_no_more_at_once_than_allowed(
    provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(*[Said(slow=0.1, beside=2)] * 6)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: ask(call(n), at_once=2), range(6)))
    assert provider.most_at_once == 2


def test_everybody_together_keeps_the_pace(
    provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda n: ask(call(n), per_second=20.0), range(8)))
    assert provider.asked == 8
    # Turns are 50 ms apart. A request may go a little late, the first one too, but none early.
    turns = sorted(answer.asked_at for answer in answers)
    assert all(after - before >= timedelta(milliseconds=50) for before, after in pairwise(turns))
    assert provider.at[-1] - began >= 7 * 0.05 - 0.005


def test_the_budget_stops_before_it_is_passed_and_a_company_may_be_let_through(
    engine: Engine,
    provider: ScriptedProvider,
    ask: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    follow(engine, "acme", "globex")
    monkeypatch.setenv("BG_DAILY_BUDGET_USD", "0.25")
    ask(call(1))
    ask(call(2))
    with pytest.raises(BudgetSpentError, match=r"BG_DAILY_BUDGET_USD: \$0.20 of \$0.25") as raised:
        ask(call(3), Purpose("acme"))
    with reading(engine) as connection:
        assert raised.value.until == day_of(clock(connection))[1]
    # What is known costs nothing, nor does what is free.
    ask(call(1))
    ask(call(4, credits=0.0))
    with writing(engine) as connection:
        until = allow_over_budget(connection, "acme")
    assert until == raised.value.until
    ask(call(3), Purpose("acme"))
    with pytest.raises(BudgetSpentError):
        ask(call(5), Purpose("globex"))
    with reading(engine) as connection:
        assert override_until(connection, "acme") == until
        assert override_until(connection, "globex") is None
    assert len(booked(engine)) == 3
    # The next day begins at zero.
    let_pass(engine, timedelta(days=1))
    ask(call(5), Purpose("globex"))


def test_a_cap_of_one_provider_stops_that_provider_only(
    engine: Engine, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(engine, "acme")
    monkeypatch.setenv("BG_ZEROBOUNCE_DAILY_USD", "0.15")
    ask(call(1))
    with writing(engine) as connection:
        allow_over_budget(connection, "acme")
    with pytest.raises(ProviderStoppedError, match="BG_ZEROBOUNCE_DAILY_USD"):
        ask(call(2), Purpose("acme"))
    # Its own limit says nothing about its health.
    assert rows(engine, provider_circuits) == []


def test_two_cannot_pass_the_budget_together(
    engine: Engine,
    provider: ScriptedProvider,
    ask: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BG_DAILY_BUDGET_USD", "0.35")
    provider.say(*[Said(slow=0.2)] * 8)

    def stopped(number: int) -> bool:
        try:
            ask(call(number))
        except BudgetSpentError:
            return True
        return False

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(stopped, range(8)))
    assert provider.asked == 3
    assert results.count(True) == 5


def test_what_may_have_been_charged_counts_against_the_budget(
    ask: Callable[..., Answer], provider: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_DAILY_BUDGET_USD", "0.15")
    provider.say(Said(cut=True))
    with pytest.raises(BudgetSpentError):
        ask(call(1))
    assert provider.asked == 1
