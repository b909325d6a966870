"""Our refreshes against Dagster's runs: what failed, vanished or never started is found here.

This is the only retrier of runs; Dagster's own stays off.
"""

import time
from datetime import timedelta
from typing import Final

import dagster as dg
from dagster import DagsterRunStatus as Status
from dagster import RunRecord, RunsFilter
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.assets.refresh_step import ENDED, publishes
from bg_orchestration.domain.admission import Due, Limits
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.open_work import UnderWay, is_over, under_way
from bg_orchestration.store.database import reading, writing

# A worker takes a run up within a second, and a run that waits for the limits says so every 10 s:
# a run without progress for a minute is gone.
_STARTING_SECONDS: Final = 60
_MOVING: Final = (Status.STARTING, Status.STARTED, Status.CANCELING)


def run_key(due: Due) -> str:
    """The key under which Dagster launches an attempt of a refresh once, and never again."""
    return f"{due.refresh_id}:{due.attempt}"


def reconcile(instance: dg.DagsterInstance, engine: Engine, limits: Limits) -> list[Due]:
    """End the attempts whose runs are over or gone, in Dagster too, where they would hold a slot.

    Returns what was handed over and did not reach the run queue: it is to be handed over again,
    under the same run key.
    """
    with reading(engine) as connection:
        rows = under_way(connection)
    again = []
    for row in rows:
        fault = _of_running(instance, row) if row.state == "running" else None
        if row.state != "running":
            record = _record_of(instance, row.due)
            if record is None or record.dagster_run.status is Status.NOT_STARTED:
                again.append(row.due)
                continue
            fault = _of_handed_over(instance, record)
        if fault is not None:
            with writing(engine) as connection:
                fail(connection, row.due.refresh_id, row.due.attempt, fault, limits)
    _end_leftovers(instance, engine)
    return again


def _of_running(instance: dg.DagsterInstance, row: UnderWay) -> str | None:
    run = instance.get_run_by_id(row.run_id) if row.run_id else None
    if run is not None and run.status in ENDED:
        return f"run {run.run_id} ended as {run.status.value} without publishing"
    if not row.lease_lost:
        return None
    if run is not None:
        instance.report_run_failed(run, "The process that executed this run has vanished.")
    return f"run {row.run_id} vanished"


def _of_handed_over(instance: dg.DagsterInstance, record: RunRecord) -> str | None:
    run = record.dagster_run
    if run.status in ENDED:
        return f"run {run.run_id} ended as {run.status.value} before it took the refresh over"
    if run.status not in _MOVING or not _stands_still(record):
        return None
    instance.report_run_failed(run, "The process that was to execute this run has vanished.")
    return f"run {run.run_id} stayed {run.status.value}"


def _end_leftovers(instance: dg.DagsterInstance, engine: Engine) -> None:
    """End runs that hold a slot of Dagster's and no refresh: killed after publishing, or before.

    What a person started is among them; runs of other code locations are not ours to judge. Runs
    that do not start, or do not end when cancelled, are ended by Dagster's own run monitoring.
    """
    for record in instance.get_run_records(RunsFilter(statuses=[Status.STARTED])):
        run = record.dagster_run
        origin = run.remote_job_origin
        if not _stands_still(record) or origin is None or not publishes(run):
            continue
        with reading(engine) as connection:
            over = is_over(connection, run.run_id, timedelta(seconds=_STARTING_SECONDS))
        if over and origin.repository_origin.code_location_origin.location_name == names.LOCATION:
            instance.report_run_failed(run, "The process that executed this run has vanished.")


def _stands_still(record: RunRecord) -> bool:
    return time.time() - record.update_timestamp.timestamp() >= _STARTING_SECONDS


def _record_of(instance: dg.DagsterInstance, due: Due) -> RunRecord | None:
    records = instance.get_run_records(
        RunsFilter(tags={names.TAG_REFRESH: due.refresh_id, "dagster/run_key": run_key(due)}),
        limit=1,
    )
    return records[0] if records else None
