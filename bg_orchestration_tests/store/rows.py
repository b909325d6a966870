"""What the tests of store, assets and automation put into the tables, and how time passes there."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy import event as sql

from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.intake.inbox import NewEvent, record
from bg_orchestration.intake.routing import RoutingPolicy
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.store.companies import Employee, save_companies, save_employees
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import (
    Utc,
    companies,
    company_leases,
    employments,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

HAPPENED = datetime(2026, 3, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = Limits(HOUR, starts_per_minute=10, concurrency=3, max_attempts=3)
SUPPRESSIONS = Suppressions(b"a key of the tests")
POLICY = RoutingPolicy(follow_unknown=True, applies_events=True, suppressions=SUPPRESSIONS)

# Fictional people of a fictional company.
STAFF = (
    Person(person_id="p-ann", name="Ann Lee", title="Chief Revenue Officer", department="Sales"),
    Person(person_id="p-bob", name="Bob Ray", title="VP Sales", department="Sales"),
    Person(person_id="p-cyd", name="Cyd Moe", title="Sales Operations Manager", department="Sales"),
    Person(person_id="p-dan", name="Dan Orr", title="Chief Financial Officer"),
    Person(person_id="p-eve", name="Eve Kim", title="Head of Procurement"),
)


def follow(engine: Engine, *company_ids: str, staff: Sequence[Person] = ()) -> None:
    """Follow companies, each with `staff`."""
    with writing(engine) as connection:
        named = [
            Company(company_id=one, name=f"{one} Inc", employee_count=80) for one in company_ids
        ]
        save_companies(connection, named, "test")
        save_employees(
            connection,
            [Employee(company_id, person) for company_id in company_ids for person in staff],
            "test",
        )


def archive(engine: Engine, company_id: str) -> None:
    """Follow a company no more."""
    with writing(engine) as connection:
        connection.execute(
            companies.update().where(companies.c.company_id == company_id).values(followed=False)
        )


def push(
    engine: Engine,
    company_id: str = "acme",
    type_: str = "person.promotion",
    at: datetime = HAPPENED,
    traceparent: str = "",
    changes: dict[str, Any] | None = None,
    **person: Any,
) -> str:
    """Commit one event as the receiver does; returns its id."""
    event_id = uuid4().hex
    who = {"id": "p-ann", "name": "Ann Lee", **person}
    body = json.dumps(
        {
            "id": event_id,
            "source": "crm",
            "type": type_,
            "timestamp": at.isoformat(),
            "person": who,
            "company": {"id": company_id, "name": f"{company_id} Inc"},
            "changes": changes or {},
        }
    ).encode()
    event = NewEvent(
        source="crm",
        event_id=event_id,
        type=type_,
        company_id=company_id,
        person_id=who["id"],
        happened_at=at,
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        scheme="hex",
        key_fingerprint="12345678",
        webhook_id=None,
        traceparent=traceparent,
    )
    with writing(engine) as connection:
        assert record(connection, [event]) == ["accepted"]
    return event_id


def let_pass(engine: Engine, span: timedelta) -> None:
    """Let time pass: everything on record happened `span` earlier than it did."""
    tables = (
        companies,
        logs,
        refresh_attempts,
        company_leases,
        webhook_events,
        webhook_event_companies,
    )
    with writing(engine) as connection:
        for table in tables:
            columns = [column for column in table.c if isinstance(column.type, Utc)]
            for row in connection.execute(select(table)).all():
                moved = {
                    column.name: row._mapping[column] - span
                    for column in columns
                    if row._mapping[column] is not None
                }
                key = [column == row._mapping[column] for column in table.primary_key]
                connection.execute(table.update().where(*key).values(moved))


def rows(engine: Engine, table: Table) -> list[dict[str, Any]]:
    """Every row of `table`, by primary key."""
    with reading(engine) as connection:
        found = connection.execute(select(table).order_by(*table.primary_key))
        return [dict(row._mapping) for row in found]


def event_states(engine: Engine) -> dict[str, tuple[str, str | None]]:
    """State and reason of each event by its id."""
    return {row["event_id"]: (row["state"], row["reason"]) for row in rows(engine, webhook_events)}


def jobs(engine: Engine) -> dict[tuple[str, str], tuple[str, str | None, bool]]:
    """Title, department and whether it is current, by person and company."""
    return {
        (row["person_id"], row["company_id"]): (row["title"], row["department"], row["current"])
        for row in rows(engine, employments)
    }


@contextmanager
def statements(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed in the block, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        seen.append((statement, parameters))

    sql.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sql.remove(connection, "before_cursor_execute", note)
