"""What the data team does in Dagit, as the page itself asks for it over GraphQL."""

from collections.abc import Callable, Sequence
from typing import Any

from bg_orchestration import names

Ask = Callable[..., Any]

_REPOSITORY = {
    "repositoryLocationName": names.LOCATION,
    "repositoryName": "__repository__",
}
_ASSETS = [
    {"path": [name]}
    for name in (
        names.COMPANY,
        names.PEOPLE,
        names.SCORED_PEOPLE,
        names.BUYER_GROUP,
        names.CONTACTS,
        names.PUBLISHED_BUYER_GROUP,
    )
]

_LAUNCH = """
mutation($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}"""
_BACKFILL = """
mutation($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}"""
_TERMINATE = """
mutation($id: String!, $policy: TerminateRunPolicy) {
  terminateRun(runId: $id, terminatePolicy: $policy) {
    __typename
    ... on TerminateRunFailure { message }
    ... on PythonError { message }
  }
}"""
_REEXECUTE = """
mutation($params: ReexecutionParams!) {
  launchRunReexecution(reexecutionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}"""
_RUN = """
query($id: ID!) { runOrError(runId: $id) { ... on Run { status tags { key value } } } }"""
_SCHEDULE = """
query($s: ScheduleSelector!) {
  scheduleOrError(scheduleSelector: $s) { ... on Schedule { scheduleState { id status } } }
}"""
_STOP_SCHEDULE = "mutation($id: String!) { stopRunningSchedule(id: $id) { __typename } }"
_RUNS = """
query($tags: [ExecutionTag!]) {
  runsOrError(filter: {tags: $tags}) { ... on Runs { results { runId status } } }
}"""
_ADD_PARTITION = """
mutation($selector: RepositorySelector!, $name: String!, $key: String!) {
  addDynamicPartition(
    repositorySelector: $selector, partitionsDefName: $name, partitionKey: $key
  ) { __typename }
}"""
_BACKFILL_STATUS = """
query($id: String!) {
  partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } }
}"""
_BACKFILL_PARTITIONS = """
query($id: String!) {
  partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill { partitionStatuses { results { partitionName runStatus } } }
  }
}"""
_PARTITIONS = """
query($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) {
    ... on AssetNode {
      partitionKeys
      latestMaterializationByPartition(partitions: null) { partition }
    }
  }
}"""


def materialize(ask: Ask, company_id: str, assets: Sequence[dict[str, Any]] = _ASSETS) -> str:
    """Press Materialize for one partition; returns the run's id."""
    answer = ask(
        _LAUNCH,
        params={
            "selector": _REPOSITORY
            | {
                "pipelineName": "__ASSET_JOB",
                "assetSelection": list(assets),
            },
            "mode": "default",
            "runConfigData": "{}",
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": company_id}]},
        },
    )["launchPipelineExecution"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    run_id: str = answer["run"]["runId"]
    return run_id


def backfill(ask: Ask, company_ids: Sequence[str]) -> str:
    """Press Materialize for several partitions; returns the backfill's id."""
    return _launch_backfill(ask, {"assetSelection": _ASSETS, "partitionNames": list(company_ids)})


def backfill_job(ask: Ask, company_ids: Sequence[str]) -> str:
    """Launch a backfill on the page of the job; returns its id."""
    partition_set = {
        "repositorySelector": _REPOSITORY,
        "partitionSetName": f"{names.JOB}_partition_set",
    }
    return _launch_backfill(ask, {"selector": partition_set, "partitionNames": list(company_ids)})


def _launch_backfill(ask: Ask, params: dict[str, Any]) -> str:
    answer = ask(_BACKFILL, params=params)["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer
    backfill_id: str = answer["backfillId"]
    return backfill_id


def add_partition(ask: Ask, key: str) -> None:
    """Add a partition by hand."""
    answer = ask(_ADD_PARTITION, selector=_REPOSITORY, name=names.PARTITIONS, key=key)
    assert answer["addDynamicPartition"]["__typename"] == "AddDynamicPartitionSuccess", answer


def stop_schedule(ask: Ask) -> None:
    """Stop the schedule, which is on at first.

    It runs every ten minutes. A test in that minute would find its companies in their cool-down.
    """
    selector = _REPOSITORY | {"scheduleName": names.SCHEDULE}
    state = ask(_SCHEDULE, s=selector)["scheduleOrError"]["scheduleState"]
    assert state["status"] == "RUNNING"
    answer = ask(_STOP_SCHEDULE, id=state["id"])["stopRunningSchedule"]
    assert answer["__typename"] == "ScheduleStateResult", answer


def terminate(ask: Ask, run_id: str, policy: str = "SAFE_TERMINATE") -> str:
    """Press Terminate; returns the type of the answer."""
    answer = ask(_TERMINATE, id=run_id, policy=policy)["terminateRun"]
    assert answer["__typename"] != "PythonError", answer
    return str(answer["__typename"])


def execute_again(ask: Ask, run_id: str) -> str:
    """Press Re-execute all; returns the new run's id."""
    answer = ask(_REEXECUTE, params={"parentRunId": run_id, "strategy": "ALL_STEPS"})
    answer = answer["launchRunReexecution"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    return str(answer["run"]["runId"])


def status(ask: Ask, run_id: str) -> str:
    """The status of a run, `SUCCESS` and so on."""
    found: str = ask(_RUN, id=run_id)["runOrError"]["status"]
    return found


def statuses(ask: Ask, tag: str, value: str) -> list[str]:
    """The statuses of all runs with a tag."""
    runs = ask(_RUNS, tags=[{"key": tag, "value": value}])["runsOrError"]["results"]
    return [run["status"] for run in runs]


def backfill_status(ask: Ask, backfill_id: str) -> str:
    """The status of a backfill, `COMPLETED_SUCCESS` and so on."""
    found = ask(_BACKFILL_STATUS, id=backfill_id)["partitionBackfillOrError"]
    return str(found["status"])


def statuses_by_partition(ask: Ask, backfill_id: str) -> dict[str, str]:
    """The status of the run of each partition, as the page of a backfill of a job shows it."""
    found = ask(_BACKFILL_PARTITIONS, id=backfill_id)["partitionBackfillOrError"]
    return {
        each["partitionName"]: each["runStatus"] for each in found["partitionStatuses"]["results"]
    }


def partitions(ask: Ask, asset: str) -> tuple[list[str], set[str]]:
    """The partitions of an asset, and those that were materialized."""
    node = ask(_PARTITIONS, key={"path": [asset]})["assetNodeOrError"]
    made = {one["partition"] for one in node["latestMaterializationByPartition"] if one}
    return node["partitionKeys"], made
