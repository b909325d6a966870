"""The body of a request: accepted by its head, read within limits, or discarded."""

import asyncio

from starlette.requests import ClientDisconnect, Request

MAX_BODY = 256 * 1024

RETRY = {"retry-after": "5"}
_CLOSE = {"connection": "close"}
# A refused body is read away up to here, so that the sender finds an answer and not a reset.
_DISCARD_SECONDS = 2.0
_DISCARD_BYTES = 32 * 1024 * 1024


class BodyError(Exception):
    """The body is refused.

    Attributes:
        status: of the answer.
        reason: a label of the metrics.
        detail: the sentence of the answer.
    """

    def __init__(self, status: int, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.detail = detail


class BodyMemory:
    """The bytes of all bodies that are being read: bounded in sum, as no sender is proven yet."""

    most = 64 * 1024 * 1024

    def __init__(self) -> None:
        self._left = self.most

    def take(self, size: int) -> None:
        """Count `size` bytes more.

        Raises:
            BodyError: the sum is used up.
        """
        if size > self._left:
            raise BodyError(503, "bodies_full", "Too many bodies arrive at once. Send it again.")
        self._left -= size

    def release(self, size: int) -> None:
        """Count `size` bytes less."""
        self._left += size


class RequestBody:
    """The body of one request, from its head to its last byte.

    Args:
        request: the request.
        memory: counts the bytes while they arrive.
        most: bytes that it may have.

    Attributes:
        seconds: time that a body may take to arrive.
    """

    seconds = 10.0

    def __init__(self, request: Request, memory: BodyMemory, most: int = MAX_BODY) -> None:
        self._request = request
        self._memory = memory
        self._most = most
        self._ended = False
        self._too_slow = False
        chunked = "transfer-encoding" in request.headers
        # A proxy in front may go by the other one, and take the rest for another request.
        self._ambiguous = chunked and "content-length" in request.headers
        # The HTTP parser has checked that it is a number.
        self._length = None if chunked else int(request.headers.get("content-length", "0"))

    async def read(self) -> bytes:
        """All of it.

        Raises:
            BodyError: it is framed in two ways, not JSON by its headers, too large, too slow, or
                not sent to its end.
        """
        self._check_head()
        body = bytearray()
        try:
            async with asyncio.timeout(self.seconds):
                while not self._ended:
                    chunk = await self._next()
                    self._memory.take(len(chunk))
                    body += chunk
                    if len(body) > self._most:
                        raise self._too_large()
        except TimeoutError:
            self._too_slow = True
            # Not 408: senders take a 4xx as final, and a slow network passes.
            raise BodyError(503, "slow_body", "The body did not arrive in time.") from None
        except ClientDisconnect:
            raise BodyError(400, "hung_up", "The body was not sent to its end.") from None
        finally:
            self._memory.release(len(body))
        return bytes(body)

    async def discard(self) -> dict[str, str]:
        """Read the rest away; gives the headers that the answer then needs.

        The server skips a body of the usual size by itself and keeps the connection. A larger one,
        or one of unknown size, is read away within limits, and the connection closed.
        """
        if self._too_slow:
            return RETRY | _CLOSE
        if self._ambiguous:
            return _CLOSE
        if self._ended or (self._length is not None and self._length <= MAX_BODY):
            return {}
        if "expect" in self._request.headers:
            # It has not been sent: the sender waits for 100 Continue.
            return _CLOSE
        left = _DISCARD_BYTES
        try:
            async with asyncio.timeout(_DISCARD_SECONDS):
                while not self._ended and left > 0:
                    left -= len(await self._next())
        except (TimeoutError, ClientDisconnect):
            pass
        return _CLOSE

    async def _next(self) -> bytes:
        message = await self._request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self._ended = not message.get("more_body", False)
        chunk = message.get("body", b"")
        assert isinstance(chunk, bytes)
        return chunk

    def _check_head(self) -> None:
        headers = self._request.headers
        if self._ambiguous:
            raise BodyError(400, "framing", "Send Content-Length or Transfer-Encoding, not both.")
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_json = media_type == "application/json" or (
            media_type.startswith("application/") and media_type.endswith("+json")
        )
        if not is_json:
            raise BodyError(415, "media_type", "Send the event as application/json.")
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise BodyError(415, "media_type", "Send the body without Content-Encoding.")
        if self._length is not None and self._length > self._most:
            raise self._too_large()

    def _too_large(self) -> BodyError:
        return BodyError(413, "too_large", f"The body may have at most {self._most} bytes.")
