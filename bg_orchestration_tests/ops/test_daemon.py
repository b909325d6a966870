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
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteJobOrigin,
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
from dagster._core.storage.tags import BACKFILL_ID_TAG
from dagster._daemon import daemon as dagster_daemon
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._utils.error import SerializableErrorInfo

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


def test_all_daemons_of_the_instance_run_three_of_them_ours(instance: dg.DagsterInstance) -> None:
    made = daemon._daemons(instance)
    ours = {daemon.EagerQueueDaemon, daemon.EagerSensorDaemon, daemon.EagerBackfillDaemon}
    assert {one.daemon_type() for one in made} == set(instance.get_required_daemon_types())
    assert {type(one) for one in made} >= ours


def test_the_queue_is_read_only_when_a_run_is_queued(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    launches = [["launched"], [], [], ["launched"]]
    monkeypatch.setattr(
        QueuedRunCoordinatorDaemon, "run_iteration", lambda *_: iter(launches.pop(0))
    )
    context: Any = SimpleNamespace(instance=instance)
    loop = daemon.EagerQueueDaemon(0.1).core_loop(context, threading.Event())
    assert [next(loop), next(loop)] == [None, None]
    _queue(instance)
    assert [next(loop), next(loop)] == ["launched", None]
    assert len(launches) == 3
    # After a launch the queue is read until nothing may start. Then it waits for a change.
    assert [next(loop) for _ in range(3)] == [None] * 3
    assert len(launches) == 2
    _queue(instance)
    assert next(loop) is None
    assert len(launches) == 1


def test_an_empty_queue_is_read_again_as_soon_as_a_tick_is_over(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "_EMPTY_QUEUE_SECONDS", 1_000.0)
    monkeypatch.setattr(daemon, "execute_sensor_iteration", lambda *_: iter(()))
    context: Any = SimpleNamespace(instance=instance)
    queue = daemon.EagerQueueDaemon(0.1).core_loop(context, threading.Event())
    with daemon.EagerSensorDaemon({}) as sensors:
        for _ in range(2):
            assert next(sensors.core_loop(context, threading.Event())) is None
            assert next(queue) is None, "returns at once"


def _queue(instance: dg.DagsterInstance, backfill_id: str | None = None, runs: int = 1) -> None:
    """Queue runs, of a backfill or alone."""
    tags = {BACKFILL_ID_TAG: backfill_id} if backfill_id else {}
    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(names.LOCATION), "r")
    for _ in range(runs):
        instance.add_run(
            dg.DagsterRun(
                names.JOB,
                status=dg.DagsterRunStatus.QUEUED,
                tags=tags,
                remote_job_origin=RemoteJobOrigin(repository, names.JOB),
            )
        )


def _request_backfill(instance: dg.DagsterInstance, backfill_id: str) -> PartitionBackfill:
    backfill = PartitionBackfill(
        backfill_id, BulkActionStatus.REQUESTED, from_failure=False, tags={},
        backfill_timestamp=time.time(), partition_names=["acme"],
    )  # fmt: skip
    instance.add_backfill(backfill)
    return backfill


def test_the_head_of_the_queue_has_every_run_outside_of_backfills_and_some_of_each_backfill(
    instance: dg.DagsterInstance,
) -> None:
    counts = {"large": daemon._HEAD + 10, "small": 3}
    for backfill_id, count in counts.items():
        _request_backfill(instance, backfill_id)
        _queue(instance, backfill_id, count)
    _queue(instance, runs=2)
    head = daemon._QueueHead(instance)
    found = [run.tags.get(BACKFILL_ID_TAG) for run in head.get_runs(daemon._QUEUED)]
    assert found == [None] * 2 + ["large"] * daemon._HEAD + ["small"] * 3
    assert head.get_runs(daemon._QUEUED, cursor="of the last") == []
    assert head.run_coordinator is instance.run_coordinator


def test_a_backfill_is_looked_at_once_it_is_requested_and_once_it_is_cancelled(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter(range(9))

    def look(*_: object, **_more: object) -> Iterator[int]:
        yield next(looks)
        raise RuntimeError("a fault does not end the loop")

    monkeypatch.setattr(daemon, "execute_backfill_iteration", look)
    monkeypatch.setattr(daemon, "_BACKFILLS_SECONDS", 0.0)
    context: Any = SimpleNamespace(instance=instance)
    with daemon.EagerBackfillDaemon({}) as made:
        loop = made.core_loop(context, threading.Event())
        assert [next(loop), next(loop)] == [None, None]
        backfill = _request_backfill(instance, "requested")
        # So many runs that the next look is far away.
        _queue(instance, "requested", 10 * daemon._RUNS_A_SECOND)
        assert next(loop) == 0
        assert isinstance(next(loop), SerializableErrorInfo)
        assert [next(loop), next(loop)] == [None, None]
        instance.update_backfill(backfill.with_status(BulkActionStatus.CANCELING))
        assert next(loop) == 1


def test_the_private_names_that_the_daemon_builds_on_are_still_there() -> None:
    """Each stands for a loop of Dagster's that is written anew, as its pauses are constants.

    `core_loop` of the three daemons: what they call in it, ours call too. The thread pools of the
    sensor daemon: without them one sensor's tick would hold up all others. The queue daemon reads
    the queue with `get_runs`, page by page, in one method: it is given the head instead.
    """
    theirs = inspect.signature(dagster_daemon.SensorDaemon.core_loop)
    for ours in (daemon.EagerSensorDaemon, daemon.EagerQueueDaemon, daemon.EagerBackfillDaemon):
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
        for theirs_of in (dagster_daemon.SensorDaemon, dagster_daemon.BackfillDaemon):
            assert pool in inspect.getsource(theirs_of.__init__)
    assert "execute_backfill_iteration" in inspect.getsource(
        inspect.getmodule(execute_backfill_iteration).execute_backfill_iteration_loop  # type: ignore[union-attr]
    )
    assert "_get_runs_to_dequeue" in QueuedRunCoordinatorDaemon.run_iteration.__code__.co_names
    read = inspect.getsource(QueuedRunCoordinatorDaemon._get_runs_to_dequeue)
    assert read.count("instance.get_runs(") == 1
    assert "cursor = queued_runs[-1].run_id" in read


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
