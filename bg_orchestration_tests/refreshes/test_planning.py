"""What is planned and handed over, and that asking stays cheap: on both databases."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, Table, insert, text
from sqlalchemy.exc import IntegrityError

from bg_orchestration.domain.admission import DueRefresh, Limits
from bg_orchestration.domain.freshness import TIERS
from bg_orchestration.ledger.reports import over_budget, provider_health
from bg_orchestration.refreshes import open_work as waiting
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.history import history
from bg_orchestration.refreshes.life_cycle import Refresh, complete, start
from bg_orchestration.refreshes.open_work import Backlog, backlog, under_way
from bg_orchestration.refreshes.overview import events
from bg_orchestration.refreshes.planning import (
    emit,
    has_due_work,
    plan,
    plan_manual,
    plan_stale,
)
from bg_orchestration.refreshes.staleness import due_companies
from bg_orchestration.settings import settings
from bg_orchestration.store import outbox
from bg_orchestration.store.companies import newest_followed
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    companies,
    notification_outbox,
    pipeline_operations,
    webhook_events,
)
from bg_orchestration_tests.ledger.paid import reserve
from bg_orchestration_tests.store.rows import (
    HAPPENED,
    HOUR,
    LIMITS,
    POLICY,
    archive,
    follow,
    let_pass,
    push,
    rows,
    statements,
)

MINUTE = timedelta(minutes=1)
# Every company is due an hour after its last refresh.
RULES = replace(settings().freshness, ages=dict.fromkeys(TIERS, HOUR))
SECOND = timedelta(seconds=1)


def planned(engine: Engine, limits: Limits = LIMITS) -> int:
    with writing(engine) as connection:
        return plan(connection, POLICY, limits)


def emitted(engine: Engine, limits: Limits = LIMITS) -> tuple[DueRefresh, ...]:
    with writing(engine) as connection:
        return emit(connection, limits)


def refreshed(engine: Engine, company_id: str, due: DueRefresh | None = None) -> None:
    """A whole refresh of a company, from the hand-over to its completion."""
    with writing(engine) as connection:
        of_tags = None if due is None else (due.refresh_id, due.attempt)
        taken = start(connection, company_id, f"run-{company_id}", LIMITS, of_tags)
        assert isinstance(taken, Refresh)
        complete(connection, taken, {})


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


@pytest.fixture
def with_history(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Thousands of settled events, refreshes and messages, and a handful that are not."""
    monkeypatch.setenv("BG_NOTIFY_SLACK_URLS", "sales=https://hooks.example.com/x")
    settings.cache_clear()
    follow(engine, *(f"c{number:02}" for number in range(40)))
    push(engine, "c00")
    planned(engine)
    [due] = emitted(engine)
    refreshed(engine, "c00", due)
    let_pass(engine, 48 * HOUR)
    reserve(engine, "k")
    with writing(engine) as connection:
        _multiply(connection, webhook_events, "event_id")
        _multiply(connection, logs, "refresh_id")
        company = "(SELECT company_id FROM companies ORDER BY company_id LIMIT 1)"
        connection.execute(
            text(
                "INSERT INTO webhook_event_companies (event, company_id, received_at, state) "
                f"SELECT id, {company}, received_at, 'handled' FROM webhook_events "
                "WHERE id NOT IN (SELECT event FROM webhook_event_companies)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO refresh_attempts (refresh_id, attempt, run_id, started_at) "
                "SELECT refresh_id, 1, 'run', started_at FROM buyer_group_refresh_logs "
                "WHERE refresh_id NOT IN (SELECT refresh_id FROM refresh_attempts)"
            )
        )
        _multiply(connection, companies, "company_id")
        outbox.note(connection, "group.changed", "c00", "some", clock(connection))
        connection.execute(notification_outbox.update().values(state="sent", attempts=1))
        _multiply(connection, notification_outbox, "refresh_id")
        before = clock(connection) - 48 * HOUR
        connection.execute(pipeline_operations.update().values(state="failed", asked_at=before))
        _multiply(connection, pipeline_operations, "key")
        for company_id in ("c01", "c02", "c01"):
            outbox.note(connection, "group.changed", company_id, uuid4().hex, clock(connection))
        connection.execute(
            text(
                "INSERT INTO company_leases (company_id, token, refresh_id, run_id, expires_at) "
                "SELECT company_id, 1, 'some', 'run', created_at FROM companies "
                "WHERE company_id NOT IN (SELECT company_id FROM company_leases)"
            )
        )
    for number in range(1, 9):
        push(engine, f"c{number:02}")
    planned(engine)
    assert len(emitted(engine)) == 6
    push(engine, "c10")
    push(engine, "c11")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return engine


