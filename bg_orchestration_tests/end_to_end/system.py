"""The real system under test: `bg up` as a process, and its command line."""

import atexit
import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from bg_orchestration_tests.end_to_end import warm_commands
from bg_orchestration_tests.end_to_end.warm_commands import CLIENT

BG = [sys.executable, "-m", "bg_orchestration"]
SECRET = "a-secret-of-the-tests-only"
# Not how long anything may take: a machine under load is slow, and a test that hangs has to end.
_PATIENCE_SECONDS = 400.0
_PR_SET_CHILD_SUBREAPER = 36
_MARK = "STARTED_BY_TEST"
ASSETS = "{ assetNodes { assetKey { path } } }"


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The variables of a process: none of the machine's own settings, and these."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BG_", "DAGSTER_", "OTEL_", "WEBHOOK_SECRET"))
    }
    return kept | {
        "BG_HOME": str(home),
        "BG_WEBHOOK_SECRETS": f"*={SECRET}",
        "BG_RECEIVER_PORT": "0",
        "BG_DAGIT_PORT": "0",
        "BG_EXPORTER_PORT": "0",
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "COLUMNS": "200",
        **settings,
    }


def bg(env: Mapping[str, str], *arguments: str, code: int = 0) -> str:
    """Run `bg` and return what it printed; it must exit with `code`.

    The command is a fork of a process that has imported it already: each import costs a second.
    """
    client = [sys.executable, "-S", "-E", "-c", CLIENT, _warm_socket()]
    done = subprocess.run(
        [*client, *arguments], env=dict(env), capture_output=True, text=True, check=False
    )
    assert done.returncode == code, f"bg {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout if code == 0 else done.stdout + done.stderr


@cache
def _warm_socket() -> str:
    """Start the process of the commands of this test process; return its socket."""
    folder = Path(tempfile.mkdtemp(prefix="bg-warm-"))
    path = folder / "socket"
    process = subprocess.Popen([sys.executable, "-m", warm_commands.__name__, str(path)])
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(process.wait)
    atexit.register(process.kill)
    until("warm commands", lambda: path.exists() or process.poll() is not None)
    assert process.poll() is None
    return str(path)


def bg_json(env: Mapping[str, str], *arguments: str) -> Any:
    """Run `bg ... --json` and read what it printed."""
    return json.loads(bg(env, *arguments, "--json"))


def until(what: str, done: Callable[[], Any]) -> Any:
    """Ask `done` until it says something true; fail with `what` long after any machine would."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up:
        try:
            answer = done()
        except httpx.TransportError:
            answer = None
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {_PATIENCE_SECONDS} s")


@dataclass
class Up:
    """A running `bg up`: its variables, its addresses, its process."""

    env: dict[str, str]
    receiver: str
    dagit: str
    process: subprocess.Popen[str]

    def bg(self, *arguments: str, code: int = 0) -> str:
        """Run a command against this system."""
        return bg(self.env, *arguments, code=code)

    def json(self, *arguments: str) -> Any:
        """Run a command with `--json` against this system."""
        return bg_json(self.env, *arguments)

    def graphql(self, query: str, **variables: Any) -> Any:
        """Ask Dagit."""
        return graphql(self.dagit, query, **variables)


def graphql(dagit: str, query: str, **variables: Any) -> Any:
    """Ask a Dagster webserver; errors of GraphQL fail the test."""
    answer = httpx.post(
        f"{dagit}/graphql", json={"query": query, "variables": variables}, timeout=_PATIENCE_SECONDS
    ).json()
    assert "errors" not in answer, answer
    return answer["data"]


@contextmanager
def started(command: list[str], env: Mapping[str, str], **more: Any) -> Iterator[Any]:
    """Start a process; at the end stop it with Ctrl-C, and kill what it left running.

    More is passed to `subprocess.Popen`.
    """
    if sys.platform == "linux":
        # The children of one that died become ours, so that they are found.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    mark = uuid4().hex
    with subprocess.Popen(
        command,
        env={**env, _MARK: mark},
        start_new_session=True,
        # Tests that a shell started in the background inherit that Ctrl-C is ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        **more,
    ) as process:
        try:
            yield process
        finally:
            family: set[psutil.Process] = set()
            with suppress(psutil.NoSuchProcess):
                family = set(psutil.Process(process.pid).children(recursive=True))
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_PATIENCE_SECONDS)
            finally:
                process.kill()
                if process.stdout is not None:
                    process.stdout.close()
                for one in family | set(psutil.Process().children()):
                    # Others of ours, such as a database that was started meanwhile, live on.
                    with suppress(psutil.Error):
                        if one in family or one.environ().get(_MARK) == mark:
                            one.kill()


@contextmanager
def running(env: dict[str, str]) -> Iterator[Up]:
    """Start `bg up`, wait for its addresses, stop it with Ctrl-C; it may leave nothing running."""
    output: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    family: list[psutil.Process] = []
    with started([*BG, "up"], env, **output) as process:
        receiver, dagit = _addresses(process)
        port = receiver.rpartition(":")[2]
        env = env | {"BG_RECEIVER_PORT": port, "DAGSTER_HOME": _dagster_home(env)}
        # Dagit answers before it has loaded the code location.
        until("Dagit knows the assets", lambda: graphql(dagit, ASSETS)["assetNodes"])
        yield Up(env, receiver, dagit, process)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE_SECONDS)
        _, alive = psutil.wait_procs(family, timeout=60)
    assert process.returncode == 0
    assert not alive, alive


def _dagster_home(env: Mapping[str, str]) -> str:
    return env.get("DAGSTER_HOME") or str(Path(env["BG_HOME"]) / "dagster")


def _addresses(process: subprocess.Popen[str]) -> tuple[str, str]:
    assert process.stdout is not None
    found: dict[str, str] = {}
    said = []
    for line in process.stdout:
        said.append(line)
        match = re.match(r"(Receiver|Dagit) +(http://[^/\s]+)", line)
        if match:
            found[match[1]] = match[2]
        if "Ctrl-C" in line:
            return found["Receiver"], found["Dagit"]
    raise AssertionError("bg up ended: " + "".join(said))
