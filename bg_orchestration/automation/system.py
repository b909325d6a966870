"""The whole system on one machine, as `bg up` and `bg demo` run it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from bg_orchestration.automation.home import (
    create_storage,
    dagster_home,
    uses_celery,
    write_home,
    write_workspace,
)
from bg_orchestration.automation.parts import Parts, all_parts, free_port, taken_port
from bg_orchestration.providers.sample import load_sample
from bg_orchestration.settings import Settings, variable_of
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration.webhooks.signatures import Keyring

_READY_SECONDS: Final = 120.0
_DAEMONS: Final = "{instance{daemonHealth{allDaemonStatuses{daemonType healthy required}}}}"


class SystemStartError(Exception):
    """The system cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class System:
    """The running system: its addresses, its folder of logs, its processes."""

    receiver: str
    dagit: str
    logs: Path
    parts: Parts

    def look_after(self) -> None:
        """Start again what died."""
        self.parts.look_after()


@contextmanager
def running(config: Settings, say: Callable[[str], None]) -> Iterator[System]:
    """Prepare the database, start every part, wait until each answers; stop them at the end.

    Raises:
        SystemStartError: a port is taken, a part does not come up.
        SecretsError: no webhook secret is set, or one cannot be used.
    """
    Keyring.from_settings(config)
    receiver_port = _own_port(config.receiver_host, config.receiver_port, "receiver_port")
    dagit_port = _own_port("127.0.0.1", config.dagit_port, "dagit_port")
    engine = engine_for(config.url)
    upgrade_schema(engine)
    if config.provider == "sample":
        load_sample(engine)
    engine.dispose()
    home = dagster_home(config)
    write_home(config, home)
    create_storage(home)
    code_port = free_port()
    workspace = write_workspace(config.home.absolute(), code_port)
    environment = {
        **os.environ,
        "BG_HOME": str(config.home.absolute()),
        "BG_RECEIVER_PORT": str(receiver_port),
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    parts = all_parts(config, workspace, code_port, dagit_port)
    if not uses_celery(home):
        parts = [part for part in parts if part.name != "workers"]
    with Parts(parts, environment, say) as started:
        system = System(
            f"http://{config.receiver_host}:{receiver_port}",
            f"http://127.0.0.1:{dagit_port}",
            config.home.absolute() / "logs",
            started,
        )
        _await(system)
        yield system


def _own_port(host: str, port: int, field: str) -> int:
    if port == 0:
        return free_port()
    if taken_port(host, port):
        raise SystemStartError(
            f"Port {port} is in use. Stop what listens there, or set {variable_of(field)} to "
            "another port, 0 for any."
        )
    return port


def _await(system: System) -> None:
    until = time.monotonic() + _READY_SECONDS
    with httpx.Client(timeout=5) as client:
        for name, ready in (
            ("receiver", lambda: client.get(f"{system.receiver}/healthz").is_success),
            ("dagit", lambda: client.get(f"{system.dagit}/server_info").is_success),
            ("daemon", lambda: _daemons_healthy(client, system.dagit)),
        ):
            while not _answers(ready):
                if time.monotonic() > until:
                    raise SystemStartError(
                        f"The {name} did not come up in {_READY_SECONDS:g} s; its log is in "
                        f"{system.logs}"
                    )
                system.look_after()
                time.sleep(0.1)


def _answers(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except httpx.HTTPError:
        return False


def _daemons_healthy(client: httpx.Client, dagit: str) -> bool:
    answer = client.post(f"{dagit}/graphql", json={"query": _DAEMONS}).json()
    daemons = answer["data"]["instance"]["daemonHealth"]["allDaemonStatuses"]
    return all(daemon["healthy"] for daemon in daemons if daemon["required"])
