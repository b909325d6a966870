"""Dagster's tables, read without Dagster, after the installed Dagster has written them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster import DagsterRun, DagsterRunStatus
from dagster._core.remote_origin import (
    GrpcServerCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._daemon.types import DaemonHeartbeat
from dagster._utils.error import SerializableErrorInfo
from sqlalchemy import make_url

from bg_orchestration import names
from bg_orchestration.ops.dagster_storage import (
    Instigators,
    NoDagsterStorageError,
    read_instigators,
    read_runs,
    storage_kind,
)
from bg_orchestration_tests.postgres_server import new_database


@pytest.fixture(params=product([False, True], ["sqlite", "postgres"]))
def home(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Dagster's home, its storage in a folder whose name needs quoting, or in PostgreSQL."""
    home = tmp_path / "a höme #1"
    home.mkdir()
    ours, kind = request.param
    with ExitStack() as stack:
        if kind == "sqlite":
            config: dict[str, Any] = {"base_dir": str(home / "storage")}
        else:
            server = request.getfixturevalue("postgres_server")
            url = make_url(stack.enter_context(new_database(server)))
            driver = url.set(drivername="postgresql+psycopg2")
            monkeypatch.setenv("DAGSTER_POSTGRES_URL", driver.render_as_string(hide_password=False))
            config = {"postgres_url": {"env": "DAGSTER_POSTGRES_URL"}}
        module = f"bg_orchestration.ops.{kind}_storage"
        custom = {"module": module, "class": f"{kind.capitalize()}Storage", "config": config}
        storage = {"custom": custom} if ours else {kind: config}
        (home / "dagster.yaml").write_text(yaml.safe_dump({"storage": storage}))
        yield home


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home)) as made:
        yield made


def _origin(name: str, location: str = names.LOCATION) -> RemoteInstigatorOrigin:
    code = GrpcServerCodeLocationOrigin(host="127.0.0.1", port=4000, location_name=location)
    return RemoteInstigatorOrigin(RemoteRepositoryOrigin(code, "__repository__"), name)


def _state(
    instance: dg.DagsterInstance,
    name: str,
    status: InstigatorStatus,
    location: str = names.LOCATION,
) -> InstigatorState:
    state = InstigatorState(
        _origin(name, location), InstigatorType.SENSOR, status, SensorInstigatorData()
    )
    instance.add_instigator_state(state)
    return state


def _tick(
    instance: dg.DagsterInstance,
    state: InstigatorState,
    status: TickStatus,
    ago: float,
    error: SerializableErrorInfo | None = None,
) -> None:
    instance.create_tick(
        TickData(
            instigator_origin_id=state.instigator_origin_id,
            instigator_name=state.instigator_name,
            instigator_type=InstigatorType.SENSOR,
            status=status,
            timestamp=time.time() - ago,
            run_ids=[],
            selector_id=state.selector_id,
            error=error,
        )
    )


def test_runs_are_counted_by_status_and_heartbeats_by_age(
    home: Path, instance: dg.DagsterInstance
) -> None:
    for status in ("STARTING", "STARTING", "STARTED", "SUCCESS", "FAILURE", "NOT_STARTED"):
        instance.add_run(DagsterRun("a job", status=DagsterRunStatus(status)))
    # A queued run needs a code location to come from.
    with instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql("UPDATE runs SET status = 'QUEUED' WHERE status = 'STARTING'")
    for daemon, age in (("SENSOR", 12), ("SCHEDULER", 400)):
        instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - age, daemon, "id", []))
    found = read_runs(home)
    assert found.unfinished == {
        "not_started": 1, "queued": 2, "starting": 0, "started": 1, "canceling": 0,
    }  # fmt: skip
    assert found.last_day == {"success": 1, "failure": 1, "canceled": 0}
    assert found.heartbeats["SENSOR"] == pytest.approx(12, abs=5)
    assert found.heartbeats["SCHEDULER"] == pytest.approx(400, abs=5)


def test_runs_that_ended_long_ago_are_left_out(home: Path, instance: dg.DagsterInstance) -> None:
    instance.add_run(DagsterRun("a job", status=DagsterRunStatus.SUCCESS))
    with instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql("UPDATE runs SET update_timestamp = '2026-01-01 00:00:00'")
    assert read_runs(home).last_day["success"] == 0


def test_stopped_sensors_are_told_but_not_those_of_other_locations(
    home: Path, instance: dg.DagsterInstance
) -> None:
    _state(instance, names.SENSOR, InstigatorStatus.STOPPED)
    _state(instance, names.SCHEDULE, InstigatorStatus.DECLARED_IN_CODE)
    _state(instance, "theirs", InstigatorStatus.STOPPED, location="somebody_elses")
    assert read_instigators(home) == Instigators((names.SENSOR,), None)


def test_the_last_tick_that_is_over_tells_whether_the_sensor_fails(
    home: Path, instance: dg.DagsterInstance
) -> None:
    sensor = _state(instance, names.SENSOR, InstigatorStatus.DECLARED_IN_CODE)
    cause = SerializableErrorInfo(
        "RuntimeError: The database\n cannot be reached", [], "RuntimeError"
    )
    error = SerializableErrorInfo("SensorExecutionError: Error occurred", [], "E", cause=cause)
    _tick(instance, sensor, TickStatus.SUCCESS, ago=30)
    assert read_instigators(home).sensor_error is None
    _tick(instance, sensor, TickStatus.FAILURE, ago=20, error=error)
    _tick(instance, sensor, TickStatus.STARTED, ago=10)
    assert read_instigators(home).sensor_error == "RuntimeError: The database cannot be reached"
    _tick(instance, sensor, TickStatus.SKIPPED, ago=5)
    assert read_instigators(home).sensor_error is None


def test_storage_that_is_not_there_is_a_sentence_and_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(NoDagsterStorageError, match=r"dagster\.yaml is not there"):
        read_runs(tmp_path)
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with pytest.raises(NoDagsterStorageError, match=r"runs\.db is not there"):
        read_runs(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["dagster.yaml"]
    (tmp_path / "dagster.yaml").write_text("storage: {mysql: {mysql_url: x}}\n")
    with pytest.raises(NoDagsterStorageError, match="neither SQLite nor PostgreSQL"):
        storage_kind(tmp_path)
    (tmp_path / "dagster.yaml").write_text("storage: {postgres: {postgres_url: {env: NO_SUCH}}}\n")
    with pytest.raises(NoDagsterStorageError, match="NO_SUCH"):
        storage_kind(tmp_path)


def test_the_parts_of_a_postgres_address_are_put_together(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_url(postgres_url)
    monkeypatch.setenv("PG_USER", str(url.username))
    parts = {
        "username": {"env": "PG_USER"},
        "password": url.password or "",
        "hostname": url.host or "",
        "db_name": url.database,
        "params": dict(url.query),
        "scheme": "postgresql+psycopg2",
    }
    (tmp_path / "dagster.yaml").write_text(
        yaml.safe_dump({"storage": {"postgres": {"postgres_db": parts}}})
    )
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        instance.add_run(DagsterRun("a job", status=DagsterRunStatus.STARTED))
    assert read_runs(tmp_path).unfinished["started"] == 1


def test_reading_imports_no_dagster() -> None:
    code = (
        "import sys, bg_orchestration.ops.metrics_exporter, bg_orchestration.ops.inspection;"
        "sys.exit('dagster' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
