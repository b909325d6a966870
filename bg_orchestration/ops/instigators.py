"""Sensors and schedules of Dagster whose last tick lies in the future: the clock was set back.

    python -m bg_orchestration.ops.instigators

Dagster skips a sensor until its interval after the last tick is over, and a schedule until its last
tick. So after a clock was two hours ahead, no event becomes a run for two hours. The daemon of
`bg up` calls this by itself; with Dagster's own daemon a person runs the command above.
"""

import time
from typing import Any, Final

from dagster import DagsterInstance

# The clocks of two machines may differ by as much.
TOLERANCE: Final = 5.0
_PAGE: Final = 1_000


def settle_instigators(instance: DagsterInstance) -> float:
    """Set every instant of sensors and schedules that lies in the future to now.

    Returns how far the latest of them was ahead, in seconds, or 0.
    """
    now = time.time()
    ahead = 0.0
    for state in instance.all_instigator_state():
        data: Any = state.instigator_data
        times = {
            field: value
            for field, value in (data._asdict() if data else {}).items()
            if field.endswith("timestamp") and value and value > now + TOLERANCE
        }
        if times:
            ahead = max(ahead, *(value - now for value in times.values()))
            instance.update_instigator_state(
                state.with_data(data._replace(**dict.fromkeys(times, now)))
            )
        origin, selector = state.instigator_origin_id, state.selector_id
        while ticks := instance.get_ticks(origin, selector, after=now + TOLERANCE, limit=_PAGE):
            for tick in ticks:
                ahead = max(ahead, tick.timestamp - now)
                times = {"timestamp": now, "end_timestamp": tick.end_timestamp and now}
                instance.update_tick(tick._replace(tick_data=tick.tick_data._replace(**times)))
    return ahead


class SetBackWatch:
    """Notices that the wall clock was set back, by the clock that only goes on."""

    def __init__(self) -> None:
        self._difference = self._now()

    def seconds(self) -> float:
        """Return by how many seconds the clock was set back since the last call, or 0."""
        before, self._difference = self._difference, self._now()
        step = before - self._difference
        return step if step > TOLERANCE else 0.0

    def _now(self) -> float:
        return time.time() - time.monotonic()


if __name__ == "__main__":
    with DagsterInstance.get() as home:
        seconds = settle_instigators(home)
    print(
        f"The clock was set back by {seconds:.0f} s. Sensors and schedules go on now; "
        "start the Dagster daemon again."
        if seconds
        else "No sensor and no schedule has a tick in the future."
    )
