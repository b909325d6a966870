"""Subscriptions from their beginning to their end, here and at Coresignal; and the sweep.

An address is opened before Coresignal hears of it, since a push may come at once, and closed again
if Coresignal says no. If we are killed in between, the address stays without Coresignal's id: it
shows as unconfirmed, and is deleted like any other.
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
    ending,
    open_address,
    people_to_watch,
    renewed,
)
from bg_orchestration.ledger.calls import Request
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError
from bg_orchestration.names import CORESIGNAL_PATH
from bg_orchestration.providers.adapters.coresignal.coresignal_subscriptions import (
    MOST_IDS,
    CoresignalSubscriptions,
    anybody_changed,
    end,
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
from bg_orchestration.store.sweeps import swept, to_sweep

CORESIGNAL: Final = "coresignal"
# What is pushed comes weekly: a company listed more recently has missed nothing yet.
WEEK: Final = timedelta(days=7)

log = structlog.stdlib.get_logger(__name__)


class SubscriptionError(Exception):
    """It cannot be subscribed to; says what to do."""


@dataclass(slots=True)
class RenewalReport:
    """What a round of renewals did: our ids of the subscriptions, and why some failed."""

    renewed: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SweepReport:
    """What a sweep did: how many companies it asked about, and refreshes it planned.

    `stopped` says why it ended early, in words without anything personal.
    """

    asked: int = 0
    planned: int = 0
    stopped: str = ""


@contextmanager
def subscription_client(engine: Engine, config: Settings) -> Iterator[Request]:
    """An `Ask` for Coresignal's subscriptions.

    Raises:
        SettingsError: its key is missing.
    """
    managed = CoresignalSubscriptions(config.key_of(CORESIGNAL), config.url_of(CORESIGNAL))
    with provider_client(engine, [managed], config) as request:
        yield request


@contextmanager
def search_client(engine: Engine, config: Settings) -> Iterator[Request]:
    """An `Ask` for Coresignal's searches.

    Raises:
        SettingsError: its key is missing.
    """
    with provider_client(engine, [adapter(config, CORESIGNAL)], config) as request:
        yield request


def public_url(config: Settings) -> str:
    """Where providers reach the receiver.

    Raises:
        SettingsError: nobody has said so.
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
        SubscriptionError: Coresignal does not know the company, as far as we know.
        ProviderError: it does not answer, or refuses.
    """
    with reading(engine) as connection:
        record = company_record(connection, CORESIGNAL, company_id)
    if record is None:
        raise SubscriptionError(
            f"No id of Coresignal is known for {company_id}. Refresh it first, with Coresignal "
            f"among BG_COMPANY_PROVIDERS: bg refresh {company_id}"
        )
    with _opened(engine, config, company_id=company_id) as (subscription_id, url):
        provider_id = subscribe_company(request, record.source_id, url)
    with writing(engine) as connection:
        confirm(connection, subscription_id, provider_id)
    return subscription_id


def watch_people(engine: Engine, request: Request, config: Settings) -> str:
    """Subscribe to everybody whom Coresignal knows and who works at a company we follow.

    Returns our id of the subscription.

    Raises:
        SubscriptionError: there is nobody, or there are too many.
        ProviderError: it does not answer, or refuses.
    """
    with reading(engine) as connection:
        source_ids = people_to_watch(connection, CORESIGNAL)
    if not source_ids:
        raise SubscriptionError("No id of Coresignal is known of anybody. Refresh a company first.")
    if len(source_ids) > MOST_IDS:
        raise SubscriptionError(
            f"{len(source_ids)} people are more than the {MOST_IDS} of one subscription: subscribe "
            "to companies instead"
        )
    with _opened(engine, config, people=len(source_ids)) as (subscription_id, url):
        provider_id = subscribe_people(request, source_ids, url)
    with writing(engine) as connection:
        confirm(connection, subscription_id, provider_id)
    return subscription_id


@contextmanager
def _opened(
    engine: Engine,
    config: Settings,
    company_id: str | None = None,
    people: int | None = None,
) -> Iterator[tuple[str, str]]:
    """An address, closed again if Coresignal refuses it."""
    base = public_url(config) + CORESIGNAL_PATH
    with writing(engine) as connection:
        subscription_id, token = open_address(connection, CORESIGNAL, company_id, people)
    try:
        yield subscription_id, f"{base}/{token}"
    except ProviderError:
        with writing(engine) as connection:
            close_address(connection, subscription_id)
        raise


def unsubscribe(engine: Engine, request: Request | None, one: Subscription) -> None:
    """End a subscription at Coresignal, then take nothing more at its address.

    Raises:
        ProviderError: Coresignal does not answer, or refuses; the address stays.
    """
    if request is not None and one.provider_id is not None:
        end(request, one.provider_id)
    with writing(engine) as connection:
        close_address(connection, one.subscription_id)


def send_example(engine: Engine, request: Request, config: Settings) -> str:
    """Have Coresignal send an example to an address of its own; returns our id of that address.

    Delete it when the example has come.
    """
    with _opened(engine, config, people=0) as (subscription_id, url):
        simulate(request, url)
    return subscription_id


def renew_expiring(engine: Engine, request: Request, config: Settings) -> RenewalReport:
    """Renew what ends within 14 days; what can be renewed no more, or is gone, is made anew."""
    done = RenewalReport()
    with reading(engine) as connection:
        due = [one for one in ending(connection, RENEWED_AHEAD) if one.provider == CORESIGNAL]
    for one in due:
        try:
            if _may_be_renewed(one) and _renew(engine, request, one):
                done.renewed.append(one.subscription_id)
            else:
                _replace(engine, request, config, one)
                done.replaced.append(one.subscription_id)
        except (ProviderError, SubscriptionError, SettingsError) as error:
            done.failed[one.subscription_id] = str(error)
            log.warning("subscription_not_renewed", subscription=one.subscription_id)
    return done


def _may_be_renewed(one: Subscription) -> bool:
    return one.created_at + LONGEST > datetime.now(UTC) + RENEWED_AHEAD


def _renew(engine: Engine, request: Request, one: Subscription) -> bool:
    try:
        if one.provider_id is None or not renew(request, one.provider_id):
            return False
    except CallRefusedError:
        # Refused: it is over, or has had its year.
        return False
    with writing(engine) as connection:
        renewed(connection, one.subscription_id)
    return True


def _replace(engine: Engine, request: Request, config: Settings, one: Subscription) -> None:
    if one.company_id is not None:
        watch_company(engine, request, config, one.company_id)
    else:
        watch_people(engine, request, config)
    try:
        unsubscribe(engine, request, one)
    except CallRefusedError:
        unsubscribe(engine, None, one)


def sweep_changes(engine: Engine, request: Request, limits: Limits, most: int) -> SweepReport:
    """Ask, free of charge, whether anything changed at the companies listed longest ago.

    Neither Coresignal nor People Data Labs sends a push again, so one that we missed would be lost
    for ever. Bounded: at most `most` companies, each at most once a week.
    """
    done = SweepReport()
    with reading(engine) as connection:
        due = to_sweep(connection, CORESIGNAL, WEEK, most)
    for one in due:
        with reading(engine) as connection:
            known = employees_of(connection, CORESIGNAL, one.company_id)
        try:
            changed = anybody_changed(request, one.source_id, known, one.listed_at.date())
        except CallRefusedError:
            # Nor would it say more when asked tomorrow.
            log.warning("sweep_refused", company=one.company_id)
            changed = False
        except ProviderError as error:
            done.stopped = str(error)
            break
        done.asked += 1
        with writing(engine) as connection:
            done.planned += plan_changed(connection, [one.company_id], limits) if changed else 0
            swept(connection, one.company_id)
    return done
