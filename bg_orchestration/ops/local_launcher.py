"""Dagster's own launcher for `dagster dev`, which can cancel runs of a terminal too.

run_launcher:
module: bg_orchestration.ops.local_launcher
class: LocalRunLauncher
"""

from dagster._core.launcher import DefaultRunLauncher

from bg_orchestration.assets.cancellation import is_of_terminal


class LocalRunLauncher(DefaultRunLauncher):
    """The launcher starts runs as processes of the code server."""

    def terminate(self, run_id: str) -> bool:
        """Cancel a run; returns whether it had not ended.

        Dagster's launcher reports that it cancels, and then fails for a run without a code server:
        one of `bg refresh` or `dagster job execute`. Such a run reads its status and stops.
        """
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        cancelled: bool = super().terminate(run_id)  # type: ignore[no-untyped-call]
        return cancelled or is_of_terminal(run)
