"""Runs that failed, vanished or never started, in a real Dagster instance."""

from dataclasses import replace
from typing import Any

import dagster as dg
import pytest
from dagster import DagsterRunStatus as Status
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.automation import reconciliation
from bg_orchestration.automation.reconciliation import reconcile, run_key
from bg_orchestration.definitions import defs
from bg_orchestration.domain.admission import DueRefresh
from bg_orchestration.refreshes.life_cycle import (
    LEASE,
    Refresh,
    complete,
    renew,
    start,
)
from bg_orchestration.refreshes.open_work import CANCELLED, under_way
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.automation.conftest import Tick
from bg_orchestration_tests.store.rows import (
    HOUR,
    LIMITS,
    POLICY,
    event_states,
    let_pass,
    push,
    rows,
)

# Where the daemon's runs come from; Dagster asks it of those in the queue.
ORIGIN = RemoteJobOrigin(
    RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(names.LOCATION), "__repository__"),
    names.JOB,
)


@pytest.fixture
def due(database: Engine) -> DueRefresh:
    """A refresh of `acme` that was just handed over."""
    push(database)
    with writing(database) as connection:
        plan(connection, POLICY, LIMITS)
        [found] = emit(connection, LIMITS)
    return found


def dagster_run(instance: dg.DagsterInstance, due: DueRefresh, status: Status) -> dg.DagsterRun:
    """The run that the daemon makes of the sensor's request."""
    return instance.create_run_for_job(
        job_def=defs.resolve_job_def(names.JOB),
        status=status,
        remote_job_origin=ORIGIN,
        tags={
            "dagster/partition": due.company_id,
            "dagster/run_key": run_key(due),
            names.TAG_REFRESH: due.refresh_id,
        },
    )


def take(engine: Engine, run_id: str, due: DueRefresh) -> Refresh:
    with writing(engine) as connection:
        taken = start(connection, due.company_id, run_id, LIMITS, (due.refresh_id, due.attempt))
        assert isinstance(taken, Refresh)
        return taken


def log(engine: Engine) -> dict[str, Any]:
    [row] = rows(engine, logs)
    return row


@pytest.mark.parametrize("status", [Status.FAILURE, Status.SUCCESS])
def test_a_run_that_ended_without_publishing_is_tried_again(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh, status: Status
) -> None:
    run = dagster_run(instance, due, status)
    take(database, run.run_id, due)
    assert reconcile(instance, database, LIMITS) == []
    row = log(database)
    assert (row["state"], row["attempt"], row["emitted_at"]) == ("failed", 2, None)
    assert row["error"] == f"run {run.run_id} ended as {status.value} without publishing"
    before = log(database)
    reconcile(instance, database, LIMITS)
    assert log(database) == before


def test_a_run_that_failed_before_it_took_over_is_tried_again_with_another_key(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh, tick: Tick
) -> None:
    run = dagster_run(instance, due, Status.FAILURE)
    assert not tick().run_requests
    row = log(database)
    assert (row["state"], row["attempt"]) == ("failed", 2)
    assert row["error"] == f"run {run.run_id} ended as FAILURE before it took the refresh over"
    let_pass(database, HOUR)
    [request] = tick().run_requests or []
    assert request.run_key == f"{due.refresh_id}:2"


def test_a_run_at_work_is_left_alone(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh
) -> None:
    run = dagster_run(instance, due, Status.STARTED)
    take(database, run.run_id, due)
    before = log(database)
    assert reconcile(instance, database, LIMITS) == []
    assert log(database) == before
    assert instance.get_run_by_id(run.run_id).status is Status.STARTED  # type: ignore[union-attr]


def test_a_run_that_vanished_is_ended_in_dagster_too(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh
) -> None:
    run = dagster_run(instance, due, Status.STARTED)
    take(database, run.run_id, due)
    let_pass(database, 2 * LEASE)
    assert reconcile(instance, database, LIMITS) == []
    assert instance.get_run_by_id(run.run_id).status is Status.FAILURE  # type: ignore[union-attr]
    row = log(database)
    assert (row["state"], row["error"]) == ("failed", f"run {run.run_id} vanished")


