"""Who is killed when: a schedule that the seed decides, and the hand that carries it out."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bg_orchestration_tests.crash.postgres import Postgres

# A point, and who may die there. `parent` is the pool that a worker belongs to, which then works
# on as an orphan, `both` what a lost machine is; `database` is killed by the process at the point,
# which itself lives on.
_BOUNDARIES = {
    "event-before-commit": "self database",
    "event-after-commit": "self database",
    "plan-before-commit": "self database",
    "plan-after-commit": "self database",
    "run-reserved": "self",
    "run-created": "self",
    "run-queued": "self",
    "run-dequeued": "self",
    "run-launched": "self",
    "run-begun": "self parent both database",
    "start-before-commit": "self parent both database",
    "start-after-commit": "self parent both database",
    "mid-asset": "self parent both database",
    "publish-begins": "self parent both database",
    "publish-before-commit": "self parent both database",
    "publish-after-commit": "self parent both database",
    "fail-before-commit": "self database",
}
# Those that are passed only where people come from providers.
_OF_PROVIDERS = {
    "call-before-sending": "self parent both",
    "call-before-booking": "self parent both database",
    "call-after-booking": "self parent both database",
    "listing-before-commit": "self parent both database",
}
# Words of the command line by which a part of `bg up` is known.
_PARTS = {
    "receiver": "receiver",
    "code-server": "grpc",
    "workers": "celery",
    "daemon": "bg_orchestration.ops.daemon",
    "dagit": "dagster_webserver",
}
_LONGEST_WAIT_SECONDS = 4.0
_FIND_SECONDS = 30.0


@dataclass(frozen=True)
class Kill:
    """One kill: after `wait` seconds, at once or when `point` is passed next.

    Attributes:
        victim: a part of `bg up`, `worker` (a process of the pool) or `database`; at a point
            `self`, `parent`, `both` or `database`.
        choice: decides between processes of the same kind.
    """

    wait: float
    victim: str
    choice: float
    point: str | None = None

    @property
    def kind(self) -> str:
        """What the summary counts."""
        return f"{self.point}: {self.victim}" if self.point else f"any moment: {self.victim}"


def schedule(seed: int, *, postgres: bool, paying: bool = False) -> Iterator[Kill]:
    """Kills without end; half of them at boundaries, each boundary equally often.

    `paying` adds the boundaries of a call to a provider.
    """
    chance = random.Random(seed)
    boundaries = _BOUNDARIES | (_OF_PROVIDERS if paying else {})
    anywhere = [*_PARTS, "worker", *(["database"] if postgres else [])]
    points: list[str] = []
    while True:
        wait = chance.uniform(0.2, _LONGEST_WAIT_SECONDS)
        choice = chance.random()
        if chance.random() < 0.4:
            yield Kill(wait, chance.choice(anywhere), choice)
            continue
        if not points:
            points = chance.sample(list(boundaries), len(boundaries))
        point = points.pop()
        victims = [one for one in boundaries[point].split() if postgres or one != "database"]
        yield Kill(wait, chance.choice(victims), choice, point)


@dataclass
class Killer:
    """Carries kills out on a running system and counts them by kind.

    Attributes:
        bg_up: the process id of `bg up`.
        points: the folder where fault points are armed.
        patience: seconds for a point to be passed; one that is not is taken back, no kill.
        paying: whether the system pays providers, so that the boundaries of a call are passed.
    """

    bg_up: int
    points: Path
    postgres: Postgres | None
    patience: float = 25.0
    paying: bool = False
    done: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def carry_out(self, kill: Kill) -> bool:
        """Wait and kill; returns whether somebody died. A killed database is started again."""
        time.sleep(kill.wait)
        postmaster = self.postgres.pid if self.postgres else 0
        died = self._at_point(kill, postmaster) if kill.point else self._now(kill, postmaster)
        (self.done if died else self.missed)[kill.kind] += 1
        if died and kill.victim == "database" and self.postgres:
            time.sleep(kill.choice)
            self.postgres.restart()
        return died

    def _now(self, kill: Kill, postmaster: int) -> bool:
        give_up = time.monotonic() + _FIND_SECONDS
        while time.monotonic() < give_up:
            found = [postmaster] if kill.victim == "database" else self._processes(kill.victim)
            if found:
                with suppress(ProcessLookupError):
                    os.kill(found[int(kill.choice * len(found))], signal.SIGKILL)
                    return True
            time.sleep(0.1)
        return False

    def _processes(self, victim: str) -> list[int]:
        word = _PARTS["workers" if victim == "worker" else victim]
        with suppress(psutil.Error):
            parts = [
                child
                for child in psutil.Process(self.bg_up).children()
                if child.status() != psutil.STATUS_ZOMBIE and word in child.cmdline()
            ]
            if victim == "worker":
                parts = [worker for part in parts for worker in part.children()]
            return sorted(part.pid for part in parts)
        return []

    def _at_point(self, kill: Kill, postmaster: int) -> bool:
        assert kill.point is not None
        armed, fired = self.points / kill.point, self.points / f"{kill.point}.fired"
        half_written = self.points / "half-written"
        victims = {"database": str(postmaster), "both": "parent self"}
        half_written.write_text(victims.get(kill.victim, kill.victim))
        half_written.rename(armed)
        give_up = time.monotonic() + self.patience
        while armed.exists() and time.monotonic() < give_up:
            time.sleep(0.05)
        armed.unlink(missing_ok=True)
        died = fired.exists()
        fired.unlink(missing_ok=True)
        return died
