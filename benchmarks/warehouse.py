"""Speed and memory of `bg export`: `python -m benchmarks.warehouse [COMPANIES] [DATABASE...]`.

In a process for each database (sqlite, postgres) it fills an empty database with groups of eight
members and twelve changes and exports them as Parquet and as DuckDB. It prints rows a second beside
a plain `SELECT` of the same rows, the peak of the resident memory, and whether the databases gave
the same bytes.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, Table, insert, select

from bg_orchestration.destinations.warehouse.export import export, is_current
from bg_orchestration.destinations.warehouse.targets import target_of
from bg_orchestration.store.database import engine_for, reading, upgrade_schema, writing
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    companies,
    external_ids,
    people,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.crash.postgres import running

_MEMBERS = 8
_CHANGES = 12
_BATCH = 1_000
_START = datetime(2026, 1, 1, tzinfo=UTC)
_ROLES = ("decision", "champion", "stakeholder", "stakeholder", "blocker", "introducer")
_REASONS = json.dumps(["Vice president", "in the department that buys: sales", "three years there"])


def fill(engine: Engine, count: int) -> None:
    """Write the rows of `count` companies."""
    for start in range(0, count, _BATCH):
        batch: dict[Table, list[dict[str, Any]]] = {
            table: []
            for table in (companies, logs, people, buyer_groups, buyer_group_members,
                          buyer_group_changes, external_ids)
        }  # fmt: skip
        for number in range(start, min(start + _BATCH, count)):
            _company(batch, number)
        with writing(engine) as connection:
            for table, rows in batch.items():
                connection.execute(insert(table), rows)


def _company(batch: dict[Table, list[dict[str, Any]]], number: int) -> None:
    company_id = f"company-{number:06}.example"
    at = _START + timedelta(seconds=number)
    refresh_id = f"{number:032}"
    group = {"company_id": company_id, "profile_id": "default"}
    batch[companies].append({
        "company_id": company_id, "name": f"Company {number}", "folded_name": f"company{number}",
        "domain": company_id, "source": "benchmark", "created_at": at, "refreshed_at": at,
    })  # fmt: skip
    batch[logs].append({
        "refresh_id": refresh_id, "company_id": company_id, "reason": "manual",
        "state": "completed", "planned_at": at, "due_at": at,
    })  # fmt: skip
    gap = {"need": "blocker", "look_for": "legal", "nearest": [f"p-{number}-7"]}
    batch[buyer_groups].append({
        **group, "company_size": 250, "size_low": 3, "size_high": 9, "people_known": 120,
        "completeness": 0.75, "confidence": 0.6, "covered": '["decision", "function sales"]',
        "gaps": json.dumps([gap]),
        "created_at": at, "changed_at": at,
    })  # fmt: skip
    batch[external_ids].append({
        "system": "salesforce:account", "external_id": f"001{number:012}", "kind": "company",
        "our_id": company_id, "source": "file:accounts.csv", "first_seen": at, "last_seen": at,
    })  # fmt: skip
    for member in range(_MEMBERS):
        person_id = f"p-{number}-{member}"
        batch[people].append({
            "person_id": person_id, "name": f"Person {number} {member}", "source": "benchmark",
            "created_at": at,
        })  # fmt: skip
        point = {"person_id": person_id, "kind": "email", "value": f"{person_id}@{company_id}",
                 "source": "benchmark", "type": "work", "status": "deliverable",
                 "seen_on": "2026-01-01", "verified_on": None, "do_not_contact": False}  # fmt: skip
        batch[buyer_group_members].append({
            **group, "person_id": person_id, "title": "VP Sales", "seniority": "vp",
            "function": "sales", "role": _ROLES[member % len(_ROLES)], "score": 0.7,
            "reasons": _REASONS, "contacts": json.dumps([point]), "changed_at": at,
        })  # fmt: skip
    for change in range(_CHANGES):
        batch[buyer_group_changes].append({
            **group, "person_id": f"p-{number}-{change % _MEMBERS}", "refresh_id": refresh_id,
            "kind": "joined" if change < _MEMBERS else "role_changed", "new": "champion",
            "title": "VP Sales", "changed_at": at + timedelta(days=change),
        })  # fmt: skip


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the time of `work` and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def plain(engine: Engine) -> int:
    """Read all rows of the source tables: the least that any export must do."""
    count = 0
    with reading(engine) as connection:
        for table in (buyer_groups, buyer_group_members, buyer_group_changes, external_ids):
            result = connection.execution_options(yield_per=1_000).execute(select(table))
            count += sum(1 for _ in result)
    return count


def measure(count: int, url: str | None) -> None:
    """Fill, export, print; the last line is the version, a hash of the bytes."""
    with TemporaryDirectory() as home:
        engine = engine_for(url or f"sqlite:///{home}/benchmark.sqlite3")
        upgrade_schema(engine)
        fill(engine, count)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        read, rows = seconds(lambda: plain(engine))
        print(f"{count:,} companies, {rows:,} rows on {engine.dialect.name}")
        print(f"plain SELECT      {read:7.1f} s  {rows / read:9,.0f} rows/s")
        for name in ("folder", "groups.duckdb"):
            target = target_of(f"{home}/{name}", Path(home))
            took, report = seconds(lambda target=target: export(engine, target))
            print(f"export to {name:13} {took:5.1f} s  {rows / took:9,.0f} rows/s")
        folder = target_of(f"{home}/folder", Path(home))
        with reading(engine) as connection:
            took, same = seconds(lambda: is_current(connection, folder))
        print(f"tick, nothing changed: {took * 1000:.0f} ms ({same})")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak of resident memory: {after:.0f} MB, {before:.0f} MB before the export")
        print(report.version)
        engine.dispose()


def main(count: int, databases: Sequence[str]) -> None:
    """Measure each database in a process of its own, and compare the bytes."""
    versions = set()
    for database in databases:
        with running() if database == "postgres" else nullcontext() as server:
            url = [server.url] if server else []
            output = subprocess.run(
                [sys.executable, "-m", __spec__.name, "--measure", str(count), *url],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        figures, version = output.rstrip().rsplit("\n", 1)
        print(figures, flush=True)
        versions.add(version)
    if len(databases) > 1:
        print("The same bytes." if len(versions) == 1 else f"DIFFERENT BYTES: {versions}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--measure"]:
        measure(int(arguments[1]), arguments[2] if arguments[2:] else None)
    else:
        size = int(arguments[0]) if arguments else 10_000
        main(size, arguments[1:] or ("sqlite", "postgres"))
