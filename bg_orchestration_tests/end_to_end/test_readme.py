"""The shell blocks of README and tutorial, typed literally and in order in a fresh clone.

The tutorial goes on in the running system of the README; other tests run its `bg demo` and `bg up`,
and `make demo` and `make test`. `make setup` installs what this environment has. A block that needs
a provider's key is left out. `bg` is a program that calls a warm process with the clone's code, and
the file of 384 events is cut: time is scarce.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import ASSETS, environment, graphql, started, until
from bg_orchestration_tests.end_to_end.warm_commands import CLIENT

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_EVENTS = 24
_SOCKET = "bg.socket"
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
BLOCKS = _BLOCK.findall(README)
TUTORIAL = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
# The group that the tutorial reads, which `bg demo` would publish.
_INSTEAD = {
    "bg demo": "bg refresh waterlinde-logistiek",
    "alias bg=.venv/bin/bg": 'bg() { .venv/bin/bg "$@"; }',
}


def test_the_readme_works_as_typed(tmp_path: Path) -> None:
    clone = _clone(tmp_path)
    targets = set(re.findall(r"^([a-z-]+):", (clone / "Makefile").read_text(), re.M))
    env = _environment(tmp_path)
    state = tmp_path / "variables.sh"
    with _warm_commands(clone, env), _up(clone, env) as secrets:
        env |= secrets
        state.write_text("")
        ran = 0
        for block in BLOCKS:
            if "_KEY=..." in block:
                continue
            lines = block.splitlines()
            assert {line.split()[1] for line in lines if line.startswith("make ")} <= targets
            ran += sum(".venv/bin/" in line for line in lines)
            output = _type(lines, clone, env, state)
            if "bg show" in block:
                assert "Noor Example" in output
                assert "The event is handled" in output
        assert ran > 20
        state.write_text("")
        outputs = [
            _type([_INSTEAD.get(line, line) for line in block.splitlines()], clone, env, state)
            for block in _BLOCK.findall(TUTORIAL)
        ]
    documented = re.search(r"^```\n(Waterlinde.*?)\.\.\.", TUTORIAL, re.M | re.S)
    assert documented is not None
    for line in documented[1].splitlines():
        assert _words(line) in _words(outputs[2]), line
    assert "Bram Groenewold moved to Brannock Vale Bank" in outputs[-1]
    left = subprocess.run(
        ["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert left.stdout == ""


def _type(lines: list[str], clone: Path, env: dict[str, str], state: Path) -> str:
    """Run lines as a shell does; what they export or define is there in the next ones."""
    skipped = ("make ", "export BG_WEBHOOK_SECRETS", "export BG_HOME=.bg/demo")
    lines = [line for line in lines if not line.startswith(skipped) and not line.endswith("bg up")]
    script = "\n".join(
        [
            "set -euo pipefail",
            f". {shlex.quote(str(state))}",
            *lines,
            f"{{ export -p; declare -f; }} > {shlex.quote(str(state))}",
        ]
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=clone, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


def _words(text: str) -> str:
    """Return a text without the ends of lines, dates and ages, with each number as 0."""
    return " ".join(re.sub(r"\d+( (s|min|h) ago)?", "0", text).split())


def test_the_job_of_the_readme_is_visible_in_dagit() -> None:
    [command] = re.findall(r"`([^`]*dagster job execute[^`]*)`", README)
    assert command.startswith("DAGSTER_HOME=$PWD/.bg/dagster .venv/bin/dagster ")


def _clone(tmp_path: Path) -> Path:
    """Make a repository of the files that git would have, with this environment as `.venv`."""
    clone = tmp_path / "clone"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    events = clone / "bg_orchestration/providers/sample/real_org/events.jsonl"
    events.write_text("".join(events.read_text().splitlines(keepends=True)[:_EVENTS]))
    programs = clone / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "client.py").write_text(CLIENT)
    python, client, path = map(shlex.quote, (sys.executable, str(programs / "client.py"), _SOCKET))
    (programs / "bg").write_text(
        f'#!/bin/sh\n[ "$1" = up ] && exec {python} -m bg_orchestration up\n'
        f'exec {python} -S -E {client} "${{0%/*}}/{path}" "$@"\n'
    )
    (programs / "bg").chmod(0o755)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "clone"]):
        subprocess.run([*git, *arguments], cwd=clone, check=True)
    return clone


@contextmanager
def _warm_commands(clone: Path, env: dict[str, str]) -> Iterator[None]:
    path = clone / ".venv/bin" / _SOCKET
    command = [sys.executable, "-m", "bg_orchestration_tests.end_to_end.warm_commands", str(path)]
    with started(command, env, cwd=clone) as process:
        until("warm commands", lambda: path.exists() or process.poll() is not None)
        assert process.poll() is None
        yield


def _environment(tmp_path: Path) -> dict[str, str]:
    """Return the variables of a new user; ports of their own, because a machine runs more tests."""
    env = environment(tmp_path / "none")
    del env["BG_HOME"], env["BG_WEBHOOK_SECRETS"], env["COLUMNS"]
    return env


def _says(file: Path, words: str) -> bool:
    return file.exists() and words in file.read_text()


@contextmanager
def _up(clone: Path, env: dict[str, str]) -> Iterator[dict[str, str]]:
    """Run the README's `bg up` with its secret; yield what other terminals need."""
    [block] = [block for block in BLOCKS if "/bg up" in block]
    lines = [line for line in block.splitlines() if not line.startswith("make ")]
    script = "\n".join(["set -e", *lines]).replace("/bg up", "/bg up >up.log 2>&1")
    keep = 'echo "$BG_WEBHOOK_SECRETS" >.bg-secrets; exec .venv/bin/bg up'
    script = script.replace(".venv/bin/bg up", keep)
    process = subprocess.Popen(["bash", "-c", script], cwd=clone, env=env, start_new_session=True)
    try:
        output = clone / "up.log"
        until("bg up", lambda: _says(output, "Ctrl-C stops") or process.poll() is not None)
        text = output.read_text()
        assert process.poll() is None, text
        [port] = re.findall(r"Receiver\s+http://127\.0\.0\.1:(\d+)/", text)
        [page] = re.findall(r"Dagit\s+(http://127\.0\.0\.1:\d+)", text)
        until("Dagit knows the schedule", lambda: graphql(page, ASSETS)["assetNodes"])
        dagit.stop_schedule(partial(graphql, page))
        secrets = (clone / ".bg-secrets").read_text().strip()
        yield {"BG_WEBHOOK_SECRETS": secrets, "BG_RECEIVER_PORT": port}
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
        (clone / "up.log").unlink(missing_ok=True)
        (clone / ".bg-secrets").unlink(missing_ok=True)
