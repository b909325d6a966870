"""What Dagster sees: the graph, pinned name by name, and what importing it costs."""

import subprocess
import sys

import dagster as dg

from bg_orchestration import names
from bg_orchestration.definitions import defs
from bg_orchestration_tests.assets.specs import SNAPSHOT, snapshot, written

# An accidental change of lineage, names or limits shows here as a difference.
SOURCES = {"inbox": set[str](), "people_directory": {"inbox"}}
GROUPS = {
    "company": {"people_directory"},
    "people": {"company", "people_directory"},
    "scored_people": {"company", "people"},
    "buyer_group": {"company", "scored_people"},
    "contacts": {"buyer_group"},
    "published_buyer_group": {"buyer_group", "contacts"},
}
GRAPH = SOURCES | GROUPS | {"coverage": {"published_buyer_group"}}
# Each check, and whether a group that fails it stays unpublished.
CHECKS = {"group_is_sound": True, "members_reachable": False, "usual_refresh": False}

HEAVY = {
    "alembic", "boto3", "botocore", "celery", "dagster_aws", "dagster_celery", "dagster_webserver",
    "httpx", "opentelemetry", "pandas", "psycopg2", "pyarrow", "starlette", "structlog",
    "uvicorn",
}  # fmt: skip


def test_the_definitions_can_be_loaded() -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_graph_is_as_decided() -> None:
    graph = defs.resolve_asset_graph()
    found = {
        key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
        if graph.get(key).group_name in ("sources", "buyer_groups", "coverage")
    }
    assert found == GRAPH
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.owners == ["team:data"]
        assert node.kinds
        assert node.description
    for key in map(dg.AssetKey, GROUPS):
        node = graph.get(key)
        assert node.group_name == "buyer_groups"
        assert node.pools == {"refresh_buyer_group"}
        assert isinstance(node.partitions_def, dg.DynamicPartitionsDefinition)
        assert node.partitions_def.name == "companies"
        # With any policy runs carry range tags and escape the limit of one run a company.
        assert node.backfill_policy is None
    specs = [graph.get_check_spec(check) for check in graph.asset_check_keys]
    assert {spec.name: spec.blocking for spec in specs} == CHECKS
    for spec in specs:
        # Else Dagit shows the company that was checked last, and no other.
        assert spec.partitions_def == graph.get(spec.asset_key).partitions_def
        assert spec.description


def test_everything_has_a_description() -> None:
    repository = defs.get_repository_def()
    jobs = [job for job in repository.get_all_jobs() if not job.name.startswith("__")]
    for each in (*jobs, *repository.sensor_defs, *repository.schedule_defs):
        assert each.description, each.name
    for name, resource in repository.get_top_level_resources().items():
        assert resource.description, name


def test_every_spec_is_as_decided() -> None:
    """After a change that is meant: `python -m bg_orchestration_tests.assets.specs`."""
    assert written(snapshot(defs)) == SNAPSHOT.read_text("utf-8")


def test_names_that_dagster_remembers_stay() -> None:
    job = defs.resolve_job_def("refresh_buyer_group")
    assert {key.to_user_string() for key in job.asset_layer.executable_asset_keys} == GROUPS.keys()
    sensor = defs.resolve_sensor_def("webhook_inbox")
    schedule = defs.resolve_schedule_def("refresh_stale_companies")
    assert sensor.job_name == schedule.job_name == "refresh_buyer_group"
    assert schedule.execution_timezone == "UTC"
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert names.LOCATION == "bg_orchestration"


def test_materialize_and_the_job_run_in_one_process() -> None:
    for job in (
        defs.resolve_implicit_global_asset_job_def(),
        defs.resolve_job_def(names.JOB),
    ):
        assert job.executor_def is dg.in_process_executor


def test_importing_the_definitions_stays_light() -> None:
    """Every run pays for it."""
    code = (
        "import sys, dagster; before = set(sys.modules);"
        "import bg_orchestration.definitions;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(found.stdout.split())
    assert "bg_orchestration" in modules
    assert modules & HEAVY == set()
