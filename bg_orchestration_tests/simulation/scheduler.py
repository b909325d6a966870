"""Tasks in one thread that take turns at each statement; a seed decides the order.

A task is a greenlet of a simulated process. Time is virtual: it passes while tasks run, and jumps
to the next alarm when all of them sleep.
"""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import greenlet

_BEGINNING = datetime(2026, 3, 1, tzinfo=UTC)
# A turn takes up to so many seconds.
_LONGEST_TURN = 0.02
# PostgreSQL: fewer than its connections, see `databases`.
# Senders ask again every 10 s while a process stands still with its lock, up to 150 s.
_MOST_TASKS = 200


class Killed(BaseException):
    """The task's process was killed; nothing of it may run any more."""


@dataclass(eq=False)
class Process:
    """What is killed or stopped at once: the tasks of one simulated process."""

    name: str
    killed: bool = False
    stopped_until: float = 0.0


@dataclass(eq=False)
class Task:
    """One thread of a process.

    Attributes:
        wake: when it goes on, in seconds since the beginning.
        waits: a condition besides the time; `None` when there is none.
        clock_read: time with all forward steps when the task last read the clock.
        notes: what becomes history when the transaction of a connection commits.
    """

    name: str
    process: Process
    fiber: Any = None
    wake: float = 0.0
    waits: Callable[[], bool] | None = None
    clock_read: float = 0.0
    notes: dict[Any, list[Callable[[], None]]] = field(default_factory=dict)


class Scheduler:
    """Runs tasks by turns.

    Attributes:
        chance: the one source of randomness of a simulation.
        elapsed: seconds that really passed.
        clock_offset: seconds by which the clock is ahead of `elapsed`.
        stepped_forward: the sum of all steps forward. Limits count by the clock, so a step forward
            shortens a wait; a step back must not.
    """

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.elapsed = 0.0
        self.clock_offset = 0.0
        self.stepped_forward = 0.0
        self.steps = 0
        self.current: Task | None = None
        self.failures: list[str] = []
        self.tasks: list[Task] = []
        self._digest = hashlib.sha256()
        self._hub = greenlet.getcurrent()

    def spawn(self, name: str, work: Callable[[], object], process: Process | None = None) -> Task:
        """Start a task, in a process of its own unless one is given."""
        task = Task(name, process or Process(name), wake=self.elapsed)

        def run() -> None:
            try:
                if not task.process.killed:
                    work()
            except Killed:
                pass

        # At its end a task gives the turn back, whoever started it.
        task.fiber = greenlet.greenlet(run, parent=self._hub)
        self.tasks.append(task)
        if len(self.tasks) > _MOST_TASKS:
            raise AssertionError(f"tasks wait for ever: {[task.name for task in self.tasks]}")
        return task

    def run(self, until: Callable[[], bool], seconds: float) -> bool:
        """Let tasks run until the condition holds; return whether it does within `seconds`."""
        deadline = self.elapsed + seconds
        while not until():
            if self.elapsed >= deadline:
                return False
            self._turn()
        return True

    def end(self) -> None:
        """Kill all tasks."""
        for task in self.tasks:
            task.process.killed = True
        while self.tasks:
            for task in list(self.tasks):
                self._switch(task)

    def pause(self, seconds: float = 0.0, waits: Callable[[], bool] | None = None) -> None:
        """End the current task's turn; it goes on after `seconds`, if its condition holds.

        Raises:
            Killed: its process was killed meanwhile.
        """
        task = self.current
        if task is None:
            return
        task.wake, task.waits = self.elapsed + seconds, waits
        self._hub.switch()
        if task.process.killed:
            raise Killed

    def now(self) -> datetime:
        """Read the clock, which may have stepped."""
        self.elapsed += 1e-6
        if self.current is not None:
            self.current.clock_read = self.credited
        return _BEGINNING + timedelta(seconds=round(self.elapsed + self.clock_offset, 6))

    @property
    def credited(self) -> float:
        """The time by which limits are measured: what passed, and steps forward."""
        return self.elapsed + self.stepped_forward

    def step_clock(self, seconds: float) -> None:
        """Set the clock forward or, by negative `seconds`, back."""
        self.clock_offset += seconds
        self.stepped_forward += max(0.0, seconds)

    def note(self, words: str) -> None:
        """Add to what the history's hash covers."""
        self._digest.update(f"{self.elapsed:.6f} {words}\n".encode())

    @property
    def digest(self) -> str:
        """The hash of everything that happened so far."""
        return self._digest.hexdigest()[:16]

    def _turn(self) -> None:
        while not (ready := [task for task in self.tasks if self._is_ready(task)]):
            alarms = [
                max(task.wake, task.process.stopped_until)
                for task in self.tasks
                if max(task.wake, task.process.stopped_until) > self.elapsed
            ]
            if not alarms:
                raise AssertionError(
                    f"every task waits for ever: {[task.name for task in self.tasks]}"
                )
            self.elapsed = min(alarms)
        task = ready[0] if len(ready) == 1 else self.chance.choice(ready)
        self.elapsed += self.chance.random() * _LONGEST_TURN
        self.steps += 1
        self._digest.update(f"{self.elapsed:.6f} {task.name}\n".encode())
        self._switch(task)

    def _is_ready(self, task: Task) -> bool:
        process = task.process
        if max(task.wake, 0.0 if process.killed else process.stopped_until) > self.elapsed:
            return False
        return task.waits is None or task.waits()

    def _switch(self, task: Task) -> None:
        self.current = task
        try:
            task.fiber.switch()
        finally:
            self.current = None
            if task.fiber.dead:
                self.tasks.remove(task)


class VirtualTime:
    """Stands for the module `time` in code under simulation."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def sleep(self, seconds: float) -> None:
        """Let the task sleep."""
        self._scheduler.pause(seconds)

    def monotonic(self) -> float:
        """Return the seconds that really passed."""
        return self._scheduler.elapsed

    def perf_counter(self) -> float:
        """Return the seconds that really passed."""
        return self._scheduler.elapsed

    def time(self) -> float:
        """Return the clock's time as an epoch."""
        return self._scheduler.now().timestamp()