def test_a_run_that_was_only_late_goes_on(
    database: Engine,
    instance: dg.DagsterInstance,
    due: DueRefresh,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It renews its lease after the sensor has read that the lease had expired."""
    run = dagster_run(instance, due, Status.STARTED)
    refresh = take(database, run.run_id, due)
    let_pass(database, 2 * LEASE)
    with writing(database) as connection:
        late = under_way(connection)
        renew(connection, refresh)
    monkeypatch.setattr(reconciliation, "under_way", lambda _connection: late)
    before = log(database)
    assert reconcile(instance, database, LIMITS) == []
    assert log(database) == before
    assert instance.get_run_by_id(run.run_id).status is Status.STARTED  # type: ignore[union-attr]
    with writing(database) as connection:
        complete(connection, refresh, {})


def test_a_run_that_was_deleted_in_dagit_is_tried_again_when_its_lease_is_over(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh
) -> None:
    run = dagster_run(instance, due, Status.STARTED)
    take(database, run.run_id, due)
    instance.delete_run(run.run_id)
    reconcile(instance, database, LIMITS)
    assert log(database)["state"] == "running"
    let_pass(database, 2 * LEASE)
    reconcile(instance, database, LIMITS)
    assert log(database)["state"] == "failed"


@pytest.mark.parametrize("known", [False, True])
def test_what_never_reached_the_queue_is_handed_over_again_under_its_key(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh, tick: Tick, known: bool
) -> None:
    if known:
        dagster_run(instance, due, Status.NOT_STARTED)
    for _ in range(2):
        [request] = tick().run_requests or []
        assert request.run_key == run_key(due) == f"{due.refresh_id}:1"
    assert log(database)["attempt"] == 1


@pytest.mark.parametrize("status", [Status.QUEUED, Status.STARTING, Status.STARTED])
def test_what_is_on_its_way_is_waited_for(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh, status: Status
) -> None:
    dagster_run(instance, due, status)
    before = log(database)
    assert reconcile(instance, database, LIMITS) == []
    assert log(database) == before


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_run_that_does_not_get_on_is_ended(
    database: Engine,
    instance: dg.DagsterInstance,
    due: DueRefresh,
    cancelled: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = dagster_run(instance, due, Status.STARTING)
    if cancelled:
        instance.report_run_canceling(run)
    monkeypatch.setattr(reconciliation, "_STARTING_SECONDS", 0)
    assert reconcile(instance, database, LIMITS) == []
    ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    row = log(database)
    assert (ended.status, row["state"], row["error"]) == (
        (Status.CANCELED, "failed", CANCELLED)
        if cancelled
        else (Status.FAILURE, "failed", f"run {run.run_id} stayed STARTING")
    )


@pytest.mark.parametrize("status", [Status.NOT_STARTED, Status.STARTING])
def test_a_run_of_a_former_attempt_that_never_starts_is_ended(
    database: Engine,
    instance: dg.DagsterInstance,
    due: DueRefresh,
    status: Status,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Its attempt ended when the clock was set back; Dagster's monitoring waits for the old time.
    run = dagster_run(instance, replace(due, attempt=due.attempt + 1), status)
    reconcile(instance, database, LIMITS)
    assert instance.get_run_by_id(run.run_id).status is status  # type: ignore[union-attr]
    monkeypatch.setattr(reconciliation, "_STARTING_SECONDS", 0)
    reconcile(instance, database, LIMITS)
    assert instance.get_run_by_id(run.run_id).status is Status.FAILURE  # type: ignore[union-attr]
    assert log(database)["state"] == "planned"


def end_cancelled(instance: dg.DagsterInstance, run: dg.DagsterRun, how: str) -> None:
    """End a run in each way in which a user's cancelling may end it."""
    if how != "by force":
        instance.report_run_canceling(run)
    if how == "overwritten":
        instance.report_run_failed(run)
    else:
        instance.report_run_canceled(run)


@pytest.mark.parametrize("how", ["in time", "by force", "overwritten"])
@pytest.mark.parametrize("taken", [False, True])
def test_a_cancelled_automatic_run_rests_for_the_cool_down(
    database: Engine,
    instance: dg.DagsterInstance,
    due: DueRefresh,
    tick: Tick,
    how: str,
    taken: bool,
) -> None:
    run = dagster_run(instance, due, Status.STARTED if taken else Status.QUEUED)
    if taken:
        take(database, run.run_id, due)
    end_cancelled(instance, run, how)
    assert reconcile(instance, database, LIMITS) == []
    row = log(database)
    assert (row["state"], row["attempt"], row["error"]) == ("failed", 2, CANCELLED)
    assert not tick().run_requests
    let_pass(database, HOUR)
    [request] = tick().run_requests or []
    assert request.run_key == f"{due.refresh_id}:2"


def test_a_cancelled_manual_run_is_given_up(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh, tick: Tick
) -> None:
    run = instance.create_run_for_job(
        job_def=defs.resolve_job_def(names.JOB),
        status=Status.STARTED,
        remote_job_origin=ORIGIN,
        tags={"dagster/partition": due.company_id},
    )
    with writing(database) as connection:
        assert isinstance(start(connection, due.company_id, run.run_id, LIMITS), Refresh)
    end_cancelled(instance, run, "in time")
    assert reconcile(instance, database, LIMITS) == []
    row = log(database)
    assert (row["state"], row["error"]) == ("dead", CANCELLED)
    # Its event is not lost: it gets a refresh of its own.
    [request] = tick().run_requests or []
    assert request.tags[names.TAG_REASON] == "event"


def test_a_run_that_took_too_long_is_tried_again_as_failed(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh
) -> None:
    run = dagster_run(instance, due, Status.STARTED)
    take(database, run.run_id, due)
    # As Dagster's run monitoring does.
    instance.report_run_canceling(run, "Canceling due to exceeding maximum runtime of 1 seconds.")
    instance.report_run_failed(run, "Exceeded maximum runtime of 1 seconds.")
    reconcile(instance, database, LIMITS)
    row = log(database)
    assert row["state"] == "failed"
    assert row["error"] != CANCELLED


def test_a_queue_may_be_as_long_as_it_likes(
    database: Engine,
    instance: dg.DagsterInstance,
    due: DueRefresh,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = dagster_run(instance, due, Status.QUEUED)
    monkeypatch.setattr(reconciliation, "_STARTING_SECONDS", 0)
    reconcile(instance, database, LIMITS)
    assert instance.get_run_by_id(run.run_id).status is Status.QUEUED  # type: ignore[union-attr]


def test_runs_that_fail_before_they_take_over_are_tried_again(
    database: Engine, instance: dg.DagsterInstance, due: DueRefresh, tick: Tick
) -> None:
    for attempt in range(1, 5):
        dagster_run(
            instance,
            DueRefresh(due.refresh_id, "acme", "event", attempt, due.due_at),
            Status.FAILURE,
        )
        assert not tick().run_requests
        assert "before it took the refresh over" in log(database)["error"]
        let_pass(database, HOUR)
        [request] = tick().run_requests or []
        assert request.run_key == f"{due.refresh_id}:{attempt + 1}"
    assert [state for state, _ in event_states(database).values()] == ["pending"]
