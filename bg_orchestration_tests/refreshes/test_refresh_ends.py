"""How a refresh ends, on both databases: once, and with its events."""

from sqlalchemy import Engine

from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.events import COMPANY_CHANGE
from bg_orchestration.refreshes.failed_attempts import fail, give_up
from bg_orchestration.refreshes.life_cycle import Refresh, complete, start
from bg_orchestration.refreshes.planning import plan, plan_manual
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import refresh_attempts, webhook_event_companies
from bg_orchestration_tests.refreshes.lives import (
    SECOND,
    done,
    failed,
    handed_over,
    log,
    take,
    taken,
)
from bg_orchestration_tests.store.rows import (
    HOUR,
    LIMITS,
    POLICY,
    event_states,
    follow,
    let_pass,
    push,
    rows,
)


def test_fails_with_backoff_and_dies_after_its_last_attempt(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    [due] = handed_over(engine)
    for attempt, wait in ((1, 10), (2, 20)):
        assert due.attempt == attempt
        refresh = taken(engine, "acme", f"run-{attempt}", due)
        with writing(engine) as connection:
            now = clock(connection)
        assert failed(engine, due.refresh_id, attempt, f"Boom {attempt}") == "failed"
        assert failed(engine, due.refresh_id, attempt, "again") is None
        row = log(engine)
        assert (row["state"], row["attempt"], row["error"]) == (
            "failed",
            attempt + 1,
            f"Boom {attempt}",
        )
        assert (row["emitted_at"], row["run_id"]) == (None, None)
        assert wait * SECOND <= row["due_at"] - now <= (wait + 2) * SECOND
        assert refresh.events == 1
        assert handed_over(engine) == []
        let_pass(engine, (wait + 2) * SECOND)
        [due] = handed_over(engine)
    taken(engine, "acme", "run-3", due)
    late = push(engine)
    handed_over(engine)
    assert failed(engine, due.refresh_id, 3, "Boom 3") == "dead"
    row = log(engine)
    assert (row["state"], row["error"], row["finished_at"] is not None) == ("dead", "Boom 3", True)
    # What came after its last start is no part of it.
    assert event_states(engine) == {event: ("dead", "Boom 3"), late: ("pending", None)}
    errors = [row["error"] for row in rows(engine, refresh_attempts)]
    assert errors == ["Boom 1", "Boom 2", "Boom 3"]
    # The company is free, and what comes next is deferred to the end of its cool-down.
    push(engine)
    assert handed_over(engine) == []
    assert isinstance(take(engine, "acme", "by-hand"), Refresh)


def test_runs_that_never_take_over_are_tried_again_as_long_as_it_takes(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    [row] = rows(engine, logs)
    # Not handed over yet: there is no attempt that could have failed.
    assert failed(engine, row["refresh_id"], 1) is None
    for attempt, wait in enumerate((10, 20, 30, 30, 30, 30, 30), 1):
        [due] = handed_over(engine)
        assert due.attempt == attempt
        assert failed(engine, due.refresh_id, attempt, "run x stayed STARTING") == "failed"
        assert handed_over(engine) == []
        let_pass(engine, (wait + 2) * SECOND)
    assert event_states(engine)[event] == ("pending", None)
    assert rows(engine, refresh_attempts) == []
    # The first attempt that starts and fails waits as a first failure does.
    [due] = handed_over(engine)
    taken(engine, "acme", "run-8", due)
    assert failed(engine, due.refresh_id, 8, "Boom") == "failed"
    let_pass(engine, 12 * SECOND)
    [due] = handed_over(engine)
    assert due.attempt == 9


def test_a_run_that_reads_nobody_anew_handles_no_event(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        refresh = start(connection, "acme", "only-publishing", LIMITS, absorb=False)
        assert isinstance(refresh, Refresh)
        assert refresh.events == 0
        assert complete(connection, refresh, {}) == 0
    assert event_states(engine)[event] == ("pending", None)
    with writing(engine) as connection:
        assert plan(connection, POLICY, LIMITS) == 1


def test_what_its_person_gives_up_is_not_tried_again_but_its_events_are(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    refresh = take(engine, "acme", "by-hand")
    assert isinstance(refresh, Refresh)
    with writing(engine) as connection:
        give_up(connection, refresh.refresh_id, refresh.attempt, "cancelled by a person")
    assert log(engine)["state"] == "dead"
    assert event_states(engine)[event] == ("pending", None)
    [due] = handed_over(engine)
    assert due.refresh_id != refresh.refresh_id


def test_an_event_is_handled_when_the_last_of_its_companies_is(engine: Engine) -> None:
    follow(engine, "acme", "globex", "initech")
    both = push(engine, "acme", COMPANY_CHANGE, oldCompany="globex", newCompany="acme Inc")
    mixed = push(engine, "acme", COMPANY_CHANGE, oldCompany="initech", newCompany="acme Inc")
    handed_over(engine)
    assert done(engine, taken(engine, "acme", "run-a")) == 2
    assert {state for state, _ in event_states(engine).values()} == {"pending"}
    assert done(engine, taken(engine, "globex", "run-g")) == 1
    assert event_states(engine) == {both: ("handled", None), mixed: ("pending", None)}
    refresh = taken(engine, "initech", "run-i")
    with writing(engine) as connection:
        lone = Limits(HOUR, 10, 3, max_attempts=1)
        fail(connection, refresh.refresh_id, 1, "Boom", lone)
    # One of its two companies never learnt of it.
    assert event_states(engine)[mixed] == ("dead", "Boom")
    states = {row["state"] for row in rows(engine, webhook_event_companies)}
    assert states == {"handled", "dead"}


def test_a_manual_refresh_waits_behind_nothing_that_is_planned(engine: Engine) -> None:
    follow(engine, "acme")
    with writing(engine) as connection:
        assert plan_manual(connection, ["acme"]) == 1
    [due] = handed_over(engine)
    assert (due.reason, due.company_id) == ("manual", "acme")
    assert taken(engine, "acme", "run-1", due).reason == "manual"


def test_long_errors_are_cut(engine: Engine) -> None:
    follow(engine, "acme")
    refresh = taken(engine, "acme", "run-1")
    failed(engine, refresh.refresh_id, 1, "x" * 5_000)
    assert len(log(engine)["error"]) == 2_000
