"""A model of what the code asks of Dagster: runs, their queue, and the memory of run keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from dagster import DagsterRunStatus as Status
from dagster import RunsFilter

from bg_orchestration import names

ENDED = (Status.SUCCESS, Status.FAILURE, Status.CANCELED)
_ORIGIN = SimpleNamespace(
    repository_origin=SimpleNamespace(
        code_location_origin=SimpleNamespace(location_name=names.LOCATION)
    )
)


@dataclass(eq=False)
class Run:
    """A run as far as the code looks at it."""

    run_id: str
    tags: dict[str, str]
    updated: datetime
    status: Status = Status.NOT_STARTED
    parent_run_id: None = None
    asset_selection: None = None
    remote_job_origin: Any = field(default_factory=lambda: _ORIGIN)

    @property
    def is_finished(self) -> bool:
        """As Dagster's."""
        return self.status in ENDED

    @property
    def company_id(self) -> str:
        """The company that the run refreshes."""
        return self.tags["dagster/partition"]

    @property
    def attempt(self) -> tuple[str, str] | None:
        """Refresh and attempt for which the sensor requested the run."""
        key = self.tags.get("bg/attempt")
        return None if key is None else (self.tags[names.TAG_REFRESH], key)


class RunQueue:
    """The instance of Dagster: the methods that reconciliation and runs call."""

    run_monitoring_enabled = True
    run_monitoring_start_timeout_seconds = 60

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.runs: list[Run] = []

    def create(self, tags: dict[str, str]) -> Run:
        """Store a run that is not yet queued."""
        run = Run(f"run-{len(self.runs) + 1}", tags, self._now())
        self.runs.append(run)
        return run

    def move(self, run: Run, status: Status) -> None:
        """Write a run's status, unless it has ended."""
        if run.status not in ENDED:
            run.status, run.updated = status, self._now()

    def with_key(self, run_key: str) -> Run | None:
        """Return the run that was created under a run key, however old it is."""
        return next((run for run in self.runs if run.tags.get("dagster/run_key") == run_key), None)

    def in_status(self, *statuses: Status) -> list[Run]:
        """Return the runs in these statuses, oldest first."""
        return [run for run in self.runs if run.status in statuses]

    def get_run_records(self, filters: RunsFilter, limit: int | None = None) -> list[Any]:
        """As Dagster's: the newest run first."""
        found = [
            SimpleNamespace(dagster_run=run, update_timestamp=run.updated)
            for run in reversed(self.runs)
            if (not filters.statuses or run.status in filters.statuses)
            and all(run.tags.get(name) == value for name, value in (filters.tags or {}).items())
        ]
        return found[:limit]

    def get_run_record_by_id(self, run_id: str) -> Any:
        """As Dagster's."""
        run = self.get_run_by_id(run_id)
        return run and SimpleNamespace(dagster_run=run, update_timestamp=run.updated)

    def get_records_for_run(self, *_arguments: Any, **_named: Any) -> Any:
        """As Dagster's: no user has cancelled a run."""
        return SimpleNamespace(records=[])

    def get_run_by_id(self, run_id: str) -> Run | None:
        """As Dagster's."""
        return next((run for run in self.runs if run.run_id == run_id), None)

    def report_run_failed(self, run: Run, _message: str) -> None:
        """As Dagster's."""
        self.move(run, Status.FAILURE)

    def add_run_tags(self, run_id: str, tags: dict[str, str]) -> None:
        """As Dagster's; a run with new tags has moved."""
        run = self.get_run_by_id(run_id)
        assert run is not None
        run.tags.update(tags)
        run.updated = self._now()
