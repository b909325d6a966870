"""The life cycle of subscriptions, here and at Coresignal; and the sweep for missed changes.

An address is opened before the call to Coresignal, since a push may come at once. It is closed
again if Coresignal refuses. If the process is killed in between, the address stays unconfirmed,
without Coresignal's id, and can be deleted like any other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Engine

from bg_orchestration.domain.admission import Limits
from bg_orchestration.intake.subscriptions import (
    LONGEST,
    RENEWED_AHEAD,
    Subscription,
    close_address,
    confirm,
    expiring_subscriptions,
    note_renewal,
    open_address,
    people_to_watch,
)
from bg_orchestration.ledger.calls import Request
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError
from bg_orchestration.names import CORESIGNAL_PATH
from bg_orchestration.providers.adapters.coresignal.coresignal_subscriptions import (
    MOST_IDS,
    CoresignalSubscriptions,
    end,
    has_changes,
    renew,
    simulate,
    subscribe_company,
    subscribe_people,
)
from bg_orchestration.providers.registry import adapter
from bg_orchestration.refreshes.planning import plan_changed
from bg_orchestration.settings import Settings, SettingsError
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.provider_records import company_record, employees_of
from bg_orchestration.store.sweeps import due_sweeps, note_sweep

CORESIGNAL: Final = "coresignal"
# Pushes come weekly: a company with a younger listing has missed nothing yet.
WEEK: Final = timedelta(days=7)

log = structlog.stdlib.get_logger(__name__)


class SubscriptionError(Exception):
    """A subscription is impossible now; says what to do."""


@dataclass(slots=True)
class RenewalReport:
    """The result of a round of renewals: our ids of subscriptions, and the causes of failures."""

    renewed: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SweepReport:
    """The result of a sweep: the numbers of checked companies and planned refreshes.

    `stopped` is the cause of an early end, without personal data.
    """

    asked: int = 0
    planned: int = 0
    stopped: str = ""


@contextmanager
def subscription_client(engine: Engine, config: Settings) -> Iterator[Request]:
    """Return a client for Coresignal's subscriptions.

    Raises:
        SettingsError: its key is missing.
    """
    managed = CoresignalSubscriptions(config.key_of(CORESIGNAL), config.url_of(CORESIGNAL))
    with provider_client(engine, [managed], config) as request:
        yield request


@contextmanager
def search_client(engine: Engine, config: Settings) -> Iterator[Request]:
    """Return a client for Coresignal's searches.

    Raises:
        SettingsError: its key is missing.
    """
    with provider_client(engine, [adapter(config, CORESIGNAL)], config) as request:
        yield request


def public_url(config: Settings) -> str:
    """Return the address at which providers reach the receiver.

    Raises:
        SettingsError: it is not set.
    """
    if config.public_url is None:
        raise SettingsError(
            "BG_PUBLIC_URL: not set. Set it to the address at which providers reach the receiver, "
            "such as https://hooks.example.com"
        )
    return config.public_url


def watch_company(engine: Engine, request: Request, config: Settings, company_id: str) -> str:
    """Subscribe to a company; returns our id of the subscription.

    Raises:
        SubscriptionError: no id of the company at Coresignal is stored.
        ProviderError: it does not answer, or refuses.
    """
    with reading(engine) as connection:
        record = company_record(connection, CORESIGNAL, company_id)
    if record is None:
        raise SubscriptionError(
            f"No id of Coresignal is known for {company_id}. Refresh it first, with Coresignal "
            f"among BG_COMPANY_PROVIDERS: bg refresh {company_id}"
        )
    with _open_address(engine, config, company_id=company_id) as (subscription_id, url):
        provider_id = subscribe_company(request, record.source_id, url)
    with writing(engine) as connection:
        confirm(connection, subscription_id, provider_id)
    return subscription_id


def watch_people(engine: Engine, request: Request, config: Settings) -> str:
    """Subscribe to all people of followed companies who have an id at Coresignal.

    Returns our id of the subscription.

    Raises:
        SubscriptionError: there is no such person, or there are too many.
        ProviderError: it does not answer, or refuses.
    """
    with reading(engine) as connection:
        source_ids = people_to_watch(connection, CORESIGNAL)
    if not source_ids:
        raise SubscriptionError("No person has a known id of Coresignal. Refresh a company first.")
    if len(source_ids) > MOST_IDS:
        raise SubscriptionError(
            f"{len(source_ids)} people are more than the {MOST_IDS} of one subscription: subscribe "
            "to companies instead"
        )
    with _open_address(engine, config, people=len(source_ids)) as (subscription_id, url):
        provider_id = subscribe_people(request, source_ids, url)
    with writing(engine) as connection:
        confirm(connection, subscription_id, provider_id)
    return subscription_id


@contextmanager
def _open_address(
    engine: Engine,
    config: Settings,
    company_id: str | None = None,
    people: int | None = None,
) -> Iterator[tuple[str, str]]:
    """Open an address, and close it again if Coresignal refuses."""
    base = public_url(config) + CORESIGNAL_PATH
    with writing(engine) as connection:
        subscription_id, token = open_address(connection, CORESIGNAL, company_id, people)
    try:
        yield subscription_id, f"{base}/{token}"
    except ProviderError:
        with writing(engine) as connection:
            close_address(connection, subscription_id)
        raise


def unsubscribe(engine: Engine, request: Request | None, subscription: Subscription) -> None:
    """End a subscription at Coresignal, then close its address.

    Raises:
        ProviderError: Coresignal does not answer, or refuses; the address stays.
    """
    if request is not None and subscription.provider_id is not None:
        end(request, subscription.provider_id)
    with writing(engine) as connection:
        close_address(connection, subscription.subscription_id)


def send_example(engine: Engine, request: Request, config: Settings) -> str:
    """Make Coresignal send an example to a new address; return our id of that address.

    Delete the address after the example has arrived.
    """
    with _open_address(engine, config, people=0) as (subscription_id, url):
        simulate(request, url)
    return subscription_id


def renew_expiring(engine: Engine, request: Request, config: Settings) -> RenewalReport:
    """Renew subscriptions that end within 14 days; replace those that cannot be renewed."""
    report = RenewalReport()
    with reading(engine) as connection:
        due = [
            subscription
            for subscription in expiring_subscriptions(connection, RENEWED_AHEAD)
            if subscription.provider == CORESIGNAL
        ]
    for subscription in due:
        try:
            if _is_renewable(subscription) and _renew(engine, request, subscription):
                report.renewed.append(subscription.subscription_id)
            else:
                _replace(engine, request, config, subscription)
                report.replaced.append(subscription.subscription_id)
        except (ProviderError, SubscriptionError, SettingsError) as error:
            report.failed[subscription.subscription_id] = str(error)
            log.warning("subscription_not_renewed", subscription=subscription.subscription_id)
    return report


def _is_renewable(subscription: Subscription) -> bool:
    return subscription.created_at + LONGEST > datetime.now(UTC) + RENEWED_AHEAD


def _renew(engine: Engine, request: Request, subscription: Subscription) -> bool:
    try:
        if subscription.provider_id is None or not renew(request, subscription.provider_id):
            return False
    except CallRefusedError:
        # Refused: it has ended, or its year is over.
        return False
    with writing(engine) as connection:
        note_renewal(connection, subscription.subscription_id)
    return True


def _replace(
    engine: Engine, request: Request, config: Settings, subscription: Subscription
) -> None:
    if subscription.company_id is not None:
        watch_company(engine, request, config, subscription.company_id)
    else:
        watch_people(engine, request, config)
    try:
        unsubscribe(engine, request, subscription)
    except CallRefusedError:
        unsubscribe(engine, None, subscription)


def sweep_changes(engine: Engine, request: Request, limits: Limits, most: int) -> SweepReport:
    """Look, free of charge, for changes at the companies with the oldest listings.

    Neither Coresignal nor People Data Labs repeats a push, so a missed one would be lost for ever.
    The sweep checks at most `most` companies, and each at most once a week.
    """
    report = SweepReport()
    with reading(engine) as connection:
        due = due_sweeps(connection, CORESIGNAL, WEEK, most)
    for company in due:
        with reading(engine) as connection:
            people = employees_of(connection, CORESIGNAL, company.company_id)
        try:
            changed = has_changes(request, company.source_id, people, company.listed_at.date())
        except CallRefusedError:
            # The answer would be the same tomorrow.
            log.warning("sweep_refused", company=company.company_id)
            changed = False
        except ProviderError as error:
            report.stopped = str(error)
            break
        report.asked += 1
        with writing(engine) as connection:
            report.planned += (
                plan_changed(connection, [company.company_id], limits) if changed else 0
            )
            note_sweep(connection, company.company_id)
    return report
