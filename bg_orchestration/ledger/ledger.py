"""The ledger of provider calls: `reserve` before the request, `settle` after it.

A row of `pipeline_operations` is one paid request. It is committed before the request is sent,
with the highest possible cost, so the day's sum is never too small, even after a kill. One
process at a time sends a call: its row is a claim, which expires if the process is killed. The raw
answer is committed before any code reads it. A free call has no row, but shares the rate limit.

Both verbs are one transaction each, under one lock.
"""

import json
import logging
import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from bg_orchestration.ledger.budget import check_budget
from bg_orchestration.ledger.calls import Adapter, Answer, Call, Outcome
from bg_orchestration.ledger.errors import (
    CallRefusedError,
    ProviderAwayError,
    ProviderStoppedError,
)
from bg_orchestration.ledger.http_client import longest
from bg_orchestration.ledger.rate_limit import PATIENCE, Permit, acquire, release
from bg_orchestration.observability.metric_families import PROVIDER_COST, PROVIDER_SECONDS
from bg_orchestration.provider_settings import ProviderSettings
from bg_orchestration.store.counters import count, observe
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration.store.schema.tables import provider_requests

# Not structlog: without configuration it prints into the output of commands.
log = logging.getLogger(__name__)

# A call is repeated once: so many requests may have been charged without an answer.
_MOST_AMBIGUOUS: Final = 2
# The longest wait for another process that sends the same call.
_DUPLICATE_PATIENCE: Final = timedelta(seconds=300)
_POLL_SECONDS: Final = (0.05, 0.25)
# A restarted database server is back within half a minute; a paid answer waits for it.
_STORE_PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_WHY_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Purpose:
    """The company and refresh that pay for a call; both `None` for a person's trial.

    Stored answers from before `fresh_since` do not count: a person forces new ones.
    """

    company_id: str | None = None
    refresh_id: str | None = None
    fresh_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """The right to send one call at `permit.at`, once; then settle it.

    `key` and `attempt` name its row; a free call has none.
    """

    call: Call
    permit: Permit
    key: str | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class _Busy:
    """No reservation yet: try again, at most for `patience`."""

    why: str
    patience: timedelta


