"""The trace of a run as a resource: begun with the run's resources, and ended with them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from bg_orchestration.settings import settings

if TYPE_CHECKING:
    from bg_orchestration.assets.run_trace import RunTrace


@dg.resource(description="The trace of the run, see `bg trace`.")
def trace(context: dg.InitResourceContext) -> Iterator["RunTrace"]:
    """Open for as long as the run has its resources: in one process, for all of its steps."""
    # Here and not above: whoever only loads the definitions pays for neither logs nor traces.
    from bg_orchestration.assets.run_trace import RunTrace
    from bg_orchestration.observability.logs import configure_hosted_logs

    config = settings()
    configure_hosted_logs(config.log_level, config.log_levels)
    assert context.run is not None, "only runs have this resource"
    made = RunTrace(context.run)
    try:
        yield made
    finally:
        made.end()
