"""Refresh companies that received no event for `BG_STALE_AFTER`."""

from datetime import timedelta

import dagster as dg

from bg_orchestration import names
from bg_orchestration.automation.jobs import refresh_buyer_group
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.planning import plan_scheduled
from bg_orchestration.settings import format_duration, settings
from bg_orchestration.store.database import clock, writing


@dg.schedule(
    name=names.SCHEDULE,
    job=refresh_buyer_group,
    cron_schedule="0 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Marks the stalest companies as due, with the lowest priority. It starts no run: "
    f"the sensor {names.SENSOR} starts them within the same limits as all others.",
)
def refresh_stale_companies(_context: dg.ScheduleEvaluationContext) -> dg.SkipReason:
    """Marks the stalest companies as due, reason `scheduled`, lowest priority.

    It starts no run: the sensor `webhook_inbox` starts them under the same limits as all others.
    The tables say which companies are stale, so one tick makes up for any number of missed ticks.
    """
    stale_after: timedelta = settings().stale_after
    with writing(ready_engine()) as connection:
        count = plan_scheduled(connection, clock(connection) - stale_after, settings().limits)
    return dg.SkipReason(
        f"{count} companies not refreshed for {format_duration(stale_after)} were marked as due; "
        f"the sensor {names.SENSOR} starts them"
    )
