"""Exporter metrics for providers, budget and notifications."""

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
    optional_gauge,
)
from bg_orchestration.provider_settings import PROVIDERS, ProviderSettings
from bg_orchestration.store.outbox import outbox_now


def provider_metrics(connection: Connection, config: ProviderSettings) -> list[Metric]:
    """Return the metrics of calls, ledger hits, circuits and the day's budget."""
    health = provider_health(connection)
    in_use = {name: health.get(name, ProviderHealth(name)) for name in PROVIDERS}
    cost = sum(provider.today_usd for provider in health.values())
    return [
        counter(
            metric_families.PROVIDER_CALLS,
            {
                (("provider", name), ("outcome", outcome)): value
                for name, provider in in_use.items()
                for outcome, value in (
                    ("answered", provider.calls - provider.errors),
                    ("failed", provider.errors),
                )
            },
        ),
        counter(
            metric_families.LEDGER_HITS,
            {(("provider", name),): provider.ledger_hits for name, provider in in_use.items()},
        ),
        gauge(
            metric_families.CIRCUIT_OPEN,
            {
                (("provider", name), ("cause", cause)): _is_open(provider, cause, config)
                for name, provider in in_use.items()
                for cause in metric_families.CIRCUIT_OPEN.labels["cause"]
            },
        ),
        by(
            metric_families.SPENT_TODAY,
            {name: provider.today_usd for name, provider in in_use.items()},
        ),
        optional_gauge(metric_families.BUDGET, config.daily_budget_usd),
        optional_gauge(metric_families.BUDGET_LEFT, remaining(config.daily_budget_usd, cost)),
        optional_gauge(metric_families.OVER_BUDGET, over_budget(connection).refreshes),
    ]


def notification_metrics(connection: Connection) -> list[Metric]:
    """Return the metrics of pending and dead notifications."""
    now = outbox_now(connection)
    return [
        optional_gauge(metric_families.NOTIFICATIONS_PENDING, now.pending),
        optional_gauge(metric_families.NOTIFICATION_AGE, now.oldest_seconds),
        optional_gauge(metric_families.NOTIFICATIONS_DEAD, sum(now.dead.values())),
    ]


def _is_open(provider: ProviderHealth, cause: str, config: ProviderSettings) -> bool:
    # The circuit of a provider that left the settings stays open for ever.
    in_use = provider.provider in config.providers_in_use
    return in_use and provider.open_until is not None and provider.stopped == (cause == "stopped")
