"""The warm worker executes runs without a new interpreter for each.

    celery -A bg_orchestration.ops.worker worker --include bg_orchestration.definitions

with `DAGSTER_HOME` set; `bg worker` adds the other options. The broker is that of the instance's
own run launcher, so the two cannot disagree. The worker imports the included modules before the
pool forks, so each process inherits the definitions.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from celery.concurrency.prefork import TaskPool
from celery.signals import task_postrun, worker_ready
from dagster import DagsterRunStatus
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import unpack_value
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tasks import create_execute_job_task, create_resume_job_task

from bg_orchestration.observability.logs import configure_logs
from bg_orchestration.observability.traces import tracer_provider
from bg_orchestration.ops.dagster_home import open_instance
from bg_orchestration.ops.extras import require_needs
from bg_orchestration.settings import settings

# Without the client of the broker, Celery would try to connect for ever.
require_needs()

configure_logs(settings().log_level, settings().log_levels)
# Made before the pool forks, as the definitions are imported. No thread is started.
import_module("bg_orchestration.assets.run_trace")
tracer_provider()

# This file in Dagster's home exists while the workers accept runs.
READY = "workers.ready"

_instance = open_instance()
_launcher = _instance.run_launcher
if not isinstance(_launcher, CeleryRunLauncher):
    raise TypeError(
        "run_launcher in dagster.yaml is not dagster_celery.launcher.CeleryRunLauncher: "
        "this instance needs no worker"
    )


class WorkerPool(TaskPool):  # type: ignore[misc]
    """The pool of forked processes; all end when a process of it is killed.

    An idle process holds the lock of the pool's queue. If the kernel kills it there, for want of
    memory, the lock is lost, and no other process gets a task again. The supervisor then starts
    this worker anew; a run in another process goes on to its end.
    """

    def on_start(self) -> None:
        """Fork the processes."""
        self.options["on_process_down"] = _end_with_process
        super().on_start()


def _end_with_process(process: Any) -> None:
    controlled = getattr(process, "_controlled_termination", False)
    if not controlled and process.exitcode is not None and process.exitcode < 0:
        os._exit(1)


app = _launcher.celery
app.conf.worker_pool = f"{__name__}:{WorkerPool.__name__}"
execute_job = create_execute_job_task(app)
resume_job = create_resume_job_task(app)


@task_postrun.connect
def _end_cancelled_run(kwargs: Any = None, **_sent: object) -> None:
    """End the run of a finished task that was cancelled before or after its step."""
    packed = (kwargs or {}).get("execute_job_args_packed")
    if packed is None:
        return
    run = _instance.get_run_by_id(unpack_value(packed, as_type=ExecuteRunArgs).run_id)
    if run is not None and run.status is DagsterRunStatus.CANCELING:
        _instance.report_run_canceled(run)


@worker_ready.connect
def _tell_ready(**_sent: object) -> None:
    (Path(_instance.root_directory) / READY).touch()
