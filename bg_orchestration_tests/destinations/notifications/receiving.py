"""A real receiver of messages, which answers as it is told and verifies with our own verifier."""

import asyncio
import json
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import uvicorn

from bg_orchestration.webhooks.signatures import Keyring, read_claims

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    path: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str:
        [value] = [value for key, value in self.headers if key == name.encode()]
        return value.decode()

    def signed_by(self, secret: str) -> bool:
        """Whether the signature proves `secret`; raises if it proves nothing of the kind."""
        keyring = Keyring.parse(f"us={secret}")
        claims = read_claims(self.headers, int(time.time() * 1000))
        return bool(keyring.verify(claims, self.body))


@dataclass
class Receiver:
    """What came, and what to answer next: a status, or (status, headers), or a way to misbehave."""

    url: str
    got: list[Got] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    always: Any = 204
    released: Event = field(default_factory=Event)

    def told(self) -> list[tuple[str, str]]:
        """Company and type of each message, in order of arrival."""
        return [(one.json["data"]["company"]["id"], one.json["type"]) for one in self.got]

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        body = b""
        more = True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        self.got.append(Got(scope["path"], tuple(scope["headers"]), body))
        answer = self.answers.pop(0) if self.answers else self.always
        if answer == "hang":
            while not self.released.is_set():
                await asyncio.sleep(0.01)
            answer = 204
        if answer == "cut":
            raise ConnectionResetError("on purpose")
        if callable(answer):
            answer = answer()
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": b"secret words of the receiver"})


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver in a thread of this process, on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = Receiver(f"http://127.0.0.1:{listener.getsockname()[1]}/hook")
    config = uvicorn.Config(made, log_config=None, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()
