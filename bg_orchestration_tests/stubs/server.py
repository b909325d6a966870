"""All stubs on one real server, each below its name: `http://127.0.0.1:PORT/coresignal/...`."""

import socket
import threading
import time
from asyncio import Transport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bg_orchestration_tests.stubs.apollo import apollo
from bg_orchestration_tests.stubs.control import control
from bg_orchestration_tests.stubs.coresignal import coresignal
from bg_orchestration_tests.stubs.hubspot import hubspot
from bg_orchestration_tests.stubs.lusha import lusha
from bg_orchestration_tests.stubs.pdl import pdl
from bg_orchestration_tests.stubs.research import research
from bg_orchestration_tests.stubs.salesforce import salesforce
from bg_orchestration_tests.stubs.site import KEY, Provider, Site
from bg_orchestration_tests.stubs.zerobounce import zerobounce

_START_SECONDS = 60.0
STUBS = (coresignal, pdl, apollo, lusha, zerobounce, research, hubspot, salesforce)


class CuttableProtocol(H11Protocol):
    """HTTP/1.1 whose connections the stubs can cut: each request's state holds its transport."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def application(site: Site) -> ASGIApp:
    """All stubs and the control route."""
    mounts = [
        Mount(f"/{stub.name}", Provider(stub, site)) for stub in (make(site) for make in STUBS)
    ]
    return Starlette(routes=[*control(site), *mounts])


def server(site: Site) -> uvicorn.Server:
    """The server of a site, not started yet."""
    return uvicorn.Server(
        uvicorn.Config(
            application(site),
            http=CuttableProtocol,
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
        )
    )


@dataclass
class Stubs:
    """Stubs that run in a thread of this process: their state is at hand."""

    site: Site
    url: str
    key: str = KEY

    def base_url(self, provider: str) -> str:
        """Where an adapter finds its provider."""
        return f"{self.url}/{provider}"

    def control(self, what: str, **content: Any) -> Any:
        """Steer, as a script would."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as client:
            return client.post(f"/control/{what}", json=content).raise_for_status().json()

    def ledger(self) -> dict[str, Any]:
        """What was asked and charged, as a script would read it."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as client:
            answer: dict[str, Any] = client.get("/control/ledger").raise_for_status().json()
        return answer


@contextmanager
def serving(site: Site) -> Iterator[Stubs]:
    """The stubs on a free port, in a thread of this process."""
    running = server(site)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not running.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the stubs did not start")
        time.sleep(0.005)
    try:
        yield Stubs(site, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        running.should_exit = True
        running.force_exit = True
        thread.join(_START_SECONDS)
        listener.close()
