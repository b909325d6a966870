"""Dagster's own tests of storages, on ours.

Those of schedules are installed with Dagster. Those of events and runs are in its source archive:
`make dagster-suite` fetches it and runs them too.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._utils.test.schedule_storage import TestScheduleStorage
from sqlalchemy import make_url

from bg_orchestration.ops.postgres_storage import PostgresStorage
from bg_orchestration.ops.sqlite_storage import SqliteStorage
from bg_orchestration_tests.postgres_server import new_database

# The folder of the unpacked archive, which is on PYTHONPATH too.
_SOURCE = os.environ.get("DAGSTER_SOURCE")
_of_source = pytest.mark.skipif(_SOURCE is None, reason="needs Dagster's source archive")

if _SOURCE is None:
    TestEventLogStorage = TestRunStorage = object
else:
    # The one function that the tests take from a package that is not published.
    factory = ModuleType("dagster_test.utils.data_factory")
    factory.dagster_run = lambda job_name="test-job", **more: dg.DagsterRun(job_name, **more)  # type: ignore[attr-defined]
    sys.modules |= {
        "dagster_test": ModuleType("dagster_test"),
        "dagster_test.utils": ModuleType("dagster_test.utils"),
        factory.__name__: factory,
    }
    from dagster_tests.storage_tests.utils.event_log_storage import TestEventLogStorage
    from dagster_tests.storage_tests.utils.run_storage import TestRunStorage


class _OurStorage:
    @pytest.fixture(params=["sqlite", "postgres"])
    def instance(
        self, request: pytest.FixtureRequest, tmp_path: Path, postgres_server: Any
    ) -> Iterator[dg.DagsterInstance]:
        """An instance on one of our storages."""
        with new_database(postgres_server) as url:
            storage = {
                "sqlite": {
                    "module": SqliteStorage.__module__,
                    "class": SqliteStorage.__name__,
                    "config": {"base_dir": str(tmp_path / "storage")},
                },
                "postgres": {
                    "module": PostgresStorage.__module__,
                    "class": PostgresStorage.__name__,
                    "config": {"postgres_url": make_url(url).render_as_string(hide_password=False)},
                },
            }[request.param]
            settings = {"storage": {"custom": storage}, "telemetry": {"enabled": False}}
            (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(settings))
            with dg.DagsterInstance.from_config(str(tmp_path)) as made:
                yield made


class TestSchedules(_OurStorage, TestScheduleStorage):
    __test__ = True

    @pytest.fixture(name="storage")
    def schedule_storage(self, instance: dg.DagsterInstance) -> Any:
        return instance.schedule_storage


@_of_source
class TestEvents(_OurStorage, TestEventLogStorage):
    __test__ = True

    @pytest.fixture(name="storage")
    def event_log_storage(self, instance: dg.DagsterInstance) -> Any:
        return instance.event_log_storage

    def can_wipe_asset_partitions(self) -> bool:
        return False

    @pytest.mark.skip(reason="tests cursors of a storage with a file for each run")
    def test_get_event_records_sqlite(self) -> None:
        pass


@_of_source
class TestRuns(_OurStorage, TestRunStorage):
    __test__ = True

    @pytest.fixture(name="storage")
    def run_storage(self, instance: dg.DagsterInstance) -> Any:
        return instance.run_storage
