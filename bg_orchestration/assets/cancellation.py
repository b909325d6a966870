"""Cancelling a run from Dagit: how a run learns that a user has cancelled it.

A run of a refresh reads its own status, so cancelling works without a launcher too: for
`bg refresh` and `dagster job execute`. A launcher's signal could hit the next run of a worker.
"""

from typing import Final

import dagster as dg
from dagster import DagsterEventType
from dagster import DagsterRunStatus as Status
from dagster._core.remote_origin import RegisteredCodeLocationOrigin
from dagster._utils import send_interrupt

_STOPPED: Final = (Status.CANCELING, Status.CANCELED, Status.FAILURE)
_REQUESTS: Final = {DagsterEventType.RUN_CANCELING, DagsterEventType.RUN_CANCELED}
# Dagster's run monitoring cancels a run that exceeds this, and then declares it failed.
_OF_MONITORING: Final = "maximum runtime"


def is_cancelled(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a user has cancelled the run, according to its log.

    The status is no proof: Dagster's start event overwrites that of a run cancelled just before.
    """
    requests = instance.get_records_for_run(run_id, of_type=_REQUESTS, limit=1).records
    return any(_OF_MONITORING not in request.event_log_entry.message for request in requests)


def stop_if_cancelled(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Stop a step that begins, if a user has cancelled its run before.

    Raises:
        dg.DagsterExecutionInterruptedError: the run ends as cancelled.
    """
    if not is_cancelled(instance, run.run_id):
        return
    if _status(instance, run.run_id) not in _STOPPED:
        instance.report_run_canceling(run)
    raise dg.DagsterExecutionInterruptedError


def interrupt_if_stopped(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Interrupt the step in the main thread, if its run was cancelled or declared failed.

    Call it from another thread. Returns whether the step was interrupted.
    """
    stopped = _status(instance, run_id) in _STOPPED
    if stopped:
        send_interrupt()
    return stopped


def is_of_terminal(run: dg.DagsterRun) -> bool:
    """Whether the run is a process of a terminal: `bg refresh` or `dagster job execute`.

    Only such runs lack the address of a code server; our storage gives them the location's name.
    """
    origin = run.remote_job_origin
    return origin is None or isinstance(
        origin.repository_origin.code_location_origin, RegisteredCodeLocationOrigin
    )


def _status(instance: dg.DagsterInstance, run_id: str) -> Status | None:
    run = instance.get_run_by_id(run_id)
    return None if run is None else run.status
