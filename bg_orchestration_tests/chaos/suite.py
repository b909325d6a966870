"""One run: a system on PostgreSQL, cell after cell; and a system on SQLite whose disk gets full."""

import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from dagster import DagsterInstance
from sqlalchemy import Engine, func, select

from bg_orchestration.domain.admission import Limits
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import COMPLETED
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.webhooks import PATH
from bg_orchestration_tests.chaos.cells import Cell, Surroundings
from bg_orchestration_tests.crash import postgres
from bg_orchestration_tests.crash.clean import follow_companies
from bg_orchestration_tests.crash.sending import Person, Provider
from bg_orchestration_tests.crash.suite import Say, find_faults, settle, system
from bg_orchestration_tests.end_to_end.system import Up

LIMITS = Limits(timedelta(seconds=5), starts_per_minute=40, concurrency=3, max_attempts=5)
_PROVIDERS = 3
_FILL_SECONDS = 15.0
_DISK_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Line:
    """The result of a cell.

    Attributes:
        throughput: events stored a second, until the last of them was handled.
        faults: by kind: lost, twice, limits, groups, runs, other.
    """

    cell: str
    seconds: float
    events: int
    refreshes: int
    throughput: float
    faults: dict[str, list[str]]
    notes: str


class Chaos:
    """A running system, and what its senders know to be stored."""

    def __init__(self, up: Up, engine: Engine, folder: Path, seed: int, say: Say) -> None:
        self._up = up
        self._engine = engine
        self._folder = folder
        self._seed = seed
        self._say = say
        self._stored: set[str] = set()
        self._cells = 0

    def carry_out(self, cell: Cell, around: Surroundings) -> Line:
        """Let a cell happen while events come; let the system settle, and check everything."""
        return self._during(cell.name, cell.pause, lambda: cell.happen(around), around.notes)

    def _during(
        self, name: str, pause: float, happen: Callable[[], None], notes: list[str]
    ) -> Line:
        self._cells += 1
        self._say(name)
        before, began = self._completed(), time.monotonic()
        providers = [
            Provider(f"c{self._cells}w{number}", self._seed, self._up.receiver + PATH, pause)
            for number in range(_PROVIDERS)
        ]
        senders = [*providers, Person(self._seed + self._cells, self._up.graphql)]
        for sender in senders:
            sender.start()
        happen()
        for sender in senders:
            sender.stop()
        for sender in senders:
            sender.join(180)
        settled = settle(self._engine, self._up, self._say)
        seconds = time.monotonic() - began
        stored = {event_id for provider in providers for event_id in provider.stored}
        self._stored |= stored
        faults = self._faults()
        faults["other"] = [fault for provider in providers for fault in provider.refused]
        if not settled:
            faults["other"].append("not settled")
        completed = self._completed() - before
        words = ", ".join(notes)
        notes.clear()
        return Line(name, seconds, len(stored), completed, len(stored) / seconds, faults, words)

    def fill_disk(self, disk: Path) -> Line:
        """Fill the disk while events come, and empty it again."""

        def happen() -> None:
            time.sleep(3)
            with (disk / "filler").open("wb") as filler, suppress(OSError):
                while True:
                    filler.write(b"\0" * 65_536)
                    filler.flush()
            time.sleep(_FILL_SECONDS)
            (disk / "filler").unlink()

        return self._during("full disk (SQLite)", 1.2, happen, [])

    def _completed(self) -> int:
        with reading(self._engine) as connection:
            query = select(func.count()).select_from(logs).where(COMPLETED)
            return connection.execute(query).scalar_one()

    def _faults(self) -> dict[str, list[str]]:
        folder = self._folder / f"cell-{self._cells}"
        folder.mkdir()
        with DagsterInstance.from_config(self._up.env["DAGSTER_HOME"]) as instance:
            return find_faults(self._engine, instance, self._stored, folder, LIMITS)


def run_cells(
    cells: Sequence[Cell], seed: int, folder: Path, say: Say, soak_seconds: float
) -> Iterator[Line]:
    """Start a system on PostgreSQL and let the cells happen one after the other."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running())
        engine = engine_for(server.url)
        stack.callback(engine.dispose)
        follow_companies(engine)
        points = folder / "points"
        points.mkdir()
        up = stack.enter_context(system(folder, server.url, points, LIMITS, None))
        chance = random.Random(seed)
        around = Surroundings(up, server, points, chance, soak_seconds)
        chaos = Chaos(up, engine, folder, seed, say)
        for cell in cells:
            yield chaos.carry_out(cell, around)


def run_full_disk(seed: int, folder: Path, say: Say) -> Line | None:
    """Run a system on a small disk of its own; `None` where the machine cannot mount one."""
    with small_disk(folder / "disk") as disk:
        if disk is None:
            return None
        points = folder / "points"
        points.mkdir()
        engine = engine_for(f"sqlite:///{disk / 'chaos.sqlite3'}")
        follow_companies(engine)
        url = f"sqlite:///{disk / 'chaos.sqlite3'}"
        with system(disk, url, points, LIMITS, None) as up:
            line = Chaos(up, engine, folder, seed, say).fill_disk(disk)
        engine.dispose()
        return line


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Mount a disk in memory, if this user may; it is unmounted at the end."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
