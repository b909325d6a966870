"""Old runs are deleted from a real Dagster instance, and partitions keep their status."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from bg_orchestration.assets.partitions import companies
from bg_orchestration.automation import retention_job
from bg_orchestration.automation.retention_job import delete_runs, retention

# Without a configured database each test would load the sample, which takes three seconds.
pytestmark = pytest.mark.usefixtures("sqlite_engine")


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
        assert delete_runs(instance, datetime.now(UTC) - timedelta(hours=1)) == (0, None)
        assert delete_runs(instance, datetime.now(UTC) + timedelta(hours=1)) == (5, None)
        left = {record.dagster_run.run_id for record in instance.get_run_records()}
        assert left == {kept, last}
        assert instance.get_materialized_partitions(dg.AssetKey("something")) == {"acme", "other"}


@pytest.mark.parametrize("page", [1, 2])
def test_retention_reaches_a_deletable_run_however_many_are_kept(
    monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    """An execution sees two runs: the first ones are kept, so that it takes several to go round."""
    monkeypatch.setattr(retention_job, "_PAGE", page)
    monkeypatch.setattr(retention_job, "_MOST_RUNS", 2)
    names = [f"c{number}" for number in range(5)]
    later = datetime.now(UTC) + timedelta(hours=1)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(companies.name), names)
        kept = {_run(instance, something, name) for name in names}
        _run(instance, failing, "c0")
        total, cursor = 0, None
        for _ in range(4):
            deleted, cursor = delete_runs(instance, later, cursor)
            total += deleted
        assert total == 1
        assert {record.dagster_run.run_id for record in instance.get_run_records()} == kept
        # It goes round: what becomes deletable behind it is found as well.
        newest = _run(instance, something, "c1")
        for _ in range(6):
            deleted, cursor = delete_runs(instance, later, cursor)
            total += deleted
        assert total == 2
        assert len(instance.get_run_records()) == 5
        assert instance.get_run_by_id(newest) is not None


def test_the_run_to_go_on_after_may_be_deleted_by_a_person() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(companies.name), ["acme"])
        gone = _run(instance, something, "acme")
        _run(instance, something, "acme")
        instance.delete_run(gone)
        _run(instance, failing, "acme")
        later = datetime.now(UTC) + timedelta(hours=1)
        assert delete_runs(instance, later, gone)[0] == 1


def test_the_job_forgets_rows_and_runs() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = retention.execute_in_process(instance=instance)
        # Where the next execution goes on is kept beside Dagster's own cursors.
        assert instance.daemon_cursor_storage.get_cursor_values({retention_job._CURSOR})
    assert result.success
