"""Commands about many companies, and about the life of a company's key, on both databases."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from dagster._core.execution.backfill import BulkActionStatus
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.automation.backfills import unfinished_backfills
from bg_orchestration.cli import bg
from bg_orchestration.cli.dagster_access import dagster_instance
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import companies
from bg_orchestration_tests.store.rows import STAFF, follow, rows


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(bg, [*arguments])
    assert result.exit_code == code, result.output
    return result.output


def answer(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_stale_companies_are_marked_once_and_the_progress_is_shown(engine: Engine) -> None:
    follow(engine, *(f"c{n:02}" for n in range(30)))
    assert answer("refresh", "--stale") == {
        "chosen": 30, "marked": 30, "waiting": 30, "hours": round(30 / 480, 2)
    }  # fmt: skip
    assert answer("refresh", "--all")["marked"] == 0
    assert {row["reason"] for row in rows(engine, logs)} == {"scheduled"}
    status = CliRunner().invoke(bg, ["status"], env={"COLUMNS": "200"}).output
    assert "0 of 30 followed companies were refreshed; 30 wait for the schedule" in status
    assert "about 480 an hour: done about" in status


@pytest.mark.parametrize(
    "wrong",
    [
        ("refresh",),
        ("refresh", "--all", "--why"),
        ("refresh", "c1", "--all"),
        ("backfill",),
        ("backfill", "--all", "--stale"),
        ("backfill", "--where", "tier=blue"),
        ("backfill", "--where", "colour=red"),
        ("backfill", "--where", "tier"),
        ("rename", "c1", " "),
    ],
)
def test_wrong_use_says_what_is_allowed(engine: Engine, wrong: tuple[str, ...]) -> None:
    follow(engine, "c1")
    assert "Error:" in run(*wrong, code=2)


def test_a_dry_run_says_count_cost_and_time_and_starts_nothing(engine: Engine) -> None:
    follow(engine, *(f"c{n:02}" for n in range(16)))
    found = answer("backfill", "--where", "tier=red", "--dry-run")
    assert (found["companies"], found["cost_usd"], found["backfill_id"]) == (16, 0.0, None)
    assert answer("backfill", "--where", "tier=green,orange", "--dry-run")["companies"] == 0
    assert answer("backfill", "--where", "country=DE", "--dry-run")["companies"] == 0
    with dagster_instance() as instance:
        assert unfinished_backfills(instance) == []


def test_a_backfill_is_one_of_dagster_and_keeps_its_keys(engine: Engine) -> None:
    follow(engine, "acme", "globex")
    backfill_id = answer("backfill", "globex", "acme")["backfill_id"]
    with dagster_instance() as instance:
        backfill = instance.get_backfill(backfill_id)
        assert backfill is not None
        assert (backfill.status, backfill.partition_names) == (
            BulkActionStatus.REQUESTED,
            ["acme", "globex"],
        )
        run("unfollow", "globex")
        assert "is not finished" in run("partitions", "--delete-archived", code=1)
        assert instance.has_dynamic_partition(names.PARTITIONS, "globex")
        instance.update_backfill(backfill.with_status(BulkActionStatus.COMPLETED_SUCCESS))
        assert "Deleted: 1 key." in run("partitions", "--delete-archived")
        assert list(instance.get_dynamic_partitions(names.PARTITIONS)) == ["acme"]
    assert "Not followed: globex" in run("backfill", "globex", code=1)


def test_a_company_is_archived_renamed_and_merged(engine: Engine) -> None:
    follow(engine, "acme", "globex", staff=STAFF)
    run("unfollow", "acme")
    assert [row["followed"] for row in rows(engine, companies)] == [False, True]
    run("follow", "acme")
    run("rename", "acme", "Zenith Ltd")
    assert "acme is part of globex" in run("merge", "acme", "globex")
    assert "already" in run("merge", "acme", "globex", code=1)
    assert [row["reason"] for row in rows(engine, logs)] == ["manual"]
    listed = {line["company_id"]: line for line in answer("companies")}
    assert (listed["globex"]["tier"], listed["acme"]["tier"]) == ("red", None)


@pytest.fixture(autouse=True)
def _database_of_commands(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from bg_orchestration.settings import settings

    monkeypatch.setenv("BG_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    settings.cache_clear()
