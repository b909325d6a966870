"""The warm worker, started in a process of its own against an instance that `bg up` writes."""

import os
import subprocess
import sys
from pathlib import Path

from bg_orchestration.ops.dagster_home import write_home
from bg_orchestration.settings import Settings


def imported(home: Path, then: str = "") -> subprocess.CompletedProcess[str]:
    code = f"from bg_orchestration.ops import worker; {then}"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DAGSTER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_knows_the_tasks_and_the_broker_of_the_instance(tmp_path: Path) -> None:
    write_home(Settings(home=tmp_path), tmp_path)
    found = imported(tmp_path, "print(worker.app.conf.broker_url, *sorted(worker.app.tasks))")
    assert found.returncode == 0, found.stderr
    broker, *tasks = found.stdout.split()
    assert broker == "folder://"
    assert {"execute_job", "resume_job"} <= set(tasks)


def test_refuses_an_instance_that_has_no_use_for_it(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    found = imported(tmp_path)
    assert found.returncode == 1
    assert "this instance needs no worker" in found.stderr


_CANCELLED = """
from dagster import DagsterRunStatus
from dagster._core.test_utils import create_run_for_test
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import pack_value
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.code_pointer import ModuleCodePointer
origin = JobPythonOrigin("refresh_buyer_group", RepositoryPythonOrigin(
    "python", ModuleCodePointer("bg_orchestration.definitions", "defs", None)))
runs = [create_run_for_test(worker._instance, job_name="refresh_buyer_group", status=status)
        for status in (DagsterRunStatus.CANCELING, DagsterRunStatus.STARTED)]
for run in runs:
    arguments = pack_value(ExecuteRunArgs(origin, run.run_id, worker._instance.get_ref()))
    worker._end_cancelled_run({"execute_job_args_packed": arguments})
print(*(worker._instance.get_run_by_id(run.run_id).status.value for run in runs))
"""


def test_a_run_that_was_cancelled_around_its_step_ends(tmp_path: Path) -> None:
    write_home(Settings(home=tmp_path), tmp_path)
    found = imported(tmp_path, f"exec({_CANCELLED!r})")
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == ["CANCELED", "STARTED"]
