from sqlalchemy import Engine

from bg_orchestration.refreshes import planning
from bg_orchestration.refreshes.explanations import explain
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import LEASE, Refresh, complete, start
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading, writing
from bg_orchestration_tests.store.rows import LIMITS, POLICY, archive, follow, let_pass, push


def _told(engine: Engine, company_id: str = "acme") -> str:
    with reading(engine) as connection:
        told = explain(connection, company_id, LIMITS, settings().freshness, ())
    return "\n".join([*told.now, *told.history])


def _plan(engine: Engine) -> None:
    with writing(engine) as connection:
        planning.plan(connection, POLICY, LIMITS)


def _start(engine: Engine, run_id: str) -> Refresh:
    with writing(engine) as connection:
        refresh = start(connection, "acme", run_id, LIMITS)
    assert isinstance(refresh, Refresh)
    return refresh


def test_a_company_is_followed_through_its_refreshes(engine: Engine) -> None:
    follow(engine, "acme")
    assert "never refreshed" in _told(engine)
    push(engine)
    _plan(engine)
    assert "waits for the next tick" in _told(engine)
    assert "1 events are pending" in _told(engine)
    with writing(engine) as connection:
        (due,) = planning.emit(connection, LIMITS)
    assert "handed to Dagster's run queue" in _told(engine)
    with writing(engine) as connection:
        refresh = start(connection, "acme", "run-1", LIMITS, (due.refresh_id, 1))
    assert isinstance(refresh, Refresh)
    assert "is running as run run-1" in _told(engine)
    let_pass(engine, LEASE * 2)
    assert "has not shown a sign of life" in _told(engine)
    with writing(engine) as connection:
        fail(connection, refresh.refresh_id, 1, "run run-1 vanished", LIMITS)
    told = _told(engine)
    assert "the backoff after the failure" in told
    assert "run run-1 vanished" in told
    again = _start(engine, "run-2")
    with writing(engine) as connection:
        complete(connection, again, {})
    told = _told(engine)
    assert "next refreshed by age" in told
    assert "completed, reason manual, attempts 2, run run-2" in told


def test_a_deferred_refresh_names_the_end_of_the_cool_down(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine)
    _plan(engine)
    with writing(engine) as connection:
        (due,) = planning.emit(connection, LIMITS)
        refresh = start(connection, "acme", "run-1", LIMITS, (due.refresh_id, 1))
        assert isinstance(refresh, Refresh)
        complete(connection, refresh, {})
    push(engine)
    _plan(engine)
    assert "the end of the cool-down" in _told(engine)


def test_an_archived_company_says_so(engine: Engine) -> None:
    follow(engine, "acme")
    archive(engine, "acme")
    assert "not followed" in _told(engine)
