"""Old runs are deleted from a real Dagster instance, and partitions keep their status."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from bg_orchestration.assets.partitions import companies
from bg_orchestration.automation.retention_job import delete_runs, retention


@dg.asset(partitions_def=companies)
def something() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult()


@dg.asset(partitions_def=companies)
def failing() -> None:
    raise ValueError("on purpose")


def _run(instance: dg.DagsterInstance, asset: dg.AssetsDefinition, company_id: str) -> str:
    return dg.materialize(
        [asset], instance=instance, partition_key=company_id, raise_on_error=False
    ).run_id


def test_the_newest_materialization_of_a_company_stays_and_the_rest_goes() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(companies.name), ["acme", "other"])
        for _ in range(3):
            _run(instance, something, "acme")
        _run(instance, failing, "acme")
        kept = _run(instance, something, "acme")
        _run(instance, something, "other")
        last = _run(instance, something, "other")
        assert delete_runs(instance, datetime.now(UTC) - timedelta(hours=1)) == 0
        assert delete_runs(instance, datetime.now(UTC) + timedelta(hours=1)) == 5
        left = {record.dagster_run.run_id for record in instance.get_run_records()}
        assert left == {kept, last}
        assert instance.get_materialized_partitions(dg.AssetKey("something")) == {"acme", "other"}


def test_the_job_forgets_rows_and_runs() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = retention.execute_in_process(instance=instance)
    assert result.success
