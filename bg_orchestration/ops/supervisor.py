"""The supervisor runs the whole system on one machine, for `bg up` and `bg demo`."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.destinations.notifications.recipients import read_addresses
from bg_orchestration.ops import addresses
from bg_orchestration.ops.addresses import RunningSystem
from bg_orchestration.ops.dagster_home import (
    create_storage,
    dagster_home,
    describe_storage_fault,
    uses_celery,
    write_home,
    write_workspace,
)
from bg_orchestration.ops.extras import unmet_needs
from bg_orchestration.ops.private_files import keep_private
from bg_orchestration.ops.processes import (
    Parts,
    all_parts,
    free_port,
    taken_port,
)
from bg_orchestration.ops.warm_processes import import_modules
from bg_orchestration.profiles import load_profiles
from bg_orchestration.providers.sample import load_sample
from bg_orchestration.settings import Settings, unknown_variables, variable_of
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration.webhooks.signatures import Keyring

_READY_SECONDS: Final = 120.0
_DAEMONS: Final = "{instance{daemonHealth{allDaemonStatuses{daemonType healthy required}}}}"


class SystemStartError(Exception):
    """The system cannot start; the message says what to do."""


@dataclass(slots=True)
class System:
    """The running system: its folder, its addresses, its processes."""

    home: Path
    running: RunningSystem
    parts: Parts

    @property
    def receiver(self) -> str:
        """Base URL of the receiver."""
        return self.running.receiver

    @property
    def dagit(self) -> str:
        """Base URL of Dagit."""
        return self.running.dagit

    @property
    def logs(self) -> Path:
        """The folder of the parts' logs."""
        return self.home / "logs"

    def look_after(self) -> None:
        """Start dead parts again, and update the file of addresses."""
        self.parts.look_after()
        if (pids := self.parts.pids()) != self.running.parts:
            running = replace(self.running, parts=pids, ends=self.parts.ends())
            # On a full disk the file is written with the next look.
            if addresses.tell(self.home, running):
                self.running = running


@contextmanager
def running(config: Settings, say: Callable[[str], None]) -> Iterator[System]:
    """Prepare the database, start every part, and stop them all at the end.

    Raises:
        SystemStartError: a port is taken, a part does not come up.
        SecretsError: no webhook secret is set, or one cannot be used.
        AddressError: an address for notifications cannot be used.
        ProfileError: a seller profile cannot be used.
    """
    Keyring.from_settings(config)
    for path in keep_private(config):
        say(f"{path} was readable by other users of this machine; now it is not")
    read_addresses(config)
    load_profiles(config.profiles)
    for name in unknown_variables():
        say(f"Warning: {name} is set, but no setting of that name exists. See: bg settings")
    with alone(config.home), _parts(config, say) as system:
        yield system


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Lock this folder: two daemons on one Dagster instance would break both."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SystemStartError(
                f"A system is running in {home} already, as process {lock.read().strip()}. "
                "Stop it, or choose another folder with BG_HOME."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def _parts(config: Settings, say: Callable[[str], None]) -> Iterator[System]:
    receiver_port = _own_port(config.receiver_host, config.receiver_port, "receiver_port")
    dagit_port = _own_port("127.0.0.1", config.dagit_port, "dagit_port")
    exporter_port = _own_port(config.exporter_host, config.exporter_port, "exporter_port")
    engine = engine_for(config.url)
    upgrade_schema(engine)
    if config.wants_sample:
        load_sample(engine)
    engine.dispose()
    home = dagster_home(config)
    write_home(config, home)
    if needs := unmet_needs(config, home):
        raise SystemStartError("\n".join(map(str, needs)))
    try:
        create_storage(home)
    except SQLAlchemyError as error:
        raise SystemStartError(describe_storage_fault(error)) from None
    code_port = free_port()
    workspace = write_workspace(config.home.absolute(), code_port)
    environment = {
        **os.environ,
        "BG_HOME": str(config.home.absolute()),
        "BG_RECEIVER_PORT": str(receiver_port),
        "BG_EXPORTER_PORT": str(exporter_port),
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    parts = all_parts(config, workspace, code_port, dagit_port)
    workers_ready = home / "workers.ready"
    workers_ready.unlink(missing_ok=True)
    if not uses_celery(home):
        parts = [part for part in parts if part.name != "workers"]
        workers_ready.touch()
    running = RunningSystem(
        pid=os.getpid(),
        born=addresses.born(os.getpid()),
        receiver=_url(config.receiver_host, receiver_port),
        metrics=_url(config.receiver_host, config.admin_port or receiver_port) + "/metrics",
        dagit=_url("127.0.0.1", dagit_port),
        exporter=_url(config.exporter_host, exporter_port) + "/metrics",
        parts={},
        ends={},
    )
    import_modules()
    with Parts(parts, environment, say) as started:
        try:
            system = System(config.home.absolute(), running, started)
            system.look_after()
            _await(system, workers_ready)
            yield system
        finally:
            addresses.untell(config.home)


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_port(host: str, port: int, field: str) -> int:
    if port == 0:
        return free_port()
    if taken_port(host, port):
        raise SystemStartError(
            f"Port {port} is in use. Stop what listens there, or set {variable_of(field)} to "
            "another port, 0 for any."
        )
    return port


def _await(system: System, workers_ready: Path) -> None:
    until = time.monotonic() + _READY_SECONDS
    with httpx.Client(timeout=5) as client:
        for name, ready in (
            ("receiver", lambda: client.get(f"{system.receiver}/healthz").is_success),
            ("exporter", lambda: _listens(system.running.exporter)),
            ("dagit", lambda: client.get(f"{system.dagit}/server_info").is_success),
            ("daemon", lambda: _daemons_healthy(client, system.dagit)),
            ("workers", workers_ready.exists),
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


def _listens(url: str) -> bool:
    # Not a scrape: the exporter works even while the database is away.
    address = httpx.URL(url)
    return address.port is not None and taken_port(address.host, address.port)


def _daemons_healthy(client: httpx.Client, dagit: str) -> bool:
    answer = client.post(f"{dagit}/graphql", json={"query": _DAEMONS}).json()
    daemons = answer["data"]["instance"]["daemonHealth"]["allDaemonStatuses"]
    return all(daemon["healthy"] for daemon in daemons if daemon["required"])
