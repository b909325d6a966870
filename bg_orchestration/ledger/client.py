"""The client of paid providers: reserve, send, settle, and repeat temporary faults."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Engine

from bg_orchestration.ledger.calls import (
    Adapter,
    Answer,
    Call,
    Outcome,
    Request,
    TransportFault,
    outcome_of,
)
from bg_orchestration.ledger.errors import ProviderAwayError, ProviderError
from bg_orchestration.ledger.http_client import HttpClient
from bg_orchestration.ledger.ledger import Ledger, Purpose, Reservation
from bg_orchestration.ledger.rate_limit import PATIENCE, close_circuit, count_calls
from bg_orchestration.observability.provider_spans import provider_call, tell_answer
from bg_orchestration.observability.traces import tell
from bg_orchestration.provider_settings import ProviderSettings
from bg_orchestration.store.database import writing

# Seconds before each repetition, as for the steps of a run.
_PAUSES: Final = (2.0, 4.0, 8.0)
# A process that stood still so long may have lost its lease, and its place at the provider with it.
_STANDSTILL_SECONDS: Final = 20.0
_STOOD_STILL: Final = TransportFault("unsent", "the process stood still before it was sent")
_NO_PURPOSE: Final = Purpose()


class Client:
    """Sends calls through the ledger; `provider_client` makes one."""

    def __init__(
        self,
        engine: Engine,
        adapters: Iterable[Adapter],
        config: ProviderSettings,
        purpose: Purpose = _NO_PURPOSE,
    ) -> None:
        self._engine = engine
        self._ledger = Ledger(engine, adapters, config, purpose)
        self._config = config
        self._http = HttpClient()
        self._hits: Counter[tuple[str, str]] = Counter()

    def __call__(self, call: Call) -> Answer:
        """Return the answer of the ledger or the provider; repeat temporary faults three times."""
        for pause in (*_PAUSES, None):
            reserved = self._ledger.reserve(call)
            if isinstance(reserved, Answer):
                self._hits[call.provider, call.endpoint] += 1
                return reserved
            seconds = (pause or _PAUSES[-1]) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            outcome = self._send(reserved, seconds)
            try:
                return self._ledger.settle(reserved, outcome)
            except ProviderAwayError:
                wait = outcome.classification.wait
                if pause is None or (wait or 0.0) > PATIENCE.total_seconds():
                    raise
            # A wait that the provider asks for postpones the next slot of the endpoint.
            if wait is None:
                time.sleep(seconds)
        raise AssertionError("the last repetition raises")

    def check(self, call: Call) -> Outcome:
        """Send a free call, and twice more while it fails for a moment; return its outcome.

        Raises:
            ProviderError: the provider may not be called now.
        """
        for pause in (*_PAUSES[:2], None):
            reserved = self._ledger.reserve(call)
            assert isinstance(reserved, Reservation), "a free call has no stored answer"
            outcome = self._send(reserved, pause or _PAUSES[0])
            with suppress(ProviderError):
                self._ledger.settle(reserved, outcome)
            if pause is None or not outcome.repeatable:
                break
            time.sleep(pause)
        return outcome

    def _send(self, reservation: Reservation, pause: float) -> Outcome:
        """Send a reserved call at its time, in a span without path or parameters.

        Too many requests without `Retry-After` mean a wait of `pause` seconds.
        """
        call = reservation.call
        adapter = self._ledger.adapters[call.provider]
        host = urlsplit(adapter.base_url).hostname or ""
        reserved = time.monotonic()
        time.sleep(reservation.permit.wait)
        with provider_call(call.provider, call.method, host, call.endpoint) as span:
            began = time.monotonic()
            late = began - reserved - reservation.permit.wait
            sent = _STOOD_STILL if late > _STANDSTILL_SECONDS else self._http.send(adapter, call)
            seconds = time.monotonic() - began
            price = self._config.usd_per_credit(call.provider)
            outcome = outcome_of(adapter, call, sent, price, seconds)
            tell_answer(
                span,
                outcome.kind,
                outcome.response.status if outcome.response else None,
                outcome.cost.usd if outcome.cost else None,
                answered=outcome.answered,
            )
        if outcome.kind == "rate_limited" and outcome.classification.wait is None:
            return replace(outcome, classification=replace(outcome.classification, wait=pause))
        return outcome

    def close(self) -> None:
        """Close the connections, and count the answers from the ledger."""
        self._http.close()
        if self._hits:
            with writing(self._engine) as connection:
                for (provider, endpoint), hits in sorted(self._hits.items()):
                    count_calls(connection, provider, endpoint, ledger_hits=hits)
            tell({"bg.ledger_hits": self._hits.total()})
            self._hits.clear()


@contextmanager
def provider_client(
    engine: Engine,
    adapters: Iterable[Adapter],
    config: ProviderSettings,
    purpose: Purpose = _NO_PURPOSE,
) -> Iterator[Request]:
    """A client for these adapters; the block's end closes its connections.

    It raises `ProviderError` and `BudgetSpentError`, and SQLAlchemy's errors when our own database
    is away.
    """
    client = Client(engine, adapters, config, purpose)
    try:
        yield client
    finally:
        client.close()


def check_key(engine: Engine, adapter: Adapter, config: ProviderSettings) -> Outcome:
    """Try a provider's key with its cheapest call, whatever its circuit says.

    A person has just mended the cause, so the circuit is closed, also for others. The same fault
    opens it again.

    Raises:
        ProviderAwayError: no slot is free soon.
    """
    with writing(engine) as connection:
        close_circuit(connection, adapter.name)
    client = Client(engine, [adapter], config)
    try:
        return client.check(adapter.check())
    finally:
        client.close()