class Ledger:
    """The ledger for one purpose, with the limits of the settings."""

    def __init__(
        self,
        engine: Engine,
        adapters: Iterable[Adapter],
        config: ProviderSettings,
        purpose: Purpose,
    ) -> None:
        self.adapters: Mapping[str, Adapter] = {adapter.name: adapter for adapter in adapters}
        self._engine = engine
        self._config = config
        self._purpose = purpose

    def reserve(self, call: Call) -> Answer | Reservation:
        """Return the stored answer, or reserve a request.

        Waits while another process sends the same call, or all places of the endpoint are taken.

        Raises:
            ProviderError: the call may not be sent now; nothing is reserved.
            BudgetSpentError: the call could exceed the daily budget.
        """
        began = time.monotonic()
        while True:
            with writing(self._engine) as connection:
                found = self._reserve(connection, call)
            if not isinstance(found, _Busy):
                return found
            if time.monotonic() - began > found.patience.total_seconds():
                raise ProviderAwayError(call.provider, f"{call.endpoint}: {found.why}")
            time.sleep(random.uniform(*_POLL_SECONDS))  # noqa: S311 - no secret

    def settle(self, reservation: Reservation, outcome: Outcome) -> Answer:
        """Store the outcome, release the permit, and return the answer.

        Raises:
            ProviderAwayError: a repetition may help.
            ProviderError: another outcome without an answer.
            OperationalError: the database has been away for half a minute.
        """
        for pause in (*(_STORE_PAUSES if reservation.key else ()), None):
            try:
                with writing(self._engine) as connection:
                    self._settle(connection, reservation, outcome)
                break
            except OperationalError:
                if pause is None:
                    raise
                time.sleep(pause)
        call, response = reservation.call, outcome.response
        why, wait = outcome.classification.why, outcome.classification.wait
        facts = {
            "provider": call.provider,
            "endpoint": call.endpoint,
            "outcome": outcome.kind,
            "why": why,
            "usd": None if outcome.cost is None else outcome.cost.usd,
            "milliseconds": round(outcome.seconds * 1000),
        }
        log.info("provider_asked", extra=facts)
        if outcome.answered and response is not None:
            return Answer(
                outcome.kind == "ok", response.headers, response.body, reservation.permit.at
            )
        if outcome.repeatable:
            if wait is not None and wait > PATIENCE.total_seconds():
                why += f"; it asks to wait {wait:.0f} s"
            raise ProviderAwayError(call.provider, f"{call.endpoint}: {why}")
        message = f"{call.endpoint}: {outcome.kind.replace('_', ' ')} ({why})"
        if outcome.stops:
            raise ProviderStoppedError(call.provider, message)
        raise CallRefusedError(call.provider, message, outcome.kind)

    def _reserve(self, connection: Connection, call: Call) -> Answer | Reservation | _Busy:
        adapter = self.adapters[call.provider]
        key = call.key(adapter.base_url) if call.credits else None
        since = self._purpose.fresh_since
        if key and (answer := _stored(_rows(connection, key, clock(connection)), call, since)):
            return answer
        acquire_lock(connection, Lock.LEDGER)
        now = clock(connection)
        if key:
            close_abandoned(connection, now)
            rows = _rows(connection, key, now)
            if answer := _stored(rows, call, since):
                return answer
            if any(row.state == "started" for row in rows):
                return _Busy("others have been sending the same for too long", _DUPLICATE_PATIENCE)
            _check_ambiguous(rows, call)
        limit = adapter.rate_limit(call.endpoint)
        refresh_id = self._purpose.refresh_id
        permit = acquire(
            connection, call.provider, call.endpoint, limit, longest(call), now, refresh_id
        )
        if permit is None:
            return _Busy("as many requests as it allows are in flight", PATIENCE)
        if not key:
            return Reservation(call, permit)
        usd = call.credits * self._config.usd_per_credit(call.provider)
        company_id = self._purpose.company_id
        check_budget(connection, self._config, call.provider, usd, company_id, permit.at)
        return Reservation(call, permit, key, self._insert(connection, call, key, permit, usd))

    def _insert(
        self, connection: Connection, call: Call, key: str, permit: Permit, usd: float
    ) -> int:
        last = select(func.max(operations.c.attempt)).where(operations.c.key == key)
        attempt: int = (connection.execute(last).scalar() or 0) + 1
        connection.execute(
            insert(operations).values(
                key=key,
                attempt=attempt,
                capability=call.capability,
                provider=call.provider,
                endpoint=call.endpoint,
                company_id=self._purpose.company_id,
                refresh_id=self._purpose.refresh_id,
                state="started",
                asked_at=permit.at,
                claimed_until=permit.expires_at,
                # As long a request without an answer counts as possibly charged.
                fresh_until=permit.at + self._config.fresh_misses,
                credits=call.credits,
                cost_usd=usd,
                cost_basis="possible",
            )
        )
        _sum_refresh(connection, self._purpose.refresh_id)
        return attempt

    def _settle(self, connection: Connection, reservation: Reservation, outcome: Outcome) -> None:
        acquire_lock(connection, Lock.LEDGER)
        now = clock(connection)
        if reservation.key:
            self._update(connection, reservation, outcome, now)
        release(connection, reservation.permit, outcome, now)
        seconds = PROVIDER_SECONDS, {"provider": reservation.call.provider}, [outcome.seconds]
        observe(connection, *seconds)

    def _update(
        self, connection: Connection, reservation: Reservation, outcome: Outcome, now: datetime
    ) -> None:
        """Write the outcome into the call's row, unless an earlier try wrote it."""
        call, cost, kind = reservation.call, outcome.cost, outcome.kind
        values: dict[str, Any] = {"outcome": kind}
        if outcome.answered and outcome.response is not None:
            fresh = self._config.fresh_misses
            if kind == "ok":
                fresh = self._config.fresh_for(call.capability)
            values |= {
                "state": "answered" if kind == "ok" else "not_found",
                "why": None,
                "answered_at": now,
                "fresh_until": now + fresh,
                "headers": json.dumps(dict(outcome.response.headers), sort_keys=True),
                "answer": outcome.response.body,
            }
        else:
            values["why"] = outcome.classification.why[:_WHY_CHARACTERS]
            values["state"] = "ambiguous"
            if not outcome.charged_without_answer:
                # No provider is called for a protected person for a while.
                until = now + self._config.fresh_misses if kind == "compliance" else None
                values |= {"state": "failed", "answered_at": now, "fresh_until": until}
        if cost is not None:
            values |= {"credits": cost.credits, "cost_usd": cost.usd, "cost_basis": cost.basis}
        this_key = operations.c.key == reservation.key
        # An answer may come after its claim expired: the row is then `ambiguous` already.
        row = connection.execute(
            update(operations)
            .where(this_key, operations.c.attempt == reservation.attempt)
            .where(operations.c.state.in_(("started", "ambiguous")))
            .values(values)
            .returning(operations.c.refresh_id)
        ).first()
        if row is None or cost is None:
            return
        refreshes = {row.refresh_id}
        if cost.usd > 0:
            count(connection, PROVIDER_COST, {"provider": call.provider}, cost.usd)
            if outcome.answered and not call.repeat_charged:
                # The provider charges the question once: so the requests before cost nothing.
                refreshes |= set(connection.scalars(
                    update(operations)
                    .where(this_key, operations.c.attempt < reservation.attempt)
                    .where(operations.c.state == text("'ambiguous'"))
                    .values(credits=0.0, cost_usd=0.0)
                    .returning(operations.c.refresh_id)
                ))  # fmt: skip
        for refresh_id in refreshes:
            _sum_refresh(connection, refresh_id)


