"""Files of BG_HOME hold personal data: folders are 0700, files 0600, whatever the umask was."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from bg_orchestration.settings import Settings

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
# What the project writes into BG_HOME; another file there is not ours.
_OURS: Final = (
    "bg.sqlite3", "bg.sqlite3-wal", "bg.sqlite3-shm", "suppression.key", "up.json", "up.lock",
    "workspace.yaml", "artifacts", "dagster", "logs", "exports",
)  # fmt: skip


def keep_private(config: Settings) -> list[str]:
    """Give this process and its children the umask 077, and close what others can read.

    BG_HOME itself is closed unless it is the working folder or the user's home; a closed folder
    closes all below it. Returns the paths that were open.
    """
    os.umask(_OTHERS)
    home = config.home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    paths = [home / name for name in _OURS]
    if home not in (Path.cwd(), Path.home()):
        paths.insert(0, home)
    return [str(path) for path in paths if _close(path)]


def _close(path: Path) -> bool:
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
            return True
    return False
