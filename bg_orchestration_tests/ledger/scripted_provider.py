"""A provider for the tests of asking: a real HTTP server that does what a test says, and counts."""

import asyncio
import json
import socket
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, ClassVar

import uvicorn
from starlette.types import Receive, Scope, Send

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import Call, Classification, classify_status

KEY = "very-secret-key-of-tests"
PERSON = "ada@example.com"


@dataclass(frozen=True)
class Said:
    """One answer. `slow` seconds pass before it; `cut` ends the connection within it."""

    status: int = 200
    body: bytes = b'{"found": true}'
    headers: Mapping[str, str] = field(default_factory=dict)
    slow: float = 0.0
    cut: bool = False
    drip: float = 0.0
    # Requests that must have been in flight together before the answer, which waits 20 s for them.
    beside: int = 1


class ScriptedProvider:
    """Answers each request with what `say` queued, else with a success; counts them by path."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: Counter[str] = Counter()
        self.at: list[float] = []
        self.most_at_once = 0
        self.seen_keys: set[str] = set()
        self._said: deque[Said] = deque()
        self._under_way = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def asked(self) -> int:
        return self.requests.total()

    def say(self, *answers: Said) -> None:
        self._said.extend(answers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests[scope["path"]] += 1
        self.at.append(time.monotonic())
        self.seen_keys.add(scope["query_string"].decode())
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        said = self._said.popleft() if self._said else Said()
        try:
            for _ in range(2_000):
                if self.most_at_once >= said.beside:
                    break
                await asyncio.sleep(0.01)
            await asyncio.sleep(said.slow)
            await self._answer(said, send)
        finally:
            self._under_way -= 1

    async def _answer(self, said: Said, send: Send) -> None:
        length = len(said.body) + (10 if said.cut else 0)
        headers = {**said.headers, "content-length": str(length)}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": said.status, "headers": raw})
        for byte in said.body if said.drip else ():
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            await asyncio.sleep(said.drip)
        if said.cut:
            await send({"type": "http.response.body", "body": said.body, "more_body": True})
            raise ConnectionError("cut")
        rest = b"" if said.drip else said.body
        await send({"type": "http.response.body", "body": rest})


@contextmanager
def provider_running() -> Iterator[ScriptedProvider]:
    """The provider in a thread of this process."""
    provider = ScriptedProvider()
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    provider.port = listener.getsockname()[1]
    config = uvicorn.Config(
        provider, ws="none", lifespan="off", log_level="critical", access_log=False
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(20)
        assert not thread.is_alive()


@dataclass(frozen=True)
class ScriptedAdapter:
    """Its key goes in the query string, as ZeroBounce forces it there."""

    base_url: str
    per_second: float = 1_000.0
    at_once: int = 8
    key: str = field(default=KEY, repr=False)

    name: ClassVar[str] = "zerobounce"
    kept_headers: ClassVar[frozenset[str]] = frozenset({"x-next"})

    def headers(self) -> Mapping[str, str]:
        return {"accept": "application/json"}

    def params(self) -> Mapping[str, str]:
        return {"api_key": self.key}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        return classify_status(status, headers, body, {202: "pending", 451: "compliance"})

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        spent = headers.get("x-credits-spent")
        return None if spent is None else float(spent)

    def rate_limit(self, endpoint: str) -> RateLimit:
        return RateLimit(self.per_second, self.at_once)

    def check(self) -> Call:
        return Call("verification", self.name, "credits", "GET", "credits")


def call(number: int = 1, **changes: Any) -> Call:
    """A paid question about a fictional person."""
    values: dict[str, Any] = {
        "capability": "verification",
        "provider": "zerobounce",
        "endpoint": "validate",
        "method": "GET",
        "path": f"validate/{number}",
        "params": {"email": PERSON},
        "credits": 10.0,
        "read_seconds": 5.0,
    }
    return Call(**(values | changes))


def found(body: bytes) -> Any:
    return json.loads(body)
