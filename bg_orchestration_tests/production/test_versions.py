"""Workers of two versions side by side: one that does not know the tables harms no refresh."""

from dataclasses import replace
from datetime import timedelta

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.automation.reconciliation import reconcile, run_key
from bg_orchestration.definitions import defs
from bg_orchestration.domain.admission import DueRefresh
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.store import database
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration_tests.store.rows import LIMITS, POLICY, follow, let_pass, push, rows

# A worker that cannot read the tables may not use up the attempts of a refresh.
_LIMITS = replace(LIMITS, max_attempts=1)


def execute(instance: dg.DagsterInstance, due: DueRefresh) -> bool:
    """Execute an attempt as a worker does."""
    return (
        defs.resolve_job_def(names.JOB)
        .execute_in_process(
            instance=instance,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={
                "dagster/partition": due.company_id,
                names.TAG_REFRESH: due.refresh_id,
                "dagster/run_key": run_key(due),
            },
            raise_on_error=False,
        )
        .success
    )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_run_of_an_old_worker_is_repeated_by_a_new_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(engine, "acme")
    push(engine)
    with dg.DagsterInstance.ephemeral() as instance:
        with writing(engine) as connection:
            plan(connection, POLICY, _LIMITS)
            [due] = emit(connection, _LIMITS)
        for version in ("0000", "9999"):
            with monkeypatch.context() as old:
                old.setattr(database, "SCHEMA_VERSION", version)
                old.setattr(database, "SCHEMA_NEEDED", version)
                assert not execute(instance, due)
            reconcile(instance, engine, _LIMITS)
            [row] = rows(engine, logs)
            assert row["state"] == "failed"
            let_pass(engine, timedelta(minutes=11))
            with writing(engine) as connection:
                [due] = emit(connection, _LIMITS)
        assert execute(instance, due)
    [row] = rows(engine, logs)
    assert row["state"] == "completed"
    [event] = rows(engine, webhook_events)
    assert event["state"] == "handled"
