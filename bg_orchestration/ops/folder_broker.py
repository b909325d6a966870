"""The queue of runs in a folder, for one machine without a broker.

    run_launcher:
      module: bg_orchestration.ops.folder_broker
      class: FolderRunLauncher
      config: {broker: "folder://"}

Kombu's `filesystem://` gives a message its name before it is written. A worker that takes the empty
file ends with an error, and the run is lost until its lease is over. Here a message appears whole.
"""

import os
from json import dumps
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem

from bg_orchestration.ops.celery_launcher import LeasedCeleryRunLauncher


class Channel(filesystem.Channel):
    """The channel keeps messages in files, named in the order of their arrival."""

    def _put(self, queue: Any, payload: Any, **_more: Any) -> Any:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        path = Path(self.data_folder_out) / name
        # No worker reads a file with this suffix.
        unfinished = path.with_suffix(".part")
        unfinished.write_text(dumps(payload))
        os.replace(unfinished, path)  # noqa: PTH105 - `os.replace` is atomic


class Transport(filesystem.Transport):
    """The Kombu transport of `folder://`."""

    Channel = Channel
    driver_type = driver_name = "folder"


TRANSPORT_ALIASES["folder"] = f"{__name__}:{Transport.__name__}"


class FolderRunLauncher(LeasedCeleryRunLauncher):
    """The launcher starts runs as Celery tasks, and registers `folder://`."""