def _multiply(connection: Connection, table: Table, key: str) -> None:
    """Copy one row of `table` 4,000 times, each with a key of its own."""
    names = [column.name for column in table.c if column.name != "id"]
    values = ["'copy-' || n" if name == key else name for name in names]
    connection.execute(
        text(
            "WITH RECURSIVE number(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 4000) "
            f"INSERT INTO {table.name} ({', '.join(names)}) "
            f"SELECT {', '.join(values)} FROM (SELECT * FROM {table.name} LIMIT 1) AS one, number"
        )
    )


HISTORY = ("companies", "webhook_events", "webhook_event_companies", "buyer_group_refresh_logs",
           "refresh_attempts", "company_leases", "notification_outbox",
           "pipeline_operations")  # fmt: skip
PARTIAL = ("_received", "_pending", "_to_emit", "_under_way", "_open", "_dead", "_completed",
           "_refreshed_at", "_created_at")  # fmt: skip


def whole_reads(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """The steps of the database's plan that read all of a table that grows with history."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        lines = [row.detail for row in found]
        # An automatic index is one that SQLite makes for the question, of the whole table.
        return [
            line
            for line in lines
            if line.split()[1] in HISTORY
            if "AUTOMATIC" in line
            or (line.startswith("SCAN") and not any(index in line for index in PARTIAL))
        ]
    lines = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    return [line for line in lines if "Seq Scan on" in line and any(t in line for t in HISTORY)]


def test_no_question_of_a_tick_reads_the_history(with_history: Engine) -> None:
    questions = {
        "has_due_work": lambda connection: has_due_work(connection, LIMITS),
        "plan": lambda connection: plan(connection, POLICY, LIMITS),
        "emit": lambda connection: emit(connection, LIMITS),
        "newest_followed": newest_followed,
        "events": lambda connection: events(connection, company_id="c00"),
        "under_way": under_way,
        "backlog": backlog,
        # Those of the exporter and of bg status.
        "stages": waiting.stages,
        "open_refreshes": waiting.open_refreshes,
        "dead_events": waiting.dead_events,
        "newest_dead_event": waiting.newest_dead_event,
        "dead_refreshes": waiting.dead_refreshes,
        "last_completed": waiting.last_completed,
        "provider_health": provider_health,
        "over_budget": over_budget,
        "outbox_now": outbox.outbox_now,
        # Those of the sensor that sends.
        "addresses": outbox.waiting,
        "next_message": lambda connection: outbox.next_message(connection, "sales"),
        "counts": outbox.counts,
        # Those of each run.
        "figures": lambda connection: history(connection, "c00"),
    }
    asked: dict[str, int] = {}
    for name, ask in questions.items():
        with with_history.connect() as connection:
            with connection.begin() as transaction:
                with statements(connection) as seen:
                    ask(connection)
                transaction.rollback()
            with connection.begin():
                for statement, parameters in seen:
                    if statement.startswith(("SELECT", "UPDATE")) and "FROM" in statement.upper():
                        asked[name] = asked.get(name, 0) + 1
                        assert whole_reads(connection, statement, parameters) == [], statement
    assert asked.keys() == questions.keys()
    # The schedule reads every old company, but searches what happened to each.
    with reading(with_history) as connection, statements(connection) as seen:
        due_companies(connection, RULES, ())
    with reading(with_history) as connection:
        [(statement, parameters)] = [each for each in seen if each[0].startswith("SELECT comp")]
        reads = whole_reads(connection, statement, parameters)
        assert [line for line in reads if "companies" not in line] == []
    # The guard sees what it should: an honest question that has no index.
    with reading(with_history) as connection:
        found = whole_reads(connection, "SELECT * FROM webhook_events WHERE reason = 'x'", ())
        assert len(found) == 1
