"""When a provider is left alone: it failed again and again, or lets nobody in until a person acts.

A circuit opens, stays open for a while, then lets one request try; its end decides. So it needs
nobody to close it. Pure: the caller brings the instants and keeps the circuit.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

# One more than a request and its three repetitions: one slow minute opens nothing.
FAULTS: Final = 5
_FIRST_REST: Final = timedelta(seconds=30)
_LAST_REST: Final = timedelta(minutes=10)
# Somebody has to top up or correct the key; `bg providers check` closes it at once.
_STOPPED: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of a provider's health.

    Attributes:
        faults: passing faults in a row.
        openings: how often it opened since it last worked.
        open_until: nobody asks before; afterwards one request tries.
        trying_until: by when the one that tries has ended or is lost.
        stopped: whether a person has to act, rather than time to pass.
        why: what opened it, in words without anything from a request.
    """

    faults: int = 0
    openings: int = 0
    open_until: datetime | None = None
    trying_until: datetime | None = None
    stopped: bool = False
    why: str = ""


CLOSED: Final = Circuit()


def refused_until(circuit: Circuit, now: datetime) -> datetime | None:
    """When to ask again, or `None` if one may ask now."""
    for until in (circuit.open_until, circuit.trying_until):
        if until is not None and until > now:
            return until
    return None


def entered(circuit: Circuit, now: datetime, span: timedelta) -> Circuit:
    """The circuit once a request is under way that takes at most `span`."""
    if circuit.open_until is None:
        return circuit
    return replace(circuit, trying_until=now + span)


def not_asked(circuit: Circuit) -> Circuit:
    """The circuit once a request that was under way turned out to be needless."""
    return replace(circuit, trying_until=None)


def failed(circuit: Circuit, now: datetime, why: str) -> Circuit:
    """The circuit after a passing fault; those sent before it opened do not lengthen its rest."""
    if circuit.open_until is not None and circuit.open_until > now:
        return circuit
    faults = circuit.faults + 1
    if faults < FAULTS and circuit.open_until is None:
        return replace(circuit, faults=faults)
    rest = min(_FIRST_REST * (1 << min(circuit.openings, 10)), _LAST_REST)
    return Circuit(faults, circuit.openings + 1, now + rest, why=why)


def stopped(circuit: Circuit, now: datetime, why: str) -> Circuit:
    """The circuit after an answer that only a person can change: bad key, no credit."""
    return Circuit(circuit.faults, circuit.openings + 1, now + _STOPPED, stopped=True, why=why)
