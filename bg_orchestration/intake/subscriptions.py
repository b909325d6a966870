"""Subscriptions to providers' pushes: their addresses and their ends.

The address holds a token of which only the SHA-256 is stored. The token is 256 random bits, so a
slow hash would protect nothing more.
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
# Renewed this long before the end, so an outage of the provider for days does not end it.
RENEWED_AHEAD: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class PushAddress:
    """The address of a subscription's pushes.

    Attributes:
        subscription_id: our own id.
        provider: the provider that may send there.
        company_id: the company that it covers; `None` for a list of people.
        token_hash: SHA-256 of the token, hex.
    """

    subscription_id: str
    provider: str
    company_id: str | None
    token_hash: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription in the list.

    Attributes:
        subscription_id: our own id.
        provider: the sending provider.
        company_id: the company that it covers; `None` for a list of people.
        people: how many people are on its list; `None` for a company.
        provider_id: the provider's own id; `None` if it is not known.
        created_at: when the subscription was ordered.
        expires_at: when the provider stops sending; `None` if it never does.
        last_push_at: the time of the last delivery.
    """

    subscription_id: str
    provider: str
    company_id: str | None
    people: int | None
    provider_id: str | None
    created_at: datetime
    expires_at: datetime | None
    last_push_at: datetime | None


def addresses(connection: Connection) -> Sequence[PushAddress]:
    """Return every open address for pushes."""
    columns = (
        subscriptions.c.subscription_id,
        subscriptions.c.provider,
        subscriptions.c.company_id,
        subscriptions.c.token_hash,
    )
    return [PushAddress(*row) for row in connection.execute(select(*columns))]


def open_address(
    connection: Connection,
    provider: PushProvider,
    company_id: str | None = None,
    people: int | None = None,
) -> tuple[str, str]:
    """Create a subscription's id and token, before the order at the provider.

    Returns both; the token is not stored.
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
    """Store the provider's id of a new subscription, which counts from now."""
    _extend(connection, subscription_id, provider_id=provider_id)


def note_renewal(connection: Connection, subscription_id: str) -> None:
    """Store that the provider renewed a subscription."""
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
    """Store the time of the last push."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscription_id == subscription_id)
        .values(last_push_at=at)
    )


def people_to_watch(connection: Connection, provider: str) -> list[str]:
    """Return the provider's ids of all employees of followed companies."""
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
    """Return every subscription, the first to end first."""
    return _read(connection, _LISTING)


def find_subscription(connection: Connection, subscription_id: str) -> Subscription | None:
    """Return the subscription of this id, or `None`."""
    found = _read(connection, _LISTING.where(subscriptions.c.subscription_id == subscription_id))
    return found[0] if found else None


def expiring_subscriptions(connection: Connection, within: timedelta) -> list[Subscription]:
    """Return the subscriptions that end within this time, ended ones too, earliest first."""
    until = clock(connection) + within
    return _read(connection, _LISTING.where(subscriptions.c.expires_at <= until))


_LISTING = select(*(subscriptions.c[field.name] for field in fields(Subscription))).order_by(
    subscriptions.c.expires_at.asc().nulls_last(),
    subscriptions.c.created_at,
    subscriptions.c.subscription_id,
)


def _read(connection: Connection, query: Select[Any]) -> list[Subscription]:
    return [Subscription(**row._mapping) for row in connection.execute(query)]
