"""`dg` in the root of the repository, as the README shows it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterUnknownPartitionError
from dagster._core.definitions.partitions.context import partition_loading_context

import bg_orchestration
from bg_orchestration import names
from bg_orchestration.assets.partitions import companies

ROOT = Path(bg_orchestration.__file__).parents[1]


def dg(home: Path, *arguments: str, code: int = 0) -> str:
    """The output of a command without any database, instance or setting before it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BG_")}
    kept.pop("DAGSTER_HOME", None)
    result = subprocess.run(
        [str(Path(sys.executable).with_name("dg")), *arguments],
        cwd=ROOT,
        env={**kept, "BG_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_dg_checks_and_lists_the_definitions(tmp_path: Path) -> None:
    assert "All definitions loaded successfully" in dg(tmp_path, "check", "defs")
    output = dg(tmp_path, "list", "defs", "--json")
    found = json.loads(output[output.index("{") :])
    assert set(names.ASSETS) <= {asset["asset_key"] for asset in found["assets"]}
    assert names.JOB in {job["name"] for job in found["jobs"]}


def test_dg_launch_refreshes_a_company_that_dagster_does_not_know_yet(tmp_path: Path) -> None:
    company = "tesselloft-cloudworks"
    output = dg(tmp_path, "launch", "--assets", ",".join(names.ASSETS), "--partition", company)
    assert f"company_id {company}" in output
    assert (tmp_path / "artifacts" / names.BUYER_GROUP / f"{company}.json").is_file()


@pytest.mark.usefixtures("database")
def test_only_a_company_of_the_directory_becomes_a_partition(instance: DagsterInstance) -> None:
    with partition_loading_context(dynamic_partitions_store=instance) as context:
        companies.validate_partition_key("acme", context)
        for stranger in ("unheard-of", "no..key"):
            with pytest.raises(DagsterUnknownPartitionError, match=stranger):
                companies.validate_partition_key(stranger, context)
    assert instance.get_dynamic_partitions(names.PARTITIONS) == ["acme"]
