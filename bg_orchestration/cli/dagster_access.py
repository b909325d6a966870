"""The Dagster instance, for commands that start runs or backfills."""

import os
from typing import TYPE_CHECKING

from bg_orchestration.observability.logs import configure_hosted_logs
from bg_orchestration.ops.dagster_home import create_storage, dagster_home, write_home
from bg_orchestration.settings import settings

if TYPE_CHECKING:
    from dagster import DagsterInstance


def dagster_instance() -> "DagsterInstance":
    """Return the instance of `bg up`, created if need be.

    Raises:
        FileNotFoundError: `DAGSTER_HOME` names a folder without a `dagster.yaml`.
    """
    from dagster import DagsterInstance

    configure_hosted_logs("error")
    home = dagster_home(settings())
    write_home(settings(), home)
    create_storage(home)
    os.environ["DAGSTER_HOME"] = str(home)
    return DagsterInstance.get()
