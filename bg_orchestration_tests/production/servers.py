"""Debian's servers, each a child of this process in a folder of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from bg_orchestration.ops.processes import free_port, taken_port

# Addresses by which the machines of a fleet reach the servers.
ADDRESSES = ("127.0.0.1", "127.0.0.11", "127.0.0.12", "127.0.0.13")
USER, PASSWORD = "bg", "a-password-of-the-tests"
_START_SECONDS = 90.0
_PACKAGES = {
    "redis-server": "redis-server",
    "pgbouncer": "pgbouncer",
    "haproxy": "haproxy",
    "/usr/lib/rabbitmq/bin/rabbitmq-server": "rabbitmq-server",
}


def missing(*programs: str) -> str:
    """Say which of these programs this machine lacks, and how to install them; empty: none."""
    lacking = [_PACKAGES[name] for name in programs if _program(name) is None]
    return f"needs: apt-get install -y {' '.join(lacking)}" if lacking else ""


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@dataclass
class Server:
    """A server that can be killed and started again on its port."""

    name: str
    command: Sequence[str]
    port: int
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    ready: Callable[[], bool] | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        if self.user:
            # Another session of pytest closes the common folder of all sessions to other users.
            _hand_over(self.folder, self.user)
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                user=self.user,
                cwd=self.folder,
            )
        give_up = time.monotonic() + _START_SECONDS
        ready = self.ready or (lambda: taken_port("127.0.0.1", self.port))
        while not ready():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < give_up, self.log()
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it with its children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """Stop it by a signal: connections stay open and nothing answers."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it continue."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGCONT)

    def lose_data(self) -> None:
        """Empty its folder of data; it must not run."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        (self.folder / "data").mkdir()

    def log(self) -> str:
        """The end of its output."""
        return (self.folder / f"{self.name}.log").read_text(errors="replace")[-3000:]

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.kill()


def redis(folder: Path) -> Server:
    """Redis that keeps its messages in a file, as a broker should."""
    port = free_port()
    (folder / "data").mkdir()
    command = [
        "redis-server", "--port", str(port), "--bind", *ADDRESSES, "--save", "",
        "--appendonly", "yes", "--dir", str(folder / "data"),
    ]  # fmt: skip
    return Server("redis", command, port, folder)


def rabbitmq(folder: Path) -> Server:
    """RabbitMQ on its own ports, with its own name server."""
    port, names = free_port(), free_port()
    environment = {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"bg{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    # In one session with its name server, which would outlive it as a daemon.
    script = f"epmd -port {names} & exec /usr/lib/rabbitmq/bin/rabbitmq-server"
    return Server("rabbitmq", ["sh", "-c", script], port, folder, environment)


def pgbouncer(folder: Path, postgres: str, pool_size: int = 12, **options: str) -> Server:
    """PgBouncer in transaction mode in front of the server with the socket folder `postgres`."""
    port = free_port()
    server_user = psycopg2.extensions.parse_dsn(postgres)
    write_users(folder, PASSWORD)
    settings = {
        "listen_addr": ",".join(ADDRESSES),
        "listen_port": str(port),
        "unix_socket_dir": "",
        "auth_type": "plain",
        "auth_file": str(folder / "users.txt"),
        "admin_users": USER,
        "pool_mode": "transaction",
        "default_pool_size": str(pool_size),
        "max_client_conn": "200",
        "query_wait_timeout": "20",
        # Our processes send their time-outs as `options`, which a shared session cannot have.
        "ignore_startup_parameters": "extra_float_digits,options",
        **options,
    }
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={server_user['host']} user={server_user['user']}\n[pgbouncer]\n"
        + "".join(f"{name} = {value}\n" for name, value in settings.items())
    )
    # It refuses to run as root.
    user = Path(server_user["host"]).owner() if os.geteuid() == 0 else None
    return Server(
        "pgbouncer", [_program("pgbouncer") or "", "pgbouncer.ini"], port, folder, user=user
    )


def write_users(folder: Path, *passwords: str, user: str = USER) -> None:
    """Write PgBouncer's users: one, with this password."""
    (folder / "users.txt").write_text("".join(f'"{user}" "{one}"\n' for one in passwords))


def _hand_over(folder: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    for path in (folder, *folder.iterdir()):
        os.chown(path, entry.pw_uid, entry.pw_gid)
    for parent in folder.parents[:-2]:
        if parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o011)


def balancer(folder: Path, receivers: Sequence[int]) -> Server:
    """HAProxy before the receivers: round robin, health checks, another receiver after a fault."""
    port = free_port()
    servers = "".join(
        f"  server r{number} 127.0.0.1:{each} check inter 500ms fall 2 rise 1\n"
        for number, each in enumerate(receivers)
    )
    (folder / "haproxy.cfg").write_text(
        "defaults\n  mode http\n  timeout connect 2s\n  timeout client 30s\n  timeout server 30s\n"
        f"frontend webhooks\n  bind 127.0.0.1:{port}\n  default_backend receivers\n"
        "backend receivers\n  balance roundrobin\n  option httpchk GET /healthz\n"
        f"  option redispatch 1\n  retries 3\n{servers}"
    )
    return Server("haproxy", [_program("haproxy") or "", "-db", "-f", "haproxy.cfg"], port, folder)
