"""The queue of runs in a folder, for one machine without a broker.

    run_launcher:
      module: bg_orchestration.ops.folder_broker
      class: FolderRunLauncher
      config: {broker: "folder://"}

Kombu's `filesystem://` gives a message its name before it is written. A worker that takes the empty
file ends with an error, and the run is lost until its lease is over. Here a message appears whole.
A full disk or a power cut can still leave an empty file, and a person can delete a folder: a file
that cannot be read costs one refresh a few seconds, and folders are made again.
"""

import logging
import os
from collections.abc import Callable
from json import dumps, loads
from pathlib import Path
from queue import Empty
from time import monotonic, time
from typing import Any, Final, TypeVar
from uuid import uuid4

from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG
from kombu.transport import TRANSPORT_ALIASES, filesystem

from bg_orchestration.ops.celery_launcher import LeasedCeleryRunLauncher

_T = TypeVar("_T")

# Another program may still write a file of this age in seconds, under the name of a message.
_FRESH: Final = 2.0

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """The channel keeps messages in files, named in the order of their arrival."""

    def _put(self, queue: Any, payload: Any, **_more: Any) -> Any:  # type: ignore[override]
        # The task is in the name: it is known even if the file cannot be read.
        task = payload.get("properties", {}).get("correlation_id") or uuid4()
        name = f"{round(monotonic() * 1000)}_{task}.{queue}.msg"
        self._with_folder(lambda: _write(self._folder / name, dumps(payload)))

    def _get(self, queue: Any, timeout: Any = None) -> Any:
        for path in sorted(self._with_folder(lambda: list(self._folder.iterdir()))):
            if path.name.partition(".")[2] == f"{queue}.msg":
                message = _take(path)
                if message is not None:
                    return message
        raise Empty

    def _size(self, queue: Any) -> Any:
        size: Callable[[Any], Any] = super()._size
        return self._with_folder(lambda: size(queue))

    def _purge(self, queue: Any) -> Any:
        purge: Callable[[Any], Any] = super()._purge
        return self._with_folder(lambda: purge(queue))

    def get_table(self, exchange: Any) -> Any:
        """Return the bindings of an exchange; those of this process if the file is lost.

        A producer binds once, and without a binding its messages would be dropped.
        """
        bindings = self._stored_table(exchange)
        if not bindings:
            own = self.state.exchanges.get(exchange, {}).get("table", [])
            bindings = [filesystem.exchange_queue_t(*binding) for binding in own]
        return bindings

    def _stored_table(self, exchange: Any) -> Any:
        try:
            return super().get_table(exchange)  # type: ignore[no-untyped-call]
        except (ValueError, TypeError):
            return []

    def _queue_bind(self, exchange: Any, *binding: Any) -> Any:
        file: Path = self._exchange_file(exchange)  # type: ignore[no-untyped-call]
        file.parent.mkdir(parents=True, exist_ok=True)
        if not self._stored_table(exchange):
            # An empty file, such as a power cut leaves, would end each start.
            file.unlink(missing_ok=True)
        return super()._queue_bind(exchange, *binding)  # type: ignore[no-untyped-call]

    @property
    def _folder(self) -> Path:
        # One folder: `data_folder_in` and `data_folder_out` are the same.
        return Path(self.data_folder_out)

    def _with_folder(self, act: Callable[[], _T]) -> _T:
        """Act in the folder of messages; make it first if it is gone."""
        try:
            return act()
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True)
            return act()


class Transport(filesystem.Transport):
    """The Kombu transport of `folder://`."""

    Channel = Channel
    driver_type = driver_name = "folder"


TRANSPORT_ALIASES["folder"] = f"{__name__}:{Transport.__name__}"


class FolderRunLauncher(LeasedCeleryRunLauncher):
    """The launcher starts runs as Celery tasks, and registers `folder://`."""


def _write(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all, also after a power cut."""
    # No worker reads a file with this suffix.
    unfinished = path.with_suffix(".part")
    try:
        with unfinished.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)  # noqa: PTH105 - `os.replace` is atomic
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _take(path: Path) -> Any:
    """Return the message in a file and remove the file; `None` if there is none for this worker."""
    taken = path.with_suffix(f".taken-{os.getpid()}")
    try:
        age = time() - path.stat().st_mtime
        os.replace(path, taken)  # noqa: PTH105 - one worker gets the file
        content = taken.read_bytes()
        message = _message(content)
        if message is None and 0 <= age < _FRESH:
            os.replace(taken, path)  # noqa: PTH105
            return None
        taken.unlink()
    except OSError:
        # Another worker has it, or the disk has a fault; this worker goes on.
        return None
    if message is None:
        log.error("message_unreadable: %s of %d bytes is dropped", path.name, len(content))
        _end_run(path.name.partition(".")[0].rpartition("_")[2])
    return message


def _message(content: bytes) -> Any:
    try:
        message = loads(content)
    except ValueError:
        return None
    whole = isinstance(message, dict) and {"body", "headers", "properties"} <= message.keys()
    return message if whole else None


def _end_run(task: str) -> None:
    """End the run of a lost task: reconciliation starts its refresh again within seconds."""
    from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

    try:
        instance = DagsterInstance.get()
        runs = instance.get_runs(
            RunsFilter(
                tags={DAGSTER_CELERY_TASK_ID_TAG: task}, statuses=[DagsterRunStatus.STARTING]
            )
        )
        for run in runs:
            instance.report_run_failed(run, "The message for its worker could not be read.")
    except Exception:
        # Reconciliation finds the run later; no worker may end for it.
        log.exception("The run of task %s was not ended", task)
