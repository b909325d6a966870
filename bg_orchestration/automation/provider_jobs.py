"""Daily provider job: renew subscriptions, look for missed changes, re-apply suppressions."""

from datetime import UTC, datetime, timedelta
from typing import Final

import dagster as dg

from bg_orchestration import names
from bg_orchestration.privacy.answer_erasure import erase_from_batch
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.settings import settings
from bg_orchestration.store.database import writing

# One free search for each, at most five a second: some minutes. The next day takes the rest.
_MOST_COMPANIES: Final = 1_000
# Longer than the time between two executions with a day's outage between them.
_LOOK_BACK: Final = timedelta(days=3)


@dg.op
def renew_subscriptions(context: dg.OpExecutionContext) -> None:
    """Renew subscriptions to providers' pushes that end within 14 days.

    The op fails if a renewal failed, so that an operator sees it in time.
    """
    # Imported here, because every run imports this module.
    from bg_orchestration.providers.subscription_service import renew_expiring, subscription_client

    if settings().coresignal_key is None:
        return
    engine = ready_engine()
    with subscription_client(engine, settings()) as client:
        renewal = renew_expiring(engine, client, settings())
    context.add_output_metadata(
        {
            "renewed": len(renewal.renewed),
            "replaced": len(renewal.replaced),
            "failed": len(renewal.failed),
        }
    )
    if renewal.failed:
        why = "; ".join(
            f"{subscription}: {reason}" for subscription, reason in sorted(renewal.failed.items())
        )
        raise dg.Failure(f"Not renewed: {why}. See: bg subscriptions list", allow_retries=False)


@dg.op
def sweep_companies(context: dg.OpExecutionContext) -> None:
    """Search for changes without a push, free of charge, and plan those refreshes."""
    from bg_orchestration.providers.subscription_service import (
        CORESIGNAL,
        search_client,
        sweep_changes,
    )

    if CORESIGNAL not in settings().providers_for("people"):
        return
    engine = ready_engine()
    with search_client(engine, settings()) as client:
        sweep = sweep_changes(engine, client, settings().limits, _MOST_COMPANIES)
    context.add_output_metadata({"asked": sweep.asked, "refreshes planned": sweep.planned})
    if sweep.stopped:
        context.log.warning("The sweep ended early: %s", sweep.stopped)


@dg.op
def keep_forgotten_people_out(context: dg.OpExecutionContext) -> None:
    """Remove suppressed people from new provider answers."""
    suppressions = Suppressions.configured(settings())
    since, cut = datetime.now(UTC) - _LOOK_BACK, 0
    position: str | None = ""
    while position is not None:
        # A hundred answers at a time: events and refreshes must not wait for three days of them.
        with writing(ready_engine()) as connection:
            count, position = erase_from_batch(connection, suppressions, since, position)
        cut += count
    context.add_output_metadata({"answers cut": cut})


@dg.job(
    name=names.WATCH_JOB,
    description="Renews subscriptions, searches for changes without a push, and removes suppressed "
    "people from stored answers.",
)
def watch_providers() -> None:
    """Wire the three ops, which are independent."""
    renew_subscriptions()
    sweep_companies()
    keep_forgotten_people_out()


watch_schedule = dg.ScheduleDefinition(
    name=names.WATCH_SCHEDULE,
    job=watch_providers,
    cron_schedule="15 3 * * *",
    execution_timezone="UTC",
    description=f"Runs the job {names.WATCH_JOB} daily at 03:15 UTC. Providers do not repeat a "
    "missed push: this search, free of charge, finds its changes.",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
