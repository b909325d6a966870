"""Counts that grow with what is committed, and that nothing makes smaller: on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bg_orchestration.observability.metric_families import (
    EVENT_TO_PUBLISHED,
    REFRESH_ATTEMPTS,
    Family,
)
from bg_orchestration.refreshes.failed_attempts import give_up
from bg_orchestration.refreshes.open_work import CANCELLED
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.refreshes.retention import RetentionPeriods, delete_old_rows
from bg_orchestration.store.counters import (
    count,
    histogram,
    label_sets,
    observe,
    read,
    total,
)
from bg_orchestration.store.database import writing
from bg_orchestration_tests.refreshes.lives import (
    attempts,
    counted,
    done,
    failed,
    handed_over,
    take,
    taken,
)
from bg_orchestration_tests.store.rows import HOUR, follow, let_pass, push

EVENT = {"reason": "event", "outcome": "completed"}
NO_WAIT = {"waited": "no"}


def waited(engine: Engine) -> dict[str, float]:
    """How many events were published, by why they waited."""
    counts = counted(engine)
    found = {
        labels["waited"]: histogram(counts, EVENT_TO_PUBLISHED, labels)[0][-1][1]
        for labels in EVENT_TO_PUBLISHED.label_sets()
    }
    return {why: events for why, events in found.items() if events}


def test_counts_add_up_and_what_is_rolled_back_was_never_counted(engine: Engine) -> None:
    with writing(engine) as connection:
        count(connection, REFRESH_ATTEMPTS, EVENT)
        count(connection, REFRESH_ATTEMPTS, EVENT, 2)
    with engine.connect() as connection, connection.begin() as transaction:
        count(connection, REFRESH_ATTEMPTS, EVENT, 100)
        transaction.rollback()
    assert attempts(engine) == {("event", "completed"): 3}


def test_a_histogram_is_cumulative_and_holds_what_lies_beyond_its_bounds(engine: Engine) -> None:
    with writing(engine) as connection:
        observe(connection, EVENT_TO_PUBLISHED, NO_WAIT, [0.4, 0.5, 7, 1e9, -3])
        observe(connection, EVENT_TO_PUBLISHED, NO_WAIT, [])
    buckets, seconds = histogram(counted(engine), EVENT_TO_PUBLISHED, NO_WAIT)
    by_bound = dict(buckets)
    # A clock that is set back makes a wait negative: it counts as none.
    assert (by_bound["0.5"], by_bound["5.0"], by_bound["10.0"]) == (3, 3, 4)
    assert (by_bound["86400.0"], by_bound["+Inf"]) == (4, 5)
    assert seconds == pytest.approx(1e9 + 7.9)


def test_only_the_labels_of_the_family_can_be_counted(engine: Engine) -> None:
    with writing(engine) as connection:
        for wrong in ({"reason": "event"}, {"reason": "acme", "outcome": "dead"}):
            with pytest.raises(AssertionError):
                count(connection, REFRESH_ATTEMPTS, wrong)
        # A label without listed values, as providers have: a series begins when it is counted.
        calls = Family("bg_calls", "Calls.", {"provider": ()})
        assert label_sets(read(connection), calls) == []
        count(connection, calls, {"provider": "crm"}, 0.25)
        assert label_sets(read(connection), calls) == [{"provider": "crm"}]
        assert total(read(connection), calls, {"provider": "crm"}) == 0.25


def test_each_end_of_an_attempt_is_counted_once(engine: Engine) -> None:
    follow(engine, "acme", "beta")
    push(engine)
    [due] = handed_over(engine)
    taken(engine, "acme", "r1", due)
    assert failed(engine, due.refresh_id, 1) == "failed"
    assert failed(engine, due.refresh_id, 1) is None
    for attempt in (2, 3):
        let_pass(engine, HOUR)
        [due] = handed_over(engine)
        assert due.attempt == attempt
        taken(engine, "acme", f"r{attempt}", due)
        failed(engine, due.refresh_id, attempt)
    assert attempts(engine) == {("event", "failed"): 2, ("event", "dead"): 1}

    mine = taken(engine, "beta", "by hand")
    with writing(engine) as connection:
        give_up(connection, mine.refresh_id, mine.attempt, CANCELLED)
    done(engine, taken(engine, "beta", "by hand again"))
    assert attempts(engine) == {
        ("event", "failed"): 2,
        ("event", "dead"): 1,
        ("manual", "cancelled"): 1,
        ("manual", "completed"): 1,
    }


def test_a_run_that_vanished_and_was_taken_over_is_a_failed_attempt(engine: Engine) -> None:
    follow(engine, "acme")
    with writing(engine) as connection:
        plan_manual(connection, ["acme"])
    [due] = handed_over(engine)
    taken(engine, "acme", "vanishes", due)
    let_pass(engine, timedelta(minutes=2))
    taken(engine, "acme", "by hand")
    assert attempts(engine) == {("manual", "failed"): 1}


def test_the_way_to_publication_is_told_apart_by_why_it_took_so_long(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine)
    push(engine)
    [due] = handed_over(engine)
    assert done(engine, taken(engine, "acme", "r1", due)) == 2
    assert waited(engine) == {"no": 2}

    push(engine)
    assert handed_over(engine) == []
    let_pass(engine, HOUR)
    [due] = handed_over(engine)
    taken(engine, "acme", "r2", due)
    failed(engine, due.refresh_id, 1)
    push(engine)
    let_pass(engine, HOUR)
    [due] = handed_over(engine)
    done(engine, taken(engine, "acme", "r3", due))
    assert waited(engine) == {"no": 2, "retry": 2}

    push(engine)
    assert handed_over(engine) == []
    let_pass(engine, 2 * HOUR)
    [due] = handed_over(engine)
    done(engine, taken(engine, "acme", "r4", due))
    assert waited(engine) == {"no": 2, "retry": 2, "cooldown": 1}
    buckets, seconds = histogram(counted(engine), EVENT_TO_PUBLISHED, {"waited": "cooldown"})
    assert 7_200 <= seconds < 7_300
    assert dict(buckets)["7200.0"] == 0


def test_what_retention_forgets_stays_counted(engine: Engine) -> None:
    follow(engine, "acme")
    for number in range(3):
        push(engine)
        [due] = handed_over(engine)
        done(engine, taken(engine, "acme", f"r{number}", due))
        let_pass(engine, 3 * HOUR)
    before = counted(engine)
    forgotten = delete_old_rows(
        engine, RetentionPeriods(**dict.fromkeys(RetentionPeriods.__dataclass_fields__, HOUR))
    )
    assert forgotten["event_companies"] == 3
    assert forgotten["refreshes"] == 2
    assert counted(engine) == before
    assert attempts(engine) == {("event", "completed"): 3}


def test_a_run_that_comes_too_late_counts_nothing(engine: Engine) -> None:
    follow(engine, "acme")
    first = taken(engine, "acme", "r1")
    let_pass(engine, timedelta(minutes=2))
    taken(engine, "acme", "r2")
    with pytest.raises(Exception, match="lost the lease"):
        done(engine, first)
    assert attempts(engine) == {("manual", "failed"): 1}
    assert take(engine, "acme", "r3") is not None
