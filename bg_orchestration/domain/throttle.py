"""When a provider may be called: a circuit breaker, and a token bucket of one token.

A circuit opens after faults in a row, rests, then lets one request try. The outcome of that
request decides, so no person has to close it. The bucket spreads requests evenly: a provider's own
window may cut a burst in two, and each half would be too many. The caller stores circuit and
bucket, and passes the time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

# One more than a request with its three repetitions: one slow minute opens nothing.
FAULTS: Final = 5
_FIRST_REST: Final = timedelta(seconds=30)
_LAST_REST: Final = timedelta(minutes=10)
# A person has to top up or correct the key; `bg providers check` closes the circuit at once.
_STOPPED: Final = timedelta(minutes=15)


class RateLimit(NamedTuple):
    """An endpoint's limit: requests a second, and requests at once."""

    per_second: float
    at_once: int


class Slot(NamedTuple):
    """The time of a request, and the earliest time of the next."""

    at: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Circuit:
    """A provider's health.

    Attributes:
        faults: temporary faults in a row.
        openings: how often the circuit opened since the provider last worked.
        open_until: no request before; afterwards one request tries.
        trying_until: by then the trying request has ended or is lost.
        stopped: whether a person must act.
        why: the cause of opening, without anything from a request.
    """

    faults: int = 0
    openings: int = 0
    open_until: datetime | None = None
    trying_until: datetime | None = None
    stopped: bool = False
    why: str = ""


CLOSED: Final = Circuit()


def blocked_until(circuit: Circuit, now: datetime) -> datetime | None:
    """Return when the next request is allowed; `None` if it is allowed now."""
    for until in (circuit.open_until, circuit.trying_until):
        if until is not None and until > now:
            return until
    return None


def record_fault(circuit: Circuit, now: datetime, why: str) -> Circuit:
    """Return the circuit after a temporary fault.

    A fault while the circuit is open belongs to an earlier request and does not lengthen the rest.
    """
    if circuit.open_until is not None and circuit.open_until > now:
        return circuit
    faults = circuit.faults + 1
    if faults < FAULTS and circuit.open_until is None:
        return replace(circuit, faults=faults)
    rest = min(_FIRST_REST * (1 << min(circuit.openings, 10)), _LAST_REST)
    return Circuit(faults, circuit.openings + 1, now + rest, why=why)


def record_stop(circuit: Circuit, now: datetime, why: str) -> Circuit:
    """Return the circuit after an answer that only a person can change: bad key, no credit."""
    return Circuit(circuit.faults, circuit.openings + 1, now + _STOPPED, stopped=True, why=why)


def next_slot(next_at: datetime | None, limit: RateLimit, now: datetime) -> Slot:
    """Return the next slot. `next_at` comes from the slot before, `None` for the first."""
    at = now if next_at is None else max(now, next_at)
    return Slot(at, at + timedelta(seconds=1 / limit.per_second))


def postpone(next_at: datetime | None, now: datetime, seconds: float) -> datetime:
    """Return the earliest next slot when the provider asks to wait."""
    until = now + timedelta(seconds=max(0.0, seconds))
    return until if next_at is None else max(next_at, until)
