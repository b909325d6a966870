"""The receiver as an ASGI application: which path answers what, and on which listener."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from bg_orchestration.names import CORESIGNAL_PATH, LUSHA_PATH, PDL_PATH
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.store.database import SchemaError, check_schema, describe_outage
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.commits import GroupCommit
from bg_orchestration.webhooks.description import describe
from bg_orchestration.webhooks.intake import Intake
from bg_orchestration.webhooks.provider_arrays import ArrayIntake
from bg_orchestration.webhooks.provider_lusha import LushaIntake, show_challenge
from bg_orchestration.webhooks.provider_tokens import Tokens
from bg_orchestration.webhooks.refusals import Refusals
from bg_orchestration.webhooks.responses import (
    answer,
    internal_error,
    not_found,
    problem,
)
from bg_orchestration.webhooks.shared_query import SharedQuestion
from bg_orchestration.webhooks.signatures import Keyring
from bg_orchestration.webhooks.traceparent import traced

_Handler = Callable[[Request], Awaitable[Response]]

log = structlog.stdlib.get_logger(__name__)


class _Methods:
    """One path: a handler a method, and 405 for every other method, HEAD included."""

    def __init__(self, **handlers: _Handler) -> None:
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        handler = self._handlers.get(request.method)
        if handler is None:
            allowed = {"allow": ", ".join(self._handlers)}
            response = problem(405, "This path does not know the method.", allowed)
        else:
            response = await handler(request)
        await response(scope, receive, send)


class _Readiness:
    """Whether the database answers and holds our schema."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = SharedQuestion(self._ask, "readiness")
        self._last: str | None = None

    async def fault(self) -> str | None:
        """What keeps us from storing events, or `None`."""
        try:
            return await self._question.answer()
        except TimeoutError:
            return "The database does not answer."

    def _ask(self) -> str | None:
        fault = detail = None
        try:
            check_schema(self._engine)
        except SchemaError as error:
            fault = detail = str(error)
        except SQLAlchemyError as error:
            fault, detail = "The database cannot be reached.", describe_outage(error)
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
    refusals = Refusals(metrics)
    intake = Intake(keyring, commits, metrics, refusals, now)
    arrays = ArrayIntake(Tokens(engine), commits, metrics, refusals, now)
    lusha = LushaIntake(keyring, commits, metrics, refusals, now)
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

    doors: dict[str, dict[str, _Handler]] = {
        PATH: {"GET": show_description, "POST": intake.receive},
        CORESIGNAL_PATH + "/{token}": {"POST": arrays.receive_coresignal},
        PDL_PATH + "/{token}": {"POST": arrays.receive_pdl},
        PDL_PATH: {"POST": arrays.receive_pdl},
        LUSHA_PATH: {"GET": show_challenge, "POST": lusha.receive},
    }
    public = [
        Route(path + end, _Methods(**handlers | {"POST": partial(traced, path, handlers["POST"])}))
        for path, handlers in doors.items()
        for end in ("", "/")
    ]
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
