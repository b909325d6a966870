"""The assets upstream: the inbox as it is, the providers that the settings name, links to code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver
from dagster._core.loader import LoadingContextForTest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.assets import rules_version
from bg_orchestration.assets.sources import inbox_metadata
from bg_orchestration.definitions import defs
from bg_orchestration.settings import SettingsError, read_settings, settings
from bg_orchestration_tests.assets.conftest import QUIET, Run, materialization
from bg_orchestration_tests.store.rows import push

CODE = """
import json
import dagster as dg
from bg_orchestration.definitions import defs
graph = defs.resolve_asset_graph()
print(json.dumps({
    key.to_user_string(): {
        "parents": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
        "owners": list(graph.get(key).owners),
        "code": [
            getattr(each, "url", None) or [each.file_path, each.line_number]
            for each in getattr(
                graph.get(key).metadata.get("dagster/code_references"), "code_references", ()
            )
        ],
    }
    for key in graph.get_all_asset_keys()
}))
"""


def graph_with(**changed: str) -> dict[str, Any]:
    """The graph in a process with other settings."""
    env = {**os.environ, **{f"BG_{name}": value for name, value in changed.items()}}
    result = subprocess.run(
        [sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_settings_give_providers_owners_and_links() -> None:
    url = "https://git.example.com/acme/bg/blob/main"
    found = graph_with(
        PROVIDER="coresignal",
        CORESIGNAL_KEY="k",
        ZEROBOUNCE_KEY="k",
        OWNERS="team:growth, ada@example.com",
        CODE_URL=url,
    )
    assert {name for name in found if name.startswith("providers/")} == {
        "providers/coresignal",
        "providers/zerobounce",
    }
    for asset in (names.COMPANY, names.PEOPLE):
        assert "providers/coresignal" in found[asset]["parents"]
    assert "providers/zerobounce" in found[names.CONTACTS]["parents"]
    assert "providers/zerobounce" not in found[names.PEOPLE]["parents"]
    for asset in (*names.ASSETS, names.COVERAGE):
        assert found[asset]["owners"] == ["team:growth", "ada@example.com"]
        [[file, line], link] = found[asset]["code"]
        assert link == f"{url}/bg_orchestration/assets/{asset}.py#L{line}"
        assert Path(file).is_file()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("OWNERS", "data"), ("CODE_URL", "git.example.com"), ("TRACE_URL", "https://x.example/{id}")],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(f"BG_{variable}", value)
    with pytest.raises(SettingsError, match=f"BG_{variable}"):
        read_settings()


def test_the_inbox_is_observed(database: Engine, instance: dg.DagsterInstance) -> None:
    assert inbox_metadata()["newest_event"] == "none yet"
    push(database)
    result = defs.resolve_job_def(names.COVERAGE_JOB).execute_in_process(
        instance=instance, run_config=QUIET
    )
    assert result.success
    [observation] = instance.fetch_observations(dg.AssetKey(names.INBOX), limit=1).records
    assert observation.asset_observation is not None
    found = {name: value.value for name, value in observation.asset_observation.metadata.items()}
    assert str(found["newest_event"]).startswith("person.")
    assert found["oldest_pending_seconds"] >= 0
    assert found["dead"] == 0


def stale_causes(instance: dg.DagsterInstance) -> list[str]:
    """Why Dagit's page of the partition shows the group as outdated."""
    resolver = CachingStaleStatusResolver(
        instance, defs.resolve_asset_graph(), LoadingContextForTest(instance)
    )
    return [
        cause.reason for cause in resolver.get_stale_causes(dg.AssetKey(names.BUYER_GROUP), "acme")
    ]


@pytest.mark.usefixtures("database")
def test_dagit_knows_which_groups_older_rules_made(
    run: Run, instance: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = materialization(run("acme"), names.BUYER_GROUP)
    assert made.tags is not None
    version = made.tags["dagster/code_version"]
    assert version == rules_version.rules_version()
    assert made.metadata["rules"].value == version
    # The definitions state the same version: Dagit compares the two.
    spec = defs.resolve_asset_graph().get(dg.AssetKey(names.BUYER_GROUP))
    assert spec.code_version == version
    assert stale_causes(instance) == []

    profiles = tmp_path / "profiles"
    profiles.mkdir()
    profile = profiles / "mine.yaml"
    monkeypatch.setenv("BG_PROFILES", str(profiles))
    settings.cache_clear()
    versions = [version]
    for words in ("id: mine\ncategory: sales\n", "id: mine\ncategory: security\n"):
        profile.write_text(words)
        versions.append(rules_version.rules_version())
    assert len(set(versions)) == 3
    assert materialization(run("acme"), names.BUYER_GROUP).metadata["rules"].value == versions[-1]
    # These definitions were loaded before: to Dagit the group is one of other rules.
    assert stale_causes(instance) == ["has a new code version"]
