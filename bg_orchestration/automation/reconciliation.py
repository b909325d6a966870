"""Reconciliation of refreshes with Dagster's runs: failed, vanished and unstarted attempts.

Only this module retries runs; Dagster's own run retries stay off.
"""

import time
from datetime import timedelta
from typing import Final

import dagster as dg
from dagster import DagsterRunStatus as Status
from dagster import RunRecord, RunsFilter
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.assets.cancellation import is_cancelled
from bg_orchestration.assets.refresh_step import ENDED, publishes
from bg_orchestration.domain.admission import DueRefresh, Limits
from bg_orchestration.refreshes.failed_attempts import cancel, fail
from bg_orchestration.refreshes.life_cycle import revoke_lease
from bg_orchestration.refreshes.open_work import RefreshInFlight, is_over, under_way
from bg_orchestration.store.database import reading, writing

# A worker starts a run within a second, and a run that waits for the limits reports every 10 s.
# So a run without progress for a minute is gone. A launched run that its process has not begun may
# take longer, on ECS and Kubernetes: `start_timeout_seconds` of dagster.yaml says how long.
_STARTING_SECONDS: Final = 60
# The clocks of two machines may differ by as much.
_AHEAD_SECONDS: Final = 5
# When this process first saw the update of a run in the future: the clock was set back.
_AHEAD_SINCE: Final[dict[str, float]] = {}
_MOVING: Final = (Status.STARTING, Status.STARTED, Status.CANCELING)


def run_key(due: DueRefresh) -> str:
    """Return the key under which Dagster launches an attempt exactly once."""
    return f"{due.refresh_id}:{due.attempt}"


def reconcile(instance: dg.DagsterInstance, engine: Engine, limits: Limits) -> list[DueRefresh]:
    """End the attempts whose runs have ended or vanished, in Dagster too.

    Returns the enqueued refreshes that never reached Dagster's run queue. The caller enqueues them
    again under the same run key.
    """
    with reading(engine) as connection:
        rows = under_way(connection)
    lost_requests = []
    for row in rows:
        record = _record_of(instance, row)
        if row.state != "running" and (
            record is None or record.dagster_run.status is Status.NOT_STARTED
        ):
            lost_requests.append(row.due)
            continue
        fault = _fault_of(instance, row, record)
        if fault is None:
            continue
        cancelled = record is not None and is_cancelled(instance, record.dagster_run.run_id)
        vanished = row.state == "running" and (record is None or not record.dagster_run.is_finished)
        with writing(engine) as connection:
            if vanished and not revoke_lease(connection, row.due.company_id, row.due.refresh_id):
                # It was only late: it has renewed its lease since the rows were read.
                continue
            if cancelled:
                cancel(connection, row.due.refresh_id, row.due.attempt, limits)
            else:
                fail(connection, row.due.refresh_id, row.due.attempt, fault, limits)
        if vanished and record is not None:
            _end_run(instance, record.dagster_run, "The process that executed this run vanished.")
    _end_leftovers(instance, engine)
    return lost_requests


def _fault_of(
    instance: dg.DagsterInstance, row: RefreshInFlight, record: RunRecord | None
) -> str | None:
    """Return why the attempt has ended; `None` while it goes on.

    A run that never took the refresh over ends in Dagster here.
    """
    if record is None:
        return f"run {row.run_id} vanished" if row.lease_lost else None
    run, running = record.dagster_run, row.state == "running"
    if run.status in ENDED:
        when = "without publishing" if running else "before it took the refresh over"
        return f"run {run.run_id} ended as {run.status.value} {when}"
    if running:
        return f"run {run.run_id} vanished" if row.lease_lost else None
    if run.status not in _MOVING or not _stands_still(record, _patience(instance, run)):
        return None
    _end_run(instance, run, "The process that was to execute this run has vanished.")
    return f"run {run.run_id} stayed {run.status.value}"


def _end_run(instance: dg.DagsterInstance, run: dg.DagsterRun, why: str) -> None:
    """End a run whose process is gone; one that a user cancelled ends as cancelled."""
    if run.status is Status.CANCELING:
        instance.report_run_canceled(run, why)
    else:
        instance.report_run_failed(run, why)


def _end_leftovers(instance: dg.DagsterInstance, engine: Engine) -> None:
    """End killed runs that hold a slot of Dagster's but no refresh.

    Manual runs are included; runs of other code locations are left alone. Dagster's run monitoring
    ends runs that do not start, or do not end when cancelled. But after the clock was set back it
    waits until the clock has caught up, so runs that do not start, or that a killed sensor created
    for an attempt that is over, are ended here too.
    """
    leftovers = RunsFilter(statuses=[Status.STARTED, Status.STARTING, Status.NOT_STARTED])
    for record in instance.get_run_records(leftovers):
        run = record.dagster_run
        origin = run.remote_job_origin
        if (
            not _stands_still(record, _patience(instance, run))
            or origin is None
            or not publishes(run)
        ):
            continue
        with reading(engine) as connection:
            over = is_over(connection, run.run_id, timedelta(seconds=_STARTING_SECONDS))
        if over and origin.repository_origin.code_location_origin.location_name == names.LOCATION:
            _end_run(instance, run, "The process that executed this run has vanished.")


def _patience(instance: dg.DagsterInstance, run: dg.DagsterRun) -> float:
    monitored = run.status is Status.STARTING and instance.run_monitoring_enabled
    return instance.run_monitoring_start_timeout_seconds if monitored else _STARTING_SECONDS


def _stands_still(record: RunRecord, seconds: float | None = None) -> bool:
    """Whether a run did nothing for `seconds`; an update in the future counts as now."""
    patience = _STARTING_SECONDS if seconds is None else seconds
    run_id, idle = record.dagster_run.run_id, time.time() - record.update_timestamp.timestamp()
    if idle >= -_AHEAD_SECONDS:
        _AHEAD_SINCE.pop(run_id, None)
        return idle >= patience
    return time.monotonic() - _AHEAD_SINCE.setdefault(run_id, time.monotonic()) >= patience


def _record_of(instance: dg.DagsterInstance, row: RefreshInFlight) -> RunRecord | None:
    """Return the run that holds the refresh, or the one that was enqueued for it."""
    if row.state == "running":
        return instance.get_run_record_by_id(row.run_id) if row.run_id else None
    key = {names.TAG_REFRESH: row.due.refresh_id, "dagster/run_key": run_key(row.due)}
    records = instance.get_run_records(RunsFilter(tags=key), limit=1)
    return records[0] if records else None
