"""`bg receiver` as a process: how it starts, how it ends, and what a kill leaves behind."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bg_orchestration.cli.system import receiver
from bg_orchestration.observability import logs
from bg_orchestration.settings import settings
from bg_orchestration.webhooks import PATH
from bg_orchestration_tests.webhooks.conftest import ReceiverProcess, body, signed, stored_ids

Start = Callable[..., ReceiverProcess]


class Sender:
    """Posts numbered events one after another until nobody answers."""

    def __init__(self, url: str, name: str) -> None:
        self.accepted: list[str] = []
        self.refused: list[int] = []
        self._url = url
        self._name = name

    def run(self) -> None:
        with httpx.Client(timeout=60, trust_env=False) as client:
            for number in range(10_000):
                content = body(f"{self._name}-{number}")
                try:
                    response = client.post(self._url, content=content, headers=signed(content))
                except httpx.TransportError:
                    return
                if response.status_code == 202:
                    self.accepted.append(f"{self._name}-{number}")
                else:
                    self.refused.append(response.status_code)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_every_202_has_its_row_however_the_process_ends(
    engine: Engine, start_receiver: Start, ending: signal.Signals
) -> None:
    receiver = start_receiver()
    url = receiver.started()["url"]
    senders = [Sender(url, f"s{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(sender.run) for sender in senders]
        deadline = time.monotonic() + 60
        while sum(len(sender.accepted) for sender in senders) < 60:
            assert time.monotonic() < deadline, receiver.log()
            time.sleep(0.01)
        receiver.process.send_signal(ending)
        code = receiver.process.wait(20)
        for run in runs:
            run.result(20)
    accepted = {event_id for sender in senders for event_id in sender.accepted}
    stored = set(stored_ids(engine))
    assert len(accepted) >= 60
    assert accepted <= stored
    if ending == signal.SIGKILL:
        # At most what was under way when it died.
        assert len(stored - accepted) <= len(senders)
        return
    assert code == 0
    assert stored == accepted
    assert set().union(*(sender.refused for sender in senders)) <= {503}
    assert "receiver_stopped" in receiver.log()


@pytest.fixture
def _logs_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command runs in this process, whose log lines pytest collects."""
    monkeypatch.setattr(logs, "configure_logs", lambda *_levels: None)


@pytest.mark.usefixtures("_logs_left_alone")
def test_it_refuses_to_start_without_a_usable_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for secrets, hint in ((None, "Set BG_WEBHOOK_SECRETS"), ("crm=whsec_s3cr3t!", "entry 1")):
        if secrets is not None:
            monkeypatch.setenv("BG_WEBHOOK_SECRETS", secrets)
        settings.cache_clear()
        run = CliRunner().invoke(receiver)
        assert run.exit_code == 2
        assert hint in run.stderr
        assert "s3cr3t" not in run.stderr


@pytest.mark.usefixtures("_logs_left_alone")
@pytest.mark.parametrize("variable", ["BG_RECEIVER_PORT", "BG_ADMIN_PORT"])
def test_a_port_in_use_is_named(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "a-secret-of-the-tests")
    monkeypatch.setenv("BG_RECEIVER_PORT", "0")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv(variable, str(taken.getsockname()[1]))
        run = CliRunner().invoke(receiver)
    assert run.exit_code == 1
    assert f"is in use. Stop what listens there, or set {variable}" in run.stderr


@pytest.mark.usefixtures("_logs_left_alone")
@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_told(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "a-secret-of-the-tests")
    monkeypatch.setenv("BG_RECEIVER_HOST", host)
    run = CliRunner().invoke(receiver)
    assert run.exit_code == 1
    assert "BG_RECEIVER_HOST" in run.stderr


def test_the_admin_port_takes_metrics_and_readiness_away(
    light_engine: Engine, start_receiver: Start
) -> None:
    """And the log beside it is JSON lines without secrets."""
    database_url = light_engine.url.render_as_string()
    receiver = start_receiver(
        BG_ADMIN_PORT="0",
        BG_DATABASE_URL=database_url,
        BG_LOG_LEVEL="debug",
        WEBHOOK_SECRET="another-secret-of-tests",
    )
    started = receiver.started()
    public = started["url"].removesuffix(PATH)
    admin = started["admin_url"]

    def statuses(base: str) -> list[int]:
        paths = ("/healthz", "/readyz", "/metrics", PATH)
        forged = {"host": admin.removeprefix("http://")}
        return [httpx.get(base + path, headers=forged).status_code for path in paths]

    assert statuses(public) == [200, 404, 404, 200]
    assert statuses(admin) == [200, 200, 200, 404]
    content = body()
    posted = httpx.post(started["url"], content=content, headers=signed(content))
    assert posted.status_code == 202
    assert httpx.post(started["url"], content=content).status_code == 401
    assert 'outcome="accepted",source="crm"} 1.0' in httpx.get(f"{admin}/metrics").text

    receiver.process.terminate()
    assert receiver.process.wait(20) == 0
    lines = [json.loads(line) for line in receiver.log().splitlines()]
    assert [
        line["event"] for line in lines if line["event"] != "Using selector: EpollSelector"
    ] == [
        "receiver_started",
        "event_accepted",
        "event_refused",
        "receiver_stopped",
    ]
    assert all({"level", "timestamp"} <= set(line) for line in lines)
    for secret in ("crm-secret-of-tests", "another-secret", "Mara", "VP Sales"):
        assert secret not in receiver.log()


def test_the_receiver_imports_nothing_heavy() -> None:
    code = (
        "import sys, bg_orchestration.cli.system, bg_orchestration.webhooks.server;"
        "import bg_orchestration.observability.logs;"
        "heavy = {'dagster', 'alembic', 'pandas', 'boto3', 'pyarrow'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
