"""The one Definitions object: wiring only. Every run imports this module, so it stays light."""

import dagster as dg

from bg_orchestration.assets.artifacts import artifacts
from bg_orchestration.assets.buyer_groups import (
    buyer_group,
    company,
    contacts,
    people,
    published_buyer_group,
    scored_people,
)
from bg_orchestration.assets.tracing import trace
from bg_orchestration.automation.erasure_job import erase_people, erasure_requests
from bg_orchestration.automation.jobs import refresh_buyer_group
from bg_orchestration.automation.notification_sensor import notifications
from bg_orchestration.automation.provider_jobs import watch_providers, watch_schedule
from bg_orchestration.automation.retention_job import retention, retention_schedule
from bg_orchestration.automation.schedules import refresh_stale_companies
from bg_orchestration.automation.sensors import webhook_inbox

defs = dg.Definitions(
    assets=[company, people, scored_people, buyer_group, contacts, published_buyer_group],
    jobs=[refresh_buyer_group, retention, watch_providers, erase_people],
    sensors=[webhook_inbox, erasure_requests, notifications],
    schedules=[refresh_stale_companies, retention_schedule, watch_schedule],
    resources={"io_manager": artifacts, "trace": trace},
    # Here and not on the job: a job's executor does not reach Materialize. A refresh is one small
    # chain, and a process for each step costs seconds.
    executor=dg.in_process_executor,
)
