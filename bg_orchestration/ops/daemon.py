"""The Dagster daemon with loops that work at once and rest without work.

    python -m bg_orchestration.ops.daemon WORKSPACE

Dagster's daemon looks at sensors every 5 s, whatever a sensor requests. A tick that returned a run
early leaves the inbox unwatched until then. It reads the whole queue every 1 to 1.5 s, which takes
0.2 s with 500 runs and 2 s with 5,000, and looks at backfills every 30 s. `bg up` starts this
daemon; Dagster's daemon works too, but slower.

Dagster's loops rest by the wall clock. When that is set back, they would rest until it has caught
up: this daemon then ends, and the supervisor starts it again.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from threading import Event
from typing import Any, Final

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter
from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus
from dagster._core.storage.tags import BACKFILL_ID_TAG
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._daemon.controller import (
    create_daemon_of_type,
    daemon_controller_from_instance,
)
from dagster._daemon.daemon import BackfillDaemon, DagsterDaemon, SensorDaemon
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._daemon.utils import DaemonErrorCapture
from dagster._utils.interrupts import capture_interrupts, setup_interrupt_handlers

from bg_orchestration.observability.logs import lines
from bg_orchestration.ops.daemon_lock import daemon_lock
from bg_orchestration.ops.dagster_home import open_instance
from bg_orchestration.ops.extras import require_needs
from bg_orchestration.ops.instigators import SetBackWatch, settle_instigators

# The pause between two looks, in seconds.
_QUEUE_SECONDS: Final = 0.1
# An empty queue; runs of the sensors are not waited for, see `_TICK_OVER`.
_EMPTY_QUEUE_SECONDS: Final = 0.3
_SENSORS_SECONDS: Final = 0.1
# A running tick reports its own end; other sensors are due at their own time.
_TICK_SECONDS: Final = 2.0
_BACKFILLS_SECONDS: Final = 2.0

# A queue in which nothing changed is read again after this time: a limit may have changed.
_SAME_QUEUE_SECONDS: Final = 2.0
# So many of the oldest runs of each backfill are read; far more than may run at once.
_HEAD: Final = 50
# Dagster's own pause between two looks at a backfill. Each reads all runs that it has made.
_SLOWEST_BACKFILL_SECONDS: Final = 30.0
_RUNS_A_SECOND: Final = 10

# A sensor's tick ended in this process: it may have queued runs.
_TICK_OVER: Final = Event()

_QUEUED: Final = RunsFilter(statuses=[DagsterRunStatus.QUEUED])
_LAUNCHED: Final = RunsFilter(
    statuses=[DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
)
_UNFINISHED: Final = BulkActionsFilter(
    statuses=[BulkActionStatus.REQUESTED, BulkActionStatus.CANCELING, BulkActionStatus.FAILING]
)


class EagerQueueDaemon(QueuedRunCoordinatorDaemon):
    """Launches queued runs; counts runs to see that there is nothing to launch."""

    def core_loop(
        self, workspace_process_context: Any, shutdown_event: Event
    ) -> Generator[Any, None, None]:
        """Launch queued runs within the limits; rest while none is queued, or none may start."""
        instance = workspace_process_context.instance
        seen, read_at = (0, 0), 0.0
        while True:
            if queued := instance.get_runs_count(_QUEUED):
                counts = (queued, instance.get_runs_count(_LAUNCHED))
                if counts != seen or time.monotonic() >= read_at + _SAME_QUEUE_SECONDS:
                    seen, read_at = counts, time.monotonic()
                    for launch in self.run_iteration(workspace_process_context):
                        # The counts may return to what they were, with other runs in the queue.
                        seen = (0, 0)
                        yield launch
            _TICK_OVER.wait(_QUEUE_SECONDS if queued else _EMPTY_QUEUE_SECONDS)
            _TICK_OVER.clear()
            yield None

    def _get_runs_to_dequeue(self, instance: Any, *arguments: Any, **more: Any) -> list[DagsterRun]:
        return super()._get_runs_to_dequeue(_QueueHead(instance), *arguments, **more)  # type: ignore[arg-type]


class _QueueHead:
    """An instance that shows the queue's head: of each backfill only the oldest runs.

    A backfill of thousands would otherwise be read for each start. Runs outside of backfills come
    first, so an event does not wait behind a backfill for the same slot.
    """

    def __init__(self, instance: DagsterInstance) -> None:
        self._instance = instance

    def __getattr__(self, name: str) -> Any:
        return getattr(self._instance, name)

    def get_runs(
        self, filters: RunsFilter, cursor: str | None = None, **_page: Any
    ) -> list[DagsterRun]:
        """Return the head in one page; the page after it is empty."""
        if cursor is not None:
            return []
        backfills = self._instance.get_backfills(_UNFINISHED)
        heads = [filters, *(_runs_of([each.backfill_id], filters.statuses) for each in backfills)]
        records = list(
            self._instance.get_run_records(
                RunsFilter(statuses=filters.statuses, exclude_subruns=True)
            )
        )
        for each in heads:
            records += self._instance.get_run_records(each, limit=_HEAD, ascending=True)
        head = {record.storage_id: record.dagster_run for record in records}
        return sorted(
            (head[number] for number in sorted(head)), key=lambda run: BACKFILL_ID_TAG in run.tags
        )


class EagerBackfillDaemon(BackfillDaemon):
    """Looks at a backfill as soon as it is requested or cancelled, at a small one often."""

    def core_loop(
        self, workspace_process_context: Any, shutdown_event: Event
    ) -> Generator[Any, None, None]:
        """Create and cancel the runs of backfills."""
        futures: dict[str, Future[Any]] = {}
        seen: set[tuple[str, BulkActionStatus]] = set()
        looked_at = rest = 0.0
        while True:
            instance = workspace_process_context.instance
            states = {
                (each.backfill_id, each.status) for each in instance.get_backfills(_UNFINISHED)
            }
            if states - seen or (states and time.monotonic() >= looked_at + rest):
                count = instance.get_runs_count(_runs_of([each for each, _ in states]))
                rest = min(count / _RUNS_A_SECOND, _SLOWEST_BACKFILL_SECONDS)
                seen, looked_at = states, time.monotonic()
                try:
                    yield from execute_backfill_iteration(
                        workspace_process_context,
                        self._logger,
                        threadpool_executor=self._threadpool_executor,
                        backfill_futures=futures,
                        submit_threadpool_executor=self._submit_threadpool_executor,
                    )
                except Exception:  # noqa: BLE001 - a fault of a backfill must not end the loop
                    yield _fault(self._logger, "Backfills were not looked at")
            shutdown_event.wait(_BACKFILLS_SECONDS)
            yield None


class EagerSensorDaemon(SensorDaemon):
    """Evaluates sensors; begins the next tick as soon as one is over."""

    def core_loop(
        self, workspace_process_context: Any, shutdown_event: Event
    ) -> Generator[Any, None, None]:
        """Begin due ticks, and wait for the first of them to end."""
        ticks: dict[str, Future[Any]] = {}
        clock = SetBackWatch()
        while True:
            if seconds := clock.seconds():
                self._logger.error("The clock was set back by %.0f s; starting again", seconds)
                os.kill(os.getpid(), signal.SIGTERM)
            try:
                yield from execute_sensor_iteration(
                    workspace_process_context,
                    self._logger,
                    self._threadpool_executor,
                    self._submit_threadpool_executor,
                    ticks,
                )
            except Exception:  # noqa: BLE001 - a fault of a sensor must not end the loop
                yield _fault(self._logger, "Sensors were not evaluated")
            under_way = [tick for tick in ticks.values() if not tick.done()]
            if under_way:
                wait(under_way, _TICK_SECONDS, FIRST_COMPLETED)
            else:
                shutdown_event.wait(_SENSORS_SECONDS)
            _TICK_OVER.set()
            yield None


def _fault(logger: logging.Logger, message: str) -> Any:
    """Log the exception that is handled, and return it for Dagit's page of daemons."""
    return DaemonErrorCapture.process_exception(sys.exc_info(), logger=logger, log_message=message)


