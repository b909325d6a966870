"""How many durable 202 a second the receiver gives, and what each costs.

The same load goes, one after the other, to four servers: `bg receiver` as it ships, the same
application without a database, the same with a transaction for each request, and `GET /healthz`.
Each has 64 kept connections; the receiver then gets half of its rate, evenly spaced, for the
percentiles. `python -m benchmarks.receiver --seconds 10 [--database postgresql://...]`.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvloop

from bg_orchestration.ops.processes import free_port
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.signatures import Key

CONNECTIONS = 64
_SECRET = "a secret for measuring only"
_START_SECONDS = 120
_LAST_ANSWER_SECONDS = 60
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What one server did: answers a second of the clock and of its processor time."""

    server: str
    per_second: float
    per_cpu_second: float
    milliseconds: Sequence[float]

    def percentile(self, share: float) -> float:
        """The answer time in milliseconds that `share` of the requests did not exceed."""
        return sorted(self.milliseconds)[int(share * (len(self.milliseconds) - 1))]


class _Connection(asyncio.Protocol):
    """One kept connection: sends a request, counts its answer, sends the next."""

    def __init__(self, requests: Iterator[bytes], expected: bytes) -> None:
        self._requests = requests
        self._expected = expected
        self.milliseconds: list[float] = []
        self.ready = asyncio.Event()
        self.unexpected: bytes | None = None
        self._sent = 0.0
        self._answer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def send(self) -> None:
        self.ready.clear()
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, blank, body = self._answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not blank or (length and len(body) < int(length[1])):
            return
        if not head.startswith(self._expected):
            self.unexpected = self._answer
        self._answer = b""
        self.milliseconds.append((time.perf_counter() - self._sent) * 1000)
        self.ready.set()


def _posts(name: str) -> Iterator[bytes]:
    key = Key.read("bench", _SECRET)
    number = 0
    while True:
        number += 1
        body = json.dumps(
            {
                "id": f"{name}-{number}",
                "source": "bench",
                "type": "person.role_change",
                "timestamp": "2026-01-31T09:30:00Z",
                "person": {"id": f"p-{number}", "name": "Mara Beispiel", "newTitle": "VP Sales"},
                "company": {"id": f"company-{number % 1000}", "name": "Example Inc"},
                "changes": {"title": {"old": "Director of Sales", "new": "VP Sales"}},
            }
        ).encode()
        headers = key.headers(body, int(time.time() * 1000), "m")
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        yield (
            f"POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n{lines}\r\n"
        ).encode() + body


def _gets() -> Iterator[bytes]:
    while True:
        yield b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def _load(
    port: int, requests: Iterator[bytes], expected: bytes, seconds: float, rate: float | None
) -> list[float]:
    loop = asyncio.get_running_loop()
    connections: list[_Connection] = []
    for _ in range(CONNECTIONS):
        _, made = await loop.create_connection(
            lambda: _Connection(requests, expected), "127.0.0.1", port
        )
        connections.append(made)
    end = loop.time() + seconds

    async def ask_on(connection: _Connection, place: int) -> None:
        gap = CONNECTIONS / rate if rate else 0.0
        due = loop.time() + place * gap / CONNECTIONS
        while loop.time() < end:
            if gap:
                await asyncio.sleep(max(0.0, due - loop.time()))
                due += gap
            connection.send()
            await connection.ready.wait()
            if connection.unexpected:
                raise SystemExit(f"unexpected answer: {connection.unexpected[:200]!r}")

    asking = asyncio.gather(*(ask_on(one, place) for place, one in enumerate(connections)))
    await asyncio.wait_for(asking, seconds + _LAST_ANSWER_SECONDS)
    return [value for connection in connections for value in connection.milliseconds]


def measure(server: str, port: int, pid: int, seconds: float, rate: float | None = None) -> Load:
    """Put load on one server for `seconds`; its first second is not counted."""
    health = server == "healthz"
    expected = b"HTTP/1.1 200" if health else b"HTTP/1.1 202"
    requests = _gets() if health else _posts(f"{server}-{rate}")
    process = psutil.Process(pid)
    uvloop.run(_load(port, requests, expected, 1.0, rate))
    before, began = process.cpu_times(), time.perf_counter()
    times = uvloop.run(_load(port, requests, expected, seconds, rate))
    wall, after = time.perf_counter() - began, process.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    return Load(server, len(times) / wall, len(times) / cpu, times)


@contextmanager
def serving(variant: str, url: str) -> Iterator[tuple[int, int]]:
    """A receiver in a process of its own: gives its port and its process id."""
    port = free_port()
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BG_")},
        "BG_DATABASE_URL": url,
        "BG_WEBHOOK_SECRETS": f"bench={_SECRET}",
        "BG_RECEIVER_PORT": str(port),
    }
    command = [sys.executable, "-m", "benchmarks.receiver", "--serve", variant]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, env=env, stdout=log, stderr=log) as process,
    ):
        try:
            _await(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(60)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the receiver did not start")


def serve(variant: str) -> None:
    """Run `bg receiver`, or a variant of it that is only good to compare with."""
    from bg_orchestration.observability.logs import configure_logs
    from bg_orchestration.settings import settings
    from bg_orchestration.webhooks import commits, server

    if variant == "no-database":

        def no_transaction(_engine: object) -> AbstractContextManager[None]:
            return nullcontext()

        commits.writing = no_transaction  # type: ignore[assignment]
        commits.record = lambda _connection, events: ["accepted"] * len(events)
    if variant == "transaction-each":
        commits.GroupCommit.batch_rows = 1
    configure_logs(settings().log_level)
    server.serve(settings())


def table(seconds: float, url: str) -> list[Load]:
    """The loads of all servers, in the order of the module's text, then the even half rate."""
    loads = []
    for variant in ("receiver", "no-database", "transaction-each"):
        with serving(variant, url) as (port, pid):
            loads.append(measure(variant, port, pid, seconds))
            if variant == "receiver":
                half = loads[0].per_second / 2
                loads.append(measure("half-rate", port, pid, seconds, half))
                loads.append(measure("healthz", port, pid, seconds))
    return loads


def main() -> None:
    """Measure, and print a line for each server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--database", help="default: SQLite in a temporary folder")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = args.database or f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        upgrade_schema(engine_for(url))
        print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        for load in table(args.seconds, url):
            print(
                f"{load.server:18} {load.per_second:8.0f} a second "
                f"{load.per_cpu_second:8.0f} a CPU-second   "
                f"median {statistics.median(load.milliseconds):6.1f} ms   "
                f"99 % {load.percentile(0.99):6.1f} ms"
            )


if __name__ == "__main__":
    main()
