"""The exporter reads the pipeline's metrics from the tables at each scrape.

Workers live for one run and sensors for one tick: neither can be scraped. So one small process
reads the database and Dagster's storage with a few indexed queries. A part that does not answer in
time is left out, with `bg_scrape_collector_success 0`; the other parts are served.
"""

import platform
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.observability import metric_families
from bg_orchestration.observability.deadlines import Question
from bg_orchestration.ops import dagster_storage
from bg_orchestration.ops.dagster_home import dagster_home
from bg_orchestration.ops.metric_conversion import (
    add,
    by,
    gauge,
    optional_gauge,
    stored_counts,
)
from bg_orchestration.ops.provider_metrics import notification_metrics, provider_metrics
from bg_orchestration.refreshes import open_work
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store import counters
from bg_orchestration.store.database import (
    SCHEMA_VERSION,
    describe_outage,
    engine_for,
    reading_within,
)

# The longest time of a statement, and of a scrape: Prometheus waits for 10 s by default.
_STATEMENT_SECONDS: Final = 3.0
_SCRAPE_SECONDS: Final = 8.0
# Counting all rows takes a second for a million members. The exporter counts so rarely that it
# takes less than one percent of the time.
_CENSUS_REST: Final = 100

log = structlog.stdlib.get_logger(__name__)


class PipelineCollector(Collector):
    """The collector reads the metric families anew for each scrape."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self._engine = engine
        self._home = home
        self._census: list[Metric] = []
        self._census_until = 0.0
        self._failing: set[str] = set()
        questions: dict[str, Callable[[], list[Metric]]] = {
            "schema": self._ask_schema,
            "pipeline": self._ask_pipeline,
            "census": self._ask_census,
            "dagster": self._ask_dagster,
        }
        self._questions = {name: Question(_with_duration(ask)) for name, ask in questions.items()}

    def collect(self) -> Iterator[Metric]:
        """Read all parts at once, and yield the answers that came in time."""
        until = time.monotonic() + _SCRAPE_SECONDS
        for question in self._questions.values():
            question.begin()
        success = gauge(metric_families.SUCCESS, {})
        duration = gauge(metric_families.DURATION, {})
        for name, question in self._questions.items():
            try:
                seconds, metrics = question.answer(until)
            except Exception as error:  # noqa: BLE001 - the other parts must be served
                self._failed(name, error)
                add(success, metric_families.SUCCESS, {"collector": name}, 0)
                continue
            self._failing.discard(name)
            yield from metrics
            add(success, metric_families.SUCCESS, {"collector": name}, 1)
            add(duration, metric_families.DURATION, {"collector": name}, seconds)
        yield success
        yield duration
        build = {"version": version("bg_orchestration"), "python": platform.python_version()}
        yield gauge(metric_families.BUILD, {tuple(build.items()): 1})

    def _failed(self, name: str, error: Exception) -> None:
        # The log has the fault once until the part works again: scrapes come every few seconds.
        if name not in self._failing:
            self._failing.add(name)
            log.error("metrics_missing", collector=name, error=_sentence(error))

    def _ask_schema(self) -> list[Metric]:
        with reading_within(self._engine, _STATEMENT_SECONDS) as connection:
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        versions = {"version": str(version), "needed": SCHEMA_VERSION}
        return [gauge(metric_families.SCHEMA, {tuple(versions.items()): 1})]

    def _ask_pipeline(self) -> list[Metric]:
        with reading_within(self._engine, _STATEMENT_SECONDS) as connection:
            stages = open_work.stages(connection)
            refreshes = open_work.open_refreshes(connection)
            dead_events = open_work.dead_events(connection)
            dead_refreshes = open_work.dead_refreshes(connection)
            last = open_work.last_completed(connection)
            counts = counters.read(connection)
            others = [
                *provider_metrics(connection, settings()),
                *notification_metrics(connection),
            ]
        open_ = {
            stage: getattr(refreshes, stage) for stage in metric_families.REFRESHES.labels["stage"]
        }
        return [
            by(metric_families.PENDING, {name: stage.events for name, stage in stages.items()}),
            by(
                metric_families.PENDING_AGE,
                {name: in_stage.oldest_seconds for name, in_stage in stages.items()},
            ),
            optional_gauge(metric_families.DEAD_EVENTS, dead_events),
            optional_gauge(metric_families.DEAD_COMPANIES, len(dead_refreshes)),
            by(metric_families.REFRESHES, open_),
            optional_gauge(
                metric_families.LAST_COMPLETED, None if last is None else last.timestamp()
            ),
            *[stored_counts(family, counts) for family in metric_families.COUNTED],
            *others,
        ]

    def _ask_census(self) -> list[Metric]:
        began = time.monotonic()
        if began < self._census_until:
            return self._census
        with reading_within(self._engine, _STATEMENT_SECONDS) as connection:
            census = open_work.census(connection)
        members: dict[tuple[tuple[str, str], ...], float] = {
            (("role", role), ("reachable", str(can).lower())): census.members.get((role, can), 0)
            for role in metric_families.ROLES
            for can in (True, False)
        }
        self._census = [
            gauge(metric_families.MEMBERS, members),
            optional_gauge(metric_families.GROUPS, census.groups),
            optional_gauge(metric_families.COMPANIES, census.companies),
        ]
        ended = time.monotonic()
        self._census_until = ended + _CENSUS_REST * (ended - began)
        return self._census

    def _ask_dagster(self) -> list[Metric]:
        runs = dagster_storage.read_runs(self._home)
        ages: dict[str, float] = {
            name: runs.heartbeats[name]
            for name in metric_families.DAEMONS
            if name in runs.heartbeats
        }
        return [
            by(metric_families.RUNS, runs.unfinished),
            by(metric_families.RUNS_LAST_DAY, runs.last_day),
            by(metric_families.HEARTBEAT_AGE, ages),
        ]


def serve(config: Settings) -> Callable[[], None]:
    """Listen on BG_EXPORTER_HOST and BG_EXPORTER_PORT; return the function that stops it.

    Raises:
        OSError: the address is taken or not of this machine.
        SchemaError: BG_DATABASE_URL is no database URL.
    """
    registry = CollectorRegistry()
    registry.register(PipelineCollector(engine_for(config.url), dagster_home(config)))
    server, _ = start_http_server(config.exporter_port, config.exporter_host, registry)
    log.info("exporting", host=config.exporter_host, port=server.server_port)
    return server.shutdown


def _with_duration(ask: Callable[[], list[Metric]]) -> Callable[[], tuple[float, list[Metric]]]:
    def answer() -> tuple[float, list[Metric]]:
        began = time.monotonic()
        metrics = ask()
        return time.monotonic() - began, metrics

    return answer


def _sentence(error: Exception) -> str:
    if isinstance(error, SQLAlchemyError):
        return describe_outage(error)
    return "no answer in time" if isinstance(error, TimeoutError) else str(error)
