"""A real receiver on a real socket."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

import httpx
import pytest
import structlog
from sqlalchemy import Engine, select

from bg_orchestration.store.database import engine_for, upgrade_schema, writing
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.app import create_app
from bg_orchestration.webhooks.server import http_server
from bg_orchestration.webhooks.signatures import Key, Keyring

WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CRM = Key.read("crm", "crm-secret-of-tests")
OLD_CRM = Key.read("crm", "crm-secret-before")
CRM_STANDARD = Key.read("crm", WHSEC)
HR = Key.read("hr", "hr-secret-of-tests")
STRANGER = Key.read("crm", "a-secret-nobody-configured")
KEYRING = Keyring((CRM, OLD_CRM, CRM_STANDARD, HR))


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Log lines go where pytest collects them."""
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    yield
    structlog.reset_defaults()


def event(event_id: str = "evt-1", **fields: Any) -> dict[str, Any]:
    """An event of a fictional person."""
    return {
        "id": event_id,
        "source": "crm",
        "type": "person.role_change",
        "timestamp": "2026-01-31T09:30:00Z",
        "person": {"id": "p-1", "name": "Mara Beispiel", "newTitle": "VP Sales"},
        "company": {"id": "example.com", "name": "Example Inc"},
        "changes": {"title": {"old": "Director", "new": "VP Sales"}},
        **fields,
    }


def body(event_id: str = "evt-1", **fields: Any) -> bytes:
    return json.dumps(event(event_id, **fields)).encode()


def signed(content: bytes, key: Key = CRM, at: float | None = None) -> dict[str, str]:
    now = time.time() if at is None else at
    headers = key.headers(content, int(now * 1000), "msg_1")
    return {**headers, "content-type": "application/json"}


@dataclass(frozen=True)
class Receiver:
    client: httpx.Client
    port: int
    engine: Engine

    def post(self, content: bytes, key: Key = CRM, **headers: str) -> httpx.Response:
        return self.client.post(PATH, content=content, headers={**signed(content, key), **headers})

    def metric(self, line: str) -> float:
        found = re.search(rf"^{re.escape(line)} (\S+)$", self.client.get("/metrics").text, re.M)
        assert found, line
        return float(found[1])

    def raw(self, request: bytes, seconds: float = 5.0) -> bytes:
        """What comes back until the server closes, or falls silent after an answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(request)
            answer = b""
            while True:
                try:
                    chunk = connection.recv(65_536)
                except TimeoutError:
                    return answer
                if not chunk:
                    return answer
                answer += chunk
                connection.settimeout(0.3)

    def burst(self, requests: Sequence[tuple[bytes, Key]], connections: int) -> list[int]:
        """The statuses of `requests`, posted over so many kept connections at once."""
        statuses = [0] * len(requests)

        def post_share(first: int) -> None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
            for place in range(first, len(requests), connections):
                content, key = requests[place]
                connection.request("POST", PATH, content, signed(content, key))
                response = connection.getresponse()
                response.read()
                statuses[place] = response.status
            connection.close()

        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(post_share, range(connections)))
        return statuses

    def stored(self) -> list[str]:
        return stored_ids(self.engine)


def stored_ids(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        query = select(webhook_events.c.event_id).order_by(webhook_events.c.event_id)
        return list(connection.scalars(query))


@contextmanager
def running(
    engine: Engine,
    keyring: Keyring = KEYRING,
    now: Callable[[], float] = time.time,
    keep_alive: int = 120,
) -> Iterator[Receiver]:
    """A receiver in a thread of this process."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    port = listener.getsockname()[1]
    server = http_server(create_app(keyring, engine, now=now), keep_alive)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        limits = httpx.Limits(max_connections=64)
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=20, limits=limits, trust_env=False
        ) as client:
            yield Receiver(client, port, engine)
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def receiver(engine: Engine) -> Iterator[Receiver]:
    """A receiver, on each database in turn."""
    with running(engine) as made:
        yield made


@pytest.fixture
def light_engine(sqlite_engine: Engine) -> Engine:
    """One database, for what does not depend on its kind."""
    return sqlite_engine


@pytest.fixture
def light_receiver(light_engine: Engine) -> Iterator[Receiver]:
    with running(light_engine) as made:
        yield made


@pytest.fixture(scope="module")
def _module_receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    folder = tmp_path_factory.mktemp("receiver")
    engine = engine_for(f"sqlite:///{folder / 'shared.sqlite3'}")
    upgrade_schema(engine)
    with running(engine) as made:
        yield made
    engine.dispose()


@pytest.fixture
def shared_receiver(_module_receiver: Receiver) -> Receiver:
    """An empty receiver that counts on: for tests that few failed verifications suffice."""
    with writing(_module_receiver.engine) as connection:
        connection.execute(webhook_events.delete())
    return _module_receiver


class ReceiverProcess:
    """`bg receiver` in a process of its own."""

    def __init__(self, log: Path, **environment: str) -> None:
        self._log = log
        with log.open("wb") as stderr:
            self.process = self._start(stderr, environment)

    def _start(self, stderr: BinaryIO, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "bg_orchestration", "receiver"],
            env={
                **os.environ,
                "BG_RECEIVER_PORT": "0",
                "BG_WEBHOOK_SECRETS": "crm=crm-secret-of-tests",
                **environment,
            },
            stderr=stderr,
        )

    def started(self) -> dict[str, Any]:
        """The log line that names its addresses."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self._log.read_text().splitlines():
                if "receiver_started" in line:
                    found = json.loads(line)
                    assert isinstance(found, dict)
                    return found
            time.sleep(0.02)
        raise AssertionError(self._log.read_text())

    def log(self) -> str:
        return self._log.read_text()


@pytest.fixture
def start_receiver(tmp_path: Path) -> Iterator[Callable[..., ReceiverProcess]]:
    """Starts receivers as processes, and ends those that still run."""
    started: list[ReceiverProcess] = []

    def start(**environment: str) -> ReceiverProcess:
        made = ReceiverProcess(tmp_path / f"receiver-{len(started)}.log", **environment)
        started.append(made)
        return made

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
