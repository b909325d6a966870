"""What waits, as metrics and `bg status` tell it: on both databases."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.diagnosis.facts import OpenRefreshes
from bg_orchestration.refreshes import open_work as waiting
from bg_orchestration.refreshes.failed_attempts import fail, give_up
from bg_orchestration.refreshes.open_work import CANCELLED
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.store.database import reading, reading_within, writing
from bg_orchestration_tests.refreshes.lives import (
    done,
    failed,
    handed_over,
    taken,
)
from bg_orchestration_tests.store.rows import HOUR, LIMITS, POLICY, STAFF, follow, let_pass, push

MINUTE = timedelta(minutes=1)


def stages(engine: Engine) -> dict[str, tuple[int, int]]:
    """Events and minutes of the stages in which there are events."""
    with reading(engine) as connection:
        found = waiting.stages(connection)
    return {
        name: (stage.events, round(stage.oldest_seconds / 60))
        for name, stage in found.items()
        if stage.events
    }


def opened(engine: Engine) -> OpenRefreshes:
    with reading(engine) as connection:
        return waiting.open_refreshes(connection)


def test_an_event_goes_through_the_stages(engine: Engine) -> None:
    follow(engine, "acme")
    assert stages(engine) == {}
    push(engine)
    let_pass(engine, 3 * MINUTE)
    assert stages(engine) == {"received": (1, 3)}
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    # It could have been refreshed since now: it is due for no time at all.
    assert stages(engine) == {"due": (1, 0)}
    let_pass(engine, 2 * MINUTE)
    assert stages(engine) == {"due": (1, 2)}
    with writing(engine) as connection:
        [due] = emit(connection, LIMITS)
    assert stages(engine) == {"under_way": (1, 2)}
    refresh = taken(engine, "acme", "r1", due)
    assert stages(engine) == {"under_way": (1, 2)}
    done(engine, refresh)
    assert stages(engine) == {}

    push(engine)
    handed_over(engine)
    let_pass(engine, 50 * MINUTE)
    assert stages(engine) == {"deferred": (1, 50)}
    let_pass(engine, 20 * MINUTE)
    # The cool-down is over; what it took is not held against anybody.
    assert stages(engine) == {"due": (1, 10)} or stages(engine) == {"due": (1, 11)}


def test_open_refreshes_are_counted_by_where_they_stand(engine: Engine) -> None:
    follow(engine, "a", "b", "c", "d")
    assert opened(engine) == OpenRefreshes(0, 0, 0.0, 0, 0.0, 0)
    for company in ("a", "b", "c", "d"):
        push(engine, company)
    few = Limits(HOUR, starts_per_minute=2, concurrency=1, max_attempts=3)
    with writing(engine) as connection:
        plan(connection, POLICY, few)
        first, _second = emit(connection, few)
    taken(engine, first.company_id, "r1", first)
    let_pass(engine, 5 * MINUTE)
    found = opened(engine)
    assert (found.running, found.handed_over, found.held_back, found.deferred) == (1, 1, 2, 0)
    assert 300 <= found.held_back_seconds < 360
    assert 300 <= found.handed_over_seconds < 360
    failed(engine, first.refresh_id, 1)
    assert (opened(engine).running, opened(engine).deferred) == (0, 1)


def test_only_the_newest_refresh_of_a_company_is_mourned(engine: Engine) -> None:
    follow(engine, "acme", "beta")
    push(engine)
    once = Limits(HOUR, starts_per_minute=10, concurrency=3, max_attempts=1)
    [due] = handed_over(engine)
    taken(engine, "acme", "r1", due)
    with writing(engine) as connection:
        assert fail(connection, due.refresh_id, 1, "Boom: no table", once) == "dead"
    mine = taken(engine, "beta", "by hand")
    with writing(engine) as connection:
        give_up(connection, mine.refresh_id, mine.attempt, CANCELLED)
    with reading(engine) as connection:
        [dead] = waiting.dead_refreshes(connection)
        assert (dead.company_id, dead.error) == ("acme", "Boom: no table")
        assert waiting.dead_events(connection) == 1
        newest = waiting.newest_dead_event(connection)
        assert newest is not None
        assert (newest.source, newest.reason) == ("crm", "Boom: no table")
        assert waiting.last_completed(connection) is None
    let_pass(engine, MINUTE)
    done(engine, taken(engine, "acme", "by hand"))
    with reading(engine) as connection:
        assert waiting.dead_refreshes(connection) == []
        assert waiting.last_completed(connection) is not None


def test_the_census_counts_members_by_role_and_by_whether_they_can_be_reached(
    engine: Engine,
) -> None:
    follow(engine, "acme", "beta", staff=STAFF)
    with writing(engine) as connection:
        connection.execute(text(
            "INSERT INTO buyer_groups (company_id, profile_id, company_size, size_low, size_high,"
            " completeness, gaps, created_at, changed_at)"
            " SELECT 'acme', 'default', 80, 1, 9, 1, '[]', created_at, created_at"
            " FROM companies WHERE company_id = 'acme'"))  # fmt: skip
        for person, role, contacts in (
            ("p-ann", "decision", '[{"kind": "email"}]'),
            ("p-bob", "decision", "[]"),
            ("p-cyd", "champion", "[]"),
        ):
            connection.execute(text(
                "INSERT INTO buyer_group_members (company_id, profile_id, person_id, title,"
                " seniority, function, role, score, reasons, contacts, changed_at)"
                " SELECT 'acme', 'default', :person, '', 'vp', 'sales', :role, 1, '[]', :contacts,"
                " created_at FROM companies WHERE company_id = 'acme'"),
                {"person": person, "role": role, "contacts": contacts})  # fmt: skip
    with reading(engine) as connection:
        census = waiting.census(connection)
    assert census.members == {
        ("decision", True): 1,
        ("decision", False): 1,
        ("champion", False): 1,
    }
    assert (census.groups, census.companies) == (1, 2)


def test_a_question_that_takes_too_long_is_ended_and_the_next_one_is_not(engine: Engine) -> None:
    slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    began = time.monotonic()
    with pytest.raises(OperationalError), reading_within(engine, 0.2) as connection:
        connection.execute(text(slow)).all()
    assert time.monotonic() - began < 60
    with reading(engine) as connection:
        time.sleep(0.3)
        bounded = slow.replace("FROM n)", "FROM n WHERE x < 300000)")
        assert connection.execute(text(bounded)).scalar_one() == 300_000
