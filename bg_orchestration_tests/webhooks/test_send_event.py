import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bg_orchestration.cli.send_event import send_event
from bg_orchestration.settings import settings
from bg_orchestration.webhooks import sending
from bg_orchestration.webhooks.sending import post_event
from bg_orchestration.webhooks.signatures import Key, Keyring
from bg_orchestration_tests.webhooks.conftest import WHSEC, Receiver, body, running

SECRETS = f"crm=crm-secret-of-tests,crm={WHSEC},hr=hr-secret-of-tests,*=any-secret-of-tests"


@pytest.fixture
def receiver(light_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The receiver that the settings name."""
    with running(light_engine, Keyring.parse(SECRETS)) as made:
        monkeypatch.setenv("BG_WEBHOOK_SECRETS", SECRETS)
        monkeypatch.setenv("BG_RECEIVER_PORT", str(made.port))
        settings.cache_clear()
        yield made


def send(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(send_event, arguments, input=stdin)


def test_one_event_from_options(receiver: Receiver) -> None:
    run = send("--company", "example.com", "--new-title", "VP", "--new-company", "B", "--id", "e1")
    assert (run.exit_code, run.output) == (0, "1 accepted\n")
    again = send("--company", "example.com", "--id", "e1", "--scheme", "standard", "--json")
    assert json.loads(again.output) == {
        "sent": 1,
        "accepted": 0,
        "duplicate": 1,
        "failed": 0,
        "failures": [],
    }
    assert send("--company", "example.com", "--source", "whoever").exit_code == 0
    assert len(receiver.stored()) == 2


def test_a_file_is_signed_by_each_events_source(receiver: Receiver, tmp_path: Path) -> None:
    lines = [body(f"evt-{n}", source=("crm", "hr", "new")[n % 3]) for n in range(30)]
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n\n".join(lines) + b"\r\n")
    run = send("--file", str(file), "--concurrency", "4")
    assert (run.exit_code, run.stdout) == (0, "30 accepted\n")
    assert len(receiver.stored()) == 30
    run = send("--file", "-", "--json", stdin=b"\n".join([*lines, body("evt-30")]))
    assert {"sent": 31, "accepted": 1, "duplicate": 30}.items() <= json.loads(run.output).items()


def test_what_is_refused_is_told_by_line(receiver: Receiver) -> None:
    stdin = b"\n".join([body("evt-1"), b"{nonsense", body(id=[7]), body("evt-2")])
    run = send("--file", "-", stdin=stdin)
    assert run.exit_code == 1
    assert run.stdout == "2 accepted, 2 failed\n"
    assert "line 2: 400 The body is not JSON." in run.stderr
    assert "line 3: 422 id: " in run.stderr
    forged = json.loads(send("--company", "a", "--secret", "wrong", "--json").output)
    assert send("--company", "a", "--secret", "wrong").stderr == (
        "  401 The signature could not be verified.\n"
    )
    assert forged["failures"][0]["status"] == 401


def test_a_rate_is_kept(receiver: Receiver) -> None:
    began = time.monotonic()
    stdin = b"\n".join(body(f"evt-{n}") for n in range(6))
    assert send("--file", "-", "--rate", "10", "--concurrency", "3", stdin=stdin).exit_code == 0
    assert time.monotonic() - began >= 0.5


def test_nobody_there_stops_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_FIRST_WAIT", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    stdin = b"\n".join([body("evt-1"), body("evt-2")])
    url = f"http://127.0.0.1:{port}"
    run = send("--url", url, "--secret", "x", "--file", "-", stdin=stdin)
    assert run.exit_code == 1
    assert "stopped after line 1" in run.stderr
    assert "bg receiver" in run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--company", "a"],
        ["--company", "a", "--file", "-", "--secret", "x"],
        ["--company", "a", "--secret", "whsec_"],
        ["--company", "a", "--secret", "x", "--scheme", "standard"],
        ["--company", "a", "--secret", "x", "--url", "localhost:8080"],
        ["--company", "a", "--secret", "x", "--rate", "0"],
        ["--file", "/does/not/exist", "--secret", "x"],
    ],
    ids=range(8),
)
def test_wrong_use_is_told(arguments: list[str]) -> None:
    run = send(*arguments)
    assert run.exit_code == 2
    assert "Error: " in run.stderr


class _Moody(BaseHTTPRequestHandler):
    """Cannot store at first."""

    answers: list[tuple[int, str]]
    seen: list[tuple[str, str]]

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.rfile.read(length)
        self.seen.append((self.headers["webhook-id"], self.headers["webhook-timestamp"]))
        status, retry_after = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def test_a_receiver_that_cannot_store_is_asked_again_when_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(sending.time, "sleep", waits.append)
    _Moody.answers = [(503, "7"), (429, "99"), (503, "soon"), (202, "0"), (503, "1"), (503, "1")]
    _Moody.seen = []
    key = Key.read("crm", WHSEC)
    with HTTPServer(("127.0.0.1", 0), _Moody) as server, httpx.Client(trust_env=False) as client:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        stored = post_event(client, url, body(), key)
        given_up = post_event(client, url, body(), key, tries=2)
        server.shutdown()
    assert (stored.status, stored.tries, stored.stored) == (202, 4, True)
    assert (given_up.status, given_up.tries, given_up.stored) == (503, 2, False)
    assert waits == [7, 30, 2, 1]
    # One message id for all tries; each is signed at its own time.
    assert len({message for message, _ in _Moody.seen}) == 1
