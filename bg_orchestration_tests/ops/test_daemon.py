"""The daemon of `bg up`: which of Dagster's it replaces, and that they act at once."""

import inspect
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    ScheduleInstigatorData,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._daemon import daemon as dagster_daemon
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration

from bg_orchestration import names
from bg_orchestration.ops import daemon, instigators
from bg_orchestration.ops.dagster_home import write_home
from bg_orchestration.ops.instigators import SetBackWatch, settle_instigators
from bg_orchestration.settings import Settings


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """The instance that `bg up` writes."""
    write_home(Settings(home=tmp_path), tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as made:
        yield made


def test_all_daemons_of_the_instance_run_two_of_them_ours(instance: dg.DagsterInstance) -> None:
    made = daemon._daemons(instance)
    assert {one.daemon_type() for one in made} == set(instance.get_required_daemon_types())
    assert {type(one) for one in made} >= {daemon.EagerQueueDaemon, daemon.EagerSensorDaemon}


def test_the_queue_is_read_only_when_a_run_is_queued(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []
    monkeypatch.setattr(
        QueuedRunCoordinatorDaemon,
        "run_iteration",
        lambda *_: iter(looks.append(1) or ["launched"]),  # type: ignore[func-returns-value]
    )
    context: Any = SimpleNamespace(instance=instance)
    loop = daemon.EagerQueueDaemon(0.1).core_loop(context, threading.Event())
    assert [next(loop), next(loop)] == [None, None]
    run = dg.DagsterRun("a job")
    instance.add_run(run)
    with instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql("UPDATE runs SET status = 'QUEUED'")
    assert [next(loop), next(loop)] == ["launched", None]
    assert len(looks) == 1


def test_the_private_names_that_the_daemon_builds_on_are_still_there() -> None:
    """Each stands for a loop of Dagster's that is written anew, as its pauses are constants.

    `core_loop` of the two daemons: what they call in it, ours call too. The thread pools of the
    sensor daemon: without them one sensor's tick would hold up all others.
    """
    theirs = inspect.signature(dagster_daemon.SensorDaemon.core_loop)
    for ours in (daemon.EagerSensorDaemon, daemon.EagerQueueDaemon):
        assert list(inspect.signature(ours.core_loop).parameters) == list(theirs.parameters)
    assert "run_iteration" in dagster_daemon.IntervalDaemon.core_loop.__code__.co_names
    assert "execute_sensor_iteration" in inspect.getsource(
        inspect.getmodule(execute_sensor_iteration).execute_sensor_iteration_loop  # type: ignore[union-attr]
    )
    assert list(inspect.signature(execute_sensor_iteration).parameters)[:5] == [
        "workspace_process_context",
        "logger",
        "threadpool_executor",
        "submit_threadpool_executor",
        "sensor_tick_futures",
    ]
    for pool in ("_threadpool_executor", "_submit_threadpool_executor"):
        assert pool in inspect.getsource(dagster_daemon.SensorDaemon.__init__)


def test_sensors_and_schedules_whose_last_tick_lies_in_the_future_count_as_now(
    tmp_path: Path,
) -> None:
    ahead, now = time.time() + 7_200, time.time()
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        of_sensor = SensorInstigatorData(
            last_tick_timestamp=ahead, last_tick_start_timestamp=ahead, cursor="kept"
        )
        of_schedule = ScheduleInstigatorData("@daily", last_iteration_timestamp=ahead)
        kinds = [
            (names.SENSOR, InstigatorType.SENSOR, of_sensor),
            (names.SCHEDULE, InstigatorType.SCHEDULE, of_schedule),
        ]
        for name, kind, data in kinds:
            origin = RemoteInstigatorOrigin(
                RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(names.LOCATION), "r"), name
            )
            state = instance.add_instigator_state(
                InstigatorState(origin, kind, InstigatorStatus.RUNNING, data)  # type: ignore[arg-type]
            )
            instance.create_tick(
                TickData(
                    state.instigator_origin_id,
                    name,
                    kind,
                    TickStatus.SKIPPED,
                    ahead,
                    selector_id=state.selector_id,
                )
            )
        assert 7_190 < settle_instigators(instance) <= 7_200
        for state in instance.all_instigator_state():
            data = state.instigator_data._asdict()  # type: ignore[union-attr]
            times = [at for name, at in data.items() if name.endswith("timestamp") and at]
            assert max(times) <= time.time()
            [tick] = instance.get_ticks(state.instigator_origin_id, state.selector_id)
            assert now - 5 <= tick.timestamp <= time.time()
            assert data.get("cursor", "kept") == "kept"
        assert settle_instigators(instance) == 0


def test_a_clock_that_is_set_back_is_noticed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shift = 0.0
    wall = time.time
    monkeypatch.setattr(instigators.time, "time", lambda: wall() + shift)
    watch = SetBackWatch()
    assert watch.seconds() == 0
    shift = 7_200.0
    assert watch.seconds() == 0
    shift = 0.0
    assert 7_190 < watch.seconds() < 7_210
    assert watch.seconds() == 0
