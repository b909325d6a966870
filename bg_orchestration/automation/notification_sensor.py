"""The sensor that sends the messages of the outbox, and the schedule of the weekly digest."""

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.settings import settings
from bg_orchestration.store.database import describe_outage, writing


def _configured() -> bool:
    return bool(settings().notify_urls or settings().notify_slack_urls)


@dg.sensor(
    name=names.NOTIFICATIONS_SENSOR,
    minimum_interval_seconds=5,
    default_status=(
        dg.DefaultSensorStatus.RUNNING if _configured() else dg.DefaultSensorStatus.STOPPED
    ),
    description="Sends notifications of changed groups and of dead refreshes to the "
    "addresses of BG_NOTIFY_URLS and BG_NOTIFY_SLACK_URLS. Starts no run. See bg notifications.",
)
def notifications(_context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Send messages for a few seconds at most; the next tick sends the rest.

    It is a separate sensor, so a slow address does not delay the inbox. It needs no cursor: the
    rows hold which messages were sent.
    """
    # Imported here, because every run imports this module, and no run sends messages.
    from bg_orchestration.destinations.notifications.dispatch import send_due
    from bg_orchestration.observability.logs import configure_hosted_logs

    config = settings()
    configure_hosted_logs(config.log_level, config.log_levels)
    if not _configured():
        return dg.SkipReason("No address is set: BG_NOTIFY_URLS, BG_NOTIFY_SLACK_URLS")
    try:
        delivered = send_due(ready_engine(), config)
    except SQLAlchemyError as error:
        raise RuntimeError(describe_outage(error)) from error
    return dg.SkipReason("; ".join(map(str, delivered)) or "Nothing to send now")


@dg.schedule(
    name=names.DIGEST_SCHEDULE,
    # By name, because it starts no run.
    job_name=names.JOB,
    cron_schedule="0 6 * * 1",
    execution_timezone="UTC",
    default_status=(
        dg.DefaultScheduleStatus.RUNNING if _configured() else dg.DefaultScheduleStatus.STOPPED
    ),
    description="Queues the digest of the last week for the addresses that get messages of the "
    "type digest, once for each week. Starts no run. See bg digest.",
)
def digest_weekly(context: dg.ScheduleEvaluationContext) -> dg.SkipReason:
    """Write the digest into the outbox; the sensor `notifications` sends it."""
    from bg_orchestration.destinations.notifications.digests import last_week, queue_digest

    monday = last_week(context.scheduled_execution_time.date())
    try:
        with writing(ready_engine()) as connection:
            addresses = queue_digest(connection, monday)
    except SQLAlchemyError as error:
        raise RuntimeError(describe_outage(error)) from error
    return dg.SkipReason(
        f"The digest of the week from {monday} is queued for: "
        f"{', '.join(addresses) or 'no address'}"
    )
