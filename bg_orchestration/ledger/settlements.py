"""The end of a paid request in the ledger: its answer, stored before it is read, or its fault.

Every function works in its caller's transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, text, update

from bg_orchestration.ledger.operations import Claimed, book_on_refresh
from bg_orchestration.observability.metric_families import PROVIDER_COST
from bg_orchestration.store.counters import count
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import pipeline_operations as operations

_WHY_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Charge:
    """What an answer cost."""

    credits: float
    usd: float
    basis: Literal["metered", "listed"]


def answered(
    connection: Connection,
    claimed: Claimed,
    charge: Charge,
    fresh: timedelta,
    *,
    found: bool,
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Store an answer before anybody reads it; a miss is one."""
    now = clock(connection)
    _settle(
        connection,
        claimed,
        charge,
        state="answered" if found else "not_found",
        outcome="ok" if found else "not_found",
        why=None,
        answered_at=now,
        fresh_until=now + fresh,
        headers=json.dumps(dict(headers), sort_keys=True),
        answer=body,
    )


def failed(
    connection: Connection,
    claimed: Claimed,
    charge: Charge,
    outcome: str,
    why: str,
    barred: timedelta | None = None,
) -> None:
    """Book a request that brought no answer; with `barred` it is not asked again so long."""
    now = clock(connection)
    _settle(
        connection,
        claimed,
        charge,
        state="failed",
        outcome=outcome,
        why=why[:_WHY_CHARACTERS],
        answered_at=now,
        fresh_until=None if barred is None else now + barred,
    )


def left_open(
    connection: Connection, claimed: Claimed, outcome: str, why: str, charge: Charge | None = None
) -> None:
    """Book a request that may have been charged in vain.

    It stands with the most that it may have cost, or with what the meter says in `charge`.
    """
    values = {"state": "ambiguous", "outcome": outcome, "why": why[:_WHY_CHARACTERS]}
    if charge is not None:
        _settle(connection, claimed, charge, **values)
        return
    connection.execute(
        update(operations)
        .where(*_row(claimed), operations.c.state == text("'started'"))
        .values(values)
    )


def not_charged(connection: Connection, claimed: Claimed) -> None:
    """Take the possible cost off requests left open before `claimed`, which was charged instead.

    For providers that charge one question once.
    """
    refreshes = connection.scalars(
        update(operations)
        .where(operations.c.key == claimed.key, operations.c.attempt < claimed.attempt)
        .where(operations.c.state == text("'ambiguous'"))
        .values(credits=0.0, cost_usd=0.0)
        .returning(operations.c.refresh_id)
    )
    for refresh_id in set(refreshes):
        book_on_refresh(connection, refresh_id)


def _settle(connection: Connection, claimed: Claimed, charge: Charge, **values: Any) -> None:
    """Settle the row; one that was taken for abandoned was not, as its answer shows."""
    row = connection.execute(
        update(operations)
        .where(*_row(claimed), operations.c.state.in_(("started", "ambiguous")))
        .values(credits=charge.credits, cost_usd=charge.usd, cost_basis=charge.basis, **values)
        .returning(operations.c.refresh_id, operations.c.provider)
    ).first()
    if row is None:
        return
    book_on_refresh(connection, row.refresh_id)
    if charge.usd > 0:
        count(connection, PROVIDER_COST, {"provider": row.provider}, charge.usd)


def _row(claimed: Claimed) -> tuple[Any, Any]:
    return operations.c.key == claimed.key, operations.c.attempt == claimed.attempt
