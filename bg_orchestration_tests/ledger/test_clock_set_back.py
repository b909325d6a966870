"""The clock was ahead and is set back: calls and messages go on, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, update

from bg_orchestration.ledger.budget import spent_today
from bg_orchestration.ledger.calls import Answer
from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import (
    notification_addresses,
    provider_circuits,
    provider_endpoints,
    provider_requests,
)
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration_tests.ledger.ledger_rows import PRICE
from bg_orchestration_tests.ledger.scripted_provider import ScriptedProvider, call
from bg_orchestration_tests.refreshes.test_clock_steps import now, refreshed, tick
from bg_orchestration_tests.store.rows import follow, let_pass, rows

# Longer than every rest of a circuit, and into another day.
STEP = timedelta(hours=26)


def test_providers_and_messages_wait_no_longer_than_in_their_own_time(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    follow(engine, "a")
    refreshed(engine, "a")
    ask(call(1), Purpose("a", "killed"))
    later = now(engine) + STEP
    with writing(engine) as connection:
        # What the clock that was ahead left: a call, its slot, its permit, an open circuit.
        connection.execute(update(operations).values(asked_at=later, claimed_until=later))
        connection.execute(update(provider_endpoints).values(next_at=later))
        connection.execute(
            insert(provider_requests).values(
                request_id="r", provider="zerobounce", endpoint="validate", expires_at=later
            )
        )
        connection.execute(
            insert(provider_circuits).values(
                provider="pdl", faults=5, openings=1, open_until=later, why="", stopped=False
            )
        )
        connection.execute(insert(notification_addresses).values(address="x", rests_until=later))
    let_pass(engine, -STEP)
    tick(engine)
    moment = now(engine)
    with reading(engine) as connection:
        spent = spent_today(connection)
    assert spent == pytest.approx(PRICE)
    assert ask(call(2)).found
    [circuit] = rows(engine, provider_circuits)
    assert circuit["open_until"] <= moment + timedelta(minutes=15)
    [address] = rows(engine, notification_addresses)
    assert address["rests_until"] <= moment
