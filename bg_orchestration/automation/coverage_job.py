"""The job that measures coverage and observes the inbox, and its schedule."""

import dagster as dg

from bg_orchestration import names

measure_coverage = dg.define_asset_job(
    names.COVERAGE_JOB,
    selection=dg.AssetSelection.assets(names.INBOX, names.COVERAGE),
    description="Measures how well all companies are covered, and observes the inbox. It reads "
    "the tables only: no provider is called, nothing is paid, and no refresh waits for it.",
)

coverage_schedule = dg.ScheduleDefinition(
    name=names.COVERAGE_SCHEDULE,
    job=measure_coverage,
    cron_schedule="5 * * * *",
    execution_timezone="UTC",
    description="Measures the asset `coverage` and observes the `inbox` every hour.",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
