"""The Dagster daemon with a sensor loop and a run queue that are looked at more often.

Dagster's own looks at sensors at most every 5 s, whatever a sensor asks for, so that a tick which
returned a run early leaves the inbox unwatched until then; and at the queue every 1 to 1.5 s at
best. `bg up` starts this one; any other start of the daemon works too, only slower.
"""

from collections.abc import Iterator
from threading import Event
from typing import Any, Final

from dagster._daemon import sensor
from dagster._daemon.cli import run_command
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._utils import log

from bg_orchestration.observability.logs import lines

_SENSORS_SECONDS: Final = 0.25
_QUEUE_SECONDS: Final = 0.1


def _watch_queue(
    self: QueuedRunCoordinatorDaemon, workspace_process_context: Any, shutdown_event: Event
) -> Iterator[Any]:
    """Look at the queue, rest, look again; an iteration's error is told by the iteration."""
    while True:
        yield from self.run_iteration(workspace_process_context)
        shutdown_event.wait(_QUEUE_SECONDS)
        yield None


if __name__ == "__main__":
    # All are private to Dagster: a test tells when a new version has moved them.
    sensor.MIN_INTERVAL_LOOP_TIME = _SENSORS_SECONDS  # type: ignore[assignment]
    QueuedRunCoordinatorDaemon.core_loop = _watch_queue  # type: ignore[method-assign, assignment]
    # Dagster's own JSON leaves tracebacks out.
    log.get_structlog_json_formatter = lambda: lines(terminal=False)
    run_command()
