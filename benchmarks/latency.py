"""How long from a signed event to the published group: `bg up` against plain Dagster.

Both run the same code on the sample companies, one after the other: `bg up` with its daemon, its
warm workers and its settings, and `dagster dev` with Dagster's default settings beside `bg
receiver`. Events come one at a time, each after the one before was published and a pause, and are
timed from the POST to the commit that publishes. `python benchmarks/latency.py --events 20`.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import Engine, select

from bg_orchestration import names
from bg_orchestration.ops.processes import free_port
from bg_orchestration.store.companies import listing
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import (
    BG,
    bg,
    environment,
    graphql,
    running,
    until,
)

_PAUSE = 2.0
NO_LIMITS = {"BG_COMPANY_COOLDOWN": "0", "BG_REFRESHES_PER_MINUTE": "100000"}


def _measure(env: dict[str, str], home: Path, events: int) -> list[float]:
    engine = engine_for(f"sqlite:///{home / 'bg.sqlite3'}")
    with reading(engine) as connection:
        companies = [one.company_id for one in listing(connection) if one.people < 700]
    seconds = []
    for number in range(events + 1):
        company = companies[number % len(companies)]
        time.sleep(_PAUSE)
        event = f"bench-{number}"
        bg(env, "send-event", "--company", company, "--person", event, "--id", event,
           "--new-title", "VP Sales")  # fmt: skip
        seconds.append(_seconds_until_handled(engine, event))
    # The first one finds cold caches everywhere.
    return seconds[1:]


def _seconds_until_handled(engine: Engine, event_id: str) -> float:
    query = select(
        webhook_events.c.state, webhook_events.c.received_at, webhook_events.c.handled_at
    ).where(webhook_events.c.event_id == event_id)

    def handled() -> float | None:
        with reading(engine) as connection:
            row = connection.execute(query).one()
        if row.state != "handled":
            return None
        return float((row.handled_at - row.received_at).total_seconds())

    return float(until(f"event {event_id} handled", 60, handled))


@contextmanager
def _plain_dagster(env: dict[str, str], folder: Path) -> Iterator[dict[str, str]]:
    """`bg receiver` and `dagster dev` with default settings, each a process of its own."""
    (folder / "dagster").mkdir()
    (folder / "dagster" / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    receiver_port, dagit_port = free_port(), free_port()
    env = env | {
        "BG_RECEIVER_PORT": str(receiver_port),
        "DAGSTER_HOME": str(folder / "dagster"),
    }
    dev = [sys.executable, "-m", "dagster", "dev", "-m", "bg_orchestration.definitions"]
    commands = [[*BG, "receiver"], [*dev, "--port", str(dagit_port)]]
    quiet: dict[str, int] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [subprocess.Popen(command, env=env, **quiet) for command in commands]  # type: ignore[call-overload]
    try:
        ask = partial(graphql, f"http://127.0.0.1:{dagit_port}")
        until("companies", 90, lambda: dagit.partitions(ask, names.COMPANY)[0])
        receiver = f"http://127.0.0.1:{receiver_port}/healthz"
        until("receiver", 30, lambda: httpx.get(receiver).is_success)
        yield env
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _system(env: dict[str, str], _folder: Path) -> Iterator[dict[str, str]]:
    with running(env) as up:
        yield up.env


def main() -> None:
    """Measure both and print medians, the spread and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20)
    events: int = parser.parse_args().events
    medians = {}
    ways: dict[str, Callable[..., object]] = {
        "bg up": contextmanager(_system),
        "plain Dagster": _plain_dagster,
    }
    for name, start in ways.items():
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            with start(environment(home, **NO_LIMITS), Path(folder)) as env:  # type: ignore[attr-defined]
                seconds = _measure(env, home, events)
        medians[name] = statistics.median(seconds)
        low, high = min(seconds), max(seconds)
        print(f"{name}: median {medians[name]:.2f} s of {events}, {low:.2f} to {high:.2f} s")
    print(f"ratio {medians['bg up'] / medians['plain Dagster']:.2f}")


if __name__ == "__main__":
    main()
