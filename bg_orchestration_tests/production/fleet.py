"""The processes of a fleet, which are started again when they end, as a cluster would."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg2
import yaml

from bg_orchestration import names
from bg_orchestration.domain.admission import Limits
from bg_orchestration.ops.postgres_storage import PostgresStorage
from bg_orchestration.ops.processes import free_port
from bg_orchestration.settings import format_duration
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration_tests.crash.postgres import Postgres
from bg_orchestration_tests.end_to_end.system import SECRET, environment
from bg_orchestration_tests.production import servers
from bg_orchestration_tests.production.servers import ADDRESSES, PASSWORD, USER, Server

ROOT = Path(__file__).parents[2]
_PYTHON = [sys.executable, "-P", "-m"]
_RECEIVERS = 2
_READY_SECONDS = 300.0


@dataclass
class Member:
    """A process of the fleet on a machine of its own: own home, own address of the servers."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self) -> None:
        """Start it."""
        self.starts += 1
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """Kill it with all its processes, as a lost machine would be."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Fleet:
    """The running fleet.

    Attributes:
        receiver: the address of the balancer before the receivers.
        home: the folder of the daemon's `dagster.yaml`.
        members: the processes by name.
        servers: broker, PgBouncer and balancer by name.
        postgres: the database server.
        points: the folder of the fault points at which a process dies.
    """

    receiver: str
    home: Path
    environment: dict[str, str]
    members: dict[str, Member]
    servers: dict[str, Server]
    postgres: Postgres
    points: Path
    over: threading.Event = field(default_factory=threading.Event)

    def look_after(self) -> None:
        """Start ended processes again, a second after their end, until the fleet is over."""
        while not self.over.wait(1.0):
            for member in self.members.values():
                if member.process is not None and member.process.poll() is not None:
                    member.start()

    def logs(self) -> str:
        """The end of each member's output."""
        return "\n".join(
            f"--- {member.name}\n{member.log.read_text(errors='replace')[-1500:]}"
            for member in self.members.values()
            if member.log.exists()
        )


@contextmanager
def running(
    folder: Path,
    postgres: Postgres,
    limits: Limits,
    broker: Server,
    start_timeout: int | None = None,
    daemons: int = 1,
    workers: int = 3,
    **more: str,
) -> Iterator[Fleet]:
    """Start a fleet on this server and broker, wait until it works, and stop it.

    Args:
        folder: an empty folder for homes, logs and the servers' files.
        limits: of all machines together.
        start_timeout: `start_timeout_seconds` of dagster.yaml. With it, lease and pauses are short
            too; without it all times are those of deploy/.
        daemons: how many daemons run; one works, the others stand by.
        workers: how many worker machines run.
        more: further variables of all processes.
    """
    for name in ("bouncer", "balancer", "secrets", "logs", "points"):
        (folder / name).mkdir()
    create_databases(postgres)
    with ExitStack() as stack:
        bouncer = stack.enter_context(servers.pgbouncer(folder / "bouncer", postgres.url))
        stack.enter_context(broker)
        settings = {
            "BG_PROVIDER": "files",
            "BG_ARTIFACTS": str(folder / "artifacts"),
            "BG_SUPPRESSION_KEY": "the-same-key-on-every-machine-of-the-fleet",
            "BG_COMPANY_COOLDOWN": format_duration(limits.cooldown),
            "BG_REFRESHES_PER_MINUTE": str(limits.starts_per_minute),
            "BG_REFRESH_CONCURRENCY": str(limits.concurrency),
            "BG_MAX_ATTEMPTS": str(limits.max_attempts),
            "BG_CRASH_POINTS": str(folder / "points"),
            "PYTHONPATH": str(ROOT / "bg_orchestration_tests" / "crash" / "faults"),
            **({} if start_timeout else {"BG_CRASH_FULL_TIMES": "1"}),
            **more,
        }
        code_port = free_port()
        ports = [free_port() for _ in range(_RECEIVERS)]

        def machine(name: str, address: str, **own: str) -> dict[str, str]:
            return _machine(folder, name, address, bouncer.port, broker, start_timeout) | own

        daemon = environment(folder / "daemon", **settings, **machine("daemon", ADDRESSES[0]))
        del daemon["BG_WEBHOOK_SECRETS"]
        workspace = folder / "workspace.yaml"
        workspace.write_text(
            yaml.safe_dump(
                {
                    "load_from": [
                        {
                            "grpc_server": {
                                "host": "127.0.0.1",
                                "port": code_port,
                                "location_name": names.LOCATION,
                            }
                        }
                    ]
                }
            )
        )
        commands: dict[str, tuple[list[str], dict[str, str]]] = {
            "code-server": (
                [*_PYTHON, "dagster", "api", "grpc", "--module-name",
                 "bg_orchestration.definitions", "--location-name", names.LOCATION,
                 "--host", "127.0.0.1", "--port", str(code_port)],
                daemon,
            ),
        }  # fmt: skip
        for number in range(daemons):
            name = f"daemon-{number}" if number else "daemon"
            commands[name] = ([*_PYTHON, "bg_orchestration.ops.daemon", str(workspace)], daemon)
        for number, port in enumerate(ports):
            name = f"receiver-{number}"
            own = machine(name, ADDRESSES[number], BG_RECEIVER_PORT=str(port))
            env = environment(folder / name, **settings, **own)
            del env["BG_WEBHOOK_SECRETS"]
            commands[name] = ([*_PYTHON, "bg_orchestration", "receiver"], env)
        for number in range(workers):
            name = f"worker-{number}"
            env = daemon | machine(name, ADDRESSES[number + 1], BG_HOME=str(folder / name))
            commands[name] = (
                [*_PYTHON, "bg_orchestration", "worker", "--processes", "1"],
                env,
            )
        members = {
            name: Member(name, command, env, folder / "logs" / f"{name}.log")
            for name, (command, env) in commands.items()
        }
        proxy = stack.enter_context(servers.balancer(folder / "balancer", ports))
        fleet = Fleet(
            f"http://127.0.0.1:{proxy.port}",
            folder / "daemon" / "dagster",
            daemon,
            members,
            {"broker": broker, "pgbouncer": bouncer, "balancer": proxy},
            postgres,
            folder / "points",
        )
        keeper = threading.Thread(target=fleet.look_after, name="keeper", daemon=True)
        try:
            for member in members.values():
                member.start()
            _await(fleet, ports)
            keeper.start()
            yield fleet
        finally:
            fleet.over.set()
            if keeper.is_alive():
                keeper.join()
            for member in members.values():
                member.kill()


