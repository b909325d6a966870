"""Daily retention job: old rows of our tables and old runs of Dagster."""

from datetime import UTC, datetime
from typing import Final

import dagster as dg
from dagster import DagsterEventType, RunRecord, RunsFilter

from bg_orchestration import names
from bg_orchestration.assets.refresh_step import ENDED
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.retention import RetentionPeriods, delete_old_rows
from bg_orchestration.settings import settings

_PAGE: Final = 200
# An execution reads at most this many runs, which takes minutes; the next execution goes on.
_MOST_RUNS: Final = 20_000
_CURSOR: Final = "bg_orchestration/retention"


@dg.op
def forget_old_rows(context: dg.OpExecutionContext) -> None:
    """Empty and delete old rows of our tables, but no pending or dead work."""
    config = settings()
    keep = RetentionPeriods(
        config.keep_events,
        config.keep_refreshes,
        config.keep_operations,
        config.keep_traces,
        config.keep_notifications,
    )
    context.add_output_metadata(delete_old_rows(ready_engine(), keep))


@dg.op
def forget_old_runs(context: dg.OpExecutionContext) -> None:
    """Delete old ended runs, except those with a company's newest materialization.

    The deletion of a run deletes its materializations, and so the partition's status in Dagit.
    """
    from dagster_celery.launcher import CeleryRunLauncher

    before = datetime.now(UTC) - settings().keep_runs
    cursors = context.instance.daemon_cursor_storage
    start = cursors.get_cursor_values({_CURSOR}).get(_CURSOR)
    deleted, end = delete_runs(context.instance, before, start or None)
    cursors.set_cursor_values({_CURSOR: end or ""})
    context.add_output_metadata({"runs": deleted})
    if isinstance(launcher := context.instance.run_launcher, CeleryRunLauncher):
        # A file backend keeps a result for each run until this call.
        launcher.celery.backend.cleanup()


def delete_runs(
    instance: dg.DagsterInstance, before: datetime, start: str | None = None
) -> tuple[int, str | None]:
    """Delete the ended runs created `before`, oldest first, after the run `start`.

    An execution reads 20,000 runs, kept ones included, and begins again with the oldest after the
    last. Returns how many were deleted, and the run to go on after; `None` to begin with the
    oldest.
    """
    ended_runs = RunsFilter(statuses=list(ENDED), created_before=before)
    cursor, deleted = start, 0
    for _ in range(_MOST_RUNS // _PAGE):
        page = instance.get_run_records(ended_runs, limit=_PAGE, cursor=cursor, ascending=True)
        if not page and start is None:
            return deleted, None
        if not page:
            # No run is left, or the run to go on after was deleted.
            cursor = start = None
        for record in page:
            run_id = record.dagster_run.run_id
            if _is_newest(instance, record):
                cursor = run_id
            else:
                instance.delete_run(run_id)
                instance.compute_log_manager.delete_logs(prefix=[run_id])
                deleted += 1
    return deleted, cursor


def _is_newest(instance: dg.DagsterInstance, record: RunRecord) -> bool:
    """Whether the run holds the newest materialization of an asset of its company."""
    company_id = record.dagster_run.tags.get("dagster/partition")
    if company_id is None:
        return False
    asset_keys = {
        event.asset_key
        for event in instance.get_records_for_run(
            record.dagster_run.run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION
        ).records
        if event.asset_key is not None
    }
    return any(
        _newest_run(instance, key, company_id) == record.dagster_run.run_id for key in asset_keys
    )


def _newest_run(instance: dg.DagsterInstance, key: dg.AssetKey, company_id: str) -> str | None:
    newest = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=key, asset_partitions=[company_id]), limit=1
    ).records
    return newest[0].run_id if newest else None


@dg.job(
    name=names.RETENTION_JOB,
    description="Deletes old rows and runs. The settings BG_KEEP_* say how long each kind is kept.",
)
def retention() -> None:
    """Wire the two ops, which are independent."""
    forget_old_rows()
    forget_old_runs()


retention_schedule = dg.ScheduleDefinition(
    name=names.RETENTION_SCHEDULE,
    job=retention,
    cron_schedule="30 4 * * *",
    execution_timezone="UTC",
    description=f"Runs the job {names.RETENTION_JOB} daily at 04:30 UTC. What it keeps, and how "
    "long, stands in BG_KEEP_...: `bg settings`.",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
