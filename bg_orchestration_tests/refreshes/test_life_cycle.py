"""How a refresh begins, on both databases: taken over under the limits, and fenced."""

import threading

import pytest
from sqlalchemy import Engine, text

from bg_orchestration.domain.admission import DueRefresh, Limits
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import (
    LEASE,
    AttemptOver,
    LeaseBusy,
    LeaseLostError,
    LimitsReached,
    Refresh,
    renew,
)
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import company_leases, refresh_attempts
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
    event_states,
    follow,
    let_pass,
    push,
    rows,
)


def test_the_planned_run_takes_its_refresh_over_and_completes_it(engine: Engine) -> None:
    follow(engine, "acme")
    first = push(engine)
    [due] = handed_over(engine)
    # It came while the run was queued: the run absorbs it.
    second = push(engine)
    handed_over(engine)
    refresh = taken(engine, "acme", "run-1", due)
    assert refresh == Refresh(due.refresh_id, "acme", "event", 1, "run-1", 1, 2, "")
    row = log(engine)
    assert (row["state"], row["run_id"], row["reason"]) == ("running", "run-1", "event")
    assert event_states(engine)[first] == ("pending", None)

    # It came too late: another refresh will see to it.
    third = push(engine)
    handed_over(engine)
    assert done(engine, refresh) == 2
    assert {one: state for one, (state, _) in event_states(engine).items()} == {
        first: "handled",
        second: "handled",
        third: "pending",
    }
    row = log(engine)
    assert (row["state"], row["error"]) == ("completed", None)
    assert row["summary"] == '{"changes": 0, "events": 2, "members": 0}'
    assert row["finished_at"] >= row["started_at"]
    [attempt] = rows(engine, refresh_attempts)
    assert (attempt["attempt"], attempt["run_id"], attempt["error"]) == (1, "run-1", None)
    assert attempt["ended_at"] is not None
    handed_over(engine)
    assert [row["state"] for row in rows(engine, logs)].count("planned") == 1


def test_a_persons_run_opens_a_refresh_of_its_own(engine: Engine) -> None:
    follow(engine, "acme")
    refresh = taken(engine, "acme", "run-1")
    assert (refresh.reason, refresh.attempt, refresh.events) == ("manual", 1, 0)
    # The same run asks again at each step, and renews its lease by it.
    let_pass(engine, LEASE - SECOND)
    assert taken(engine, "acme", "run-1") == refresh
    let_pass(engine, LEASE - SECOND)
    assert isinstance(take(engine, "acme", "run-2"), LeaseBusy)
    assert len(rows(engine, refresh_attempts)) == 1


