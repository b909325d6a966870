"""The one Definitions object: wiring only. Every run imports this module, so it stays light."""

import dagster as dg

from bg_orchestration.assets.artifacts import ArtifactIOManager
from bg_orchestration.assets.coverage import coverage
from bg_orchestration.assets.multi_asset import refresh
from bg_orchestration.assets.resources import Configuration, trace
from bg_orchestration.assets.sources import SOURCES
from bg_orchestration.automation.coverage_job import coverage_schedule, measure_coverage
from bg_orchestration.automation.crm_job import write_crm, write_crm_hourly
from bg_orchestration.automation.erasure_job import erase_people, erasure_requests
from bg_orchestration.automation.jobs import refresh_buyer_group
from bg_orchestration.automation.lineage_sensor import openlineage
from bg_orchestration.automation.notification_sensor import digest_weekly, notifications
from bg_orchestration.automation.provider_jobs import watch_providers, watch_schedule
from bg_orchestration.automation.retention_job import retention, retention_schedule
from bg_orchestration.automation.schedules import refresh_stale_companies
from bg_orchestration.automation.sensors import webhook_inbox
from bg_orchestration.automation.warehouse_export import (
    export_warehouse,
    export_warehouse_hourly,
    warehouse_tables,
)

defs = dg.Definitions(
    assets=[*SOURCES, refresh, coverage, warehouse_tables],
    jobs=[
        refresh_buyer_group,
        retention,
        watch_providers,
        erase_people,
        measure_coverage,
        export_warehouse,
        write_crm,
    ],
    sensors=[webhook_inbox, erasure_requests, notifications, openlineage],
    schedules=[
        refresh_stale_companies,
        retention_schedule,
        watch_schedule,
        coverage_schedule,
        export_warehouse_hourly,
        digest_weekly,
        write_crm_hourly,
    ],
    resources={
        "configuration": Configuration(),
        "io_manager": ArtifactIOManager(),
        "trace": trace,
    },
    # Here and not on the job: a job's executor does not reach Materialize. A refresh is one
    # step, and a process for it costs seconds.
    executor=dg.in_process_executor,
)