def _runs_of(
    backfill_ids: Sequence[str], statuses: Sequence[DagsterRunStatus] | None = None
) -> RunsFilter:
    return RunsFilter(tags={BACKFILL_ID_TAG: list(backfill_ids)}, statuses=statuses)


def _daemons(instance: DagsterInstance) -> Sequence[DagsterDaemon[Any]]:
    """Return the daemons of the instance; three of them are ours."""
    ours: dict[str, Callable[[], DagsterDaemon[Any]]] = {
        SensorDaemon.daemon_type(): lambda: EagerSensorDaemon(instance.get_sensor_settings()),
        QueuedRunCoordinatorDaemon.daemon_type(): lambda: EagerQueueDaemon(_QUEUE_SECONDS),
        BackfillDaemon.daemon_type(): lambda: EagerBackfillDaemon(instance.get_backfill_settings()),
    }
    return [
        ours[kind]() if kind in ours else create_daemon_of_type(kind, instance)
        for kind in instance.get_required_daemon_types()
    ]


def main(workspace: str) -> None:
    """Run the daemons of the instance in `DAGSTER_HOME` until a signal ends them."""
    require_needs()
    setup_interrupt_handlers()
    with (
        suppress(KeyboardInterrupt),
        open_instance() as instance,
        daemon_lock(instance),
        # A signal ends the daemon between two looks, never during a look.
        capture_interrupts(),
        daemon_controller_from_instance(
            instance, WorkspaceFileTarget([workspace]), gen_daemons=_daemons
        ) as controller,
    ):
        # Dagster's JSON format leaves tracebacks out.
        for handler in logging.getLogger("dagster").handlers:
            handler.setFormatter(lines(terminal=False))
        if seconds := settle_instigators(instance):
            logging.getLogger("dagster.daemon").warning(
                "Ticks of sensors or schedules lay %.0f s in the future and count as now", seconds
            )
        controller.check_daemon_loop()


if __name__ == "__main__":
    main(sys.argv[1])
