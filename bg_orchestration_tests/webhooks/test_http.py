"""What HTTP itself can do to a receiver, over bare sockets."""

import re
import socket
import time

import pytest
from sqlalchemy import Engine

from bg_orchestration.webhooks import PATH, http_protocol
from bg_orchestration.webhooks.bodies import BodyMemory, RequestBody
from bg_orchestration_tests.webhooks.conftest import Receiver, body, running, signed

GOOD = body()


def request(
    content: bytes = GOOD, *extra: str, length: int | None = None, version: str = "1.1"
) -> bytes:
    headers = {
        "Host": "localhost",
        **signed(content),
        "Content-Length": str(len(content) if length is None else length),
    }
    lines = [f"POST {PATH} HTTP/{version}", *(f"{k}: {v}" for k, v in headers.items()), *extra]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def statuses(answer: bytes) -> list[int]:
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def received(connection: socket.socket, end: bytes | None = None) -> bytes:
    """What comes until `end`, or until the server closes."""
    answer = b""
    while (end is None or end not in answer) and (chunk := connection.recv(65_536)):
        answer += chunk
    return answer


def test_http_1_0(shared_receiver: Receiver) -> None:
    assert statuses(shared_receiver.raw(request(version="1.0"))) == [202]


def test_pipelined_requests_are_answered_in_order(shared_receiver: Receiver) -> None:
    unsigned = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd".encode()
    answer = shared_receiver.raw(
        request()
        + unsigned
        + request()
        + request(b"{")
        + request(GOOD.replace(b"evt-1", b""))
        + f"PUT {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd".encode()
        + request(GOOD, "Content-Encoding: gzip")
        + request(body("evt-2"))
    )
    assert statuses(answer) == [202, 401, 200, 400, 422, 405, 415, 202]


def test_ambiguous_framing_is_refused_and_the_connection_closed(shared_receiver: Receiver) -> None:
    for framing in (
        "Transfer-Encoding: chunked",
        "Content-Length: 5",
        "Content-Length: +5",
        "Transfer-Encoding : chunked",
    ):
        assert statuses(shared_receiver.raw(request(GOOD, framing) + request())) == [400]
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD)
    both = request(GOOD, "Transfer-Encoding: chunked").removesuffix(GOOD) + chunk
    assert statuses(shared_receiver.raw(both + request())) == [400]
    unsigned = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n".encode()
    smuggling = unsigned + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + request()
    assert statuses(shared_receiver.raw(smuggling)) == [400]
    assert shared_receiver.stored() == []


