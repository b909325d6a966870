"""The rate limiter and the circuits of providers, shared by all processes through the database.

The database is the one thing that all processes share: Dagster's pools bind neither
`dagster job execute` nor the command line, and they count runs, not requests.

Every function works in its caller's writing transaction, which holds the ledger's lock.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from bg_orchestration.domain.throttle import (
    CLOSED,
    Circuit,
    RateLimit,
    blocked_until,
    next_slot,
    postpone,
    record_fault,
    record_stop,
)
from bg_orchestration.ledger.calls import Outcome
from bg_orchestration.ledger.errors import ProviderAwayError, ProviderStoppedError
from bg_orchestration.store.schema.tables import (
    provider_circuits,
    provider_endpoints,
    provider_requests,
)
from bg_orchestration.store.upserts import upsert

# The longest wait for a slot, or for a provider that asks to wait. A longer one is a fault.
PATIENCE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to send one request at `at`, in `wait` seconds.

    It ends with `release`. If the process is killed, it ends when its refresh is found failed, or
    at `expires_at`.
    """

    request_id: str
    provider: str
    endpoint: str
    at: datetime
    wait: float
    expires_at: datetime


def acquire(
    connection: Connection,
    provider: str,
    endpoint: str,
    limit: RateLimit,
    longest: timedelta,
    now: datetime,
    refresh_id: str | None = None,
) -> Permit | None:
    """Acquire a permit; `None` while as many requests as allowed are in flight.

    Args:
        connection: a writing transaction with the ledger's lock.
        provider: the provider.
        endpoint: its endpoint.
        limit: the endpoint's limit.
        longest: the longest duration of the request; its place is free after that.
        now: the database's clock.
        refresh_id: the refresh that sends the request; its end releases the permit, too.

    Raises:
        ProviderStoppedError: a person must act first.
        ProviderAwayError: the circuit is open, or the slot is more than `PATIENCE` away.
    """
    circuit = circuit_of(connection, provider)
    if (until := blocked_until(circuit, now)) is not None:
        rest = f"{until:%H:%M:%S} UTC"
        if circuit.stopped:
            raise ProviderStoppedError(
                provider,
                f"{circuit.why}. Mend it, then `bg providers check`; no call before {rest}",
            )
        raise ProviderAwayError(
            provider, f"failed again and again ({circuit.why}); rests to {rest}"
        )
    in_flight = select(func.count()).where(
        provider_requests.c.provider == provider,
        provider_requests.c.endpoint == endpoint,
        provider_requests.c.expires_at > now,
    )
    if connection.execute(in_flight).scalar_one() >= limit.at_once:
        return None
    slot = next_slot(_next_at(connection, provider, endpoint), limit, now)
    if slot.at - now > PATIENCE:
        seconds = (slot.at - now).total_seconds()
        raise ProviderAwayError(provider, f"{endpoint}: the next slot is in {seconds:.0f} s only")
    _write(connection, provider, endpoint, next_at=slot.next_at)
    wait = (slot.at - now).total_seconds()
    permit = Permit(uuid4().hex, provider, endpoint, slot.at, wait, slot.at + longest)
    connection.execute(
        insert(provider_requests).values(
            request_id=permit.request_id,
            provider=provider,
            endpoint=endpoint,
            expires_at=permit.expires_at,
            refresh_id=refresh_id,
        )
    )
    if circuit.open_until is not None:
        # The rest of an open circuit is over: this request tries the provider.
        trial = replace(circuit, trying_until=permit.expires_at)
        _replace_circuit(connection, provider, circuit, trial)
    return permit


def release(connection: Connection, permit: Permit, outcome: Outcome, now: datetime) -> None:
    """End a permit, and store what its outcome says of the provider's health."""
    provider, endpoint = permit.provider, permit.endpoint
    connection.execute(delete(provider_requests).where(or_(
        provider_requests.c.request_id == permit.request_id, provider_requests.c.expires_at <= now
    )))  # fmt: skip
    circuit = circuit_of(connection, provider)
    _replace_circuit(connection, provider, circuit, _after(circuit, outcome, now))
    wait = outcome.classification.wait
    if wait is not None:
        next_at = postpone(_next_at(connection, provider, endpoint), now, wait)
        _write(connection, provider, endpoint, next_at=next_at)
    failed = outcome.stops or outcome.kind in ("rate_limited", "transient")
    count_calls(connection, provider, endpoint, calls=1, errors=int(failed))


def count_calls(connection: Connection, provider: str, endpoint: str, **more: int) -> None:
    """Add to the counts of an endpoint: `calls`, `errors`, `ledger_hits`."""
    _write(connection, provider, endpoint)
    connection.execute(
        update(provider_endpoints)
        .where(provider_endpoints.c.provider == provider)
        .where(provider_endpoints.c.endpoint == endpoint)
        .values({name: provider_endpoints.c[name] + by for name, by in more.items()})
    )


def circuit_of(connection: Connection, provider: str) -> Circuit:
    """Return the circuit of a provider."""
    row = connection.execute(
        select(*[provider_circuits.c[name] for name in Circuit.__dataclass_fields__]).where(
            provider_circuits.c.provider == provider
        )
    ).first()
    return CLOSED if row is None else Circuit(**row._mapping)


def close_circuit(connection: Connection, provider: str) -> None:
    """Close a provider's circuit: a person has mended the cause."""
    connection.execute(delete(provider_circuits).where(provider_circuits.c.provider == provider))


def _after(circuit: Circuit, outcome: Outcome, now: datetime) -> Circuit:
    why = outcome.classification.why
    if outcome.stops:
        return record_stop(circuit, now, f"{outcome.kind}: {why}")
    if outcome.kind == "transient":
        return record_fault(circuit, now, why)
    # Too many requests say nothing of the provider's health.
    return replace(circuit, trying_until=None) if outcome.kind == "rate_limited" else CLOSED


def _replace_circuit(connection: Connection, provider: str, old: Circuit, new: Circuit) -> None:
    if new == old:
        return
    close_circuit(connection, provider)
    if new != CLOSED:
        connection.execute(insert(provider_circuits).values(provider=provider, **asdict(new)))


def _next_at(connection: Connection, provider: str, endpoint: str) -> datetime | None:
    return connection.execute(
        select(provider_endpoints.c.next_at).where(
            provider_endpoints.c.provider == provider, provider_endpoints.c.endpoint == endpoint
        )
    ).scalar()


def _write(connection: Connection, provider: str, endpoint: str, **values: Any) -> None:
    """Make sure that the endpoint has a row, and write `values` into it."""
    row = {"provider": provider, "endpoint": endpoint, **values}
    upsert(connection, provider_endpoints, [row], replace=values.keys())
