"""HTTP/1.1 by uvicorn and llhttp, with the bounds that both leave open."""

import json
import re
from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# A request's head has to be there so many seconds after its first byte.
HEAD_SECONDS: Final = 30.0
MAX_HEAD: Final = 64 * 1024

_OFFER: Final = re.compile(rb"(\n)upgrade(?=:)", re.IGNORECASE)
# The same, cut off where one packet ends.
_OFFER_CUT: Final = re.compile(rb"\n(u(?:p(?:g(?:r(?:a(?:de?)?)?)?)?)?)\Z", re.IGNORECASE)


class ReceiverProtocol(HttpToolsProtocol):
    """One connection.

    uvicorn bounds neither the size of a request's head, nor the time that it takes, nor the silence
    before the first request. llhttp takes what follows a head with the header `Upgrade` for another
    protocol and loses the body; Java's client offers HTTP/2 so in its first request. The header is
    renamed on its way to the parser. No JSON body can hold the bytes that are replaced.
    """

    _head_timer: TimerHandle | None = None
    _head_size = 0
    _in_head = True
    _held = b""
    _at_line_start = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Start the clock of the first silence."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def data_received(self, data: bytes) -> None:
        """Parse what arrived."""
        self._unset_keepalive_if_required()
        self._head_size = self._head_size + len(data) if self._in_head else 0
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self.send_400_response("The request is not HTTP/1.1 as the standard says.")
            return
        if not self._in_head:
            return
        if self._head_size > MAX_HEAD:
            self.send_400_response(f"The request's head has more than {MAX_HEAD} bytes.")
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _parse(self, data: bytes) -> None:
        # With the line feed that ended the packet before, and what was held back of a name.
        start = b"\n" if self._at_line_start and self._in_head else b""
        data = _OFFER.sub(rb"\1x-offer", start + self._held + data)
        self._held, self._at_line_start = b"", data.endswith(b"\n")
        if (cut := _OFFER_CUT.search(data)) is None:
            self.parser.feed_data(data[len(start) :])
            return
        self.parser.feed_data(data[len(start) : cut.start(1)])
        if self._in_head:
            self._held, self._at_line_start = cut[1], True
        else:
            self.parser.feed_data(cut[1])

    def on_headers_complete(self) -> None:
        """Stop the clock of the head, and start the request."""
        self._in_head = False
        self._stop_head_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request; the next byte begins another head."""
        self._in_head = True
        self._head_size = 0
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop_head_timer()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, and close."""
        phrase = HTTPStatus.BAD_REQUEST.phrase
        problem = {"type": "about:blank", "title": phrase, "status": 400, "detail": msg}
        body = json.dumps(problem).encode()
        self.transport.write(
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\n"
            b"cache-control: no-store\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(body), body)
        )
        self.transport.close()

    def _give_up(self) -> None:
        self._head_timer = None
        self.transport.close()

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
