"""The job that writes the fields of `BG_CRM_AUTOMATIC` into CRMs, and its schedule."""

import dagster as dg

from bg_orchestration import names
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.settings import settings


@dg.op(description="Proposes and writes the fields of BG_CRM_AUTOMATIC, a CRM after the other.")
def write_automatic_fields(context: dg.OpExecutionContext) -> None:
    """Write into each CRM; a fault of a CRM does not stop the others.

    The run logs counts only: the conflicts hold names and are shown by `bg crm diff`.
    """
    # Imported here, because every run imports this module.
    from bg_orchestration.destinations.crm.opening import open_crm
    from bg_orchestration.destinations.crm.proposals import propose
    from bg_orchestration.destinations.crm.protocol import CrmError
    from bg_orchestration.destinations.crm.writes import apply_proposals

    config, engine = settings(), ready_engine()
    faults = []
    for name in sorted({each.partition(".")[0] for each in config.crm_automatic}):
        prefix = f"{name}."
        fields = [each.removeprefix(prefix) for each in config.crm_automatic if prefix in each]
        try:
            with open_crm(name, engine, config) as crm:
                found = propose(engine, crm, fields=fields)
                applied = apply_proposals(engine, crm, fields=fields)
        except CrmError as error:
            faults.append(str(error))
            continue
        context.log.info(
            "%s: %s; %d conflicts, see bg crm diff",
            name,
            dict(applied.ends),
            len(found.conflicts) + len(applied.conflicts),
        )
    if faults:
        raise dg.Failure("; ".join(faults), allow_retries=False)


@dg.job(
    name=names.CRM_JOB,
    description="Writes the fields of BG_CRM_AUTOMATIC into HubSpot and Salesforce. See bg crm.",
)
def write_crm() -> None:
    """The job of the fields that are written without a question."""
    write_automatic_fields()


write_crm_hourly = dg.ScheduleDefinition(
    name=names.CRM_SCHEDULE,
    job=write_crm,
    cron_schedule="40 * * * *",
    execution_timezone="UTC",
    description="Writes the fields of BG_CRM_AUTOMATIC into the CRMs every hour. Stopped while "
    "that is empty, which is the default: then bg crm apply writes.",
    default_status=(
        dg.DefaultScheduleStatus.RUNNING
        if settings().crm_automatic
        else dg.DefaultScheduleStatus.STOPPED
    ),
)
