"""Processes forked from a warm parent: they start at once and share memory."""

import ctypes
import gc
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

from setproctitle import getproctitle, setproctitle

from bg_orchestration.settings import settings

# The imports of the parts of `bg up`: half of it is Dagster, which each part needs.
_MODULES: Final = (
    "bg_orchestration.definitions",
    "bg_orchestration.webhooks.server",
    "bg_orchestration.ops.metrics_exporter",
    "celery.bin.celery",
    "dagster._cli.api",
    "dagster._daemon.controller",
    "dagster_celery.launcher",
    "dagster_webserver.app",
    "dagster_webserver.cli",
)
_PR_SET_PDEATHSIG: Final = 1
_POLL_SECONDS: Final = 0.02
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

# Finds the place of the title, before a variable moves it.
getproctitle()
# `psutil` reads a title that is shorter than the old command line as one word.
_TITLE_CHARACTERS: Final = 4096


@cache
def import_modules() -> None:
    """Import the parts' modules once; the garbage collector leaves them shared."""
    # Celery would give its processes titles that hide their command lines.
    os.environ["NOSETPS"] = "1"
    for module in _MODULES:
        import_module(module)
    gc.collect()
    gc.freeze()


class WarmProcess:
    """A forked process that runs `python -m MODULE ARGUMENTS`; used like `subprocess.Popen`."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        parent_death: signal.Signals,
    ) -> None:
        """Start the process in a new session; `log` gets its output.

        Args:
            command: module and arguments.
            environment: all its variables.
            log: its output, both streams.
            parent_death: the signal that Linux sends it when this process is killed.
        """
        self.returncode: int | None = None
        # A signal that arrives before the child has its own handlers would go to the parent's.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self.pid = os.fork()
        if self.pid == 0:
            _become(command, environment, log, parent_death, mask)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def poll(self) -> int | None:
        """The exit code, negative for a signal; `None` while the process lives."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code.

        Raises:
            subprocess.TimeoutExpired: it lives longer than `timeout` seconds.
        """
        began = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - began >= timeout:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(_POLL_SECONDS)
        return code

    def terminate(self) -> None:
        """Send SIGTERM to the process."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def _become(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    parent_death: signal.Signals,
    mask: Iterable[int],
) -> NoReturn:
    """Turn the forked child into the process that `command` names."""
    code = 1
    try:
        os.setsid()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, parent_death)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _redirect(log)
        setproctitle(" ".join([sys.executable, "-P", "-m", *command]).ljust(_TITLE_CHARACTERS))
        os.environ.clear()
        os.environ.update(environment)
        settings.cache_clear()
        module, *arguments = command
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - this is the outermost frame of the process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(log: Path) -> None:
    """Send the output to `log`, and close the parent's files with their locks."""
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    ):
        opened = os.open(path, flags, 0o644)
        os.dup2(opened, number)
    os.dup2(1, 2)
    os.closerange(3, 65_536)
    for stream, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        setattr(sys, stream, open(number, "r" if number == 0 else "w", closefd=False))  # noqa: SIM115
