"""What the exporter tells of those whom we ask, of money, and of those whom we tell."""

from prometheus_client.core import Metric
from sqlalchemy import Connection

from bg_orchestration.domain.diagnosis.facts import ProviderHealth
from bg_orchestration.ledger.budget import remaining
from bg_orchestration.ledger.reports import over_budget, provider_health
from bg_orchestration.observability import metric_families
from bg_orchestration.ops.metric_conversion import (
    by,
    counter,
    gauge,
    known,
)
from bg_orchestration.provider_settings import PROVIDERS, ProviderSettings
from bg_orchestration.store.outbox import outbox_now


def provider_metrics(connection: Connection, config: ProviderSettings) -> list[Metric]:
    """Calls, ledger hits, circuits, and what is left of the day's budget."""
    asked = provider_health(connection)
    doing = {name: asked.get(name, ProviderHealth(name)) for name in PROVIDERS}
    spent = sum(one.today_usd for one in asked.values())
    return [
        counter(
            metric_families.PROVIDER_CALLS,
            {
                (("provider", name), ("outcome", outcome)): value
                for name, one in doing.items()
                for outcome, value in (
                    ("answered", one.calls - one.errors),
                    ("failed", one.errors),
                )
            },
        ),
        counter(
            metric_families.LEDGER_HITS,
            {(("provider", name),): one.ledger_hits for name, one in doing.items()},
        ),
        gauge(
            metric_families.CIRCUIT_OPEN,
            {
                (("provider", name), ("cause", cause)): _is_open(one, cause, config)
                for name, one in doing.items()
                for cause in metric_families.CIRCUIT_OPEN.labels["cause"]
            },
        ),
        by(metric_families.SPENT_TODAY, {name: one.today_usd for name, one in doing.items()}),
        known(metric_families.BUDGET, config.daily_budget_usd),
        known(metric_families.BUDGET_LEFT, remaining(config.daily_budget_usd, spent)),
        known(metric_families.OVER_BUDGET, over_budget(connection).refreshes),
    ]


def notification_metrics(connection: Connection) -> list[Metric]:
    """What waits in the outbox, and what was given up."""
    now = outbox_now(connection)
    return [
        known(metric_families.NOTIFICATIONS_PENDING, now.pending),
        known(metric_families.NOTIFICATION_AGE, now.oldest_seconds),
        known(metric_families.NOTIFICATIONS_DEAD, sum(now.dead.values())),
    ]


def _is_open(one: ProviderHealth, cause: str, config: ProviderSettings) -> bool:
    # Nobody closes the circuit of a provider that is asked no more.
    in_use = one.provider in config.providers_in_use
    return in_use and one.open_until is not None and one.stopped == (cause == "stopped")
