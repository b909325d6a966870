"""The warm worker: executes runs without paying for a new interpreter each.

    celery -A bg_orchestration.automation.worker worker --include bg_orchestration.definitions

with `DAGSTER_HOME` set. Broker and backend are those of the instance's own run launcher, so the two
cannot disagree. What is included is imported before the pool forks: each process of the pool
inherits the definitions ready to use.
"""

from dagster import DagsterInstance
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tasks import create_execute_job_task, create_resume_job_task

_launcher = DagsterInstance.get().run_launcher
if not isinstance(_launcher, CeleryRunLauncher):
    raise TypeError(
        "run_launcher in dagster.yaml is not dagster_celery.launcher.CeleryRunLauncher: "
        "this instance needs no worker"
    )

app = _launcher.celery
execute_job = create_execute_job_task(app)
resume_job = create_resume_job_task(app)
