"""Steps in the life of a refresh, for the tests of its beginnings and its ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from bg_orchestration.domain.admission import DueRefresh, Limits
from bg_orchestration.domain.freshness import TIERS
from bg_orchestration.observability.metric_families import REFRESH_ATTEMPTS
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import (
    AttemptOver,
    LeaseBusy,
    LimitsReached,
    Refresh,
    complete,
    start,
)
from bg_orchestration.refreshes.overview import refreshes
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.settings import settings
from bg_orchestration.store.counters import Counts, read, total
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.store.rows import (
    HOUR,
    LIMITS,
    POLICY,
    rows,
)

# Every company is due an hour after its last refresh.
RULES = replace(settings().freshness, ages=dict.fromkeys(TIERS, HOUR))
SECOND = timedelta(seconds=1)


def planned(engine: Engine, limits: Limits = LIMITS) -> int:
    with writing(engine) as connection:
        return plan(connection, POLICY, limits)


def emitted(engine: Engine, limits: Limits = LIMITS) -> tuple[DueRefresh, ...]:
    with writing(engine) as connection:
        return emit(connection, limits)


def refreshed(engine: Engine, company_id: str, due: DueRefresh | None = None) -> None:
    """A whole refresh of a company, from the hand-over to its completion."""
    with writing(engine) as connection:
        of_tags = None if due is None else (due.refresh_id, due.attempt)
        taken = start(connection, company_id, f"run-{company_id}", LIMITS, of_tags)
        assert isinstance(taken, Refresh)
        complete(connection, taken, {})


def handed_over(engine: Engine) -> list[DueRefresh]:
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        return list(emit(connection, LIMITS))


def take(
    engine: Engine,
    company_id: str,
    run_id: str,
    due: DueRefresh | None = None,
    limits: Limits = LIMITS,
) -> Refresh | LeaseBusy | LimitsReached | AttemptOver:
    with writing(engine) as connection:
        of_tags = None if due is None else (due.refresh_id, due.attempt)
        return start(connection, company_id, run_id, limits, of_tags)


def taken(engine: Engine, company_id: str, run_id: str, due: DueRefresh | None = None) -> Refresh:
    found = take(engine, company_id, run_id, due)
    assert isinstance(found, Refresh), found
    return found


def done(engine: Engine, refresh: Refresh) -> int:
    with writing(engine) as connection:
        publish(connection, refresh, ())
    with reading(engine) as connection:
        [line] = refreshes(connection, [refresh.refresh_id])
    assert line.summary is not None
    events: int = line.summary["events"]
    return events


def failed(engine: Engine, refresh_id: str, attempt: int, error: str = "Boom") -> str | None:
    with writing(engine) as connection:
        return fail(connection, refresh_id, attempt, error, LIMITS)


def log(engine: Engine) -> dict[str, Any]:
    [row] = rows(engine, logs)
    return row


def counted(engine: Engine) -> Counts:
    with reading(engine) as connection:
        return read(connection)


def attempts(engine: Engine) -> dict[tuple[str, str], float]:
    """How many attempts ended, by their reason and outcome."""
    counts = counted(engine)
    found = {
        (labels["reason"], labels["outcome"]): total(counts, REFRESH_ATTEMPTS, labels)
        for labels in REFRESH_ATTEMPTS.label_sets()
    }
    return {labels: value for labels, value in found.items() if value}
