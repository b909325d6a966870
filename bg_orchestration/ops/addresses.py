"""The addresses of the running system, in a file in BG_HOME for other commands.

Ports may be random, and a part that starts again has a new process id. The settings have neither.
"""

import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from bg_orchestration.domain.diagnosis.facts import PartState


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """A system that `bg up` runs.

    Attributes:
        pid: the process of `bg up`.
        born: when that process began, in epoch seconds: the kernel uses ids again.
        receiver: base URL of the receiver.
        metrics: URL of the receiver's metrics.
        dagit: base URL of Dagit.
        exporter: URL of the pipeline's metrics.
        parts: the processes by name; 0 for one that waits to be started again.
        ends: when parts last ended without a stop, in epoch seconds, oldest first.
    """

    pid: int
    born: float
    receiver: str
    metrics: str
    dagit: str
    exporter: str
    parts: Mapping[str, int]
    ends: Mapping[str, Sequence[float]]


def born(pid: int) -> float:
    """Return the begin of the process, in epoch seconds."""
    return float(psutil.Process(pid).create_time())


def tell(home: Path, running: RunningSystem) -> bool:
    """Write the file in one step; return whether it could be written.

    On a full disk the system goes on with the file of before.
    """
    beside = home / f"up.json.{os.getpid()}"
    try:
        beside.write_text(json.dumps(asdict(running)))
        beside.rename(home / "up.json")
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True


def untell(home: Path) -> None:
    """Remove the file."""
    (home / "up.json").unlink(missing_ok=True)


def find(home: Path) -> RunningSystem | None:
    """Return the system that runs in this folder; `None` without one, or after a kill."""
    try:
        running = RunningSystem(**json.loads((home / "up.json").read_text()))
        alive = abs(born(running.pid) - running.born) < 1
    except (OSError, ValueError, TypeError, psutil.Error):
        return None
    return running if alive else None


def was_killed(home: Path) -> bool:
    """Whether a system ended in this folder without a stop: its file is still there."""
    return (home / "up.json").exists() and find(home) is None


def part_states(running: RunningSystem) -> dict[str, PartState]:
    """Return the state of each part's process: running, stopped by a signal, or ended."""
    return {name: _state(pid) for name, pid in running.parts.items()}


def ended_ago(running: RunningSystem) -> dict[str, list[float]]:
    """Return the seconds since parts ended without a stop, oldest first."""
    now = time.time()
    return {name: [now - end for end in ends] for name, ends in running.ends.items()}


def _state(pid: int) -> PartState:
    try:
        status = psutil.Process(pid).status() if pid else psutil.STATUS_DEAD
    except psutil.Error:
        return "ended"
    if status in (psutil.STATUS_DEAD, psutil.STATUS_ZOMBIE):
        return "ended"
    return "stopped" if status == psutil.STATUS_STOPPED else "running"
