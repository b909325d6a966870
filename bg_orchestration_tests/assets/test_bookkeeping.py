"""What the bookkeeping of one refresh costs: rows of Dagster's event log, and SQL statements.

Both grow unnoticed, and both are most of a refresh's time. A change here is a decision: say why in
"One step makes all six assets" in docs/decisions.md.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from sqlalchemy import Engine, event

from bg_orchestration_tests.assets.conftest import Run, handed_over, why
from bg_orchestration_tests.store.rows import push

EVENTS = {
    "ASSET_MATERIALIZATION_PLANNED": 6,
    "ASSET_CHECK_EVALUATION_PLANNED": 3,
    "PIPELINE_START": 1,
    "ENGINE_EVENT": 2,
    "RESOURCE_INIT_STARTED": 1,
    "RESOURCE_INIT_SUCCESS": 1,
    "LOGS_CAPTURED": 1,
    "STEP_START": 1,
    "ASSET_MATERIALIZATION": 6,
    "STEP_OUTPUT": 3,
    "ASSET_CHECK_EVALUATION": 3,
    "STEP_SUCCESS": 1,
    "PIPELINE_SUCCESS": 1,
    # What is refreshed and why; what was published, the seconds of each asset and the ids.
    "LOG": 2,
}
# At most, BEGIN included: 9 transactions of ours, of which 3 write.
OUR_STATEMENTS = 60
# Four of them read the newest records of the sources upstream, which draws the lineage to them;
# two store the code versions of the assets that the rules make; one is the log's first line; one
# asks whether a user has cancelled the run before its step.
DAGSTER_STATEMENTS = 88


@contextmanager
def statements() -> Iterator[Counter[Engine]]:
    """Count the statements of each engine, connections being set up apart."""
    found: Counter[Engine] = Counter()

    def count(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith("PRAGMA"):
            found[connection.engine] += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def test_a_refresh_costs_so_many_rows_and_statements(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    assert run("acme").success
    push(database)
    tags = handed_over(database)
    with statements() as found:
        result = run("acme", tags=tags)
    assert result.success, why(result)
    entries = [
        entry.dagster_event.event_type_value if entry.dagster_event else "LOG"
        for entry in instance.all_logs(result.run_id)
    ]
    assert Counter(entries) == EVENTS
    assert 0 < found.pop(database) <= OUR_STATEMENTS
    assert 0 < found.total() <= DAGSTER_STATEMENTS
