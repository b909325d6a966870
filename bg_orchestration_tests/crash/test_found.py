"""The faults that the crash suite has found, each alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster import DagsterRunStatus as Status
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.assets import refresh_step
from bg_orchestration.automation import reconciliation
from bg_orchestration.automation.reconciliation import reconcile, run_key
from bg_orchestration.definitions import defs
from bg_orchestration.domain.admission import DueRefresh
from bg_orchestration.ops.dagster_home import create_storage, write_home
from bg_orchestration.refreshes.life_cycle import (
    Refresh,
    complete,
    start,
)
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.settings import settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.end_to_end.system import until
from bg_orchestration_tests.store.rows import LIMITS, POLICY, follow, let_pass, push, rows


@pytest.fixture
def due(engine: Engine) -> DueRefresh:
    """A refresh of `acme` that was just handed over."""
    follow(engine, "acme")
    push(engine)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        [found] = emit(connection, LIMITS)
    return found


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


def _started(
    instance: dg.DagsterInstance, due: DueRefresh | None = None, location: str = names.LOCATION
) -> dg.DagsterRun:
    """A run that a worker has begun, of the sensor or, without `due`, of a person in Dagit."""
    sensors = {names.TAG_REFRESH: due.refresh_id, "dagster/run_key": run_key(due)} if due else {}
    origin = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(location), "__repository__")
    return instance.create_run_for_job(
        job_def=defs.resolve_job_def(names.JOB),
        status=Status.STARTED,
        remote_job_origin=RemoteJobOrigin(origin, names.JOB),
        tags={"dagster/partition": "acme", **sensors},
    )


def _status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Status:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


def _publish(engine: Engine, due: DueRefresh, run: dg.DagsterRun) -> None:
    with writing(engine) as connection:
        refresh = start(connection, "acme", run.run_id, LIMITS, (due.refresh_id, due.attempt))
        assert isinstance(refresh, Refresh)
        complete(connection, refresh, {})


def test_a_run_killed_before_it_took_over_is_tried_again_within_a_minute(
    engine: Engine, instance: dg.DagsterInstance, due: DueRefresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _started(instance, due)
    reconcile(instance, engine, LIMITS)
    assert _status(instance, run) is Status.STARTED
    monkeypatch.setattr(reconciliation, "_STARTING_SECONDS", 0)
    reconcile(instance, engine, LIMITS)
    assert _status(instance, run) is Status.FAILURE
    [row] = rows(engine, logs)
    assert (row["state"], row["attempt"]) == ("failed", 2)


def test_a_run_killed_after_publishing_gives_its_slot_back(
    engine: Engine, instance: dg.DagsterInstance, due: DueRefresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _started(instance, due)
    _publish(engine, due, run)
    monkeypatch.setattr(reconciliation, "_patience", lambda _instance, _run: 0)
    reconcile(instance, engine, LIMITS)
    # It may be about to end by itself.
    assert _status(instance, run) is Status.STARTED
    let_pass(engine, timedelta(seconds=61))
    before = rows(engine, logs)
    reconcile(instance, engine, LIMITS)
    assert _status(instance, run) is Status.FAILURE
    assert rows(engine, logs) == before


def test_a_persons_run_that_vanished_gives_its_slot_back_and_no_stranger_is_touched(
    engine: Engine, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, strangers = _started(instance), _started(instance, location="somebody_elses")
    monkeypatch.setattr(reconciliation, "_STARTING_SECONDS", 0)
    reconcile(instance, engine, LIMITS)
    assert _status(instance, ours) is Status.FAILURE
    assert _status(instance, strangers) is Status.STARTED


def test_a_run_that_refreshes_for_long_is_let_alone(
    engine: Engine, instance: dg.DagsterInstance, due: DueRefresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _started(instance, due)
    with writing(engine) as connection:
        start(connection, "acme", run.run_id, LIMITS, (due.refresh_id, due.attempt))
    monkeypatch.setattr(reconciliation, "_STARTING_SECONDS", 0)
    reconcile(instance, engine, LIMITS)
    assert _status(instance, run) is Status.STARTED


def test_a_run_that_waits_for_the_limits_shows_that_it_lives(
    engine: Engine, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_step, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(refresh_step, "_ASK_SECONDS", 0.05)
    follow(engine, "acme", "b", "c", "d")
    for name in ("b", "c", "d"):
        with writing(engine) as connection:
            assert isinstance(start(connection, name, f"run-{name}", settings().limits), Refresh)
    done = defs.resolve_job_def(names.JOB).execute_in_process(
        instance=instance,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        tags={"dagster/partition": "acme"},
        raise_on_error=False,
    )
    [record] = instance.get_run_records(dg.RunsFilter(run_ids=[done.run_id]))
    assert record.dagster_run.tags["bg/waiting"] == "limit of 3 refreshes at once"


def test_a_pool_ends_with_a_process_of_it_that_was_killed(tmp_path: Path) -> None:
    home = tmp_path / "dagster"
    write_home(settings(), home)
    create_storage(home)
    worker = subprocess.Popen(
        [
            sys.executable, "-m", "celery", "-A", "bg_orchestration.ops.worker", "worker",
            "--queues", "dagster", "--concurrency", "2", "--without-gossip", "--without-mingle",
        ],
        env=os.environ | {"DAGSTER_HOME": str(home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        processes = until("the pool is forked", lambda: _pool(worker))
        time.sleep(1)
        # One of the two holds the lock of the queue, whichever it is.
        processes[0].kill()
        assert worker.wait(20) == 1
        _, alive = psutil.wait_procs(processes, timeout=10)
        assert not alive
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()


def _pool(worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
    found = psutil.Process(worker.pid).children()
    return found if len(found) == 2 else []
