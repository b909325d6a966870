"""The HTTP client that every provider is asked with: one request, its answer or what went wrong.

What went wrong is told in our own words: httpx puts URLs into its messages and log lines, and a
URL may hold a key or a person. httpx is imported when the first request is made.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from bg_orchestration.providers.protocols import Adapter, Call

if TYPE_CHECKING:
    import httpx

_CONNECT_SECONDS: Final = 5.0
_WRITE_SECONDS: Final = 10.0
_MARGIN_SECONDS: Final = 10.0
# Far above any page that is documented; People Data Labs caps an answer at 1 MB.
_MOST_BYTES: Final = 32 * 1024 * 1024

# httpx logs the URL of each request, httpcore each header that it receives.
_TALKATIVE: Final = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing came back.

    Attributes:
        kind: `unsent` if the provider never saw the request, `unclear` if it may have answered,
            and charged, without our hearing of it, `unsendable` if no request can be made of it.
        why: in words without anything from the request.
    """

    kind: Literal["unsent", "unclear", "unsendable"]
    why: str


def longest(call: Call) -> timedelta:
    """How long `send` takes at the very most: the answer's last byte may come late, too."""
    seconds = _CONNECT_SECONDS + _WRITE_SECONDS + 2 * call.read_seconds + _MARGIN_SECONDS
    return timedelta(seconds=seconds)


class Http:
    """One client for all providers; connections are kept open between requests."""

    def __init__(self) -> None:
        self._client: httpx.Client | None = None

    def send(self, adapter: Adapter, call: Call) -> Response | Fault:
        """Send a call with its provider's key, once.

        Redirects are not followed: they may lead the key elsewhere.
        """
        import httpx

        try:
            return self._exchange(adapter, call)
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            return Fault("unsent", f"no connection within {_CONNECT_SECONDS:g} s")
        except (httpx.ConnectError, httpx.ProxyError):
            return Fault("unsent", "no connection")
        except httpx.ReadTimeout:
            return Fault("unclear", f"no answer within {call.read_seconds:g} s")
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL, ValueError):
            return Fault("unsendable", "its key or URL holds what no request may hold")
        except httpx.DecodingError:
            return Fault("unclear", "the answer was damaged on its way")
        except httpx.TransportError:
            return Fault("unclear", "the connection broke before the answer was whole")

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _exchange(self, adapter: Adapter, call: Call) -> Response | Fault:
        deadline = time.monotonic() + _CONNECT_SECONDS + call.read_seconds
        with self._opened().stream(
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
                    return Fault("unclear", "the answer is larger than 32 MiB")
                if time.monotonic() > deadline:
                    return Fault("unclear", f"no whole answer within {call.read_seconds:g} s")
            return Response(response.status_code, dict(response.headers), bytes(body))

    def _opened(self) -> "httpx.Client":
        if self._client is None:
            import httpx

            _silence()
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


def _silence() -> None:
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        # A filter and not a level: whoever turns debugging on would set that.
        if _quiet not in logger.filters:
            logger.addFilter(_quiet)


def _quiet(_record: logging.LogRecord) -> bool:
    return False
