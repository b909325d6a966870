"""The launcher on real brokers: what a message survives, and how long a lost broker may block."""

import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from bg_orchestration.ops.celery_launcher import LeasedCeleryRunLauncher
from bg_orchestration.ops.processes import free_port
from bg_orchestration.settings import Settings, SettingsError
from bg_orchestration_tests.production import servers
from bg_orchestration_tests.production.servers import Server

_PROGRAMS = {"redis": "redis-server", "rabbitmq": "/usr/lib/rabbitmq/bin/rabbitmq-server"}


@pytest.fixture(params=list(_PROGRAMS))
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    if lacking := servers.missing(_PROGRAMS[request.param]):
        pytest.skip(lacking)
    with getattr(servers, request.param)(tmp_path) as server:
        yield server


def launcher(broker: Server, **options: Any) -> LeasedCeleryRunLauncher:
    url = f"redis://127.0.0.1:{broker.port}/0"
    if broker.name == "rabbitmq":
        url = f"amqp://guest:guest@127.0.0.1:{broker.port}//"
    config = {"broker_transport_options": options} if options else None
    return LeasedCeleryRunLauncher(url, config_source=config)


def publish(app: Any, number: int) -> None:
    """Send a task as a launch does."""
    app.send_task("execute_job", args=[number], queue="dagster", priority=0)


def waiting(app: Any) -> list[int]:
    """Take all messages from the queue."""
    found = []
    with app.connection_for_read() as connection:
        queue = app.amqp.queues["dagster"].bind(connection.channel())
        while (message := queue.get(no_ack=True)) is not None:
            found.append(message.payload[0][0])
    return found


def test_messages_survive_a_killed_broker_and_a_lost_one_blocks_no_launch_for_long(
    broker: Server,
) -> None:
    app = launcher(broker).celery
    publish(app, 1)
    publish(app, 2)
    # Redis writes its file once a second.
    time.sleep(1.2)
    broker.kill()
    began = time.monotonic()
    with pytest.raises((OperationalError, OSError)):
        publish(app, 3)
    assert time.monotonic() - began < 60
    broker.start()
    publish(app, 4)
    assert waiting(app) == [1, 2, 4]
    assert app.conf.task_ignore_result is True
    assert type(app.backend).__name__ == "DisabledBackend"


def test_a_frozen_broker_is_given_up(tmp_path: Path) -> None:
    if lacking := servers.missing("redis-server"):
        pytest.skip(lacking)
    with servers.redis(tmp_path) as broker:
        app = launcher(broker, socket_timeout=0.3, max_retries=1).celery
        publish(app, 1)
        broker.freeze()
        with pytest.raises((OperationalError, OSError)):
            publish(app, 2)
        broker.thaw()
        assert waiting(app)[0] == 1


def test_redis_over_tls_proves_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lacking := servers.missing("redis-server"):
        pytest.skip(lacking)
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    port = free_port()
    command = [
        "redis-server", "--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no",
        "--tls-cert-file", str(certificate), "--tls-key-file", str(key), "--save", "",
    ]  # fmt: skip
    with Server("redis", command, port, tmp_path):
        url = f"rediss://localhost:{port}/0"
        config = {"broker_transport_options": {"max_retries": 1}}
        with pytest.raises((OperationalError, OSError), match="certificate verify failed"):
            publish(LeasedCeleryRunLauncher(url, config_source=config).celery, 1)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        for more in ("", "?ssl_cert_reqs=CERT_NONE", f"?ssl_ca_certs={certificate}"):
            app = LeasedCeleryRunLauncher(url + more).celery
            publish(app, 2)
            assert waiting(app) == [2]
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)


def test_rabbitmq_over_tls_proves_its_certificate() -> None:
    with LeasedCeleryRunLauncher("amqps://localhost//").celery.connection_for_write() as connection:
        assert connection.ssl["cert_reqs"] == ssl.CERT_REQUIRED
        assert "server_hostname" in connection.ssl


def test_run_monitoring_does_not_ask_for_the_health_of_workers() -> None:
    made = LeasedCeleryRunLauncher("redis://127.0.0.1:1/0")
    assert made.supports_check_run_worker_health is False
    options = made.config_source["broker_transport_options"]
    assert options["visibility_timeout"] > 1800
    assert options["socket_timeout"] < 60


def test_the_broker_is_that_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings().celery_broker is None
    with pytest.raises(SettingsError, match="BG_CELERY_BROKER: not set"):
        LeasedCeleryRunLauncher()
