"""The job that erases people, and the sensor that starts it."""

from datetime import timedelta
from typing import Final

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.privacy.erasure import Eraser, has_work
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, describe_outage, reading, writing

# The wait before the next run after a failed run.
_PAUSE: Final = timedelta(minutes=5)
_IN_PROGRESS: Final = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
_BATCHES_A_LINE: Final = 20


@dg.op
def erase_requested_people(context: dg.OpExecutionContext) -> None:
    """Erase the people of all open requests from history, a batch at a time.

    The run logs its progress. It may stop anywhere: the next run goes on at the same place.
    """
    # Imported here, because every run imports this module.
    from bg_orchestration.assets.artifacts import erase_from_artifacts
    from bg_orchestration.destinations.warehouse.export import export_without_erased
    from bg_orchestration.privacy.erasure import STILL_READ, scrub

    engine = ready_engine()
    suppressions = Suppressions.configured(settings())
    rows: dict[str, int] = {}
    finished = 0
    for number, batch in enumerate(Eraser.of(engine, suppressions, erase_from_artifacts).run()):
        rows[batch.stage] = rows.get(batch.stage, 0) + batch.rows
        finished += len(batch.finished)
        if number % _BATCHES_A_LINE == 0 or batch.finished:
            context.log.info("Looked at: %s; requests done: %d", rows, finished)
        stale_companies = {
            company_id
            for erasure in batch.finished.values()
            for company_id in erasure.stale_companies
        }
        if stale_companies:
            with writing(engine) as connection:
                plan_manual(connection, sorted(stale_companies))
    if finished:
        if not scrub(engine):
            context.log.warning(STILL_READ)
        if export_without_erased(engine, settings()) is not None:
            context.log.info("The warehouse tables were exported again without these people")
    context.add_output_metadata({"requests done": finished, **rows})


@dg.job(
    name=names.ERASURE_JOB,
    description="Erases people from events, providers' answers and stored values. They are "
    "suppressed and hidden before it starts. See bg forget.",
)
def erase_people() -> None:
    """Wire the one op."""
    erase_requested_people()


@dg.sensor(
    name=names.ERASURE_SENSOR,
    # By name, because Dagster would build the sensor again for an op job, with a beta parameter.
    job_name=names.ERASURE_JOB,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Starts the job {names.ERASURE_JOB} while requests of `bg forget` or of a "
    "provider's opt-out are open, one run at a time. It waits 5 minutes after a failed run.",
)
def erasure_requests(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Starts the job `erase_people` for open requests, one run at a time."""
    try:
        with reading(ready_engine()) as connection:
            if not has_work(connection):
                return dg.SkipReason("No request can be worked on")
            now = clock(connection)
    except SQLAlchemyError as error:
        raise RuntimeError(describe_outage(error)) from error
    in_progress = RunsFilter(job_name=names.ERASURE_JOB, statuses=_IN_PROGRESS)
    if context.instance.get_runs_count(in_progress):
        return dg.SkipReason("A run erases already")
    recent_failures = RunsFilter(
        job_name=names.ERASURE_JOB,
        statuses=[DagsterRunStatus.FAILURE],
        updated_after=now - _PAUSE,
    )
    if context.instance.get_runs_count(recent_failures):
        return dg.SkipReason("The last run failed; the next one starts five minutes after it")
    return dg.SensorResult(run_requests=[dg.RunRequest()])
