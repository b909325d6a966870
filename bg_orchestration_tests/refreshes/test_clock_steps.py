"""The clock was ahead and is set back: work goes on at once, on both databases.

`let_pass` with a negative time moves everything on record into the future, as such a step does.
"""

from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.admission import LEASE, DueRefresh, Limits
from bg_orchestration.ledger.budget import day_of
from bg_orchestration.refreshes import life_cycle, planning
from bg_orchestration.refreshes.clock_steps import ahead, records_ahead
from bg_orchestration.refreshes.failed_attempts import defer, fail
from bg_orchestration.refreshes.life_cycle import (
    AttemptOver,
    LeaseBusy,
    LimitsReached,
    Refresh,
    complete,
    start,
)
from bg_orchestration.refreshes.open_work import under_way
from bg_orchestration.refreshes.planning import emit, plan, plan_changed, plan_manual
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import company_leases
from bg_orchestration_tests.store.rows import HOUR, LIMITS, POLICY, follow, let_pass, push, rows

SLACK = timedelta(seconds=20)
STEPS = [timedelta(minutes=5), timedelta(days=400)]


def tick(engine: Engine, limits: Limits = LIMITS) -> tuple[DueRefresh, ...]:
    with writing(engine) as connection:
        plan(connection, POLICY, limits)
        return emit(connection, limits)


def try_start(engine: Engine, due: DueRefresh, limits: Limits = LIMITS) -> Any:
    with writing(engine) as connection:
        run = f"run-{due.company_id}-{due.attempt}"
        return start(connection, due.company_id, run, limits, (due.refresh_id, due.attempt))


def refreshed(engine: Engine, *companies: str, limits: Limits = LIMITS) -> None:
    for company in companies:
        push(engine, company)
    for due in tick(engine, limits):
        taken = try_start(engine, due, limits)
        assert isinstance(taken, Refresh)
        with writing(engine) as connection:
            complete(connection, taken, {})


@pytest.mark.parametrize("reader", [life_cycle, planning])
def test_a_reading_from_before_a_jump_ahead_shortens_no_lease(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, reader: ModuleType
) -> None:
    push(engine, "acme")
    [due] = tick(engine)
    assert isinstance(try_start(engine, due), Refresh)
    [before] = rows(engine, company_leases)
    monkeypatch.setattr(reader, "clock", lambda connection: clock(connection) - timedelta(hours=2))
    tick(engine)
    with writing(engine) as connection:
        other = start(connection, "acme", "another", LIMITS, (due.refresh_id, due.attempt))
    assert isinstance(other, LeaseBusy)
    assert rows(engine, company_leases) == [before]


def now(engine: Engine) -> datetime:
    with reading(engine) as connection:
        return clock(connection)


def row_of(engine: Engine, company: str) -> dict[str, Any]:
    return max(
        (row for row in rows(engine, logs) if row["company_id"] == company),
        key=lambda row: bool(row["state"] in ("planned", "running", "failed")),
    )


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_starts_of_the_future_hold_no_other_company_up_for_longer_than_a_minute(
    engine: Engine, step: timedelta
) -> None:
    limits = Limits(HOUR, starts_per_minute=2, concurrency=3, max_attempts=3)
    follow(engine, "a", "b", "c")
    refreshed(engine, "a", "b", limits=limits)
    let_pass(engine, -step)
    push(engine, "c")
    # They count as now: the minute is used up, and then it is over.
    assert tick(engine, limits) == ()
    let_pass(engine, timedelta(seconds=61))
    [due] = tick(engine, limits)
    assert isinstance(try_start(engine, due, limits), Refresh)


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_cool_down_begins_again_at_the_latest_now(engine: Engine, step: timedelta) -> None:
    follow(engine, "a")
    refreshed(engine, "a")
    push(engine, "a")
    tick(engine)
    let_pass(engine, -step)
    tick(engine)
    assert row_of(engine, "a")["due_at"] <= now(engine) + LIMITS.cooldown
    let_pass(engine, HOUR + SLACK)
    assert [due.company_id for due in tick(engine)] == ["a"]


def test_a_lease_of_a_killed_run_ends_in_its_own_time(engine: Engine) -> None:
    follow(engine, "a")
    push(engine, "a")
    [due] = tick(engine)
    try_start(engine, due)
    let_pass(engine, -2 * HOUR)
    tick(engine)
    let_pass(engine, LEASE)
    with reading(engine) as connection:
        [row] = under_way(connection)
    assert row.lease_lost


