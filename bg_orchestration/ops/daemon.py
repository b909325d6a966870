"""The Dagster daemon with loops that work at once and rest without work.

    python -m bg_orchestration.ops.daemon WORKSPACE

Dagster's daemon looks at sensors every 5 s, whatever a sensor requests. A tick that returned a run
early leaves the inbox unwatched until then. It reads the whole queue every 1 to 1.5 s. `bg up`
starts this daemon; Dagster's daemon works too, but slower.

Dagster's loops rest by the wall clock. When that is set back, they would rest until it has caught
up: this daemon then ends, and the supervisor starts it again.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from threading import Event
from typing import Any, Final

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._daemon.controller import (
    create_daemon_of_type,
    daemon_controller_from_instance,
)
from dagster._daemon.daemon import DagsterDaemon, SensorDaemon
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._daemon.utils import DaemonErrorCapture
from dagster._utils.interrupts import capture_interrupts, setup_interrupt_handlers

from bg_orchestration.observability.logs import lines
from bg_orchestration.ops.daemon_lock import daemon_lock
from bg_orchestration.ops.instigators import SetBackWatch, settle_instigators

# The pause between two looks, in seconds.
_QUEUE_SECONDS: Final = 0.1
_SENSORS_SECONDS: Final = 0.1
# A running tick reports its own end; other sensors are due at their own time.
_TICK_SECONDS: Final = 2.0


class EagerQueueDaemon(QueuedRunCoordinatorDaemon):
    """Launches queued runs; reads one row to see that there are none."""

    def core_loop(
        self, workspace_process_context: Any, shutdown_event: Event
    ) -> Generator[Any, None, None]:
        """Launch queued runs within the limits, and rest while there are none."""
        queued = RunsFilter(statuses=[DagsterRunStatus.QUEUED])
        while True:
            if workspace_process_context.instance.get_runs_count(queued):
                yield from self.run_iteration(workspace_process_context)
            shutdown_event.wait(_QUEUE_SECONDS)
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
                yield DaemonErrorCapture.process_exception(
                    sys.exc_info(), logger=self._logger, log_message="Sensors were not evaluated"
                )
            under_way = [tick for tick in ticks.values() if not tick.done()]
            if under_way:
                wait(under_way, _TICK_SECONDS, FIRST_COMPLETED)
            else:
                shutdown_event.wait(_SENSORS_SECONDS)
            yield None


def _daemons(instance: DagsterInstance) -> Sequence[DagsterDaemon[Any]]:
    """Return the daemons of the instance; two of them are ours."""
    ours: dict[str, Callable[[], DagsterDaemon[Any]]] = {
        SensorDaemon.daemon_type(): lambda: EagerSensorDaemon(instance.get_sensor_settings()),
        QueuedRunCoordinatorDaemon.daemon_type(): lambda: EagerQueueDaemon(_QUEUE_SECONDS),
    }
    return [
        ours[kind]() if kind in ours else create_daemon_of_type(kind, instance)
        for kind in instance.get_required_daemon_types()
    ]


def main(workspace: str) -> None:
    """Run the daemons of the instance in `DAGSTER_HOME` until a signal ends them."""
    setup_interrupt_handlers()
    with (
        suppress(KeyboardInterrupt),
        DagsterInstance.get() as instance,
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
