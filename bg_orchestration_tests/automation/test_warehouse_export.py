"""The warehouse tables in Dagster: one step, downstream of the groups, on a schedule."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.automation.warehouse_export import export_warehouse_hourly
from bg_orchestration.definitions import defs
from bg_orchestration.domain.warehouse_tables import TABLES
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, writing
from bg_orchestration_tests.destinations.warehouse.conftest import Publish
from bg_orchestration_tests.destinations.warehouse.conftest import (
    published_sqlite as published_sqlite,
)


@pytest.fixture
def folder(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The configured folder of the tables of a configured database with groups."""
    monkeypatch.setenv("BG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BG_DATABASE_URL", str(published_sqlite[0].url))
    monkeypatch.setenv("BG_PROVIDER", "files")
    monkeypatch.setenv("BG_WAREHOUSE", str(tmp_path / "out"))
    settings.cache_clear()
    yield tmp_path / "out"
    settings.cache_clear()


def tick(hour: int) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 3, 2, hour, tzinfo=UTC)
    )
    answer = export_warehouse_hourly(context)
    assert isinstance(answer, dg.RunRequest | dg.SkipReason)
    return answer


def test_the_tables_stand_downstream_of_the_published_groups() -> None:
    graph = defs.resolve_asset_graph()
    for table in TABLES:
        key = dg.AssetKey(["warehouse", table.name])
        node = graph.get(key)
        assert node.parent_keys == {dg.AssetKey(names.PUBLISHED_BUYER_GROUP)}
        assert not node.is_partitioned
        assert node.group_name == names.WAREHOUSE
        columns = node.metadata["dagster/column_schema"].columns
        assert [column.name for column in columns] == [column.name for column in table.columns]
    refreshing = defs.resolve_job_def(names.JOB).asset_layer.executable_asset_keys
    assert not {key for key in refreshing if key.path[0] == names.WAREHOUSE}


def test_the_job_exports_and_the_schedule_rests_until_something_changes(
    folder: Path, published_sqlite: tuple[Engine, Publish]
) -> None:
    _, put = published_sqlite
    assert isinstance(tick(9), dg.RunRequest)
    result = defs.resolve_job_def(names.EXPORT_JOB).execute_in_process()
    assert result.success
    found = {
        event.asset_key.path[-1]: event.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key is not None
    }
    assert found.keys() == {table.name for table in TABLES}
    assert found["members"]["dagster/row_count"].value == 6
    assert found["members"]["content"].value == "changed"
    assert pq.read_table(folder / "current" / "members.parquet").num_rows == 6
    assert isinstance(tick(10), dg.SkipReason)
    assert isinstance(tick(3), dg.RunRequest)
    put("acme")
    assert isinstance(tick(11), dg.RunRequest)


def test_the_erasure_job_exports_again(
    folder: Path, published_sqlite: tuple[Engine, Publish]
) -> None:
    assert defs.resolve_job_def(names.EXPORT_JOB).execute_in_process().success
    with writing(engine_for(settings().url)) as connection:
        request_erasure(connection, [DataSubject(("p-ann",))], Suppressions.configured(settings()))
    assert defs.resolve_job_def(names.ERASURE_JOB).execute_in_process().success
    members = pq.read_table(folder / "current" / "members.parquet").to_pylist()
    assert {row["person_id"] for row in members} == {"p-bob"}
    assert len(list((folder / "versions").iterdir())) == 1
