"""Everything that Dagit shows and Dagster remembers of the definitions, as plain JSON.

    python -m bg_orchestration_tests.assets.specs

writes `specs.json` anew, after a change that is meant.
"""

import json
from pathlib import Path
from typing import Any

import dagster as dg

SNAPSHOT = Path(__file__).with_name("specs.json")


def snapshot(defs: dg.Definitions) -> dict[str, dict[str, Any]]:
    """Every asset, check, job, sensor and schedule by name."""
    graph = defs.resolve_asset_graph()
    repository = defs.get_repository_def()
    assets = [
        (spec, definition)
        for definition in graph.assets_defs
        for spec in definition.specs
        if definition.is_executable
    ]
    return {
        "assets": {spec.key.to_user_string(): _asset(spec, of) for spec, of in assets},
        "checks": {
            f"{key.asset_key.to_user_string()}:{key.name}": _check(graph.get_check_spec(key))
            for key in graph.asset_check_keys
        },
        "jobs": {job.name: _job(job) for job in repository.get_all_jobs()},
        "sensors": {sensor.name: _sensor(sensor) for sensor in repository.sensor_defs},
        "schedules": {schedule.name: _schedule(schedule) for schedule in repository.schedule_defs},
    }


def _asset(spec: dg.AssetSpec, definition: dg.AssetsDefinition) -> dict[str, Any]:
    return {
        "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
        "group": spec.group_name,
        "kinds": sorted(spec.kinds),
        "owners": list(spec.owners),
        "tags": dict(spec.tags),
        "metadata": {name: _metadata(value) for name, value in spec.metadata.items()},
        "description": (spec.description or "").splitlines(),
        "automation": _text(spec.automation_condition),
        "freshness": _text(spec.freshness_policy),
        # The version itself changes with every edit of the rules.
        "has_code_version": spec.code_version is not None,
        "skippable": spec.skippable,
        "partitions": _partitions(spec.partitions_def or definition.partitions_def),
        "backfill_policy": _text(definition.backfill_policy),
        "step": definition.op.name,
        "pool": definition.op.pool,
        "can_subset": definition.can_subset,
        "resources": sorted(definition.required_resource_keys),
        "config": _config(definition.op),
    }


def _metadata(value: Any) -> Any:
    """The columns of a schema; of other values the kind, as paths and lines differ."""
    schema = getattr(value, "schema", value)
    if isinstance(schema, dg.TableSchema):
        return [f"{column.name}: {column.type}" for column in schema.columns]
    return type(value).__name__


def _check(spec: dg.AssetCheckSpec) -> dict[str, Any]:
    return {
        "blocking": spec.blocking,
        "description": (spec.description or "").splitlines(),
        "partitions": _partitions(spec.partitions_def),
        "automation": _text(spec.automation_condition),
        "metadata": {name: str(value) for name, value in spec.metadata.items()},
    }


def _job(job: dg.JobDefinition) -> dict[str, Any]:
    return {
        "description": job.description,
        "tags": dict(job.tags),
        "run_tags": dict(job.run_tags or {}),
        "executor": job.executor_def.name,
        "partitions": _partitions(job.partitions_def),
        "assets": sorted(key.to_user_string() for key in job.asset_layer.executable_asset_keys),
        "steps": {node.name: _config(node.definition) for node in job.nodes},
        "resources": sorted(job.resource_defs),
    }


def _sensor(sensor: dg.SensorDefinition) -> dict[str, Any]:
    return {
        "description": sensor.description,
        "type": sensor.sensor_type.value,
        "status": sensor.default_status.value,
        "interval_seconds": sensor.minimum_interval_seconds,
        "jobs": sorted(target.job_name for target in sensor.targets if target.job_name),
        "tags": dict(sensor.tags),
    }


def _schedule(schedule: dg.ScheduleDefinition) -> dict[str, Any]:
    return {
        "description": schedule.description,
        "cron": schedule.cron_schedule,
        "timezone": schedule.execution_timezone,
        "status": schedule.default_status.value,
        "job": schedule.job_name,
        "tags": dict(schedule.tags),
    }


def _partitions(definition: dg.PartitionsDefinition[Any] | None) -> str | None:
    return None if definition is None else str(definition)


def _config(node: Any) -> Any:
    """The configuration that a step takes."""
    return _fields(node.config_field) if isinstance(node, dg.OpDefinition) else None


def _fields(field: Any) -> Any:
    """The names and types of configuration, by nesting."""
    if field is None:
        return None
    fields = getattr(field.config_type, "fields", None)
    if fields is None:
        return field.config_type.given_name or field.config_type.key
    return {name: _fields(inner) for name, inner in sorted(fields.items())}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def written(found: dict[str, dict[str, Any]]) -> str:
    """The snapshot as the file holds it."""
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from bg_orchestration.definitions import defs

    SNAPSHOT.write_text(written(snapshot(defs)), "utf-8")
