"""The daemon of `bg up`: which of Dagster's it replaces, and that they act at once."""

import inspect
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from dagster._daemon import daemon as dagster_daemon
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration

from bg_orchestration.ops import daemon
from bg_orchestration.ops.dagster_home import write_home
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
