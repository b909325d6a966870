"""The sensor that reads the inbox and starts runs."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import dagster as dg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.assets.partitions import add_partitions, count_partitions
from bg_orchestration.assets.refresh_step import run_tags
from bg_orchestration.automation.jobs import refresh_buyer_group
from bg_orchestration.automation.reconciliation import reconcile, run_key
from bg_orchestration.domain.admission import DueRefresh
from bg_orchestration.intake.routing import RoutingPolicy
from bg_orchestration.observability.traces import trace_id_in
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.open_work import Backlog, backlog
from bg_orchestration.refreshes.planning import emit, has_due_work, plan
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import followed_ids, newest_followed
from bg_orchestration.store.database import commit_watcher, describe_outage, reading, writing

# The daemon evaluates sensors every few seconds. So a tick without work stays and looks again, for
# less than the 60 s that Dagster allows, and returns with the first refresh.
_STAY_SECONDS: Final = 9.0
_ASK_SECONDS: Final = 0.05
_CLOCK_SECONDS: Final = 0.5

# A tick counts at most so many planned refreshes of a reason, for its text: all refreshes of a new
# list of 100,000 companies would cost each tick 0.3 s.
_COUNTED: Final = 5_000


@dg.sensor(
    name=names.SENSOR,
    job=refresh_buyer_group,
    minimum_interval_seconds=1,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Plans refreshes from the inbox and starts the due ones as runs of "
    f"{names.JOB}, within the limits. Tries failed refreshes again; nothing else does. The text "
    "of a tick without a run says what waits, and for what. While it is stopped, events stay "
    "pending and are not lost.",
)
def webhook_inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Plans refreshes from the inbox, enqueues due refreshes, and retries failed ones.

    Its cursor decides no refresh; it only avoids listing companies with a partition again.
    """
    try:
        engine = ready_engine()
        cursor = _sync_partitions(context, engine)
        again = reconcile(context.instance, engine, settings().limits)
        due = [*again, *_next(engine)]
        if not due:
            due = [*_wait_for_work(engine)]
        with reading(engine) as connection:
            open_work = backlog(connection, _COUNTED)
    except SQLAlchemyError as error:
        raise RuntimeError(describe_outage(error)) from error
    add_partitions(context.instance, [refresh.company_id for refresh in due])
    if due:
        _log(due)
    return dg.SensorResult(
        run_requests=[_request(refresh) for refresh in due],
        skip_reason=None if due else _skip_reason(open_work),
        cursor=cursor,
    )


def _next(engine: Engine) -> Sequence[DueRefresh]:
    """Plan refreshes for the inbox, and choose those to enqueue now."""
    config = settings()
    policy = RoutingPolicy(
        follow_unknown=config.follow_unknown,
        # A people provider states the current facts; an event is then only a hint to look.
        applies_events=not config.providers_for("people"),
        suppressions=Suppressions.configured(config),
    )
    with writing(engine) as connection:
        plan(connection, policy, settings().limits)
        return emit(connection, settings().limits)


def _wait_for_work(engine: Engine) -> Sequence[DueRefresh]:
    until = time.monotonic() + _STAY_SECONDS
    next_look = 0.0
    with commit_watcher(engine) as has_changed:
        while (now := time.monotonic()) < until:
            time.sleep(_ASK_SECONDS)
            # A refresh may become due by the clock alone, without a change in the database.
            if not has_changed() and now < next_look:
                continue
            next_look = now + _CLOCK_SECONDS
            with reading(engine) as connection:
                has_work = has_due_work(connection, settings().limits)
            if has_work and (due := _next(engine)):
                return due
    return ()


def _request(due: DueRefresh) -> dg.RunRequest:
    return dg.RunRequest(run_key=run_key(due), partition_key=due.company_id, tags=run_tags(due))


def _log(handed_over: Sequence[DueRefresh]) -> None:
    # Imported here, because every run imports this module, and no run enqueues.
    from structlog.stdlib import get_logger

    from bg_orchestration.observability.logs import configure_hosted_logs

    configure_hosted_logs(settings().log_level, settings().log_levels)
    for due in handed_over:
        get_logger(__name__).info(
            "refresh_handed_over",
            refresh_id=due.refresh_id,
            company_id=due.company_id,
            reason=due.reason,
            attempt=due.attempt,
            trace_id=trace_id_in(due.traceparent) or due.refresh_id,
        )


def _sync_partitions(context: dg.SensorEvaluationContext, engine: Engine) -> str | None:
    """Make every followed company a partition.

    The cursor is the newest `created_at` and the number of keys after the last look. Another number
    means that a key was deleted in Dagit: then all are compared, and it comes back.
    """
    since, count = _read_cursor(context.cursor)
    is_complete = count_partitions(context.instance) == count
    with reading(engine) as connection:
        newest = newest_followed(connection)
        if newest is None or (newest == since and is_complete):
            return context.cursor
        company_ids = followed_ids(connection, since if is_complete else None)
    add_partitions(context.instance, company_ids)
    return f"{newest.isoformat()} {count_partitions(context.instance)}"


def _read_cursor(cursor: str | None) -> tuple[datetime | None, int | None]:
    newest, _, count = (cursor or "").partition(" ")
    try:
        return datetime.fromisoformat(newest), int(count)
    except ValueError:
        return None, None


def _skip_reason(open_work: Backlog) -> str:
    until = (
        f" until {open_work.deferred_until:%Y-%m-%d %H:%M:%S} UTC or later"
        if open_work.deferred_until
        else ""
    )
    if open_work.over_budget:
        until += f", {open_work.over_budget} of them because the day's budget is spent"
    return (
        f"{open_work.pending_events} events pending; refreshes: {open_work.under_way} under way, "
        f"{_number(open_work.over_limit)} held back by the limits, "
        f"{_number(open_work.deferred)} deferred{until}; {open_work.dead_events} events dead"
    )


def _number(count: int) -> str:
    return str(count) if count < _COUNTED else f"{count:,} or more"
