"""What a refresh costs: `bg up` against plain Dagster with the very same job.

Both follow the same fictional companies, whose people come from one file, with limits lifted, and
get signed events over HTTP. Measured are: a system that has nothing to do; single events, from the
POST to the commit that publishes, each after a pause; a burst of one event for each company, until
the last one is handled; CPU time and memory of all processes. On PostgreSQL also the database
sessions that were opened.
"""

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import psutil
import yaml
from sqlalchemy import URL, Engine, create_engine, func, make_url, select, text

from bg_orchestration import names
from bg_orchestration.ops.dagster_home import write_home
from bg_orchestration.ops.processes import free_port
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.sending import post_event
from bg_orchestration.webhooks.signatures import Key
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import (
    BG,
    SECRET,
    bg,
    environment,
    graphql,
    running,
    started,
    until,
)

_SOURCE = "bench"
_KEY = Key.read(_SOURCE, SECRET)
_PAUSE_SECONDS = 1.5
_GIVE_UP_SECONDS = 1800.0
_NO_LIMITS = {
    "BG_PROVIDER": "files",
    "BG_COMPANY_COOLDOWN": "0",
    "BG_REFRESHES_PER_MINUTE": "100000",
}
_TITLES = (
    "VP Sales", "Head of Sales", "Account Executive", "Sales Operations Manager", "CFO",
    "Finance Director", "Controller", "Accountant", "CIO", "IT Director", "Systems Administrator",
    "Head of Procurement", "Buyer", "Chief Marketing Officer", "Content Writer",
)  # fmt: skip


@dataclass
class Figures:
    """What was measured of one system.

    Attributes:
        seconds: of each single event, from its arrival to the commit that published it.
        burst: companies, and seconds until the last one was published.
        cpu: CPU-seconds of a refresh in the burst, by process.
        idle_cpu: share of a core, by process.
        memory: MiB (PSS: a shared page is divided among its processes), by process.
        sessions: that PostgreSQL opened while measuring, or `None`.
        load: the machine's load average when the measurement began.
    """

    seconds: list[float] = field(default_factory=list)
    burst: tuple[int, float] = (0, 0.0)
    cpu: dict[str, float] = field(default_factory=dict)
    idle_cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    sessions: int | None = None
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    @property
    def per_minute(self) -> float:
        """Refreshes a minute in the burst."""
        return self.burst[0] / self.burst[1] * 60


@dataclass(frozen=True)
class Way:
    """A system under measurement: its receiver, its database, its processes."""

    receiver: str
    engine: Engine
    processes: tuple[psutil.Process, ...]
    sessions: Engine | None = None


def measure(way: Way, companies: int, events: int, idle_seconds: float) -> Figures:
    """Measure idling, then single events, then a burst of one event for each company."""
    figures = Figures()
    with httpx.Client(timeout=60) as client:
        send = partial(_send, client, way.receiver + PATH)
        # The first ones find cold caches everywhere.
        for number in range(4):
            _seconds(way.engine, send(f"warm-{number}", number))
        opened = _sessions(way)
        before = _cpu(way.processes)
        time.sleep(idle_seconds)
        after = _cpu(way.processes)
        figures.idle_cpu = {
            name: (after[name] - before.get(name, 0.0)) / idle_seconds for name in after
        }
        for number in range(events):
            time.sleep(_PAUSE_SECONDS + random.random())
            event = send(f"single-{number}", number % companies)
            figures.seconds.append(_seconds(way.engine, event))
        before, began = _cpu(way.processes), time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            burst = list(pool.map(lambda number: send(f"burst-{number}", number), range(companies)))
        _wait_for_all(way.engine, len(burst))
        figures.burst = companies, time.monotonic() - began
        # What is left to do after the commit that publishes belongs to the refresh.
        time.sleep(2)
        after = _cpu(way.processes)
        figures.cpu = {name: (after[name] - before.get(name, 0.0)) / companies for name in after}
        figures.memory = _memory(way.processes)
        if opened is not None:
            figures.sessions = (_sessions(way) or 0) - opened
    return figures


