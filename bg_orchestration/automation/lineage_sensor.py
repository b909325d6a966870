"""The sensor that sends lineage events to an OpenLineage server.

The community package `dagster-openlineage` makes the events; this module switches it on.
"""

import warnings
from collections.abc import Iterator
from functools import cache
from typing import Final, cast

import dagster as dg

from bg_orchestration import names
from bg_orchestration.settings import settings

# The package reads the newest events of each type, at most so many a tick. Runs are limited to ten
# a minute, with eight materializations each.
_MOST_EVENTS: Final = 200


@dg.sensor(
    name=names.LINEAGE_SENSOR,
    minimum_interval_seconds=10,
    default_status=(
        dg.DefaultSensorStatus.RUNNING
        if settings().openlineage_url
        else dg.DefaultSensorStatus.STOPPED
    ),
    description="Sends the runs and materializations from now on to the OpenLineage server of "
    "OPENLINEAGE_URL. Starts no run. What happens while the server is away is not sent later.",
)
def openlineage(context: dg.SensorEvaluationContext) -> Iterator[dg.SkipReason]:
    """Send new events; the cursor is the last one."""
    if not settings().openlineage_url:
        yield dg.SkipReason("No server is set: OPENLINEAGE_URL")
        return
    if context.cursor is None:
        # Without a start the package would send the whole history.
        newest = context.instance.event_log_storage.get_maximum_record_id() or 0
        context.update_cursor(_cursor(newest))
        yield dg.SkipReason("Lineage is sent from now on")
        return
    with warnings.catch_warnings():
        # The package reads events by a method for which Dagster has newer ones.
        warnings.filterwarnings("ignore", "Use fetch_", UserWarning)
        yield from cast("Iterator[dg.SkipReason]", _sensor()(context))


@cache
def _sensor() -> dg.SensorDefinition:
    # Imported here, because every run imports this module, and no run sends lineage.
    try:
        from dagster_openlineage import openlineage_sensor
    except ImportError:
        raise RuntimeError(
            "OPENLINEAGE_URL is set, but the package is missing: "
            "pip install 'bg_orchestration[openlineage]'"
        ) from None
    sensor: dg.SensorDefinition = openlineage_sensor(
        include_asset_events=True, record_filter_limit=_MOST_EVENTS
    )
    return sensor


def _cursor(storage_id: int) -> str:
    from dagster_openlineage.cursor import OpenLineageCursor

    cursor: str = OpenLineageCursor(storage_id).to_json()
    return cursor