def test_the_next_run_takes_over_after_a_lease_that_the_sensor_did_not_see(engine: Engine) -> None:
    follow(engine, "a")
    push(engine, "a")
    [due] = tick(engine)
    try_start(engine, due)
    let_pass(engine, -2 * HOUR)
    with writing(engine) as connection:
        start(connection, "a", "by hand", LIMITS)
    let_pass(engine, LEASE + SLACK)
    with writing(engine) as connection:
        assert isinstance(start(connection, "a", "by hand", LIMITS), Refresh)


def test_a_backoff_and_a_deferral_of_the_future_end_in_their_own_time(engine: Engine) -> None:
    follow(engine, "a", "b")
    push(engine, "a")
    push(engine, "b")
    for due in tick(engine):
        taken = try_start(engine, due)
        with writing(engine) as connection:
            if due.company_id == "a":
                fail(connection, taken.refresh_id, 1, "broken", LIMITS)
            else:
                defer(connection, taken.refresh_id, 1, "spent", day_of(clock(connection))[1])
    let_pass(engine, timedelta(days=-3))
    tick(engine)
    assert row_of(engine, "a")["due_at"] <= now(engine) + timedelta(seconds=11)
    assert row_of(engine, "b")["due_at"] <= day_of(now(engine))[1]


def test_manual_and_scheduled_refreshes_of_the_future_are_due_now(engine: Engine) -> None:
    follow(engine, "a", "b")
    with writing(engine) as connection:
        plan_manual(connection, ["a"])
        plan_changed(connection, ["b"], LIMITS)
    let_pass(engine, -2 * HOUR)
    assert {due.company_id for due in tick(engine)} == {"a", "b"}


def test_what_was_enqueued_by_a_clock_ahead_waits_for_its_cool_down(engine: Engine) -> None:
    follow(engine, "a")
    refreshed(engine, "a")
    push(engine, "a")
    tick(engine)
    # Wrongly ahead: the cool-down seems over.
    let_pass(engine, HOUR)
    [due] = tick(engine)
    let_pass(engine, -HOUR)
    taken = try_start(engine, due)
    assert isinstance(taken, AttemptOver)
    row = row_of(engine, "a")
    assert (row["attempt"], row["emitted_at"], row["state"]) == (2, None, "planned")
    assert now(engine) + HOUR - SLACK < row["due_at"] <= now(engine) + HOUR
    let_pass(engine, HOUR)
    [again] = tick(engine)
    assert (again.refresh_id, again.attempt) == (due.refresh_id, 2)
    assert isinstance(try_start(engine, again), Refresh)


def test_a_run_that_waits_for_the_limits_goes_on_when_the_clock_is_set_back(
    engine: Engine,
) -> None:
    limits = Limits(HOUR, starts_per_minute=1, concurrency=3, max_attempts=3)
    follow(engine, "a", "b")
    push(engine, "b")
    [due] = tick(engine, limits)
    with writing(engine) as connection:
        assert isinstance(start(connection, "a", "by hand", limits), Refresh)
    let_pass(engine, -2 * HOUR)
    waits = try_start(engine, due, limits)
    assert isinstance(waits, LimitsReached)
    assert waits.until is not None
    assert waits.until <= now(engine) + timedelta(seconds=60)


def test_a_clock_that_goes_on_rewrites_nothing(engine: Engine) -> None:
    follow(engine, "a", "b")
    refreshed(engine, "a")
    push(engine, "a")
    push(engine, "b")
    for due in tick(engine):
        with writing(engine) as connection:
            fail(connection, due.refresh_id, 1, "broken", LIMITS)
    before = rows(engine, logs)
    tick(engine)
    assert rows(engine, logs) == before
    with reading(engine) as connection:
        assert ahead(connection, clock(connection)) == timedelta(0)
        assert records_ahead(connection, clock(connection)) == timedelta(0)


def test_the_size_of_a_step_shows_until_the_clock_has_caught_up(engine: Engine) -> None:
    follow(engine, "a")
    refreshed(engine, "a")
    let_pass(engine, -2 * HOUR)
    with reading(engine) as connection:
        assert 2 * HOUR - SLACK < ahead(connection, clock(connection)) < 2 * HOUR
    tick(engine)
    with reading(engine) as connection:
        assert ahead(connection, clock(connection)) == timedelta(0)
        assert 2 * HOUR - SLACK < records_ahead(connection, clock(connection)) < 2 * HOUR
