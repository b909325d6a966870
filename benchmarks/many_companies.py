"""10,000 and 100,000 companies: the sensor's tick, the schedule, and the pages of Dagit.

    python -m benchmarks.many_companies --companies 10000

Fills a home of its own with companies, all due and without a group, and measures on SQLite.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx

_PAGES: Final = {
    "assets": "{ assetsOrError { ... on AssetConnection { nodes { id key { path } } } } }",
    "partitions of an asset": """
        query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
          partitionKeysByDimension { name partitionKeys } } } }""",
    "status of the partitions": """
        query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
          partitionStats { numMaterialized numPartitions numFailed numMaterializing }
          assetPartitionStatuses { ... on DefaultPartitionStatuses {
            materializedPartitions failedPartitions unmaterializedPartitions } } } } }""",
    "runs": """
        { runsFeedOrError(limit: 30, view: ROOTS) { ... on RunsFeedConnection {
          results { id runStatus creationTime } } } }""",
    "backfills": """
        { partitionBackfillsOrError(limit: 10) { ... on PartitionBackfills {
          results { id status numPartitions } } } }""",
    "sensor": """
        query($sensor: SensorSelector!) { sensorOrError(sensorSelector: $sensor) { ... on Sensor {
          name sensorState { status ticks(limit: 25) { id status timestamp } } } } }""",
}


def main() -> None:
    """Print a table of seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--companies", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bg-many-") as folder:
        os.environ |= {"BG_HOME": folder, "DAGSTER_HOME": str(Path(folder) / "dagster")}
        (Path(folder) / "dagster").mkdir()
        (Path(folder) / "dagster" / "dagster.yaml").write_text(Path("dagster.yaml").read_text())
        for name, seconds in _measure(arguments.companies).items():
            print(f"| {name} | {seconds:.3f} s |")


def _measure(count: int) -> dict[str, float]:
    import dagster as dg

    from bg_orchestration.automation.sensors import webhook_inbox
    from bg_orchestration.domain.model import Company
    from bg_orchestration.profiles import key_companies
    from bg_orchestration.providers.embedded import ready_engine
    from bg_orchestration.refreshes.planning import plan_stale
    from bg_orchestration.settings import settings
    from bg_orchestration.store.companies import save_companies
    from bg_orchestration.store.database import writing

    found: dict[str, float] = {}
    engine = ready_engine()
    records = [Company(company_id=f"c{n:06}", name=f"Company {n}") for n in range(count)]
    found["store the companies"] = _seconds(
        lambda: _store(engine, records, save_companies, writing)
    )
    config = settings()
    with dg.DagsterInstance.get() as instance:
        cursor: str | None = None

        def tick() -> None:
            nonlocal cursor
            with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
                cursor = webhook_inbox(context).cursor  # type: ignore[union-attr]

        found["first tick, adds the partitions"] = _seconds(tick)
        found["schedule, all due"] = _seconds(
            lambda: plan_stale(
                engine, config.freshness, key_companies(config.profiles), config.limits
            )
        )
        found["schedule, none due"] = _seconds(
            lambda: plan_stale(
                engine, config.freshness, key_companies(config.profiles), config.limits
            )
        )
        # A tick with a full queue waits for work; what it does before that is its own time.
        from bg_orchestration.automation import sensors

        sensors._STAY_SECONDS = 0.0  # type: ignore[misc]
        found["tick with that backlog, median of 20"] = statistics.median(
            _seconds(tick) for _ in range(20)
        )
    return found | _pages()


def _store(engine: Any, records: list[Any], save: Callable[..., Any], writing: Any) -> None:
    with writing(engine) as connection:
        save(connection, records, "benchmark")


def _pages() -> dict[str, float]:
    """Ask a real webserver what the pages ask: the first answer, and the median of five more."""
    port = 39_517
    command = ["-m", "dagster_webserver", "-p", str(port), "-m", "bg_orchestration.definitions"]
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _await(port)
            return {
                name: value
                for page, query in _PAGES.items()
                for name, value in _page(port, page, query).items()
            }
        finally:
            process.terminate()


def _page(port: int, page: str, query: str) -> dict[str, float]:
    variables = {
        "key": {"path": ["published_buyer_group"]},
        "sensor": {
            "repositoryLocationName": "bg_orchestration.definitions",
            "repositoryName": "__repository__",
            "sensorName": "webhook_inbox",
        },
    }
    used = {name: value for name, value in variables.items() if f"${name}" in query}

    def ask() -> None:
        answer = httpx.post(
            f"http://127.0.0.1:{port}/graphql",
            json={"query": query, "variables": used},
            timeout=120,
        ).json()
        if "errors" in answer:
            raise RuntimeError(json.dumps(answer["errors"])[:500])

    first = _seconds(ask)
    return {
        f"page: {page}, first": first,
        f"page: {page}, then": statistics.median(_seconds(ask) for _ in range(5)),
    }


def _await(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            httpx.get(f"http://127.0.0.1:{port}/server_info", timeout=5)
        except httpx.TransportError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError("the webserver did not start within 120 s")


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
