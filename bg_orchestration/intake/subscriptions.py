"""Subscriptions to providers' pushes: to which address they are sent, and when they end.

The address holds a token of which only the SHA-256 is stored. It is 256 random bits, so a slow hash
would protect nothing more.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, insert, select, true, update

from bg_orchestration.intake.id_pushes import PushProvider
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.provider_tables import provider_records
from bg_orchestration.store.schema.subscription_tables import (
    provider_subscriptions as subscriptions,
)
from bg_orchestration.store.schema.tables import companies, employments

# https://docs.coresignal.com/api-introduction/webhooks: valid for 91 days, renewed up to a year.
VALID: Final = timedelta(days=91)
LONGEST: Final = timedelta(days=365)
# Renewed this long before the end: a provider that is away for days does not end it.
RENEWED_AHEAD: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a subscription's pushes are sent to.

    Attributes:
        subscription_id: our own id.
        provider: who may send there.
        company_id: whom it is about; `None` for a list of people.
        token_hash: SHA-256 of the token, hex.
    """

    subscription_id: str
    provider: str
    company_id: str | None
    token_hash: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it is listed.

    Attributes:
        subscription_id: our own id.
        provider: who sends.
        company_id: whom it is about; `None` for a list of people.
        people: how many people are on its list; `None` for a company.
        provider_id: the provider's own id; `None` if it never told us.
        created_at: when it was ordered.
        expires_at: when the provider stops sending; `None` if it never does.
        last_push_at: when the last delivery came.
    """

    subscription_id: str
    provider: str
    company_id: str | None
    people: int | None
    provider_id: str | None
    created_at: datetime
    expires_at: datetime | None
    last_push_at: datetime | None


def addresses(connection: Connection) -> Sequence[Address]:
    """Every address at which pushes are taken."""
    columns = (
        subscriptions.c.subscription_id,
        subscriptions.c.provider,
        subscriptions.c.company_id,
        subscriptions.c.token_hash,
    )
    return [Address(*row) for row in connection.execute(select(*columns))]


def open_address(
    connection: Connection,
    provider: PushProvider,
    company_id: str | None = None,
    people: int | None = None,
) -> tuple[str, str]:
    """Make a subscription's id and token, before anybody is asked to push to it.

    Returns both; the token is never seen again.
    """
    subscription_id, token = uuid4().hex, secrets.token_urlsafe(32)
    connection.execute(
        insert(subscriptions).values(
            subscription_id=subscription_id,
            provider=provider,
            company_id=company_id,
            people=people,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            created_at=clock(connection),
        )
    )
    return subscription_id, token


def confirm(connection: Connection, subscription_id: str, provider_id: str) -> None:
    """Remember what the provider calls a new subscription, and that it counts from now."""
    _extend(connection, subscription_id, provider_id=provider_id)


def note_renewal(connection: Connection, subscription_id: str) -> None:
    """Remember that the provider renewed it."""
    _extend(connection, subscription_id)


def _extend(connection: Connection, subscription_id: str, **values: str) -> None:
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscription_id == subscription_id)
        .values(expires_at=clock(connection) + VALID, **values)
    )


def close_address(connection: Connection, subscription_id: str) -> None:
    """Delete an address: pushes to it are refused from now on."""
    connection.execute(
        delete(subscriptions).where(subscriptions.c.subscription_id == subscription_id)
    )


def note_push(connection: Connection, subscription_id: str, at: datetime) -> None:
    """Remember when something came last."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscription_id == subscription_id)
        .values(last_push_at=at)
    )


def people_to_watch(connection: Connection, provider: str) -> list[str]:
    """The provider's ids of everybody who works at a company we follow."""
    return sorted(
        connection.scalars(
            select(provider_records.c.source_id)
            .distinct()
            .join(employments, employments.c.person_id == provider_records.c.our_id)
            .join(companies, companies.c.company_id == employments.c.company_id)
            .where(provider_records.c.kind == "person", provider_records.c.provider == provider)
            .where(employments.c.current == true(), companies.c.followed == true())
        )
    )


def all_subscriptions(connection: Connection) -> list[Subscription]:
    """Every subscription, the first to end first."""
    return _read(connection, _LISTING)


def find_subscription(connection: Connection, subscription_id: str) -> Subscription | None:
    """The subscription of this id."""
    one = _read(connection, _LISTING.where(subscriptions.c.subscription_id == subscription_id))
    return one[0] if one else None


def expiring_subscriptions(connection: Connection, within: timedelta) -> list[Subscription]:
    """The subscriptions that end in this time, the first to end first; over ones too."""
    until = clock(connection) + within
    return _read(connection, _LISTING.where(subscriptions.c.expires_at <= until))


_LISTING = select(*(subscriptions.c[one.name] for one in fields(Subscription))).order_by(
    subscriptions.c.expires_at.asc().nulls_last(),
    subscriptions.c.created_at,
    subscriptions.c.subscription_id,
)


def _read(connection: Connection, query: Select[Any]) -> list[Subscription]:
    return [Subscription(**row._mapping) for row in connection.execute(query)]
