"""Launch with config: another level, the ledger passed over, some seller profiles."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.definitions import defs
from bg_orchestration.refreshes.publishing import profile_ids
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.assets.asked import with_setting
from bg_orchestration_tests.assets.conftest import QUIET, of, why
from bg_orchestration_tests.store.rows import rows
from bg_orchestration_tests.stubs.server import Stubs


def launch(
    instance: dg.DagsterInstance, config: dict[str, Any], only: list[str] | None = None
) -> dg.ExecuteInProcessResult:
    """Run the job as Dagit's Launchpad does."""
    return defs.resolve_job_def(names.JOB).execute_in_process(
        instance=instance,
        run_config={**QUIET, "ops": {names.REFRESH_STEP: {"config": config}}},
        tags={"dagster/partition": "acme"},
        raise_on_error=False,
        asset_selection=[dg.AssetKey(name) for name in only] if only else None,
    )


def test_force_pays_again_once_and_only_then(
    asked: Engine, stubs: Stubs, instance: dg.DagsterInstance
) -> None:
    assert launch(instance, {}).success
    paid = stubs.ledger()["paid"]
    assert paid > 0
    assert launch(instance, {"force": False}).success
    assert stubs.ledger()["paid"] == paid
    forced = launch(instance, {"force": True})
    assert forced.success, why(forced)
    assert stubs.ledger()["paid"] > paid
    assert of(forced, names.PUBLISHED_BUYER_GROUP)["cost_usd"] > 0
    # The new answers are in the ledger: the next run pays nothing.
    paid = stubs.ledger()["paid"]
    assert launch(instance, {}).success
    assert stubs.ledger()["paid"] == paid


def test_a_forced_retry_of_the_step_pays_nothing_twice(
    asked: Engine, stubs: Stubs, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert launch(instance, {}).success
    before = stubs.ledger()["paid"]
    assert launch(instance, {"force": True}).success
    once = stubs.ledger()["paid"] - before

    from sqlalchemy.exc import OperationalError

    from bg_orchestration.assets import published_buyer_group

    publish, failures = published_buyer_group.publish, [OperationalError("x", {}, Exception())]

    def fail_first(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return publish(*arguments)

    monkeypatch.setattr(published_buyer_group, "publish", fail_first)
    result = launch(instance, {"force": True})
    assert result.success, why(result)
    assert not failures
    assert stubs.ledger()["paid"] - before == 2 * once


def test_another_level_holds_for_one_run(asked: Engine, instance: dg.DagsterInstance) -> None:
    assert of(launch(instance, {}), names.CONTACTS)["reachable"] > 0
    identified = launch(instance, {"enrichment": "identify"})
    assert of(identified, names.CONTACTS)["reachable"] == 0
    assert of(launch(instance, {}), names.CONTACTS)["reachable"] > 0


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"profiles": ["default", "typo"]}, "no profile typo; there are default"),
        ({"enrichment": "deep_research"}, "BG_RESEARCH_KEY"),
    ],
)
def test_wrong_config_fails_before_anything_is_paid(
    asked: Engine,
    stubs: Stubs,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
    config: dict[str, Any],
    said: str,
) -> None:
    with_setting(monkeypatch, RESEARCH_KEY="")
    before = stubs.ledger()["paid"]
    result = launch(instance, config)
    assert not result.success
    assert said in why(result)
    assert stubs.ledger()["paid"] == before
    # No refresh was opened: the sensor has nothing to try again.
    assert rows(asked, logs) == []


@pytest.mark.usefixtures("database")
def test_config_of_a_wrong_form_starts_no_run(instance: dg.DagsterInstance) -> None:
    for config in ({"enrichment": "everything"}, {"forse": True}, {"profiles": "default"}):
        with pytest.raises(dg.DagsterInvalidConfigError):
            launch(instance, config)
    partial = launch(instance, {"force": True}, only=[names.COMPANY])
    assert "only a run that publishes may force" in why(partial)


def test_the_groups_of_other_profiles_stay(
    database: Engine,
    instance: dg.DagsterInstance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    for name in ("sales", "security"):
        (folder / f"{name}.yaml").write_text(f"id: {name}\ncategory: {name}\n")
    monkeypatch.setenv("BG_PROFILES", str(folder))
    settings.cache_clear()
    assert launch(instance, {}).success
    result = launch(instance, {"profiles": ["sales"]})
    assert result.success, why(result)
    judged = of(result, names.BUYER_GROUP)
    # One profile of two: no column says which.
    assert judged["size"] == len(judged["group"].records) > 0
    assert "profile" not in judged["group"].records[0].data
    assert of(result, names.PUBLISHED_BUYER_GROUP)["changes"] == 0
    with reading(database) as connection:
        assert profile_ids(connection, "acme") == ["sales", "security"]
    # A profile without a file loses its group, also in such a run.
    (folder / "security.yaml").unlink()
    assert launch(instance, {"profiles": ["sales"]}).success
    with reading(database) as connection:
        assert profile_ids(connection, "acme") == ["sales"]
