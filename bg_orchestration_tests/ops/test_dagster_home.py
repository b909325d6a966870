"""Dagster's own settings: those in the repository, and those that `bg up` writes."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

import bg_orchestration
from bg_orchestration.ops.dagster_home import (
    create_storage,
    dagster_home,
    uses_celery,
    write_home,
    write_workspace,
)
from bg_orchestration.settings import Settings, unknown_variables

ROOT = Path(bg_orchestration.__file__).parents[1]


def written(home: Path, config: Settings) -> dict[str, Any]:
    write_home(config, home)
    found: dict[str, Any] = yaml.safe_load((home / "dagster.yaml").read_text())
    return found


def check_limits(instance: dict[str, Any], at_once: int) -> None:
    # The sensor is the only retrier of runs.
    assert instance["run_retries"] == {"enabled": False}
    assert instance["run_monitoring"]["enabled"] is True
    assert instance["run_monitoring"]["max_runtime_seconds"] > 0
    assert instance["run_monitoring"]["free_slots_after_run_end_seconds"] > 0
    pools = instance["concurrency"]["pools"]
    assert (pools["granularity"], pools["default_limit"]) == ("run", at_once)
    runs = instance["concurrency"]["runs"]
    assert runs["max_concurrent_runs"] >= at_once
    assert runs["tag_concurrency_limits"] == [
        {"key": "dagster/partition", "value": {"applyLimitPerUniqueValue": True}, "limit": 1},
        # A slot stays free for events.
        {"key": "dagster/backfill", "limit": at_once * 4 // 5},
    ]
    assert instance["sensors"]["use_threads"] is True
    assert instance["telemetry"] == {"enabled": False}
    assert instance["run_coordinator"]["config"]["max_user_code_failure_retries"] == 3


def test_dagster_dev_in_the_repository_has_the_limits() -> None:
    check_limits(yaml.safe_load((ROOT / "dagster.yaml").read_text()), at_once=3)
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text())
    [entry] = workspace["load_from"]
    assert entry["python_module"] == {
        "module_name": "bg_orchestration.definitions",
        "location_name": "bg_orchestration",
    }


def test_dagster_itself_takes_the_repositorys_settings(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text((ROOT / "dagster.yaml").read_text())
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.run_retries_enabled is False
        assert instance.run_monitoring_enabled is True
        config = instance.get_concurrency_config()
        assert config.pool_config.default_pool_limit == 3
        assert config.run_queue_config is not None
        assert config.run_queue_config.tag_concurrency_limits[0]["limit"] == 1


def test_the_written_home_honours_the_settings(tmp_path: Path) -> None:
    home = tmp_path / "made" / "dagster"
    config = Settings(home=tmp_path, refresh_concurrency=20)
    instance = written(home, config)
    check_limits(instance, at_once=20)
    assert instance["compute_logs"]["class"] == "FileComputeLogManager"
    assert uses_celery(home)
    queue = instance["run_launcher"]["config"]["config_source"]["broker_transport_options"]
    assert all(Path(queue[name]).is_dir() for name in ("data_folder_in", "control_folder"))
    check_limits(written(home, Settings(home=tmp_path)), at_once=3)


def test_logs_go_where_the_values_go(tmp_path: Path) -> None:
    with_prefix = Settings(home=tmp_path, artifacts="s3://bucket/team/values")
    assert written(tmp_path, with_prefix)["compute_logs"]["config"] == {
        "bucket": "bucket",
        "prefix": "team/values/logs",
    }
    bare = written(tmp_path, Settings(home=tmp_path, artifacts="s3://bucket"))
    assert bare["compute_logs"]["config"] == {"bucket": "bucket", "prefix": "logs"}


def test_the_written_home_is_an_instance_that_can_be_opened_twice(tmp_path: Path) -> None:
    home = tmp_path / "dagster"
    write_home(Settings(home=tmp_path), home)
    create_storage(home)
    create_storage(home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.get_runs_count() == 0
        assert type(instance.run_launcher).__name__ == "FolderRunLauncher"
        assert instance.run_retries_enabled is False


def test_a_home_that_somebody_set_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    config = Settings(home=tmp_path / "bg")
    assert dagster_home(config) == tmp_path
    with pytest.raises(FileNotFoundError, match=r"deploy/dagster\.yaml.*unset DAGSTER_HOME"):
        write_home(config, tmp_path)
    (tmp_path / "dagster.yaml").write_text("{}\n")
    write_home(config, tmp_path)
    assert (tmp_path / "dagster.yaml").read_text() == "{}\n"
    assert not uses_celery(tmp_path)
    monkeypatch.delenv("DAGSTER_HOME")
    assert dagster_home(config) == tmp_path / "bg" / "dagster"


def test_the_workspace_keeps_the_locations_name(tmp_path: Path) -> None:
    found = yaml.safe_load(write_workspace(tmp_path, 4000).read_text())
    assert found == {
        "load_from": [
            {
                "grpc_server": {
                    "host": "127.0.0.1",
                    "port": 4000,
                    "location_name": "bg_orchestration",
                }
            }
        ]
    }


def test_a_variable_that_the_instances_file_names_is_no_misspelt_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BG_ECS_TASK_DEFINITION", "BG_COOLDOWN", "BG_LOGS_BUCKET"):
        monkeypatch.setenv(name, "a-name")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    assert "BG_ECS_TASK_DEFINITION" in unknown_variables()
    (tmp_path / "dagster.yaml").write_text((ROOT / "deploy" / "dagster.ecs.yaml").read_text())
    # The bucket is named in a comment only.
    assert unknown_variables() == ["BG_COOLDOWN", "BG_LOGS_BUCKET"]


@pytest.mark.parametrize(
    ("name", "launcher", "starts_within"),
    [
        ("dagster.yaml", "LeasedCeleryRunLauncher", 60),
        ("dagster.rabbitmq.yaml", "LeasedCeleryRunLauncher", 60),
        ("dagster.ecs.yaml", "EcsRunLauncher", 300),
        ("dagster.k8s.yaml", "K8sRunLauncher", 300),
    ],
)
def test_a_production_file_differs_from_the_repositorys_in_what_it_says_it_does(
    name: str, launcher: str, starts_within: int
) -> None:
    ours, deployed = (
        yaml.safe_load(path.read_text()) for path in (ROOT / "dagster.yaml", ROOT / "deploy" / name)
    )
    assert deployed.pop("storage")["custom"]["class"] == "PostgresStorage"
    assert deployed.pop("run_launcher")["class"] == launcher
    assert deployed["run_monitoring"].pop("start_timeout_seconds") == starts_within
    del ours["storage"], ours["run_launcher"], ours["run_monitoring"]["start_timeout_seconds"]
    assert deployed == ours
