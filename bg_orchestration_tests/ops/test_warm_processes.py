"""Parts that are forked from `bg up` instead of started."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from bg_orchestration.ops.warm_processes import WarmProcess

# What the process is to do; it writes what it sees to its output.
_SEEN = """
import json, os, sys
seen = {
    "arguments": sys.argv[1:],
    "variables": dict(os.environ),
    "session": os.getsid(0) == os.getpid(),
    "open": sorted(int(name) for name in os.listdir("/proc/self/fd")),
}
print(json.dumps(seen))
sys.exit(7)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module that can be imported by its name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "a_part.py"


def _started(module: Path, *arguments: str) -> WarmProcess:
    return WarmProcess(
        [module.stem, *arguments], {"ONLY": "this"}, module.with_suffix(".log"), signal.SIGKILL
    )


def test_it_runs_the_module_with_its_arguments_variables_and_log(module: Path) -> None:
    module.write_text(_SEEN)
    lock = (module.parent / "a.lock").open("w")
    process = _started(module, "one", "two")
    assert process.wait() == 7
    assert process.poll() == 7
    seen = json.loads(module.with_suffix(".log").read_text())
    assert seen["arguments"] == ["one", "two"]
    assert seen["variables"] == {"ONLY": "this"}
    assert seen["session"]
    # Not the parent's: a lock on a folder would outlive the parent in its child. The last is the
    # listing's own.
    assert seen["open"] == [0, 1, 2, 3]
    lock.close()


def test_it_lives_until_it_is_asked_to_end(module: Path) -> None:
    module.write_text("import time\ntime.sleep(600)\n")
    process = _started(module)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)
    process.terminate()
    assert process.wait() == -signal.SIGTERM
    process.terminate()


def test_a_signal_at_its_very_start_is_not_lost(
    module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parent's handler, which the child inherits, must not take it."""
    module.write_text("import time\ntime.sleep(600)\n")
    fork = os.fork

    def fork_into_a_signal() -> int:
        if (pid := fork()) == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return pid

    monkeypatch.setattr(os, "fork", fork_into_a_signal)
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    process = _started(module)
    signal.signal(signal.SIGTERM, before)
    try:
        assert process.wait(60) == -signal.SIGTERM
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)


def test_an_exception_is_in_the_log_and_in_the_code(module: Path) -> None:
    module.write_text("raise ValueError('what went wrong')")
    assert _started(module).wait() == 1
    assert "ValueError: what went wrong" in module.with_suffix(".log").read_text()


def test_it_has_a_command_line_of_its_own_and_ends_with_its_parent(module: Path) -> None:
    module.write_text("import time\ntime.sleep(600)\n")
    log = str(module.with_suffix(".log"))
    code = (
        "import sys, signal, time; from pathlib import Path\n"
        "from bg_orchestration.ops.warm_processes import WarmProcess\n"
        f"sys.path.insert(0, {str(module.parent)!r})\n"
        f"child = WarmProcess([{module.stem!r}, 'word'], {{}}, Path({log!r}),"
        " signal.SIGKILL)\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        while "word" not in child.cmdline():
            assert child.is_running()
        assert [word for word in child.cmdline()[1:] if word] == ["-P", "-m", module.stem, "word"]
        os.kill(parent.pid, signal.SIGKILL)
    psutil.wait_procs([child])
    assert not child.is_running()