def close_abandoned(connection: Connection, now: datetime) -> None:
    """Mark the requests of killed processes as ambiguous, once their claim expired."""
    connection.execute(
        update(operations)
        .where(operations.c.state == text("'started'"), operations.c.claimed_until <= now)
        .values(state="ambiguous", why="the process was killed")
    )


def release_requests(connection: Connection, refresh_id: str) -> None:
    """End the requests of a refresh whose attempt has ended: its process is gone.

    Paid requests without an outcome become ambiguous, and the places at the providers become free:
    without this, a killed worker blocks its providers until its requests expire. The lock of the
    ledger is not needed, as this only frees places. An outcome that still arrives is stored.
    """
    connection.execute(
        update(operations)
        .where(operations.c.refresh_id == refresh_id, operations.c.state == text("'started'"))
        .values(state="ambiguous", why="the process was killed")
    )
    connection.execute(
        delete(provider_requests).where(provider_requests.c.refresh_id == refresh_id)
    )


def _rows(connection: Connection, key: str, now: datetime) -> list[Row[Any]]:
    """The rows of a key that still count, newest first."""
    return list(
        connection.execute(
            select(operations)
            .where(operations.c.key == key)
            .where((operations.c.fresh_until > now) | (operations.c.state == text("'started'")))
            .order_by(operations.c.attempt.desc())
        )
    )


def _stored(rows: Iterable[Row[Any]], call: Call, since: datetime | None) -> Answer | None:
    """The newest stored answer, of those asked for since then.

    Raises:
        CallRefusedError: the provider protects the person.
    """
    for row in rows:
        if row.state == "failed" and row.outcome == "compliance":
            why = f"protected by the provider; no call before {row.fresh_until:%Y-%m-%d}"
            raise CallRefusedError(call.provider, f"{call.endpoint}: {why}", "compliance")
        # Erasing a person empties the answers about them: such a row answers nothing.
        old = since is not None and row.asked_at < since
        if row.state in ("answered", "not_found") and row.answer is not None and not old:
            headers = json.loads(row.headers or "{}")
            return Answer(row.state == "answered", headers, row.answer, row.asked_at)
    return None


def _check_ambiguous(rows: Iterable[Row[Any]], call: Call) -> None:
    """Check that the call was not charged, or possibly charged, twice without an answer."""
    ends = sorted(row.fresh_until for row in rows if row.state == "ambiguous" and row.credits > 0)
    if call.repeat_charged and len(ends) >= _MOST_AMBIGUOUS:
        until = ends[-_MOST_AMBIGUOUS]
        raise CallRefusedError(
            call.provider,
            f"{call.endpoint}: may have been charged twice without an answer; no call before "
            f"{until:%Y-%m-%d}",
            "transient",
        )


def _sum_refresh(connection: Connection, refresh_id: str | None) -> None:
    """Write the sum of its calls' costs onto a refresh."""
    if refresh_id is None:
        return
    cost = select(func.coalesce(func.sum(operations.c.cost_usd), 0.0)).where(
        operations.c.refresh_id == refresh_id
    )
    connection.execute(
        update(logs).where(logs.c.refresh_id == refresh_id).values(cost_usd=cost.scalar_subquery())
    )