@contextmanager
def bg_up(
    folder: Path, companies: int, url: str | None = None, broker: str | None = None, **more: str
) -> Iterator[Way]:
    """`bg up` on SQLite, or on the PostgreSQL server at `url` with a storage of Dagster there.

    With the URL of a `broker` the runs go over it instead of over a folder.
    """
    env = environment(folder / "home", **_NO_LIMITS, **more)
    if url:
        home = _home_on_postgres(folder, url, broker)
        env |= {"BG_DATABASE_URL": url, "DAGSTER_HOME": str(home)}
    if broker:
        env["BG_CELERY_BROKER"] = broker
    engine = _follow(env, folder, companies, url)
    with running(env) as up:
        family = tuple(psutil.Process(up.process.pid).children(recursive=True))
        own = psutil.Process(up.process.pid)
        way = Way(up.receiver, engine, (own, *family), _admin(url))
        try:
            yield way
        finally:
            # A server that is stopped waits for its clients.
            for used in (way.engine, way.sessions):
                if used is not None:
                    used.dispose()


def _home_on_postgres(folder: Path, url: str, broker: str | None) -> Path:
    """Dagster's home as `bg up` writes it, with its storage in a second database of the server."""
    home = folder / "dagster"
    write_home(Settings(home=folder / "home"), home)
    admin = create_engine(_driver(url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE dagster_bench")
    admin.dispose()
    instance = yaml.safe_load((home / "dagster.yaml").read_text())
    dagster = _driver(url).set(database="dagster_bench").render_as_string(hide_password=False)
    instance["storage"]["custom"] = {
        "module": "bg_orchestration.ops.postgres_storage",
        "class": "PostgresStorage",
        "config": {"postgres_url": dagster},
    }
    if broker:
        launcher = {"module": "bg_orchestration.ops.celery_launcher"}
        instance["run_launcher"] = launcher | {"class": "LeasedCeleryRunLauncher"}
    (home / "dagster.yaml").write_text(yaml.safe_dump(instance))
    return home


def _driver(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg2")


@contextmanager
def plain_dagster(folder: Path, companies: int) -> Iterator[Way]:
    """`bg receiver` and `dagster dev` with Dagster's default storage, launcher and settings."""
    receiver_port, dagit_port = free_port(), free_port()
    home = folder / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    env = environment(folder / "home", **_NO_LIMITS) | {
        "BG_RECEIVER_PORT": str(receiver_port),
        "DAGSTER_HOME": str(home),
    }
    engine = _follow(env, folder, companies, None)
    dev = [sys.executable, "-m", "dagster", "dev", "-m", "bg_orchestration.definitions"]
    commands = [[*BG, "receiver"], [*dev, "--port", str(dagit_port)]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with ExitStack() as stack:
        processes = [stack.enter_context(started(command, env, **quiet)) for command in commands]
        ask = partial(graphql, f"http://127.0.0.1:{dagit_port}")
        until("companies", lambda: dagit.partitions(ask, names.COMPANY)[0])
        receiver = f"http://127.0.0.1:{receiver_port}"
        until("receiver", lambda: httpx.get(f"{receiver}/healthz").is_success)
        yield Way(receiver, engine, tuple(psutil.Process(one.pid) for one in processes))


def _follow(env: dict[str, str], folder: Path, companies: int, url: str | None) -> Engine:
    """Import companies of 30 people each; the judgement is the same for all of them."""
    path = folder / "people.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["person_id", "name", "title", "company_id", "company", "department"])
        for company in range(companies):
            for person in range(30):
                title = _TITLES[(company + person) % len(_TITLES)]
                identity = f"bench-{company}-{person}"
                writer.writerow(
                    [identity, f"Sample {identity}", title, _company(company), "Sample", ""]
                )
    bg(env, "db", "upgrade")
    bg(env, "import", str(path), "--kind", "people")
    return engine_for(url or f"sqlite:///{folder / 'home' / 'bg.sqlite3'}")


def _company(number: int) -> str:
    return f"bench-{number}"


def _send(client: httpx.Client, url: str, event_id: str, company: int) -> str:
    event = {
        "id": event_id,
        "source": _SOURCE,
        "type": "person.promotion",
        "timestamp": datetime.now(UTC).isoformat(),
        "person": {"id": f"bench-{company}-0", "name": "Sample", "newTitle": f"VP {event_id}"},
        "company": {"id": _company(company), "name": "Sample"},
        "changes": {},
    }
    answer = post_event(client, url, json.dumps(event).encode(), _KEY)
    assert answer.status == 202, answer
    return event_id


def _seconds(engine: Engine, event_id: str) -> float:
    """Seconds from the arrival of an event to the commit that published it, by the database."""
    query = select(
        webhook_events.c.state, webhook_events.c.received_at, webhook_events.c.handled_at
    ).where(webhook_events.c.event_id == event_id)
    give_up = time.monotonic() + _GIVE_UP_SECONDS
    while time.monotonic() < give_up:
        with reading(engine) as connection:
            row = connection.execute(query).one()
        if row.state == "handled":
            return float((row.handled_at - row.received_at).total_seconds())
        time.sleep(0.1)
    raise TimeoutError(event_id)


def _wait_for_all(engine: Engine, events: int) -> None:
    query = select(func.count()).where(
        webhook_events.c.state == "handled", webhook_events.c.event_id.like("burst-%")
    )
    give_up = time.monotonic() + _GIVE_UP_SECONDS
    while time.monotonic() < give_up:
        with reading(engine) as connection:
            if connection.execute(query).scalar_one() >= events:
                return
        time.sleep(0.2)
    raise TimeoutError(f"{events} events are not handled")


_PARTS = {
    "receiver": "receiver",
    "exporter": "exporter",
    "grpc": "code server",
    "celery": "workers",
    "bg_orchestration.ops.daemon": "daemon",
    "dagster._daemon": "daemon",
    "dagster_webserver": "Dagit",
    "dagster-webserver": "Dagit",
    "up": "bg up",
}


def _part(process: psutil.Process) -> str:
    words = process.cmdline()
    return next((name for word, name in _PARTS.items() if word in words), "other")


def _family(processes: tuple[psutil.Process, ...]) -> set[psutil.Process]:
    found = set()
    for process in processes:
        if process.is_running():
            found |= {process, *process.children(recursive=True)}
    return found


def _cpu(processes: tuple[psutil.Process, ...]) -> dict[str, float]:
    """CPU-seconds by part, with those of children that ended."""
    found: dict[str, float] = defaultdict(float)
    for process in _family(processes):
        try:
            times = process.cpu_times()
            ended = times.children_user + times.children_system
            found[_part(process)] += times.user + times.system + ended
        except psutil.Error:
            continue
    return found


def _memory(processes: tuple[psutil.Process, ...]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for process in _family(processes):
        try:
            found[_part(process)] += process.memory_full_info().pss / 2**20
        except psutil.Error:
            continue
    return found


def _admin(url: str | None) -> Engine | None:
    if url is None:
        return None
    return create_engine(_driver(url).set(database="postgres"))


def _sessions(way: Way) -> int | None:
    if way.sessions is None:
        return None
    with way.sessions.connect() as connection:
        query = text("SELECT sum(sessions) FROM pg_stat_database WHERE datname <> 'postgres'")
        return int(connection.execute(query).scalar_one())


def describe(name: str, figures: Figures) -> str:
    """A few lines for a person."""
    seconds = sorted(figures.seconds)

    def parts(of: dict[str, float], digits: int) -> str:
        ordered = sorted(of.items(), key=lambda item: -item[1])
        total = sum(of.values())
        named = ", ".join(f"{name} {value:.{digits}f}" for name, value in ordered if value > 0.0005)
        return f"{total:.{digits}f} ({named})"

    median, late = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    companies, burst = figures.burst
    lines = [
        f"{name} (load {figures.load:.1f})",
        f"  event to published: median {median:.2f} s, 95th percentile {late:.2f} s",
        f"  burst of {companies}: {burst:.1f} s, {figures.per_minute:.0f} a minute",
        f"  CPU-seconds a refresh: {parts(figures.cpu, 3)}",
        f"  idle, share of a core: {parts(figures.idle_cpu, 3)}",
        f"  memory, MiB PSS: {parts(figures.memory, 0)}",
    ]
    if figures.sessions is not None:
        lines.append(f"  PostgreSQL sessions opened: {figures.sessions}")
    return "\n".join(lines)
