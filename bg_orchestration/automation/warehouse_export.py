"""The warehouse tables as assets, the job that exports them, and its schedule."""

from collections.abc import Iterator

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.domain.warehouse_tables import TABLES, VERSION, WarehouseTable
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.settings import settings
from bg_orchestration.store.database import describe_outage, reading

# The tick of this hour exports even if no figure of the source tables changed.
_DAILY_HOUR = 3


def _spec(table: WarehouseTable) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(
            column.name,
            column.type,
            column.description,
            dg.TableColumnConstraints(nullable=not column.required),
        )
        for column in table.columns
    ]
    return dg.AssetSpec(
        dg.AssetKey([names.WAREHOUSE, table.name]),
        deps=[names.PUBLISHED_BUYER_GROUP],
        description=f"{table.description} Schema version {VERSION}: docs/destinations.md.",
        group_name=names.WAREHOUSE,
        kinds={"parquet"},
        owners=list(settings().owners),
        metadata={"dagster/column_schema": dg.TableSchema(columns)},
    )


# All tables in one step: they come from one snapshot of the database.
@dg.multi_asset(
    name="warehouse_tables",
    description="Writes the warehouse tables to BG_WAREHOUSE from one snapshot of the database.",
    specs=[_spec(table) for table in TABLES],
)
def warehouse_tables(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Export all tables; readers see the former export until the new one is whole."""
    # Imported here, because every run imports this module.
    from bg_orchestration.destinations.warehouse.export import configured_target, export
    from bg_orchestration.destinations.warehouse.targets import ExportError

    try:
        report = export(ready_engine(), configured_target(settings()))
    except ExportError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    context.log.info(
        "Version %s is at %s, %s", report.version, report.address, _news(report.changed)
    )
    for table in TABLES:
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey([names.WAREHOUSE, table.name]),
            metadata={
                "dagster/row_count": report.rows[table.name],
                "bytes": report.sizes[table.name],
                "address": report.address,
                "version": report.version,
                "content": _news(report.changed),
            },
        )


def _news(changed: bool) -> str:
    return "changed" if changed else "as before"


export_warehouse = dg.define_asset_job(
    names.EXPORT_JOB,
    selection=dg.AssetSelection.groups(names.WAREHOUSE),
    description="Exports the warehouse tables. See bg export.",
)


@dg.schedule(
    name=names.EXPORT_SCHEDULE,
    job=export_warehouse,
    cron_schedule="10 * * * *",
    execution_timezone="UTC",
    default_status=(
        dg.DefaultScheduleStatus.RUNNING
        if settings().warehouse
        else dg.DefaultScheduleStatus.STOPPED
    ),
    description="Exports the warehouse tables to BG_WAREHOUSE every hour if the published groups "
    "changed, and at 03:10 UTC in any case. Stopped while BG_WAREHOUSE is not set.",
)
def export_warehouse_hourly(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """Exports the warehouse tables to BG_WAREHOUSE if the published groups have changed.

    It compares a few figures of the source tables with those of the last export. The tick at 3 UTC
    exports anyway, because a corrected name alone changes no figure.
    """
    from bg_orchestration.destinations.warehouse.export import configured_target, is_current
    from bg_orchestration.destinations.warehouse.targets import ExportError

    if context.scheduled_execution_time.hour == _DAILY_HOUR:
        return dg.RunRequest()
    try:
        with reading(ready_engine()) as connection:
            if is_current(connection, configured_target(settings())):
                return dg.SkipReason("Nothing changed since the last export")
    except SQLAlchemyError as error:
        raise RuntimeError(describe_outage(error)) from error
    except ExportError as error:
        raise RuntimeError(str(error)) from None
    return dg.RunRequest()
