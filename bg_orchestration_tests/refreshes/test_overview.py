"""What people ask of the tables, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.events import COMPANY_CHANGE
from bg_orchestration.domain.model import BuyerGroup, Group, Member
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.overview import (
    changes,
    employees_called,
    events,
    names_of,
    refresh_of_run,
    refreshes,
    stats,
    titles_of,
)
from bg_orchestration.refreshes.planning import plan, plan_manual
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.companies import end_jobs
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import people
from bg_orchestration_tests.store.rows import HOUR, LIMITS, POLICY, STAFF, follow, push, rows


@pytest.fixture
def lived(engine: Engine) -> Engine:
    """Two companies; one has been refreshed for an event, both wait for another."""
    follow(engine, "acme", "globex", staff=STAFF)
    push(engine, newTitle="Chief Executive Officer")
    refreshed(engine, "acme", "run-1")
    push(engine, "acme", COMPANY_CHANGE, oldCompany="globex Inc", newCompany="acme Inc")
    push(engine, type_="person.birthday")
    planned(engine)
    push(engine, "globex")
    return engine


def planned(engine: Engine) -> None:
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)


def refreshed(engine: Engine, company_id: str, run_id: str) -> Refresh:
    planned(engine)
    members = (
        Member(
            person_id="p-ann", title="CEO", seniority="c_suite", function="executive",
            role="decision", score=0.9, reasons=("decides",), started_on="2026-02",
        ),
    )  # fmt: skip
    group = BuyerGroup(
        company_id=company_id,
        profile_id="default",
        company_size=80,
        size_range=(1, 5),
        members=members,
    )
    with writing(engine) as connection:
        refresh = start(connection, company_id, run_id, LIMITS)
        assert isinstance(refresh, Refresh)
        publish(connection, refresh, [Group(group=group)])
    return refresh


def test_events_tell_which_refresh_handled_them_or_will(lived: Engine) -> None:
    open_ones = {row["company_id"]: row for row in rows(lived, logs) if row["state"] == "planned"}
    with reading(lived) as connection:
        latest, birthday, move, first = events(connection)
        [done] = refreshes(connection, first.refresh_ids)
        assert [line.company_id for line in events(connection, company_id="globex")] == [
            "globex",
            "acme",
        ]
        assert events(connection, state="ignored") == [birthday]
        assert events(connection, limit=1) == [latest]
    assert (first.state, first.due_at, done.state) == ("handled", None, "completed")
    assert (latest.state, latest.refresh_ids, latest.due_at) == ("received", (), None)
    assert (birthday.state, birthday.refresh_ids) == ("ignored", ())
    assert birthday.reason == "type person.birthday is not significant"
    assert move.state == "pending"
    assert set(move.refresh_ids) == {row["refresh_id"] for row in open_ones.values()}
    # They are due already; only what is deferred has an instant to wait for.
    assert move.due_at is None


def test_changes_are_the_newest_oldest_first_and_forget_erased_names(lived: Engine) -> None:
    second = refreshed(lived, "globex", "run-2")
    with reading(lived) as connection:
        both = changes(connection)
        assert [(line.company_id, line.name, line.kind, line.new) for line in both] == [
            ("acme", "Ann Lee", "joined", "decision"),
            ("globex", "Ann Lee", "joined", "decision"),
        ]
        assert [(line.title, line.since) for line in both] == [("CEO", "2026-02")] * 2
        assert changes(connection, limit=1) == both[1:]
        assert changes(connection, company_id="acme") == both[:1]
        assert changes(connection, since=both[1].changed_at) == both[1:]
        assert changes(connection, since=both[1].changed_at + timedelta(seconds=1)) == []
    assert both[1].refresh_id == second.refresh_id
    with writing(lived) as connection:
        connection.execute(people.delete().where(people.c.person_id == "p-ann"))
    with reading(lived) as connection:
        assert [line.name for line in changes(connection)] == [None, None]


def test_a_refresh_is_found_by_its_id_and_by_its_run(lived: Engine) -> None:
    with writing(lived) as connection:
        plan_manual(connection, ["globex"])
    ids = [row["refresh_id"] for row in rows(lived, logs)]
    with reading(lived) as connection:
        found = refreshes(connection, ids)
        mine = refresh_of_run(connection, "run-1")
        assert refresh_of_run(connection, "run-x") is None
        assert refreshes(connection, []) == []
    # In order of their start, those that have not started last.
    assert [line.state for line in found] == ["completed", "planned", "planned"]
    assert mine == found[0]
    assert mine is not None
    assert (mine.company_id, mine.reason, mine.attempt) == ("acme", "manual", 1)
    counts = {"members": 1, "changes": 1, "events": 1}
    assert mine.summary == {**counts, "people": 0, "confidence": 0.0}


def test_names_of_the_known(lived: Engine) -> None:
    with reading(lived) as connection:
        assert names_of(connection, ["p-ann", "p-bob", "nobody"]) == {
            "p-ann": "Ann Lee",
            "p-bob": "Bob Ray",
        }


def test_who_works_where_is_found_by_id_and_by_name(lived: Engine) -> None:
    with writing(lived) as connection:
        end_jobs(connection, "acme", ["p-bob"])
    with reading(lived) as connection:
        assert titles_of(connection, "acme", ["p-ann", "p-bob", "nobody"]) == {
            "p-ann": "Chief Executive Officer"
        }
        assert titles_of(connection, "globex", ["p-bob"]) == {"p-bob": "VP Sales"}
        assert employees_called(connection, "globex", "Bob Ray") == ["p-bob"]
        assert employees_called(connection, "acme", "Bob Ray") == []


def test_stats_count_everything(lived: Engine) -> None:
    with reading(lived) as connection:
        found = stats(connection)
        waiting = events(connection, state="pending")
    assert found.pop("oldest_pending_event") == waiting[-1].received_at
    finished = found.pop("last_completed_refresh")
    assert timedelta(0) <= waiting[-1].received_at - finished < HOUR
    assert found == {
        "companies": 2,
        "people": 5,
        "current_jobs": 9,
        "groups": 1,
        "members_by_role": {"decision": 1},
        "events_by_state": {"handled": 1, "ignored": 1, "pending": 1, "received": 1},
        "refreshes_by_state": {"completed": 1, "planned": 2},
        "refreshes_by_reason": {"event": 2, "manual": 1},
        "changes": 1,
        "operations_by_state": {},
        "spent_usd": 0.0,
        "spent_today_usd": 0.0,
    }


def test_nothing_yet_is_told_as_nothing(engine: Engine) -> None:
    with reading(engine) as connection:
        assert events(connection) == []
        assert changes(connection) == []
        empty = stats(connection)
    assert not any(empty.values())
