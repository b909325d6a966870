"""A company with its people, and runs of the job in a real Dagster instance."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.assets.partitions import add_partitions
from bg_orchestration.assets.refresh_step import run_tags
from bg_orchestration.definitions import defs
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.assets.asked import asked as asked
from bg_orchestration_tests.providers.conftest import running_stubs as running_stubs
from bg_orchestration_tests.providers.conftest import stubs as stubs
from bg_orchestration_tests.store.rows import LIMITS, POLICY, STAFF, follow, rows


def why(result: dg.ExecuteInProcessResult) -> str:
    """The errors of the steps of a run, outermost first."""
    errors = [
        event.step_failure_data.error for event in result.all_node_events if event.is_step_failure
    ]
    return "\n".join(str(error) for error in errors)


def log(engine: Engine) -> dict[str, Any]:
    """The one refresh that there was."""
    [row] = rows(engine, logs)
    return row


def handed_over(engine: Engine) -> dict[str, str]:
    """The tags of the run that the sensor would ask for."""
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        [due] = emit(connection, LIMITS)
    return {**run_tags(due), "dagster/run_key": f"{due.refresh_id}:{due.attempt}"}


def of(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    """The metadata of the one materialization of `asset`."""
    return {name: value.value for name, value in materialization(result, asset).metadata.items()}


def materialization(result: dg.ExecuteInProcessResult, asset: str) -> dg.AssetMaterialization:
    """The one materialization of `asset`."""
    [found] = [
        event.step_materialization_data.materialization
        for event in result.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(asset)
    ]
    return found


Run = Callable[..., dg.ExecuteInProcessResult]

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def database(sqlite_engine: Engine) -> Engine:
    """The configured database, on SQLite: `acme` has people, `empty` has none."""
    follow(sqlite_engine, "acme", staff=STAFF)
    follow(sqlite_engine, "empty")
    return sqlite_engine


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster instance of its own, in memory."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def run(instance: dg.DagsterInstance) -> Run:
    """Run the job of one company, or some of its assets, as Dagster's command line does."""

    def execute(
        company_id: str | None,
        only: Sequence[str] | None = None,
        tags: dict[str, str] | None = None,
    ) -> dg.ExecuteInProcessResult:
        partition = {} if company_id is None else {"dagster/partition": company_id}
        if only is not None and company_id is not None:
            add_partitions(instance, [company_id])
        more: dict[str, Any] = (
            {} if only is None else {"asset_selection": [dg.AssetKey(name) for name in only]}
        )
        return defs.resolve_job_def(names.JOB).execute_in_process(
            instance=instance,
            run_config=QUIET,
            tags={**partition, **(tags or {})},
            raise_on_error=False,
            **more,
        )

    return execute
