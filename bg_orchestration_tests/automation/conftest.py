"""A database with one company, a real Dagster instance, and ticks of the real sensor."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration.automation import sensors
from bg_orchestration.automation.sensors import webhook_inbox
from bg_orchestration_tests.store.rows import STAFF, follow

Tick = Callable[..., dg.SensorResult]


@pytest.fixture
def database(sqlite_engine: Engine) -> Engine:
    """The configured database, on SQLite, with the company `acme`."""
    follow(sqlite_engine, "acme", staff=STAFF)
    return sqlite_engine


@pytest.fixture(scope="session")
def dagster_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a Dagster instance with its tables, to be copied."""
    folder = tmp_path_factory.mktemp("dagster")
    with dg.DagsterInstance.local_temp(str(folder)) as made:
        made.get_runs_count()
        made.all_instigator_state()
        made.get_dynamic_partitions("any")
    return folder


@pytest.fixture
def instance(dagster_template: Path, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance of its own, in a folder, as one machine has it."""
    folder = shutil.copytree(dagster_template, tmp_path / "dagster")
    with dg.DagsterInstance.local_temp(str(folder)) as made:
        yield made


@pytest.fixture
def tick(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> Tick:
    """Evaluate the sensor as the daemon does; a tick stays 0.2 s for news."""
    monkeypatch.setattr(sensors, "_STAY_SECONDS", 0.2)

    def evaluate(cursor: str | None = None) -> dg.SensorResult:
        with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
            result = webhook_inbox(context)
        assert isinstance(result, dg.SensorResult)
        return result

    return evaluate
