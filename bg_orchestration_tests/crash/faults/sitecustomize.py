"""What the crash suite changes in the processes of `bg up`: times are shorter, and some die.

Python imports this module at start, in every process that has its folder on PYTHONPATH and in no
other. A fault point does nothing until a file of its name stands in `BG_CRASH_POINTS`; the first
process that passes takes the file away and kills whom it names. The code under test is not changed:
functions are wrapped, and waiting times that would make a run of the suite last hours are cut.
"""

import functools
import os
import signal
import sys
from datetime import timedelta
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from pathlib import Path

_POINTS = Path(os.environ["BG_CRASH_POINTS"])
# Set where only the points are wanted, and the waiting times of production.
_FULL_TIMES = "BG_CRASH_FULL_TIMES" in os.environ

# (module, function) -> (point before the call, point after it).
WRAPPED = {
    ("bg_orchestration.webhooks.commits", "record"): (None, "event-before-commit"),
    ("bg_orchestration.webhooks.commits", "GroupCommit._try_to_store"): (
        None,
        "event-after-commit",
    ),
    ("bg_orchestration.refreshes.planning", "emit"): (None, "plan-before-commit"),
    ("bg_orchestration.automation.sensors", "_next"): (None, "plan-after-commit"),
    ("dagster._daemon.sensor", "_submit_run_requests"): ("run-reserved", None),
    ("dagster._daemon.sensor", "_create_sensor_run"): (None, "run-created"),
    ("dagster._core.run_coordinator.queued_run_coordinator", "QueuedRunCoordinator.submit_run"): (
        None,
        "run-queued",
    ),
    ("dagster_celery.launcher", "CeleryRunLauncher.launch_run"): ("run-dequeued", "run-launched"),
    ("bg_orchestration.assets.refresh_step", "require_company"): ("run-begun", None),
    ("bg_orchestration.refreshes.life_cycle", "start"): (None, "start-before-commit"),
    ("bg_orchestration.assets.refresh_step", "_acquire_lease"): (None, "start-after-commit"),
    ("bg_orchestration.domain.judgement.scoring", "score_people"): ("mid-asset", None),
    ("bg_orchestration.refreshes.publishing", "publish"): (
        "publish-begins",
        "publish-before-commit",
    ),
    ("bg_orchestration.assets.metadata", "change_metadata"): ("publish-after-commit", None),
    ("bg_orchestration.refreshes.failed_attempts", "fail"): (None, "fail-before-commit"),
    ("bg_orchestration.ledger.http_client", "HttpClient.send"): (
        "call-before-sending",
        "call-before-booking",
    ),
    ("bg_orchestration.ledger.ledger", "Ledger.settle"): (None, "call-after-booking"),
    ("bg_orchestration.providers.listing", "store_listing"): (None, "listing-before-commit"),
}
# Waiting times in seconds unless they are intervals: what is waited for stays the same.
SHORTER = {
    ("bg_orchestration.refreshes.life_cycle", "LEASE"): timedelta(seconds=8),
    ("bg_orchestration.domain.admission", "_FIRST_BACKOFF"): timedelta(seconds=1),
    ("bg_orchestration.automation.reconciliation", "_STARTING_SECONDS"): 15,
    ("bg_orchestration.ops.daemon_lock", "_PAUSE_SECONDS"): 0.3,
    ("bg_orchestration.ops.daemon_lock", "_GRACE_SECONDS"): 4.0,
    ("bg_orchestration.ops.processes", "_STEADY_SECONDS"): 3.0,
    ("bg_orchestration.ops.processes", "_LONGEST_PAUSE"): 2.0,
}
# A call that had nothing to do does not count as passed, but for those that never return anything.
_EMPTY_HANDED = (None, (), [])
_RETURNS_NOTHING = ("run-launched",)
_HOME = "bg_orchestration.ops.dagster_home"


def _pass(point, result=True):
    """Kill whom the point's file names, if it stands there; `stop` stops this process instead."""
    if point is None or result in _EMPTY_HANDED:
        return
    armed = _POINTS / point
    try:
        victims = armed.read_text().split()
        armed.rename(_POINTS / f"{point}.fired")
    except FileNotFoundError:
        return
    if victims == ["stop"]:
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    for victim in victims:
        pid = {"self": os.getpid(), "parent": os.getppid()}.get(victim) or int(victim)
        os.kill(pid, signal.SIGKILL)


def _wrap(function, before, after):
    @functools.wraps(function)
    def passing(*arguments, **named):
        _pass(before)
        result = function(*arguments, **named)
        _pass(after, after in _RETURNS_NOTHING or result)
        return result

    return passing


def _shorten_instance(instance):
    """Let Dagster's own patience fit the suite's."""

    @functools.wraps(instance)
    def shorter(*arguments):
        settings = instance(*arguments)
        settings["run_coordinator"]["config"]["user_code_failure_retry_delay"] = 2
        settings["run_monitoring"]["poll_interval_seconds"] = 5
        settings["run_monitoring"]["start_timeout_seconds"] = 15
        return settings

    return shorter


def _change(module):
    for (name, path), points in WRAPPED.items():
        if name == module.__name__:
            *owners, function = path.split(".")
            owner = functools.reduce(getattr, owners, module)
            setattr(owner, function, _wrap(getattr(owner, function), *points))
    if _FULL_TIMES:
        return
    for (name, constant), value in SHORTER.items():
        if name == module.__name__:
            getattr(module, constant)
            setattr(module, constant, value)
    if module.__name__ == _HOME:
        module._instance = _shorten_instance(module._instance)


class _Finder(MetaPathFinder):
    modules = {name for name, _ in [*WRAPPED, *SHORTER]} | {_HOME}

    def find_spec(self, fullname, path, target=None):
        if fullname not in self.modules:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        execute = spec.loader.exec_module

        def execute_and_change(module):
            execute(module)
            _change(module)

        spec.loader.exec_module = execute_and_change
        return spec


sys.meta_path.insert(0, _Finder())