def test_an_offer_to_upgrade_keeps_its_body(shared_receiver: Receiver) -> None:
    """As Java's HTTP client makes one on every first request."""
    for number, protocol in enumerate(("h2c", "websocket")):
        offer = (f"Upgrade: {protocol}", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: A")
        content = body(f"evt-{number}")
        answer = shared_receiver.raw(request(content, *offer) + request(content))
        assert statuses(answer) == [202, 200]


@pytest.mark.parametrize("size", [1, 7, 50])
def test_an_offer_to_upgrade_may_arrive_in_pieces(shared_receiver: Receiver, size: int) -> None:
    """Sent in packets of `size` bytes, so that each byte of the header begins one."""
    offer = ("Connection: upgrade", "UPGRADE: h2c", "upgrade: up", "x-junk: u", "u: u")
    content = request(body(f"evt-{size}"), *offer)
    with socket.create_connection(("127.0.0.1", shared_receiver.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for first in range(0, len(content), size):
            connection.sendall(content[first : first + size])
            time.sleep(0.0005)
        assert statuses(received(connection, b"evt-")) == [202]
        connection.sendall(request(body(f"evt-{size}"), "Upgrade: h2c", "Connection: Upgrade"))
        assert statuses(received(connection, b"evt-")) == [200]


def test_a_body_shorter_or_longer_than_told(shared_receiver: Receiver) -> None:
    answer = shared_receiver.raw(request(GOOD, length=len(GOOD) - 5) + b"\r\n")
    assert set(statuses(answer)) <= {400, 401}
    assert shared_receiver.stored() == []
    with socket.create_connection(("127.0.0.1", shared_receiver.port)) as connection:
        connection.sendall(request(GOOD, length=len(GOOD) + 5))
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert shared_receiver.post(GOOD).status_code == 202


def test_repeated_signature_headers_are_refused(shared_receiver: Receiver) -> None:
    for name in ("x-signature", "x-timestamp"):
        again = f"{name}: {signed(GOOD)[name]}"
        assert statuses(shared_receiver.raw(request(GOOD, again))) == [401]


def test_expect_100_continue(shared_receiver: Receiver) -> None:
    assert statuses(shared_receiver.raw(request(GOOD, "Expect: 100-continue"))) == [100, 202]
    head = request(GOOD, "Expect: 100-continue", "X-Signature: zz").split(b"\r\n\r\n")[0]
    assert statuses(shared_receiver.raw(head + b"\r\n\r\n")) == [401]


def test_bad_signature_headers_are_answered_before_the_body_comes(
    shared_receiver: Receiver,
) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n".encode()
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", shared_receiver.port), timeout=60) as connection:
        connection.sendall(head)
        assert statuses(received(connection, b"verified.")) == [401]
        assert time.monotonic() - began < 60
        # The connection stays in step: the body is skipped, the next request served.
        connection.sendall(b"x" * 200_000 + request())
        assert statuses(received(connection, b"evt-1")) == [202]


def test_an_endless_head_is_cut_off(shared_receiver: Receiver) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\n".encode()
    huge = head + b"X-Junk: " + b"x" * 100_000
    assert statuses(shared_receiver.raw(huge)) == [400]
    assert shared_receiver.post(GOOD).status_code == 202


def test_slow_body_slow_head_and_silence_end(
    light_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.6)
    monkeypatch.setattr(RequestBody, "seconds", 0.6)
    with running(light_engine, keep_alive=1) as receiver:
        silent = [socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(100)]
        halves = [socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(100)]
        for half in halves:
            half.sendall(b"POST / HTTP/1.1\r\nHost:")
        stalled = socket.create_connection(("127.0.0.1", receiver.port))
        stalled.sendall(request()[:-5])
        assert receiver.post(body("evt-2")).status_code == 202
        stalled.settimeout(5)
        answer = received(stalled)
        assert statuses(answer) == [503]
        assert b"retry-after" in answer
        for each in (*silent, *halves):
            each.settimeout(5)
            assert each.recv(10) == b""
        for each in (*silent, *halves, stalled):
            each.close()
        assert receiver.stored() == ["evt-2"]


def test_hanging_up_harms_nobody(shared_receiver: Receiver) -> None:
    for cut in (10, 200, -5, len(request())):
        with socket.create_connection(("127.0.0.1", shared_receiver.port)) as connection:
            connection.sendall(request()[:cut])
    assert shared_receiver.post(body("evt-2")).status_code == 202
    assert shared_receiver.post(GOOD).status_code in (200, 202)
    assert shared_receiver.stored() == ["evt-1", "evt-2"]


def test_bodies_that_are_under_way_are_bounded_in_sum(
    light_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what they took is given back, however they end."""
    monkeypatch.setattr(BodyMemory, "most", 1000)
    with running(light_engine) as receiver:
        stalled = [socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(8)]
        for connection in stalled:
            connection.sendall(request()[:-5])
        late = receiver.post(body("evt-2"))
        for _ in range(200):
            if (late := receiver.post(body("evt-2"))).status_code == 503:
                break
        assert (late.status_code, late.headers["retry-after"]) == (503, "5")
        for connection in stalled:
            connection.close()
        for _ in range(2000):
            if (late := receiver.post(body("evt-3"))).status_code == 202:
                break
        assert late.status_code == 202
