"""The freshness of companies from the tables, on both databases."""

from datetime import timedelta

from sqlalchemy import Connection, Engine, insert, update

from bg_orchestration.refreshes.planning import new_refresh_id
from bg_orchestration.refreshes.staleness import (
    due_companies,
    freshness_by_id,
    tier_counts,
    without_open_refresh,
)
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    companies,
    people,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.store.rows import archive, follow

DAY = timedelta(days=1)


def refreshed(connection: Connection, company_id: str, age: timedelta) -> None:
    """A complete, quiet group, refreshed `age` ago."""
    now = clock(connection)
    connection.execute(
        update(companies).where(companies.c.company_id == company_id).values(refreshed_at=now - age)
    )
    connection.execute(
        insert(buyer_groups).values(
            company_id=company_id, profile_id="default", company_size=80, size_low=51,
            size_high=200, completeness=1.0, gaps="[]", created_at=now, changed_at=now,
        )
    )  # fmt: skip


def change(
    connection: Connection, company_id: str, *kinds: str, age: timedelta, cause: str | None = None
) -> None:
    """Changes of the group, `age` ago."""
    now = clock(connection)
    refresh_id = new_refresh_id()
    connection.execute(
        insert(logs).values(
            refresh_id=refresh_id, company_id=company_id, reason="event", state="completed",
            planned_at=now, due_at=now,
        )
    )  # fmt: skip
    for kind in kinds:
        connection.execute(
            insert(buyer_group_changes).values(
                company_id=company_id, profile_id="default", person_id="p", refresh_id=refresh_id,
                kind=kind, changed_at=now - age, cause=cause,
            )
        )  # fmt: skip


def lead(connection: Connection, company_id: str, role: str, months: int | None) -> None:
    """A member whose job began so many months ago."""
    now = clock(connection)
    person_id = f"{company_id}-{role}-{months}"
    year, month = divmod(now.year * 12 + now.month - 1 - (months or 0), 12)
    connection.execute(
        insert(people).values(person_id=person_id, name="Ann Lee", source="test", created_at=now)
    )
    connection.execute(
        insert(buyer_group_members).values(
            company_id=company_id, profile_id="default", person_id=person_id, title="CFO",
            seniority="c_level", function="finance", role=role, score=1.0, reasons="[]",
            contacts="[]", changed_at=now,
            started_on=None if months is None else f"{year:04}-{month + 1:02}",
        )
    )  # fmt: skip


def test_the_tables_give_tier_and_reason(engine: Engine) -> None:
    ids = ["busy", "changed", "leaving", "phones", "quiet", "staying"]
    follow(engine, *ids, "new", "archived")
    archive(engine, "archived")
    rules = settings().freshness
    with writing(engine) as connection:
        for company_id in ids:
            refreshed(connection, company_id, 2 * DAY)
        change(connection, "busy", "joined", "left", "title_changed", age=DAY)
        change(connection, "changed", "role_changed", age=DAY)
        change(connection, "quiet", "joined", "left", "joined", age=15 * DAY)
        change(connection, "quiet", "joined", "joined", "joined", age=DAY, cause="first")
        change(connection, "phones", *["contact_changed"] * 5, age=DAY)
        for months in (31, 47, 120):
            lead(connection, "leaving", "decision", months)
        for months in (3, 49, 36, None):
            lead(connection, "staying", "champion", months)
        lead(connection, "staying", "blocker", 40)
    with reading(engine) as connection:
        found = freshness_by_id(connection, rules, (), [*ids, "new", "archived"])
        assert {company_id: each.tier for company_id, each in found.items()} == {
            "busy": "red", "changed": "orange", "leaving": "orange", "new": "red",
            "phones": "green", "quiet": "green", "staying": "green",
        }  # fmt: skip
        assert found["leaving"].reason.startswith("2 of 3 deciders and champions")
        assert tier_counts(connection, rules, ()) == {"red": 2, "orange": 2, "green": 3}


def test_due_companies_come_longest_due_first(engine: Engine) -> None:
    ages = {"red-2": 2, "green-33": 33, "green-29": 29, "orange-9": 9, "orange-6": 6, "red-0": 0}
    follow(engine, *ages, "new", "waits")
    with writing(engine) as connection:
        for company_id, days in ages.items():
            refreshed(connection, company_id, days * DAY)
            kinds = {"red": ["joined"] * 3, "orange": ["left"]}.get(company_id.split("-")[0], [])
            change(connection, company_id, *kinds, age=timedelta(hours=1))
        connection.execute(
            insert(logs).values(
                refresh_id="r1", company_id="waits", reason="event", state="planned",
                planned_at=clock(connection), due_at=clock(connection),
            )
        )  # fmt: skip
    with reading(engine) as connection:
        due = due_companies(connection, settings().freshness, (), without_open_refresh())
        assert [each.company_id for each in due] == ["green-33", "orange-9", "red-2", "new"]
