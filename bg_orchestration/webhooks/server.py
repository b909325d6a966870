"""The receiver as a process: sockets, server, shutdown."""

import errno
import signal
import socket
import sys
from contextlib import ExitStack
from threading import Thread
from types import FrameType
from typing import Any

import structlog
import uvicorn
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from bg_orchestration.settings import Settings, variable_of
from bg_orchestration.store.database import (
    SchemaError,
    check_schema,
    describe_outage,
    engine_for,
)
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.app import create_app
from bg_orchestration.webhooks.http_protocol import ReceiverProtocol
from bg_orchestration.webhooks.signatures import Keyring

_BACKLOG = 2048
# Longer than any answer takes: the body's deadline and both patiences of the group commit.
_STOP_SECONDS = 25

log = structlog.stdlib.get_logger(__name__)


class ListenError(Exception):
    """The receiver cannot listen on an address; the message names the variable to change."""


def serve(settings: Settings) -> None:
    """Receive webhooks until SIGINT or SIGTERM, then finish the open requests.

    Raises:
        SecretsError: no secret is configured, or one cannot be used.
        ListenError: an address cannot be listened on.
        SchemaError: BG_DATABASE_URL names no database that can be used.
    """
    keyring = Keyring.from_settings(settings)
    engine = engine_for(settings.url)
    with ExitStack() as listening:
        sockets = [listening.enter_context(_listen(settings, "receiver_port"))]
        admin_port = None
        if settings.admin_port is not None:
            sockets.append(listening.enter_context(_listen(settings, "admin_port")))
            admin_port = sockets[1].getsockname()[1]
        server = http_server(
            create_app(keyring, engine, admin_port), round(settings.keep_alive.total_seconds())
        )
        # Once it has shut down, the server raises the signal that stopped it again.
        signal.signal(signal.SIGTERM, _exit)
        signal.signal(signal.SIGINT, _exit)
        log.info(
            "receiver_started",
            url=_url(sockets[0]) + PATH,
            admin_url=_url(sockets[1]) if admin_port is not None else None,
            keys=[f"{key.source}:{key.scheme}:{key.fingerprint}" for key in keyring.keys],
        )
        Thread(target=_check_database, args=(engine,), daemon=True).start()
        if settings.otlp_endpoint:
            from bg_orchestration.observability.collector import send_in_background

            listening.callback(send_in_background())
        server.run(sockets=sockets)


def _check_database(engine: Engine) -> None:
    """Log why no event can be stored now. The receiver answers 503 until the database works."""
    try:
        check_schema(engine)
    except SchemaError as error:
        log.error("not_ready", error=str(error))
    except SQLAlchemyError as error:
        log.error("not_ready", error=describe_outage(error))


def http_server(app: ASGIApp, keep_alive: int = 120) -> uvicorn.Server:
    """The HTTP server of `app`: trusts no forwarded headers and does not name itself.

    `keep_alive` is how many seconds a connection may rest between two requests.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=ReceiverProtocol,
            ws="none",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=keep_alive,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )


def _exit(_signal: int, _frame: FrameType | None) -> None:
    log.info("receiver_stopped")
    sys.exit(0)


def _listen(settings: Settings, port_field: str) -> socket.socket:
    host = settings.receiver_host
    port: Any = getattr(settings, port_field)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except socket.gaierror:
        raise ListenError(
            f"{variable_of('receiver_host')}: {host} is no address of this machine."
        ) from None
    except OSError as error:
        variable = variable_of(port_field)
        if error.errno == errno.EADDRINUSE:
            raise ListenError(
                f"Port {port} is in use. Stop what listens there, or set {variable} "
                "to another port; 0 takes any."
            ) from None
        raise ListenError(
            f"Cannot listen on {host} port {port}: {error.strerror}. "
            f"Change {variable_of('receiver_host')} or {variable}."
        ) from None


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
