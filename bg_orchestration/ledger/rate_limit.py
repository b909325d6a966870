"""Who may ask a provider now: pace, requests at once, and circuits, shared through the database.

It is the one thing that every process on machine or fleet shares: Dagster's pools bind neither
`dagster job execute` nor the command line, and count runs, not requests.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bg_orchestration.domain import circuit as circuits
from bg_orchestration.domain.circuit import CLOSED, Circuit
from bg_orchestration.domain.token_bucket import (
    Pace,
    hold_back,
    turn,
)
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    provider_circuits,
    provider_endpoints,
    provider_requests,
)


@dataclass(frozen=True, slots=True)
class Entered:
    """The request may be sent after `wait` seconds, at `at`; then `leave` with the same value."""

    request_id: str
    provider: str
    endpoint: str
    wait: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider is left alone until `until`; `stopped` if a person has to act."""

    until: datetime
    stopped: bool
    why: str


@dataclass(frozen=True, slots=True)
class Full:
    """As many requests as the endpoint allows are under way."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Its turn would come only after `wait` seconds, longer than anybody waits for it."""

    wait: float


@dataclass(frozen=True, slots=True)
class Left:
    """How a request ended.

    Attributes:
        outcome: `worked`, `fault` for what may pass, `stopped` for what a person must mend,
            `slower` for a provider that wants to be asked later, `not_asked` when nothing was sent.
        why: in words without anything from the request.
        wait: how many seconds the provider asks everybody to wait.
    """

    outcome: str
    why: str = ""
    wait: float | None = None


def enter(
    connection: Connection,
    provider: str,
    endpoint: str,
    pace: Pace,
    patience: timedelta,
    span: timedelta,
) -> Entered | Refused | Full | Queued:
    """Take a turn at an endpoint, if the provider may be asked and the turn comes soon enough.

    Args:
        connection: a writing transaction.
        provider: whose endpoint it is.
        endpoint: which one.
        pace: what it allows.
        patience: the longest that somebody waits for a turn.
        span: how long a request takes at the very most; its place is free after that.
    """
    acquire_lock(connection, Lock.RATE_LIMIT)
    now = clock(connection)
    circuit = circuit_of(connection, provider)
    if (until := circuits.refused_until(circuit, now)) is not None:
        return Refused(until, circuit.stopped, circuit.why)
    if _under_way(connection, provider, endpoint, now) >= pace.at_once:
        return Full()
    this = turn(_next_at(connection, provider, endpoint), pace, now)
    wait = (this.at - now).total_seconds()
    if wait > patience.total_seconds():
        return Queued(wait)
    _write(connection, provider, endpoint, next_at=this.next_at)
    expires_at = this.at + span
    request_id = uuid4().hex
    connection.execute(
        insert(provider_requests).values(
            request_id=request_id, provider=provider, endpoint=endpoint, expires_at=expires_at
        )
    )
    _keep(connection, provider, circuit, circuits.entered(circuit, now, expires_at - now))
    return Entered(request_id, provider, endpoint, wait, this.at)


def leave(connection: Connection, entered: Entered, left: Left) -> None:
    """Give the place back, and tell everybody how the provider is."""
    acquire_lock(connection, Lock.RATE_LIMIT)
    now = clock(connection)
    provider, endpoint = entered.provider, entered.endpoint
    connection.execute(
        delete(provider_requests).where(provider_requests.c.request_id == entered.request_id)
    )
    before = circuit_of(connection, provider)
    _keep(connection, provider, before, _after(before, left, now))
    if left.outcome == "not_asked":
        return
    held = {}
    if left.wait is not None:
        next_at = _next_at(connection, provider, endpoint)
        held["next_at"] = hold_back(next_at, now, left.wait)
    _write(connection, provider, endpoint, **held)
    count(connection, provider, endpoint, calls=1, errors=int(left.outcome != "worked"))


def count(connection: Connection, provider: str, endpoint: str, **more: int) -> None:
    """Add to the counts of an endpoint: `calls`, `errors`, `ledger_hits`."""
    _write(connection, provider, endpoint)
    connection.execute(
        update(provider_endpoints)
        .where(provider_endpoints.c.provider == provider)
        .where(provider_endpoints.c.endpoint == endpoint)
        .values({name: provider_endpoints.c[name] + by for name, by in more.items()})
    )


def circuit_of(connection: Connection, provider: str) -> Circuit:
    """The circuit of a provider."""
    row = connection.execute(
        select(*[provider_circuits.c[name] for name in Circuit.__dataclass_fields__]).where(
            provider_circuits.c.provider == provider
        )
    ).first()
    return CLOSED if row is None else Circuit(**row._mapping)


def close_circuit(connection: Connection, provider: str) -> None:
    """Let everybody ask again: a person has mended what was wrong."""
    connection.execute(delete(provider_circuits).where(provider_circuits.c.provider == provider))


def _after(circuit: Circuit, left: Left, now: datetime) -> Circuit:
    if left.outcome == "worked":
        return CLOSED
    if left.outcome == "fault":
        return circuits.failed(circuit, now, left.why)
    if left.outcome == "stopped":
        return circuits.stopped(circuit, now, left.why)
    return circuits.not_asked(circuit)


def _keep(connection: Connection, provider: str, before: Circuit, after: Circuit) -> None:
    if after == before:
        return
    close_circuit(connection, provider)
    if after != CLOSED:
        connection.execute(insert(provider_circuits).values(provider=provider, **asdict(after)))


def _under_way(connection: Connection, provider: str, endpoint: str, now: datetime) -> int:
    connection.execute(delete(provider_requests).where(provider_requests.c.expires_at <= now))
    return connection.execute(
        select(func.count()).where(
            provider_requests.c.provider == provider, provider_requests.c.endpoint == endpoint
        )
    ).scalar_one()


def _next_at(connection: Connection, provider: str, endpoint: str) -> datetime | None:
    return connection.execute(
        select(provider_endpoints.c.next_at).where(
            provider_endpoints.c.provider == provider, provider_endpoints.c.endpoint == endpoint
        )
    ).scalar()


def _write(connection: Connection, provider: str, endpoint: str, **values: Any) -> None:
    """Make sure that the endpoint has a row, and write `values` into it."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(provider_endpoints).values(
        provider=provider, endpoint=endpoint, **values
    )
    key = [provider_endpoints.c.provider, provider_endpoints.c.endpoint]
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=values)
        if values
        else statement.on_conflict_do_nothing(index_elements=key)
    )
