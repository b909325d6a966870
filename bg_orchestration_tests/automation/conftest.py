"""A database with one company, a real Dagster instance, and ticks of the real sensor."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration.automation import sensors
from bg_orchestration.automation.sensors import webhook_inbox
from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration_tests.store.rows import STAFF, follow

Tick = Callable[..., dg.SensorResult]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The configured database, on SQLite, with the company `acme`."""
    url = f"sqlite:///{tmp_path / 'test.sqlite3'}"
    monkeypatch.setenv("BG_DATABASE_URL", url)
    settings.cache_clear()
    engine = engine_for(url)
    upgrade_schema(engine)
    follow(engine, "acme", staff=STAFF)
    yield engine
    engine.dispose()


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance of its own, in a folder, as one machine has it."""
    folder = tmp_path / "dagster"
    folder.mkdir()
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
