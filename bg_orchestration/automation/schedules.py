"""Refresh companies whose group is older than the age of their tier."""

import dagster as dg

from bg_orchestration import names
from bg_orchestration.automation.jobs import refresh_buyer_group
from bg_orchestration.profiles import key_companies
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.planning import plan_stale
from bg_orchestration.settings import settings


@dg.schedule(
    name=names.SCHEDULE,
    job=refresh_buyer_group,
    cron_schedule="*/10 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Marks the companies that are older than the age of their tier as due, with the "
    "lowest priority. It starts no run: "
    f"the sensor {names.SENSOR} starts them within the same limits as all others.",
)
def refresh_stale_companies(_context: dg.ScheduleEvaluationContext) -> dg.SkipReason:
    """Marks the companies that are due by their tier, reason `scheduled`, lowest priority.

    It starts no run: the sensor `webhook_inbox` starts them under the same limits as all others.
    The tables say which companies are stale, so one tick makes up for any number of missed ticks.
    """
    config = settings()
    count = plan_stale(
        ready_engine(), config.freshness, key_companies(config.profiles), config.limits
    )
    return dg.SkipReason(
        f"{count} companies are older than the age of their tier and were marked as due; the "
        f"sensor {names.SENSOR} starts them"
    )
