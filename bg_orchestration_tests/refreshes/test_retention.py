import pytest
from sqlalchemy import Engine, insert

from bg_orchestration.intake.inbox import NewEvent, record
from bg_orchestration.refreshes import planning, retention
from bg_orchestration.refreshes.life_cycle import (
    Refresh,
    complete,
    start,
)
from bg_orchestration.refreshes.retention import RetentionPeriods, delete_old_rows
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    pipeline_operations,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration_tests.store.rows import HOUR, LIMITS, POLICY, follow, let_pass, push, rows

KEEP = RetentionPeriods(
    events=HOUR, refreshes=HOUR, operations=HOUR, traces=HOUR, notifications=HOUR
)


def _refresh(engine: Engine, company_id: str, run_id: str) -> None:
    with writing(engine) as connection:
        refresh = start(connection, company_id, run_id, LIMITS)
        assert isinstance(refresh, Refresh)
        complete(connection, refresh, {})


def _plan(engine: Engine) -> None:
    with writing(engine) as connection:
        planning.plan(connection, POLICY, LIMITS)


def test_old_settled_events_become_tombstones_and_the_rest_stays(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine)
    push(engine, type_="person.profile_viewed")
    _plan(engine)
    _refresh(engine, "acme", "r1")
    let_pass(engine, 2 * HOUR)
    push(engine)
    _plan(engine)
    assert delete_old_rows(engine, KEEP) | {"refreshes": 0} == {
        "event_bodies": 2,
        "event_companies": 1,
        "refreshes": 0,
        "operations": 0,
        "traces": 0,
        "notifications": 0,
    }
    bodies = {row["state"]: row["body"] for row in rows(engine, webhook_events)}
    assert bodies["handled"] is None
    assert bodies["ignored"] is None
    assert bodies["pending"]
    assert [row["state"] for row in rows(engine, webhook_event_companies)] == ["pending"]
    assert set(delete_old_rows(engine, KEEP).values()) == {0}


def test_a_tombstone_still_knows_its_event(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine)
    _plan(engine)
    _refresh(engine, "acme", "r1")
    (before,) = rows(engine, webhook_events)
    let_pass(engine, 2 * HOUR)
    delete_old_rows(engine, KEEP)
    again = NewEvent(
        **{name: before[name] for name in NewEvent.__dataclass_fields__}  # type: ignore[arg-type]
    )
    with writing(engine) as connection:
        assert record(connection, [again]) == ["duplicate"]


def test_the_newest_refresh_of_a_company_is_kept(engine: Engine) -> None:
    follow(engine, "acme", "other")
    for number in range(3):
        _refresh(engine, "acme", f"r{number}")
        let_pass(engine, 2 * HOUR)
    _refresh(engine, "other", "o")
    assert delete_old_rows(engine, KEEP)["refreshes"] == 2
    assert sorted(str(row["run_id"]) for row in rows(engine, logs)) == ["o", "r2"]
    assert len(rows(engine, refresh_attempts)) == 2


def test_operations_are_forgotten_once_over_and_stale(engine: Engine) -> None:
    with writing(engine) as connection:
        now = clock(connection)
        old = now - 2 * HOUR
        common = {
            "attempt": 1, "capability": "people", "provider": "p", "endpoint": "e",
            "asked_at": old, "claimed_until": old, "credits": 1, "cost_usd": 0.1,
            "cost_basis": "listed",
        }  # fmt: skip
        connection.execute(
            insert(pipeline_operations),
            [
                common | {"key": "stale", "state": "answered", "fresh_until": old},
                common | {"key": "stale", "state": "failed", "fresh_until": None, "attempt": 2},
                common | {"key": "fresh", "state": "answered", "fresh_until": now + HOUR},
                common | {"key": "fresh", "state": "ambiguous", "fresh_until": old, "attempt": 2},
                common | {"key": "killed", "state": "started", "fresh_until": now + HOUR},
                common
                | {
                    "key": "open",
                    "state": "started",
                    "fresh_until": None,
                    "claimed_until": now + HOUR,
                },
            ],
        )
    assert delete_old_rows(engine, KEEP)["operations"] == 3
    assert [
        (row["key"], row["attempt"], row["state"]) for row in rows(engine, pipeline_operations)
    ] == [
        ("fresh", 1, "answered"),
        # Whoever asked was killed; what it may have cost still counts.
        ("killed", 1, "ambiguous"),
        ("open", 1, "started"),
    ]


def test_it_goes_on_until_nothing_is_left(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(engine, "acme")
    for _ in range(5):
        push(engine, type_="person.profile_viewed")
    _plan(engine)
    let_pass(engine, 2 * HOUR)
    monkeypatch.setattr(retention, "_BATCH", 2)
    assert delete_old_rows(engine, KEEP)["event_bodies"] == 5
