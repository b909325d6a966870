"""The HTTP client of all providers: one request, its response or a fault.

A fault is described in our own words. httpx puts URLs into its messages and log lines, and a URL
may hold a key or a person. httpx is imported for the first request.
"""

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bg_orchestration.ledger.calls import Adapter, Call, Response, TransportFault

if TYPE_CHECKING:
    import httpx

_CONNECT_SECONDS: Final = 5.0
_WRITE_SECONDS: Final = 10.0
_MARGIN_SECONDS: Final = 10.0
# Far above any documented page; People Data Labs caps an answer at 1 MB.
_MOST_BYTES: Final = 32 * 1024 * 1024

# httpx and urllib3 log the URL of each request, httpcore each header that it receives.
_CHATTY_LOGGERS: Final = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "urllib3.connectionpool",
)


def longest(call: Call) -> timedelta:
    """The longest duration of `send`: the last byte of an answer may come late, too."""
    seconds = _CONNECT_SECONDS + _WRITE_SECONDS + 2 * call.read_seconds + _MARGIN_SECONDS
    return timedelta(seconds=seconds)


class HttpClient:
    """One client for all providers, with connections that stay open between requests."""

    def __init__(self) -> None:
        self._client: httpx.Client | None = None

    def send(self, adapter: Adapter, call: Call) -> Response | TransportFault:
        """Send a call once, with its provider's key.

        Redirects are not followed: they could lead the key elsewhere.
        """
        import httpx

        try:
            return self._exchange(adapter, call)
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            return TransportFault("unsent", f"no connection within {_CONNECT_SECONDS:g} s")
        except (httpx.ConnectError, httpx.ProxyError):
            return TransportFault("unsent", "no connection")
        except httpx.ReadTimeout:
            return TransportFault("unclear", f"no answer within {call.read_seconds:g} s")
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL, ValueError):
            return TransportFault("unsendable", "its key or URL holds what no request may hold")
        except httpx.DecodingError:
            return TransportFault("unclear", "the answer was damaged on its way")
        except httpx.TransportError:
            return TransportFault("unclear", "the connection broke before the answer was whole")

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _exchange(self, adapter: Adapter, call: Call) -> Response | TransportFault:
        deadline = time.monotonic() + _CONNECT_SECONDS + call.read_seconds
        with self._open_client().stream(
            call.method,
            f"{adapter.base_url}/{call.path.lstrip('/')}",
            params={**call.params, **adapter.params()} or None,
            headers=dict(adapter.headers()),
            json=call.json,
            timeout=_timeout(call),
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES:
                    return TransportFault("unclear", "the answer is larger than 32 MiB")
                if time.monotonic() > deadline:
                    return TransportFault(
                        "unclear", f"no whole answer within {call.read_seconds:g} s"
                    )
            return Response(response.status_code, dict(response.headers), bytes(body))

    def _open_client(self) -> "httpx.Client":
        if self._client is None:
            import httpx

            silence_clients()
            self._client = httpx.Client(headers={"user-agent": "bg_orchestration"})
        return self._client


def _timeout(call: Call) -> "httpx.Timeout":
    import httpx

    return httpx.Timeout(
        call.read_seconds,
        connect=_CONNECT_SECONDS,
        write=_WRITE_SECONDS,
        pool=_CONNECT_SECONDS,
    )


def silence_clients() -> None:
    """Drop the log lines of HTTP libraries: a URL may hold a key or a person."""
    for name in _CHATTY_LOGGERS:
        logger = logging.getLogger(name)
        # A filter and not a level: debugging sets the level.
        if _quiet not in logger.filters:
            logger.addFilter(_quiet)


def _quiet(_record: logging.LogRecord) -> bool:
    return False
