"""How providers do, what today costs, who waits for money: on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, update

from bg_orchestration.domain.budget import Limits
from bg_orchestration.domain.diagnosis.facts import (
    Outbox,
    OverBudget,
    ProviderHealth,
)
from bg_orchestration.domain.token_bucket import Pace
from bg_orchestration.ledger import rate_limit
from bg_orchestration.ledger.operations import (
    Asker,
    Claimed,
    Question,
    claim,
)
from bg_orchestration.ledger.provider_health import over_budget, provider_health
from bg_orchestration.ledger.rate_limit import Entered, Left
from bg_orchestration.ledger.settlements import (
    Charge,
    answered,
    failed,
    left_open,
)
from bg_orchestration.observability.metric_families import PROVIDER_COST
from bg_orchestration.refreshes.deferral import defer
from bg_orchestration.refreshes.retention import Keep, forget
from bg_orchestration.settings import settings
from bg_orchestration.store import outbox
from bg_orchestration.store.counters import total
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import notification_outbox
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration_tests.refreshes.lives import (
    counted,
    handed_over,
    taken,
)
from bg_orchestration_tests.store.rows import HOUR, follow, push

DAY = timedelta(days=1)
CHARGE = Charge(1.0, 0.25, "listed")


def claimed(engine: Engine, key: str, provider: str = "pdl") -> Claimed:
    question = Question(key, "people", provider, "e", 1.0, 0.5, True, HOUR, DAY)
    with writing(engine) as connection:
        found = claim(connection, question, Asker("acme"), Limits())
    assert isinstance(found, Claimed)
    return found


def answer(engine: Engine, one: Claimed) -> None:
    with writing(engine) as connection:
        answered(connection, one, CHARGE, DAY, found=True, headers={}, body=b"{}")


def left(engine: Engine, provider: str, how: Left) -> None:
    with writing(engine) as connection:
        entered = rate_limit.enter(connection, provider, "e", Pace(1000, 9), HOUR, HOUR)
        assert isinstance(entered, Entered)
        rate_limit.leave(connection, entered, how)


def cost(engine: Engine, provider: str = "pdl") -> float:
    return total(counted(engine), PROVIDER_COST, {"provider": provider})


def test_counts_today_and_circuits_of_each_provider(engine: Engine) -> None:
    with reading(engine) as connection:
        assert provider_health(connection) == {}
    left(engine, "pdl", Left("worked"))
    left(engine, "pdl", Left("fault", "HTTP 500"))
    left(engine, "apollo", Left("stopped", "bad_key: HTTP 401"))
    with writing(engine) as connection:
        rate_limit.count(connection, "pdl", "f", ledger_hits=3)
    answer(engine, claimed(engine, "k1"))
    claimed(engine, "k2", "lusha")
    claimed(engine, "yesterday")
    with writing(engine) as connection:
        before = operations.c.key == "yesterday"
        connection.execute(
            update(operations).where(before).values(asked_at=clock(connection) - DAY)
        )
    with reading(engine) as connection:
        found = provider_health(connection)
        now = clock(connection)
    # One fault opens nothing.
    assert found["pdl"] == ProviderHealth("pdl", 2, 1, 3, 0.25)
    # Nobody knows yet what it will cost: at most this.
    assert found["lusha"] == ProviderHealth("lusha", today_usd=0.5)
    apollo = found["apollo"]
    assert (apollo.calls, apollo.errors, apollo.stopped) == (1, 1, True)
    assert apollo.why == "bad_key: HTTP 401"
    assert apollo.open_until is not None
    assert apollo.open_until > now


def test_what_was_charged_is_counted_once_and_outlives_the_ledger(engine: Engine) -> None:
    first = claimed(engine, "k1")
    answer(engine, first)
    # The commit was made and its acknowledgement lost: it is stored once more.
    answer(engine, first)
    assert cost(engine) == 0.25
    with writing(engine) as connection:
        left_open(connection, claimed_within(connection, "k2"), "transient", "no answer")
        left_open(connection, claimed_within(connection, "k3"), "transient", "late", CHARGE)
        free = Charge(0.0, 0.0, "listed")
        failed(connection, claimed_within(connection, "k4"), free, "invalid", "HTTP 400")
    # Of one without an answer nobody knows; the meter knew of another.
    assert cost(engine) == 0.5
    with writing(engine) as connection:
        old = clock(connection) - 3 * DAY
        connection.execute(operations.update().values(asked_at=old, fresh_until=old))
    assert forget(engine, Keep(DAY, DAY, DAY, DAY, DAY))["operations"] == 4
    assert cost(engine) == 0.5


def claimed_within(connection: Connection, key: str) -> Claimed:
    question = Question(key, "people", "pdl", "e", 1.0, 0.5, True, HOUR, DAY)
    found = claim(connection, question, Asker("acme"), Limits())
    assert isinstance(found, Claimed)
    return found


def test_those_who_wait_for_money_are_counted_and_the_first_named(engine: Engine) -> None:
    companies = [f"c{number}" for number in range(7)]
    follow(engine, *companies)
    with reading(engine) as connection:
        assert over_budget(connection) == OverBudget()
    tomorrow = datetime.now(UTC) + DAY
    for number, company_id in enumerate(companies):
        refresh = taken(engine, company_id, f"run-{number}")
        with writing(engine) as connection:
            until = tomorrow + number * HOUR
            defer(connection, refresh.refresh_id, refresh.attempt, "The budget is spent.", until)
    with reading(engine) as connection:
        assert over_budget(connection) == OverBudget(7, tuple(companies[:5]))
    with writing(engine) as connection:
        # The next day has come: they are due like any other.
        connection.execute(update(logs).values(due_at=logs.c.planned_at))
    with reading(engine) as connection:
        assert over_budget(connection) == OverBudget()


def test_a_refresh_that_a_cool_down_defers_waits_for_no_money(engine: Engine) -> None:
    follow(engine, "acme")
    taken(engine, "acme", "run")
    push(engine)
    handed_over(engine)
    with reading(engine) as connection:
        assert over_budget(connection) == OverBudget()


def test_the_outbox_tells_what_waits_and_what_is_dead(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(engine) as connection:
        assert outbox.outbox_now(connection) == Outbox()
    monkeypatch.setenv("BG_NOTIFY_SLACK_URLS", "sales=https://hooks.example.com/x")
    settings.cache_clear()
    follow(engine, "acme")
    with writing(engine) as connection:
        now = clock(connection)
        for number in range(3):
            outbox.note(connection, "group.changed", "acme", f"r{number}", now - number * HOUR)
        dead = notification_outbox.c.refresh_id == "r2"
        connection.execute(update(notification_outbox).where(dead).values(state="dead"))
    with reading(engine) as connection:
        found = outbox.outbox_now(connection)
    assert (found.pending, found.dead) == (2, {"sales": 1})
    assert 3_600 <= found.oldest_seconds < 3_660
