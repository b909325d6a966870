"""The sensor that reads the inbox: here an event becomes a run."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import dagster as dg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.assets.partitions import add_partitions
from bg_orchestration.automation.jobs import refresh_buyer_group
from bg_orchestration.automation.reconciliation import reconcile, run_key
from bg_orchestration.domain.admission import Due
from bg_orchestration.intake.routing import Policy
from bg_orchestration.observability.traces import trace_id_in
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.open_work import Backlog, backlog
from bg_orchestration.refreshes.planning import emit, has_news, plan
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import followed_ids, newest_followed
from bg_orchestration.store.database import describe_outage, reading, watching, writing

# The daemon looks at sensors every few seconds. A tick that finds nothing therefore stays and
# asks again, well under the 60 s that Dagster grants it, and returns at the first refresh.
_STAY_SECONDS: Final = 9.0
_ASK_SECONDS: Final = 0.05
_CLOCK_SECONDS: Final = 0.5


@dg.sensor(
    name=names.SENSOR,
    job=refresh_buyer_group,
    minimum_interval_seconds=1,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def webhook_inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Plans refreshes from the inbox, hands due ones to the run queue, and retries failed ones.

    It decides nothing by its cursor, which only spares it from listing companies that it knows.
    """
    try:
        engine = ready_engine()
        cursor = _sync_partitions(context, engine)
        again = reconcile(context.instance, engine, settings().limits)
        due = [*again, *_next(engine)]
        if not due:
            due = [*_stay_for_news(engine)]
        with reading(engine) as connection:
            waiting = backlog(connection)
    except SQLAlchemyError as error:
        raise RuntimeError(describe_outage(error)) from error
    add_partitions(context.instance, [one.company_id for one in due])
    if due:
        _log(due)
    return dg.SensorResult(
        run_requests=[_request(one) for one in due],
        skip_reason=None if due else _sentence(waiting),
        cursor=cursor,
    )


def _next(engine: Engine) -> Sequence[Due]:
    """Plan what the inbox calls for, and what may be handed over now."""
    config = settings()
    policy = Policy(
        follow_unknown=config.follow_unknown,
        # A provider of people says what is true now; then an event is only a hint to look.
        applies_events=not config.providers_for("people"),
        suppressions=Suppressions.configured(config),
    )
    with writing(engine) as connection:
        plan(connection, policy, settings().limits)
        return emit(connection, settings().limits)


def _stay_for_news(engine: Engine) -> Sequence[Due]:
    until = time.monotonic() + _STAY_SECONDS
    ask_again = 0.0
    with watching(engine) as changed:
        while (now := time.monotonic()) < until:
            time.sleep(_ASK_SECONDS)
            # What is due by the clock alone may be due a moment later.
            if not changed() and now < ask_again:
                continue
            ask_again = now + _CLOCK_SECONDS
            with reading(engine) as connection:
                news = has_news(connection, settings().limits)
            if news and (due := _next(engine)):
                return due
    return ()


def _request(due: Due) -> dg.RunRequest:
    tags = {
        names.TAG_COMPANY: due.company_id,
        names.TAG_REFRESH: due.refresh_id,
        names.TAG_REASON: due.reason,
    }
    if due.traceparent:
        tags[names.TAG_TRACEPARENT] = due.traceparent
    return dg.RunRequest(run_key=run_key(due), partition_key=due.company_id, tags=tags)


def _log(handed_over: Sequence[Due]) -> None:
    # Imported here: every run imports this module and hands nothing over.
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
    """Make every followed company a partition; the cursor is when the newest of them was added."""
    try:
        since = None if context.cursor is None else datetime.fromisoformat(context.cursor)
    except ValueError:
        since = None
    with reading(engine) as connection:
        newest = newest_followed(connection)
        if newest is None or newest == since:
            return context.cursor
        added = followed_ids(connection, since)
    add_partitions(context.instance, added)
    return newest.isoformat()


def _sentence(waiting: Backlog) -> str:
    until = (
        f" until {waiting.deferred_until:%Y-%m-%d %H:%M:%S} UTC or later"
        if waiting.deferred_until
        else ""
    )
    if waiting.over_budget:
        until += f", {waiting.over_budget} of them because the day's budget is spent"
    return (
        f"{waiting.pending_events} events pending; refreshes: {waiting.under_way} under way, "
        f"{waiting.over_limit} held back by the limits, {waiting.deferred} deferred{until}; "
        f"{waiting.dead_events} events dead"
    )
