"""Dagster's home: its settings for this machine, and its storage."""

import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import describe_outage

if TYPE_CHECKING:
    from dagster import DagsterInstance

# Ours, and Dagster's own.
CELERY_LAUNCHERS: Final = ("LeasedCeleryRunLauncher", "FolderRunLauncher", "CeleryRunLauncher")


def dagster_home(config: Settings) -> Path:
    """The folder of the Dagster instance: `DAGSTER_HOME`, else `BG_HOME/dagster`."""
    return Path(os.environ.get("DAGSTER_HOME") or config.home.absolute() / "dagster")


def storage_folder(config: Settings) -> Path:
    """The folder of Dagster's SQLite files, unless `dagster.yaml` names one.

    In a home that `DAGSTER_HOME` names, the files have Dagster's usual place.
    """
    home = dagster_home(config)
    return home if os.environ.get("DAGSTER_HOME") else home / "storage"


def write_home(config: Settings, home: Path) -> None:
    """Write `dagster.yaml` into our home; a home of `DAGSTER_HOME` stays unchanged.

    SQLite storage in the folder, the limits of the settings, runs executed by warm Celery workers
    over the file system, which needs no server; logs in S3 where the artifacts are.

    Raises:
        FileNotFoundError: `DAGSTER_HOME` names a folder without `dagster.yaml`.
    """
    if os.environ.get("DAGSTER_HOME"):
        if not (home / "dagster.yaml").is_file():
            raise FileNotFoundError(
                f"DAGSTER_HOME is set, but {home / 'dagster.yaml'} is missing. Copy "
                "deploy/dagster.yaml there, or unset DAGSTER_HOME to use one under BG_HOME."
            )
        return
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(yaml.safe_dump(_instance(config, home), sort_keys=False))


def create_storage(home: Path) -> None:
    """Create Dagster's tables before the parts start; several parts at once would collide."""
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(home)):
        pass


def open_instance() -> "DagsterInstance":
    """Return the instance of this process.

    Raises:
        SystemExit: its storage does not work; the message is one sentence.
    """
    from dagster import DagsterInstance

    try:
        return DagsterInstance.get()
    except SQLAlchemyError as error:
        raise SystemExit(describe_storage_fault(error)) from None


def describe_storage_fault(error: SQLAlchemyError) -> str:
    """Describe why Dagster's storage does not work in one sentence."""
    return f"Dagster's storage, DAGSTER_POSTGRES_URL: {describe_outage(error)}"


def write_workspace(home: Path, port: int) -> Path:
    """Write the workspace of the one code server on `port`, shared by daemon and webserver."""
    path = home / "workspace.yaml"
    server = {"host": "127.0.0.1", "port": port, "location_name": names.LOCATION}
    path.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))
    return path


def _instance(config: Settings, home: Path) -> dict[str, Any]:
    base = resources.files(__package__).joinpath("dagster.yaml").read_text()
    instance: dict[str, Any] = yaml.safe_load(base)
    instance["concurrency"]["pools"]["default_limit"] = config.refresh_concurrency
    runs = instance["concurrency"]["runs"]
    runs["max_concurrent_runs"] = max(runs["max_concurrent_runs"], config.refresh_concurrency)
    for limit in runs["tag_concurrency_limits"]:
        if limit["key"] == "dagster/backfill":
            limit["limit"] = config.limits.background.concurrency
    instance["storage"]["custom"]["config"] = {"base_dir": str(home / "storage")}
    instance["run_launcher"] = _launcher(home / "queue")
    instance["compute_logs"] = {
        "module": "bg_orchestration.ops.compute_logs",
        "class": "FileComputeLogManager",
        "config": {"base_dir": str(home / "storage")},
    }
    if config.artifacts and config.artifacts.startswith("s3://"):
        bucket, _, prefix = config.artifacts.removeprefix("s3://").partition("/")
        instance["compute_logs"] = {
            "module": "dagster_aws.s3.compute_log_manager",
            "class": "S3ComputeLogManager",
            "config": {"bucket": bucket, "prefix": f"{prefix}/logs".lstrip("/")},
        }
    return instance


def _launcher(queue: Path) -> dict[str, Any]:
    for folder in ("messages", "control"):
        (queue / folder).mkdir(parents=True, exist_ok=True)
    return {
        "module": "bg_orchestration.ops.folder_broker",
        "class": "FolderRunLauncher",
        "config": {
            "broker": "folder://",
            "config_source": {
                "broker_transport_options": {
                    "data_folder_in": str(queue / "messages"),
                    "data_folder_out": str(queue / "messages"),
                    "control_folder": str(queue / "control"),
                    "polling_interval": 0.1,
                },
            },
        },
    }


def uses_celery(home: Path) -> bool:
    """Return whether Celery workers execute the runs of this instance."""
    launcher = (read_instance(home).get("run_launcher") or {}).get("class")
    return launcher in CELERY_LAUNCHERS


def read_instance(home: Path) -> dict[str, Any]:
    """Return the content of `dagster.yaml`; empty without the file."""
    file = home / "dagster.yaml"
    instance: dict[str, Any] = yaml.safe_load(file.read_text()) if file.is_file() else {}
    return instance or {}
