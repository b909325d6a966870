"""No query of a tick reads the history: its cost does not grow with it."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, Table, text

from bg_orchestration.ledger.reports import over_budget, provider_health
from bg_orchestration.refreshes import open_work as waiting
from bg_orchestration.refreshes.history import history
from bg_orchestration.refreshes.open_work import backlog, under_way
from bg_orchestration.refreshes.overview import events
from bg_orchestration.refreshes.planning import (
    emit,
    has_due_work,
    plan,
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
from bg_orchestration_tests.refreshes.lives import RULES, emitted, planned, refreshed
from bg_orchestration_tests.store.rows import (
    HOUR,
    LIMITS,
    POLICY,
    follow,
    let_pass,
    push,
    statements,
)


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