def test_a_persons_run_takes_over_what_is_planned_and_absorbs_its_events(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    [due] = handed_over(engine)
    refresh = taken(engine, "acme", "by-hand")
    assert (refresh.refresh_id, refresh.reason, refresh.events) == (due.refresh_id, "manual", 1)
    assert log(engine)["reason"] == "manual"
    # The run that was queued for it finds another one at work, then nothing to do.
    busy = take(engine, "acme", "run-1", due)
    assert isinstance(busy, LeaseBusy)
    assert (busy.run_id, busy.refresh_id, busy.attempt) == ("by-hand", due.refresh_id, 1)
    assert done(engine, refresh) == 1
    assert take(engine, "acme", "run-1", due) == AttemptOver(due.refresh_id, "completed")
    assert event_states(engine)[event][0] == "handled"


def test_a_run_takes_over_a_deferred_refresh_before_its_time(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine)
    [due] = handed_over(engine)
    done(engine, taken(engine, "acme", "run-1", due))
    push(engine)
    assert handed_over(engine) == []
    refresh = taken(engine, "acme", "by-hand")
    assert (refresh.reason, refresh.events) == ("manual", 1)
    assert {row["refresh_id"]: row["emitted_at"] is None for row in rows(engine, logs)} == {
        due.refresh_id: False,
        refresh.refresh_id: False,
    }


def test_a_stale_attempt_is_over(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine)
    [due] = handed_over(engine)
    assert failed(engine, due.refresh_id, 1) == "failed"
    assert take(engine, "acme", "late", due) == AttemptOver(due.refresh_id, "failed")
    unknown = DueRefresh("no-such", "acme", "event", 1, due.due_at)
    assert take(engine, "acme", "lost", unknown) == AttemptOver("no-such", "unknown")
    assert rows(engine, refresh_attempts) == rows(engine, company_leases) == []


def test_the_rate_holds_whoever_starts(engine: Engine) -> None:
    names = ["a", "b", "c", "d"]
    follow(engine, *names)
    limits = Limits(HOUR, starts_per_minute=2, concurrency=9, max_attempts=3)
    for name in names[:2]:
        refresh = take(engine, name, f"run-{name}", limits=limits)
        assert isinstance(refresh, Refresh)
        done(engine, refresh)
        let_pass(engine, 10 * SECOND)
    later = take(engine, "c", "run-c", limits=limits)
    assert isinstance(later, LimitsReached)
    assert later.why == "limit of 2 starts a minute"
    first = min(row["started_at"] for row in rows(engine, refresh_attempts))
    assert later.until == first + 60 * SECOND
    let_pass(engine, 40 * SECOND)
    assert isinstance(take(engine, "c", "run-c", limits=limits), Refresh)
    assert isinstance(take(engine, "d", "run-d", limits=limits), LimitsReached)


def test_the_concurrency_holds_whoever_starts(engine: Engine) -> None:
    names = ["a", "b", "c", "d"]
    follow(engine, *names)
    running = [taken(engine, name, f"run-{name}") for name in names[:3]]
    assert take(engine, "d", "run-d") == LimitsReached(None, "limit of 3 refreshes at once")
    done(engine, running[0])
    assert isinstance(take(engine, "d", "run-d"), Refresh)


def test_starters_at_once_never_pass_the_limits(engine: Engine) -> None:
    names = [f"c{number}" for number in range(8)]
    follow(engine, *names)
    together = threading.Barrier(8)
    answers: list[object] = []

    def run(company_id: str, run_id: str) -> None:
        together.wait()
        answers.append(take(engine, company_id, run_id))

    # Each company is asked for twice.
    runs = [(names[number // 2], f"run-{number}") for number in range(8)]
    threads = [threading.Thread(target=run, args=one) for one in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    held = [answer for answer in answers if isinstance(answer, Refresh)]
    assert len(answers) == 8
    assert len(held) == len({refresh.company_id for refresh in held}) == 3
    assert len(rows(engine, refresh_attempts)) == 3


def test_an_expired_lease_is_taken_over_and_fences_the_old_holder(engine: Engine) -> None:
    follow(engine, "acme", "b", "c")
    event = push(engine)
    [due] = handed_over(engine)
    stalled = taken(engine, "acme", "run-1", due)
    for name in ("b", "c"):
        taken(engine, name, f"run-{name}")
    assert isinstance(take(engine, "acme", "run-2"), LeaseBusy)
    let_pass(engine, LEASE + SECOND)
    # All places are taken, one of them by the run that is gone.
    heir = taken(engine, "acme", "run-2")
    assert (heir.refresh_id, heir.attempt, heir.events) == (stalled.refresh_id, 2, 1)
    assert heir.token > stalled.token
    with writing(engine) as connection, pytest.raises(LeaseLostError):
        renew(connection, stalled)
    with pytest.raises(LeaseLostError):
        done(engine, stalled)
    assert failed(engine, stalled.refresh_id, stalled.attempt) is None
    assert done(engine, heir) == 1
    assert event_states(engine)[event][0] == "handled"
    attempts = [
        row for row in rows(engine, refresh_attempts) if row["refresh_id"] == due.refresh_id
    ]
    assert [(row["attempt"], row["error"]) for row in attempts] == [
        (1, "the run vanished"),
        (2, None),
    ]


@pytest.mark.parametrize("attempts", [3, 1])
def test_a_run_whose_attempt_was_failed_writes_nothing_more(engine: Engine, attempts: int) -> None:
    follow(engine, "acme")
    event = push(engine)
    [due] = handed_over(engine)
    stalled = taken(engine, "acme", "run-1", due)
    let_pass(engine, LEASE + SECOND)
    with writing(engine) as connection:
        lone = Limits(HOUR, 10, 3, max_attempts=attempts)
        state = fail(connection, due.refresh_id, 1, "run run-1 vanished", lone)
    assert state == ("dead" if attempts == 1 else "failed")
    before = (log(engine), event_states(engine)[event])
    with pytest.raises(LeaseLostError):
        done(engine, stalled)
    assert (log(engine), event_states(engine)[event]) == before


def test_a_refresh_is_completed_once(engine: Engine) -> None:
    follow(engine, "acme")
    refresh = taken(engine, "acme", "run-1")
    done(engine, refresh)
    before = log(engine)
    with pytest.raises(LeaseLostError):
        done(engine, refresh)
    assert failed(engine, refresh.refresh_id, 1) is None
    assert log(engine) == before


def test_nobody_takes_over_what_is_being_completed(engine: Engine) -> None:
    """A holder whose lease ran out, but who came back in time, is waited for."""
    follow(engine, "acme")
    refresh = taken(engine, "acme", "run-1")
    let_pass(engine, LEASE + SECOND)
    answers: list[object] = []
    other = threading.Thread(target=lambda: answers.append(take(engine, "acme", "run-2")))
    with writing(engine) as connection:
        publish(connection, refresh, ())
        other.start()
        other.join(0.3)
        assert answers == []
    other.join(10)
    [second] = answers
    assert isinstance(second, Refresh)
    assert (second.attempt, second.token > refresh.token) == (1, True)
    assert second.refresh_id != refresh.refresh_id
    states = {row["refresh_id"]: row["state"] for row in rows(engine, logs)}
    assert states == {refresh.refresh_id: "completed", second.refresh_id: "running"}


def test_a_run_that_renews_while_another_takes_over_keeps_its_lease(engine: Engine) -> None:
    """The renewal commits between the other's look at the lease and its take-over."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nothing commits in between")
    follow(engine, "acme")
    late = taken(engine, "acme", "run-1")
    let_pass(engine, LEASE + SECOND)
    found: list[object] = []
    other = threading.Thread(target=lambda: found.append(take(engine, "acme", "run-2")))
    with writing(engine) as connection:
        renew(connection, late)
        other.start()
        waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        for _ in range(600):
            with engine.connect() as look:
                if look.execute(waits).scalar():
                    break
            other.join(0.1)
    other.join()
    assert [type(one) for one in found] == [LeaseBusy]
    with writing(engine) as connection:
        renew(connection, late)
