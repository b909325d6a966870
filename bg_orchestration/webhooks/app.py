"""The receiver as an ASGI application: which path answers what, and on which listener."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from bg_orchestration.intake.id_pushes import PushProvider
from bg_orchestration.names import CORESIGNAL_PATH, LUSHA_PATH, PDL_PATH
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.store.database import (
    SchemaError,
    check_schema,
    describe_outage,
    writing,
)
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.array_door import ArrayDoor
from bg_orchestration.webhooks.bodies import BodyMemory
from bg_orchestration.webhooks.commits import GroupCommit
from bg_orchestration.webhooks.description import describe
from bg_orchestration.webhooks.door import Door, LineSample, Services
from bg_orchestration.webhooks.lusha_door import LushaDoor, show_challenge
from bg_orchestration.webhooks.person_change_door import PersonChangeDoor
from bg_orchestration.webhooks.responses import answer, internal_error, not_found, problem
from bg_orchestration.webhooks.shared_query import SharedQuery
from bg_orchestration.webhooks.signatures import Keyring
from bg_orchestration.webhooks.suspects import Suspects
from bg_orchestration.webhooks.tokens import Tokens

_Handler = Callable[[Request], Awaitable[Response]]

_ARRAYS: Final[dict[str, PushProvider]] = {
    CORESIGNAL_PATH + "/{token}": "coresignal",
    PDL_PATH + "/{token}": "pdl",
    PDL_PATH: "pdl",
}

# A full disk, a read-only database and a held lock show only when something is written.
_NO_CHANGE: Final = text("UPDATE alembic_version SET version_num = version_num")

log = structlog.stdlib.get_logger(__name__)


class _Methods:
    """One path: a handler for each method, HEAD with GET, OPTIONS always; 405 for the others."""

    def __init__(self, **handlers: _Handler) -> None:
        self._handlers = handlers
        if "GET" in handlers:
            # The server sends no body after HEAD.
            self._handlers["HEAD"] = handlers["GET"]
        self._allowed = {"allow": ", ".join([*self._handlers, "OPTIONS"])}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        handler = self._handlers.get(request.method)
        if handler is not None:
            response = await handler(request)
        elif request.method == "OPTIONS":
            response = Response(status_code=204, headers=self._allowed)
        else:
            response = problem(405, "This path does not know the method.", self._allowed)
        await response(scope, receive, send)


class _Readiness:
    """Whether the database answers, holds our schema, and takes a write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._query = SharedQuery(self._look, "readiness")
        self._last: str | None = None

    async def fault(self) -> str | None:
        """What keeps us from storing events, or `None`."""
        try:
            return await self._query.result()
        except TimeoutError:
            return "The database does not answer."

    def _look(self) -> str | None:
        fault = detail = None
        reachable = False
        try:
            check_schema(self._engine)
            reachable = True
            with writing(self._engine) as connection:
                connection.execute(_NO_CHANGE)
        except SchemaError as error:
            fault = detail = str(error)
        except SQLAlchemyError as error:
            what = "written" if reachable else "reached"
            fault, detail = f"The database cannot be {what}.", describe_outage(error)
        if fault != self._last:
            self._last = fault
            if fault:
                log.error("not_ready", error=detail)
            else:
                log.info("ready")
        return fault


def create_app(
    keyring: Keyring,
    engine: Engine,
    admin_port: int | None = None,
    now: Callable[[], float] = time.time,
) -> ASGIApp:
    """The receiver.

    Args:
        keyring: the secrets that prove an event's source.
        engine: where events are stored; it need not answer yet.
        admin_port: if given, `/metrics` and `/readyz` exist for connections to this port only,
            and the webhooks' paths for the others.
        now: epoch seconds; signatures are judged by it.
    """
    sources = keyring.sources | {"coresignal", "pdl", "lusha"}
    metrics = ReceiverMetrics(sources, (key.fingerprint for key in keyring.keys))
    commits = GroupCommit(engine, metrics)
    services = Services(commits, metrics, Suspects(), BodyMemory(), LineSample(), now)
    tokens = Tokens(engine)
    readiness = _Readiness(engine)
    description = describe()

    async def show_description(_request: Request) -> Response:
        return answer(200, description)

    async def health(_request: Request) -> Response:
        return answer(200, {"status": "ok"})

    async def ready(_request: Request) -> Response:
        fault = await readiness.fault()
        if fault is None:
            return answer(200, {"status": "ready"})
        return problem(503, fault, {"retry-after": "5"})

    async def show_metrics(_request: Request) -> Response:
        headers = {"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"}
        return Response(generate_latest(metrics.registry), headers=headers)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        commits.start()
        yield
        await commits.close()

    def routes(path: str, door: Door, get: _Handler | None = None) -> list[Route]:
        methods = {"GET": get, "POST": door.post} if get else {"POST": door.post}
        return [Route(path + end, _Methods(**methods)) for end in ("", "/")]

    public = [
        *routes(PATH, PersonChangeDoor(PATH, services, keyring), show_description),
        *routes(LUSHA_PATH, LushaDoor(LUSHA_PATH, services, keyring), show_challenge),
    ]
    for path, source in _ARRAYS.items():
        public += routes(path, ArrayDoor(path, services, source, tokens))
    admin = [Route("/readyz", _Methods(GET=ready)), Route("/metrics", _Methods(GET=show_metrics))]
    both = [Route("/healthz", _Methods(GET=health))]
    if admin_port is None:
        return _application([*public, *admin, *both], lifespan)
    return _ByPort(
        _application([*public, *both], lifespan), _application([*admin, *both]), admin_port
    )


def _application(routes: list[Route], lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={404: not_found, Exception: internal_error},
    )
    # Senders count a redirect as a failure; both spellings of the path are routed.
    app.router.redirect_slashes = False
    return app


class _ByPort:
    """The admin application for connections to its port, the public one for all others."""

    def __init__(self, public: ASGIApp, admin: ASGIApp, admin_port: int) -> None:
        self._public = public
        self._admin = admin
        self._admin_port = admin_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The socket's own port, which no header can change.
        is_admin = scope["type"] == "http" and scope["server"][1] == self._admin_port
        await (self._admin if is_admin else self._public)(scope, receive, send)
