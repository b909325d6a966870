"""What all stubs share: authentication, faults, latency, counting and compression around each."""

import asyncio
import gzip
import json
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Message, Receive, Scope, Send

from bg_orchestration_tests.stubs.books import Books
from bg_orchestration_tests.stubs.faults import Fault, Faults
from bg_orchestration_tests.stubs.hubspot_records import HubSpotRecords
from bg_orchestration_tests.stubs.salesforce_records import SalesforceRecords
from bg_orchestration_tests.stubs.subscriptions import Subscriptions
from bg_orchestration_tests.stubs.world import World

KEY = "stub-key-0123456789abcdef01234567"
_HTML = "<html><head><title>A timeout occurred</title></head><body><h1>Error 524</h1></body></html>"


@dataclass
class Site:
    """The state of all stubs: one world, one set of books, one plan of faults."""

    world: World = field(default_factory=World)
    books: Books = field(default_factory=Books)
    faults: Faults = field(default_factory=Faults)
    latency: float = 0.0
    limited: bool = False
    suppressed: set[int] = field(default_factory=set)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    hubspot: HubSpotRecords = field(default_factory=HubSpotRecords)
    salesforce: SalesforceRecords = field(default_factory=SalesforceRecords)


Errors = Mapping[str, Callable[[Fault], Response]]


@dataclass(frozen=True)
class Stub:
    """One provider: its routes, its way to check the key, the bodies of its errors, its limit."""

    name: str
    routes: Sequence[BaseRoute]
    authorized: Callable[[Request], bool]
    errors: Errors
    per_second: float
    not_found: Callable[[], Response]


def charge(request: Request, cost: float) -> None:
    """Tell what this request costs."""
    request.scope["state"]["credits"] = request.scope["state"].get("credits", 0.0) + cost


def variant(request: Request) -> Fault:
    """The odd answer that is asked for; its kind is `none` where none is."""
    return request.scope["state"].get("variant") or _NONE


async def json_body(request: Request) -> dict[str, Any]:
    """The object that was posted, an empty one for anything else."""
    try:
        content = json.loads(await request.body())
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


_NONE = Fault("none")


class Provider:
    """A stub as an ASGI application, with everything that can go wrong on the way."""

    def __init__(self, stub: Stub, site: Site) -> None:
        self._stub = stub
        self._site = site
        self._recent: deque[float] = deque()
        self._app = Starlette(routes=stub.routes, exception_handlers={HTTPException: self._unknown})
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        name = self._stub.name
        fault = self._site.faults.planned_for(name, scope["path"])
        if fault and fault.kind == "cut_before":
            _cut(scope)
            return
        body = await _read(receive)
        request = Request(scope, _replay(body))
        question = _question(scope, body)
        before = self._site.books.ask(name, scope["path"], question)
        fault = fault or self._site.faults.drawn_for(name, question, before)
        kind = fault.kind if fault else ""
        if self._site.latency:
            await asyncio.sleep(self._site.latency)
        response: Response | _Answer
        if kind == "cut_before":
            _cut(scope)
            return
        if not self._stub.authorized(request):
            response = self._stub.errors["bad_key"](fault or _NONE)
        elif self._too_fast():
            response = self._stub.errors["rate_limited"](fault or _NONE)
        elif fault and kind == "html":
            response = HTMLResponse(_HTML, int(fault.detail or 524))
        elif fault and kind in self._stub.errors:
            response = self._stub.errors[kind](fault)
        else:
            await self._answer(scope, body, send, question, fault)
            return
        await response(scope, _replay(body), send)

    async def _answer(
        self, scope: Scope, body: bytes, send: Send, question: str, fault: Fault | None
    ) -> None:
        """Let the stub answer, book the charge, then spoil the answer where a fault says so."""
        scope["state"]["variant"] = fault
        answer = _Answer()
        await self._app(scope, _replay(body), answer.keep)
        cost = scope["state"].get("credits", 0.0)
        if cost:
            self._site.books.charge(self._stub.name, scope["path"], question, cost)
        kind = fault.kind if fault else ""
        if fault and kind in ("slow", "hang"):
            await asyncio.sleep(fault.seconds)
        if kind == "cut_after":
            _cut(scope)
        elif kind == "cut_body":
            await answer.send_half(send)
            _cut(scope)
        elif kind == "not_json":
            await answer.instead(send, answer.body[: len(answer.body) // 2] + b'{"cut')
        elif kind == "empty_body":
            await answer.instead(send, b"")
        elif kind == "slow":
            await answer.drip(send)
        else:
            await answer(scope, _replay(b""), send)

    def _too_fast(self) -> bool:
        if not self._site.limited:
            return False
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        if len(self._recent) >= self._stub.per_second:
            return True
        self._recent.append(now)
        return False

    async def _unknown(self, _request: Request, error: Exception) -> Response:
        # The wrong verb has a form of its own with some providers.
        wrong_verb = isinstance(error, HTTPException) and error.status_code == 405
        known = "wrong_verb" if wrong_verb else ""
        make = self._stub.errors.get(known)
        return make(_NONE) if make else self._stub.not_found()


class _Answer:
    """An answer that is kept until we know what becomes of it."""

    def __init__(self) -> None:
        self.body = b""
        self._start: Message = {}

    async def keep(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self.body += message.get("body", b"")

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        if b"gzip" in accepted and len(self.body) > 400:
            await self._send(send, gzip.compress(self.body), (b"content-encoding", b"gzip"))
        else:
            await self._send(send, self.body)

    async def instead(self, send: Send, body: bytes) -> None:
        """The same status and headers with another body."""
        await self._send(send, body)

    async def send_half(self, send: Send) -> None:
        """A body that ends too early."""
        await send(self._start)
        await send({"type": "http.response.body", "body": self.body[: -len(self.body) // 2],
                    "more_body": True})  # fmt: skip

    async def drip(self, send: Send) -> None:
        """The body in small pieces."""
        await send(self._start)
        size = max(1, len(self.body) // 5)
        for at in range(0, len(self.body), size):
            piece = self.body[at : at + size]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0.01)
        await send({"type": "http.response.body", "body": b""})

    async def _send(self, send: Send, body: bytes, *more: tuple[bytes, bytes]) -> None:
        kept = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
        headers = [*kept, (b"content-length", str(len(body)).encode()), *more]
        await send({**self._start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _cut(scope: Scope) -> None:
    """End the connection with a reset, as a broken network does."""
    transport = scope["state"]["transport"]
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


def _question(scope: Scope, body: bytes) -> str:
    """What is asked, the same for the same question: without the key, parameters in order."""
    query = sorted(
        part
        for part in scope["query_string"].decode().split("&")
        if part and not part.startswith("api_key=")
    )
    try:
        content = json.loads(body) if body else None
    except ValueError:
        content = body.decode(errors="replace")
    if isinstance(content, dict):
        content.pop("api_key", None)
    return json.dumps([scope["method"], scope["path"], query, content], sort_keys=True)


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def stamp(moment: datetime) -> str:
    """A time as Coresignal writes it: UTC without a zone."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000"
