"""Daily provider job: renew subscriptions, look for missed changes, re-apply suppressions."""

from datetime import UTC, datetime, timedelta
from typing import Final

import dagster as dg

from bg_orchestration import names
from bg_orchestration.privacy.answer_erasure import keep_out_of_answers
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.settings import settings
from bg_orchestration.store.database import writing

# A free search each, five a second at most: some minutes. The rest is for the next day.
_MOST_COMPANIES: Final = 1_000
# Longer than from one execution to the next, with a day's outage between.
_LOOK_BACK: Final = timedelta(days=3)


@dg.op
def renew_subscriptions(context: dg.OpExecutionContext) -> None:
    """Renew subscriptions to providers' pushes that end within 14 days.

    Fails if one could not be renewed, so that a person sees it while there is time.
    """
    # Here, because every run imports this module.
    from bg_orchestration.providers.subscription_service import renew_expiring, subscription_client

    if settings().coresignal_key is None:
        return
    engine = ready_engine()
    with subscription_client(engine, settings()) as ask:
        done = renew_expiring(engine, ask, settings())
    context.add_output_metadata(
        {"renewed": len(done.renewed), "replaced": len(done.replaced), "failed": len(done.failed)}
    )
    if done.failed:
        why = "; ".join(f"{one}: {reason}" for one, reason in sorted(done.failed.items()))
        raise dg.Failure(f"Not renewed: {why}. See: bg subscriptions list", allow_retries=False)


@dg.op
def sweep_companies(context: dg.OpExecutionContext) -> None:
    """Ask, free of charge, where something changed that was not pushed; plan those refreshes."""
    from bg_orchestration.providers.subscription_service import (
        CORESIGNAL,
        search_client,
        sweep_changes,
    )

    if CORESIGNAL not in settings().providers_for("people"):
        return
    engine = ready_engine()
    with search_client(engine, settings()) as ask:
        done = sweep_changes(engine, ask, settings().limits, _MOST_COMPANIES)
    context.add_output_metadata({"asked": done.asked, "refreshes planned": done.planned})
    if done.stopped:
        context.log.warning("The sweep ended early: %s", done.stopped)


@dg.op
def keep_forgotten_people_out(context: dg.OpExecutionContext) -> None:
    """Cut suppressed people out of answers that name them again."""
    suppressions = Suppressions.configured(settings())
    with writing(ready_engine()) as connection:
        cut = keep_out_of_answers(connection, suppressions, datetime.now(UTC) - _LOOK_BACK)
    context.add_output_metadata({"answers cut": cut})


@dg.job(
    name=names.WATCH_JOB,
    description="Renews subscriptions, asks for changes that were not pushed, and keeps forgotten "
    "people out of stored answers.",
)
def watch_providers() -> None:
    """Wire the three ops; none waits for another."""
    renew_subscriptions()
    sweep_companies()
    keep_forgotten_people_out()


watch_schedule = dg.ScheduleDefinition(
    name=names.WATCH_SCHEDULE,
    job=watch_providers,
    cron_schedule="15 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
