"""The processes of `bg up`, which start again when they die."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bg_orchestration import names
from bg_orchestration.ops.warm_processes import WarmProcess
from bg_orchestration.settings import Settings

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
_STEADY_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 10.0
_REMEMBERED: Final = 10


@dataclass(slots=True)
class Part:
    """A process: its command line, its log file, and the time of its next start."""

    name: str
    command: list[str]
    log: Path
    # Seconds from the signal to the kill.
    patience: float = _STOP_SECONDS
    # The signal that it gets when `bg up` is killed.
    farewell: signal.Signals = signal.SIGTERM
    process: WarmProcess | None = None
    pause: float = _FIRST_PAUSE
    started: float = 0.0
    retry_at: float | None = None
    # The times of its ends without a stop, in epoch seconds.
    ends: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """The running parts; the context manager stops them all."""

    parts: list[Part]
    environment: Mapping[str, str]
    say: Callable[[str], None]

    def __enter__(self) -> "Parts":
        try:
            for part in self.parts:
                self._start(part)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def look_after(self) -> None:
        """Start dead parts again: after 1 s, then twice as long each time, at most 30 s."""
        now = time.monotonic()
        for part in self.parts:
            if part.process is None or part.process.poll() is None:
                if part.retry_at is not None and now >= part.retry_at:
                    part.retry_at = None
                    self._start(part)
                continue
            lived = now - part.started
            part.pause = _FIRST_PAUSE if lived > _STEADY_SECONDS else part.pause
            self.say(
                f"{part.name} ended with code {part.process.returncode}, started again in "
                f"{part.pause:g} s; see {part.log}"
            )
            part.ends.append(time.time())
            part.process, part.retry_at = None, now + part.pause
            part.pause = min(part.pause * 2, _LONGEST_PAUSE)

    def pids(self) -> dict[str, int]:
        """The process id of each part; 0 before its next start."""
        return {part.name: part.process.pid if part.process else 0 for part in self.parts}

    def ends(self) -> dict[str, list[float]]:
        """The times at which each part ended without a stop, in epoch seconds, oldest first."""
        return {part.name: part.ends[-_REMEMBERED:] for part in self.parts if part.ends}

    def stop(self) -> None:
        """End all parts; kill a part that takes longer than its limit."""
        # A second Ctrl-C would leave parts behind; the stop takes a few seconds only.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        began = time.monotonic()
        for part in self.parts:
            if part.process is not None:
                part.process.terminate()
        for part in self.parts:
            if (process := part.process) is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, began + part.patience - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, part: Part) -> None:
        part.started = time.monotonic()
        # A session of its own: Ctrl-C reaches us alone, and a part ends with its children.
        part.process = WarmProcess(part.command, self.environment, part.log, part.farewell)


def free_port() -> int:
    """Return a free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def taken_port(host: str, port: int) -> bool:
    """Return whether a process listens on `port`; `host` is an address or a name."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def worker_command(processes: int) -> list[str]:
    """Return module and arguments of a worker with so many processes.

    Args:
        processes: runs that the worker executes at once.
    """
    return [
        "celery", "-A", "bg_orchestration.ops.worker", "worker",
        "--include", "bg_orchestration.definitions", "--queues", "dagster",
        # Workers on one machine need different names.
        "--hostname", f"bg-{os.getpid()}@%h",
        "--concurrency", str(processes), "--loglevel", "warning",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip


def all_parts(config: Settings, workspace: Path, code_port: int, dagit_port: int) -> list[Part]:
    """Return all parts: receiver, exporter, code server, daemon, Dagit and warm workers."""
    logs = config.home.absolute() / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    json_lines = ["--log-format", "json"]
    commands = {
        "receiver": ["bg_orchestration", "receiver"],
        "exporter": ["bg_orchestration", "exporter"],
        "code-server": [
            "dagster", "api", "grpc", "--module-name", "bg_orchestration.definitions",
            "--location-name", names.LOCATION, "--host", "127.0.0.1", "--port", str(code_port),
            *json_lines,
        ],
        "workers": worker_command(config.refresh_concurrency),
        "daemon": ["bg_orchestration.ops.daemon", str(workspace)],
        "dagit": [
            "dagster_webserver", "--workspace", str(workspace),
            "--host", "127.0.0.1", "--port", str(dagit_port), *json_lines,
        ],
    }  # fmt: skip
    parts = [Part(name, command, logs / f"{name}.log") for name, command in commands.items()]
    for part in parts:
        if part.name == "code-server":
            # The daemon may wait in a tick of the sensor for seconds, or for a lost database. The
            # next start repeats an interrupted tick.
            part.patience, part.farewell = 1.0, signal.SIGKILL
    return parts
