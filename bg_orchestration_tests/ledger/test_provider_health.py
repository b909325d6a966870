"""How providers do, what today costs, who waits for money: on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from bg_orchestration.domain.diagnosis.facts import (
    Outbox,
    OverBudget,
    ProviderHealth,
)
from bg_orchestration.ledger import rate_limit
from bg_orchestration.ledger.calls import Cost
from bg_orchestration.ledger.reports import over_budget, provider_health
from bg_orchestration.observability.metric_families import PROVIDER_COST
from bg_orchestration.refreshes.failed_attempts import defer
from bg_orchestration.refreshes.retention import RetentionPeriods, delete_old_rows
from bg_orchestration.settings import settings
from bg_orchestration.store import outbox
from bg_orchestration.store.counters import total
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import notification_outbox
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration_tests.ledger.paid import CHARGE, fail, reserve, settle
from bg_orchestration_tests.refreshes.lives import (
    counted,
    handed_over,
    taken,
)
from bg_orchestration_tests.store.rows import HOUR, follow, push

DAY = timedelta(days=1)


def cost(engine: Engine, provider: str = "pdl") -> float:
    return total(counted(engine), PROVIDER_COST, {"provider": provider})


def test_counts_today_and_circuits_of_each_provider(engine: Engine) -> None:
    with reading(engine) as connection:
        assert provider_health(connection) == {}
    fail(engine, "pdl", "transient", "HTTP 500")
    fail(engine, "apollo", "bad_key", "HTTP 401")
    with writing(engine) as connection:
        rate_limit.count_calls(connection, "pdl", "f", ledger_hits=3)
    settle(engine, reserve(engine, "k1"))
    reserve(engine, "k2", "lusha")
    yesterday = reserve(engine, "yesterday")
    with writing(engine) as connection:
        before = operations.c.key == yesterday.key
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
    first = reserve(engine, "k1")
    settle(engine, first)
    # The commit was made and its acknowledgement lost: it is stored once more.
    settle(engine, first)
    assert cost(engine) == 0.25
    settle(engine, reserve(engine, "k2"), "transient", None)
    settle(engine, reserve(engine, "k3"), "transient", CHARGE)
    settle(engine, reserve(engine, "k4"), "invalid", Cost(0.0, 0.0))
    # Of one without an answer nobody knows; the meter knew of another.
    assert cost(engine) == 0.5
    with writing(engine) as connection:
        old = clock(connection) - 3 * DAY
        connection.execute(operations.update().values(asked_at=old, fresh_until=old))
    assert delete_old_rows(engine, RetentionPeriods(DAY, DAY, DAY, DAY, DAY))["operations"] == 4
    assert cost(engine) == 0.5


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