def create_databases(postgres: Postgres) -> None:
    """Create the databases `bg` and `dagster` with their tables."""
    connection = psycopg2.connect(postgres.url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in ("bg", "dagster"):
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    upgrade_schema(engine_for(postgres.database("bg")))
    PostgresStorage(postgres.database("dagster")).dispose()


def _machine(
    folder: Path, name: str, address: str, bouncer: int, broker: Server, start_timeout: int | None
) -> dict[str, str]:
    """Write the home and the secret files of a machine; return the variables that name them."""
    home, secrets = folder / name, folder / "secrets" / name
    (home / "dagster").mkdir(parents=True)
    secrets.mkdir()
    deployed = "dagster.rabbitmq.yaml" if broker.name == "rabbitmq" else "dagster.yaml"
    instance = yaml.safe_load((ROOT / "deploy" / deployed).read_text())
    if start_timeout:
        instance["run_monitoring"]["start_timeout_seconds"] = start_timeout
    (home / "dagster" / "dagster.yaml").write_text(yaml.safe_dump(instance))
    login = f"postgresql://{USER}:{PASSWORD}@{address}:{bouncer}"
    url = f"redis://{address}:{broker.port}/0"
    if broker.name == "rabbitmq":
        url = f"amqp://guest:guest@127.0.0.1:{broker.port}//"
    files = {
        "BG_DATABASE_URL": f"{login}/bg",
        "DAGSTER_POSTGRES_URL": f"{login}/dagster",
        "BG_CELERY_BROKER": url,
        "BG_WEBHOOK_SECRETS": f"*={SECRET}\n",
    }
    for variable, value in files.items():
        (secrets / variable).write_text(value)
    return {
        "DAGSTER_HOME": str(home / "dagster"),
        **{f"{variable}_FILE": str(secrets / variable) for variable in files},
    }


def _await(fleet: Fleet, receivers: Sequence[int]) -> None:
    give_up = time.monotonic() + _READY_SECONDS
    homes = [Path(member.environment["DAGSTER_HOME"]) for member in fleet.members.values()]
    waiting = [home / "workers.ready" for home in homes if home.parent.name.startswith("worker")]
    while not all(path.exists() for path in waiting) or not all(map(_healthy, receivers)):
        assert time.monotonic() < give_up, fleet.logs()
        for member in fleet.members.values():
            assert member.process is not None
            assert member.process.poll() is None, fleet.logs()
        time.sleep(0.1)


def _healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).is_success
    except httpx.HTTPError:
        return False
