from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bg_orchestration.intake.replay import (
    UnknownEventError,
    replay_company,
    replay_dead,
    replay_events,
)
from bg_orchestration.intake.routing import RoutingPolicy
from bg_orchestration.refreshes import planning
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import Refresh, complete, start
from bg_orchestration.refreshes.retention import RetentionPeriods, delete_old_rows
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.store.rows import (
    HOUR,
    LIMITS,
    POLICY,
    event_states,
    follow,
    let_pass,
    push,
    rows,
)


def _plan(engine: Engine, policy: RoutingPolicy = POLICY) -> int:
    with writing(engine) as connection:
        return planning.plan(connection, policy, LIMITS)


def _run(engine: Engine, run_id: str, error: str | None = None) -> None:
    """One run of the company, which publishes or fails for good."""
    with writing(engine) as connection:
        refresh = start(connection, "acme", run_id, LIMITS)
        assert isinstance(refresh, Refresh)
        if error is None:
            complete(connection, refresh, {})
    for attempt in range(refresh.attempt, LIMITS.max_attempts + 1) if error else ():
        with writing(engine) as connection:
            fail(connection, refresh.refresh_id, attempt, str(error), LIMITS)
        if attempt < LIMITS.max_attempts:
            with writing(engine) as connection:
                assert isinstance(start(connection, "acme", f"{run_id}-{attempt}", LIMITS), Refresh)


def test_dead_events_are_pending_again_and_get_one_refresh_more(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine)
    push(engine)
    _plan(engine)
    _run(engine, "r1", error="broken")
    assert {state for state, _ in event_states(engine).values()} == {"dead"}
    with writing(engine) as connection:
        assert replay_dead(connection, "other") == 0
        assert replay_dead(connection) == 2
    with writing(engine) as connection:
        assert replay_dead(connection) == 0
    assert set(event_states(engine).values()) == {("pending", None)}
    assert _plan(engine) == 1
    _run(engine, "r2")
    assert {state for state, _ in event_states(engine).values()} == {"handled"}
    assert sorted(row["state"] for row in rows(engine, logs)) == ["completed", "dead"]


def test_a_handled_event_can_be_replayed_by_its_id_or_by_its_company(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    _plan(engine)
    _run(engine, "r1")
    with writing(engine) as connection:
        assert replay_events(connection, [event]) == 1
        assert replay_events(connection, [event]) == 0
    _plan(engine)
    _run(engine, "r2")
    with writing(engine) as connection:
        assert replay_company(connection, "acme") == 1


def test_an_unknown_event_changes_nothing(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    _plan(engine)
    _run(engine, "r1")
    with pytest.raises(UnknownEventError, match="nonsense"), writing(engine) as connection:
        replay_events(connection, [event, "nonsense"])
    assert event_states(engine)[event][0] == "handled"


def test_an_ignored_event_is_routed_anew_under_todays_settings(engine: Engine) -> None:
    event = push(engine, "unheard-of")
    _plan(engine, replace(POLICY, follow_unknown=False))
    assert event_states(engine)[event][0] == "ignored"
    with writing(engine) as connection:
        assert replay_events(connection, [event]) == 1
    assert _plan(engine) == 1
    assert event_states(engine)[event] == ("pending", None)


def test_what_retention_has_emptied_cannot_be_replayed(engine: Engine) -> None:
    follow(engine, "acme")
    event = push(engine)
    _plan(engine)
    _run(engine, "r1")
    let_pass(engine, HOUR)
    delete_old_rows(engine, RetentionPeriods(HOUR / 2, *[HOUR] * 4))
    with writing(engine) as connection:
        assert replay_events(connection, [event]) == 0
    assert event_states(engine)[event][0] == "handled"
