"""Runs of a terminal in Dagster's storage: `bg refresh` and `dagster job execute`.

Dagster stores them without the code location that they belong to, so Dagit can neither execute them
again nor link to their job.
"""

from dagster import DagsterRun
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.storage.runs import RunStorage

from bg_orchestration import names

_OURS = RemoteRepositoryOrigin(
    code_location_origin=RegisteredCodeLocationOrigin(names.LOCATION),
    repository_name="__repository__",
)


class RunsOfTerminals(RunStorage):
    """Mixin: a run of our job that lacks its code location gets it."""

    def add_run(self, dagster_run: DagsterRun) -> DagsterRun:
        """Store a new run."""
        if dagster_run.remote_job_origin is None and dagster_run.job_name == names.JOB:
            origin = RemoteJobOrigin(repository_origin=_OURS, job_name=names.JOB)
            dagster_run = dagster_run.with_job_origin(origin)
        return super().add_run(dagster_run)  # type: ignore[safe-super]
