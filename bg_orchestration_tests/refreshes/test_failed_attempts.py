from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bg_orchestration.refreshes.explanations import explain
from bg_orchestration.refreshes.failed_attempts import defer, fail
from bg_orchestration.refreshes.life_cycle import LeaseLostError, Refresh, complete, renew, start
from bg_orchestration.refreshes.open_work import backlog
from bg_orchestration.refreshes.overview import events, refresh_of_run
from bg_orchestration.refreshes.planning import choose_refreshes, emit, plan
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import refresh_attempts
from bg_orchestration_tests.refreshes.lives import attempts
from bg_orchestration_tests.store.rows import LIMITS, POLICY, event_states, follow, push, rows

WHY = "The day's budget of 10 USD is spent."
TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=9)


def begin(engine: Engine, run_id: str = "run-1") -> Refresh:
    """Hand the planned refresh of acme over, and let a run take it."""
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        [due] = emit(connection, LIMITS)
    with writing(engine) as connection:
        taken = start(connection, "acme", run_id, LIMITS, (due.refresh_id, due.attempt))
    assert isinstance(taken, Refresh)
    return taken


def let_the_day_pass(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(logs.update().values(due_at=logs.c.planned_at))
        # The rate counts every start: these were more than a minute ago.
        before = datetime.now(UTC) - timedelta(hours=9)
        connection.execute(refresh_attempts.update().values(started_at=before))


@pytest.fixture
def deferred(engine: Engine) -> Refresh:
    follow(engine, "acme")
    push(engine)
    refresh = begin(engine)
    with writing(engine) as connection:
        assert defer(connection, refresh.refresh_id, refresh.attempt, WHY, TOMORROW)
    return refresh


def test_a_deferred_refresh_waits_with_its_events_and_nothing_has_failed(
    engine: Engine, deferred: Refresh
) -> None:
    [row] = rows(engine, logs)
    assert attempts(engine) == {("event", "deferred"): 1}
    assert (row["state"], row["attempt"], row["due_at"]) == ("planned", 2, TOMORROW)
    assert (row["error"], row["deferred"], row["emitted_at"]) == (None, WHY, None)
    assert {state for state, _ in event_states(engine).values()} == {"pending"}
    with writing(engine) as connection:
        with pytest.raises(LeaseLostError):
            renew(connection, deferred)
        assert plan(connection, POLICY, LIMITS) == 0
        assert emit(connection, LIMITS) == ()
        assert not defer(connection, deferred.refresh_id, deferred.attempt, WHY, TOMORROW)
    with reading(engine) as connection:
        assert choose_refreshes(connection, LIMITS, TOMORROW + timedelta(seconds=1)) != ()


def test_it_is_told_wherever_somebody_looks(engine: Engine, deferred: Refresh) -> None:
    with reading(engine) as connection:
        told = explain(connection, "acme", LIMITS, Settings().freshness, ()).now
        [line] = events(connection)
        waiting = backlog(connection)
        refresh = refresh_of_run(connection, "run-1")
    assert any(WHY in sentence for sentence in told)
    assert any("bg refresh acme --over-budget" in sentence for sentence in told)
    assert (line.due_at, line.deferred) == (TOMORROW, WHY)
    assert (waiting.deferred, waiting.over_budget) == (1, 1)
    assert refresh is not None
    assert (refresh.state, refresh.deferred) == ("planned", WHY)


def test_days_without_budget_kill_no_refresh(engine: Engine, deferred: Refresh) -> None:
    for number in range(2, LIMITS.max_attempts + 3):
        let_the_day_pass(engine)
        refresh = begin(engine, f"run-{number}")
        assert (refresh.refresh_id, refresh.attempt) == (deferred.refresh_id, number)
        with writing(engine) as connection:
            defer(connection, refresh.refresh_id, refresh.attempt, WHY, TOMORROW)
    let_the_day_pass(engine)
    refresh = begin(engine, "run-that-fails")
    with writing(engine) as connection:
        assert fail(connection, refresh.refresh_id, refresh.attempt, "a fault", LIMITS) == "failed"


def test_the_next_day_it_completes_and_says_no_more_why_it_waited(
    engine: Engine, deferred: Refresh
) -> None:
    let_the_day_pass(engine)
    refresh = begin(engine, "run-2")
    assert refresh.events == 1
    with writing(engine) as connection:
        renew(connection, refresh)
        assert complete(connection, refresh, {}) == 1
    [row] = rows(engine, logs)
    assert (row["state"], row["deferred"]) == ("completed", None)


def test_a_person_takes_a_deferred_refresh_over_at_once(engine: Engine, deferred: Refresh) -> None:
    with writing(engine) as connection:
        taken = start(connection, "acme", "by hand", LIMITS)
    assert isinstance(taken, Refresh)
    assert (taken.refresh_id, taken.reason, taken.events) == (deferred.refresh_id, "manual", 1)
