"""What is planned and handed over, and that asking stays cheap: on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from bg_orchestration.domain.admission import DueRefresh, Limits
from bg_orchestration.refreshes import open_work as waiting
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import start
from bg_orchestration.refreshes.open_work import Backlog, backlog, under_way
from bg_orchestration.refreshes.planning import (
    has_due_work,
    plan_manual,
    plan_stale,
)
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.refreshes.lives import RULES, emitted, planned, refreshed
from bg_orchestration_tests.store.rows import (
    HAPPENED,
    HOUR,
    LIMITS,
    archive,
    follow,
    let_pass,
    push,
    rows,
)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def test_events_of_a_cool_down_lead_to_one_refresh_at_its_end(engine: Engine) -> None:
    follow(engine, "acme")
    first = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    push(engine, traceparent=first)
    push(engine, traceparent="00-later")
    assert planned(engine) == 1
    [due] = emitted(engine)
    assert (due.company_id, due.reason, due.attempt, due.traceparent) == ("acme", "event", 1, first)
    refreshed(engine, "acme", due)
    [row] = rows(engine, logs)
    began = row["started_at"]

    for _ in range(3):
        push(engine)
        planned(engine)
    assert emitted(engine) == ()
    [waits] = [row for row in rows(engine, logs) if row["state"] == "planned"]
    assert waits["due_at"] == began + HOUR
    with reading(engine) as connection:
        assert backlog(connection) == Backlog(
            pending_events=3, deferred=1, deferred_until=began + HOUR, over_budget=0,
            over_limit=0, under_way=0, dead_events=0,
        )  # fmt: skip
        assert not has_due_work(connection, LIMITS)

    let_pass(engine, HOUR - SECOND * 30)
    planned(engine)
    assert emitted(engine) == ()
    let_pass(engine, SECOND * 31)
    with reading(engine) as connection:
        assert has_due_work(connection, LIMITS)
    [due] = emitted(engine)
    assert due.refresh_id == waits["refresh_id"]
    assert emitted(engine) == ()


def test_a_persons_refresh_starts_no_cool_down(engine: Engine) -> None:
    follow(engine, "acme")
    refreshed(engine, "acme")
    push(engine)
    planned(engine)
    assert [due.company_id for due in emitted(engine)] == ["acme"]


def test_a_company_has_at_most_one_open_refresh(engine: Engine) -> None:
    follow(engine, "acme", "globex")
    push(engine)
    assert planned(engine) == 1
    push(engine)
    assert planned(engine) == 0
    with writing(engine) as connection:
        assert plan_manual(connection, ["acme", "globex", "nobody"]) == 1
    assert plan_stale(engine, RULES, (), LIMITS) == 0
    reasons = {row["company_id"]: row["reason"] for row in rows(engine, logs)}
    assert reasons == {"acme": "event", "globex": "manual"}
    emitted(engine)
    assert planned(engine) == 0
    with writing(engine) as connection, pytest.raises(IntegrityError):
        connection.execute(
            insert(logs).values(
                refresh_id="twin",
                company_id="acme",
                reason="event",
                planned_at=HAPPENED,
                due_at=HAPPENED,
            )
        )


def test_planners_at_once_plan_and_emit_everything_once(engine: Engine) -> None:
    names = [f"c{number}" for number in range(12)]
    follow(engine, *names)
    for name in names:
        push(engine, name)
    wide = Limits(HOUR, starts_per_minute=9, concurrency=50, max_attempts=3)
    counts: list[int] = []
    handed: list[DueRefresh] = []
    together = threading.Barrier(3)

    def tick() -> None:
        together.wait()
        for _ in range(3):
            counts.append(planned(engine, wide))
            handed.extend(emitted(engine, wide))

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == len(rows(engine, logs)) == 12
    assert len(handed) == len({due.refresh_id for due in handed}) == 9


def test_emission_is_bounded_by_places_and_by_the_rate(engine: Engine) -> None:
    names = [f"c{number:02}" for number in range(14)]
    follow(engine, *names)
    for name in names:
        push(engine, name)
    assert planned(engine) == 14
    first = emitted(engine)
    assert len(first) == 2 * LIMITS.concurrency
    assert emitted(engine) == ()
    for due in first[:3]:
        refreshed(engine, due.company_id, due)
    # Three starts and three handed over: four more of ten, but only three places.
    second = emitted(engine)
    assert len(second) == 3
    for due in (*first[3:], *second):
        refreshed(engine, due.company_id, due)
    # Nine started in this minute.
    assert len(emitted(engine)) == 1
    assert emitted(engine) == ()
    let_pass(engine, MINUTE)
    assert len(emitted(engine)) == 4


def test_a_person_goes_before_an_event_and_an_event_before_the_schedule(engine: Engine) -> None:
    follow(engine, "a", "b", "c", "d")
    with writing(engine) as connection:
        # "a" is the stalest by its id; the schedule takes what has no open refresh.
        plan_manual(connection, ["c"])
    push(engine, "b")
    push(engine, "d")
    planned(engine)
    assert plan_stale(engine, RULES, (), LIMITS) == 1
    with writing(engine) as connection:
        # The longer one waits the sooner it goes, within its rank.
        connection.execute(logs.update().where(logs.c.company_id == "d").values(due_at=HAPPENED))
        connection.execute(
            logs.update()
            .where(logs.c.company_id == "a")
            .values(due_at=clock(connection) - timedelta(hours=20))
        )
    # A slot and two starts stay free of the schedule, for the next event.
    assert [due.company_id for due in emitted(engine)] == ["d", "c", "b"]
    for company_id in ("d", "c"):
        refreshed(engine, company_id)
    assert [due.company_id for due in emitted(engine)] == ["a"]


def test_the_schedule_takes_the_stalest_and_keeps_the_cool_down(engine: Engine) -> None:
    follow(engine, "fresh", "never", "old", "older", "archived", "dying")
    archive(engine, "archived")
    for name, age in (("older", 3), ("old", 2)):
        refreshed(engine, name)
        let_pass(engine, age * HOUR)
    refreshed(engine, "fresh")
    push(engine, "dying")
    planned(engine)
    [due] = emitted(engine)
    with writing(engine) as connection:
        start(connection, "dying", "run", LIMITS, (due.refresh_id, 1))
        lone = Limits(HOUR, 10, 3, max_attempts=1)
        assert fail(connection, due.refresh_id, 1, "Boom", lone) == "dead"
        now = clock(connection)
    assert plan_stale(engine, RULES, (), LIMITS) == 4
    assert plan_stale(engine, RULES, (), LIMITS) == 0
    waiting = {row["company_id"]: row for row in rows(engine, logs) if row["state"] == "planned"}
    assert waiting.keys() == {"never", "old", "older", "dying"}
    assert {row["reason"] for row in waiting.values()} == {"scheduled"}
    # It was started automatically just now, and died: no second automatic start in the hour.
    assert waiting["dying"]["due_at"] > now + HOUR - MINUTE
    assert [waiting[name]["due_at"] <= now + SECOND for name in ("never", "old", "older")] == [
        True
    ] * 3


def test_an_event_takes_its_company_out_of_the_backlog_of_the_schedule(engine: Engine) -> None:
    follow(engine, *(f"c{n:02}" for n in range(40)))
    assert plan_stale(engine, RULES, (), LIMITS) == 40
    for due in (first := emitted(engine)):
        refreshed(engine, due.company_id, due)
    waiting = {row["company_id"] for row in rows(engine, logs) if row["state"] == "planned"}
    behind = max(waiting)
    push(engine, behind, traceparent="00-event")
    planned(engine)
    [due] = [due for due in emitted(engine) if due.reason == "event"]
    assert (due.company_id, due.traceparent) == (behind, "00-event")
    assert len(first) == LIMITS.background.concurrency


def test_a_decision_takes_its_company_out_of_the_backlog_too(engine: Engine) -> None:
    follow(engine, *(f"c{n:02}" for n in range(9)))
    plan_stale(engine, RULES, (), LIMITS)
    with writing(engine) as connection:
        assert plan_manual(connection, ["c08"]) == 0
    assert emitted(engine)[0].company_id == "c08"
    with reading(engine) as connection:
        assert waiting.open_refreshes(connection).stale == 7


def test_the_schedule_leaves_a_fifth_of_the_limits_to_events(engine: Engine) -> None:
    follow(engine, *(f"c{n:02}" for n in range(30)))
    plan_stale(engine, RULES, (), LIMITS)
    started = 0
    while batch := emitted(engine):
        for due in batch:
            refreshed(engine, due.company_id, due)
        started += len(batch)
    assert started == 8
    push(engine, "c29")
    planned(engine)
    assert [due.reason for due in emitted(engine)] == ["event"]


def test_knows_what_is_under_way_and_whose_lease_ran_out(engine: Engine) -> None:
    follow(engine, "acme", "globex")
    for name in ("acme", "globex"):
        push(engine, name)
    planned(engine)
    first, second = emitted(engine)
    with writing(engine) as connection:
        start(connection, first.company_id, "run-1", LIMITS, (first.refresh_id, 1))
    with reading(engine) as connection:
        found = {row.due.refresh_id: row for row in under_way(connection)}
    running, handed_over = found[first.refresh_id], found[second.refresh_id]
    assert (running.state, running.run_id, running.lease_lost) == ("running", "run-1", False)
    assert (handed_over.state, handed_over.run_id) == ("planned", None)
    assert handed_over.due == second
    let_pass(engine, MINUTE)
    with reading(engine) as connection:
        assert {row.due.refresh_id: row.lease_lost for row in under_way(connection)}[
            first.refresh_id
        ]
