"""Asking a provider: from the ledger if it knows, else at the provider's pace, within the budget.

How a paid question goes: the ledger; a turn (circuit, requests at once, pace); its row in the
ledger, which reserves the most that it may cost; the request; its answer into the ledger; only
then its reading. A free one goes without the ledger.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Engine

from bg_orchestration.ledger.operations import (
    Asker,
    Barred,
    Claimed,
    Known,
    LeftOpen,
    Overspent,
    Question,
    Taken,
)
from bg_orchestration.ledger.rate_limit import (
    Entered,
    Left,
    count,
    leave,
)
from bg_orchestration.observability.provider_spans import provider_call, tell_answer
from bg_orchestration.observability.traces import tell
from bg_orchestration.provider_settings import Provider, ProviderSettings
from bg_orchestration.providers.endings import Ending, ending_of
from bg_orchestration.providers.http import Http
from bg_orchestration.providers.ledger import Ledger, answer_from, refusal
from bg_orchestration.providers.protocols import (
    Adapter,
    Answer,
    Ask,
    Call,
    ProviderAwayError,
    ProviderStoppedError,
    QuestionError,
)
from bg_orchestration.providers.questions import question_of
from bg_orchestration.providers.turns import PATIENCE, take_turn
from bg_orchestration.store.database import writing

# Not structlog: unconfigured it prints, into the output of commands that call a run in-process.
log = logging.getLogger(__name__)

# Seconds before a request is repeated, as for the steps of a run.
_WAITS: Final = (2.0, 4.0, 8.0)
# How long somebody waits for others who ask the same question.
_LONGEST_SECONDS: Final = 300.0
_POLL_SECONDS: Final = 0.1
_NOBODY: Final = Asker()


@contextmanager
def asking(
    engine: Engine,
    adapters: Iterable[Adapter],
    config: ProviderSettings,
    asker: Asker = _NOBODY,
) -> Iterator[Ask]:
    """An `Ask` for these adapters, on behalf of `asker`; the block's end closes connections.

    It raises what `protocols` names, `ProviderError` and `BudgetSpentError`, and SQLAlchemy's
    errors when our own database does not answer.
    """
    ask = _Asking(engine, {adapter.name: adapter for adapter in adapters}, config, asker)
    try:
        yield ask
    finally:
        ask.close()


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A request about to be sent: its turn and, if it is paid, its row in the ledger."""

    entered: Entered
    claimed: Claimed | None = None


class _Asking:
    def __init__(
        self,
        engine: Engine,
        adapters: dict[str, Adapter],
        config: ProviderSettings,
        asker: Asker,
    ) -> None:
        self._engine = engine
        self._adapters = adapters
        self._config = config
        self._ledger = Ledger(engine, config, asker)
        self._http = Http()
        self._hits: Counter[tuple[str, str]] = Counter()

    def __call__(self, call: Call) -> Answer:
        """Answer a call; faults that may pass are waited for and asked again."""
        adapter = self._adapters[call.provider]
        why = ""
        for number, seconds in enumerate((*_WAITS, _WAITS[-1])):
            backoff = seconds * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            ended = self._ask(adapter, call, backoff)
            if isinstance(ended, Answer):
                return ended
            why, wait = ended.verdict.why, ended.verdict.wait
            if wait is not None and wait > PATIENCE.total_seconds():
                why += f"; it asks to wait {wait:.0f} s"
                break
            # Where the provider wants everybody to wait, the next turn comes after that.
            if number < len(_WAITS) and wait is None and ended.outcome != "rate_limited":
                time.sleep(backoff)
        raise ProviderAwayError(call.provider, f"{call.endpoint}: {why}")

    def close(self) -> None:
        """Close the connections; count what the ledger answered."""
        self._http.close()
        if self._hits:
            with writing(self._engine) as connection:
                for (provider, endpoint), hits in sorted(self._hits.items()):
                    count(connection, provider, endpoint, ledger_hits=hits)
            tell({"bg.ledger_hits": self._hits.total()})
            self._hits.clear()

    def _ask(self, adapter: Adapter, call: Call, backoff: float) -> Answer | Ending:
        """Ask once; returns the ending of a request whose fault may pass."""
        provider: Provider = adapter.name  # type: ignore[assignment]
        price = self._config.usd_per_credit(provider)
        under_way = self._prepare(adapter, call, provider, price)
        if isinstance(under_way, Answer):
            return under_way
        began = time.monotonic()
        ending = self._send(adapter, call, price)
        seconds = time.monotonic() - began
        self._ledger.settle(
            call,
            adapter.kept_headers,
            under_way.entered,
            under_way.claimed,
            ending,
            backoff,
            seconds,
        )
        log.info(
            "provider_asked",
            extra={
                "provider": call.provider,
                "endpoint": call.endpoint,
                "outcome": ending.outcome,
                "why": ending.verdict.why,
                "usd": None if ending.charge is None else ending.charge.usd,
                "milliseconds": round(seconds * 1000),
            },
        )
        return self._told(adapter, call, under_way.entered, ending)

    def _send(self, adapter: Adapter, call: Call, price: float) -> Ending:
        """Send a request, in a span that names its endpoint: a path may hold somebody."""
        host = urlsplit(adapter.base_url).hostname or ""
        with provider_call(call.provider, call.method, host, call.endpoint) as made:
            ending = ending_of(adapter, call, self._http.send(adapter, call), price)
            tell_answer(
                made,
                ending.outcome,
                ending.response.status if ending.response else None,
                ending.charge.usd if ending.charge else None,
                answered=ending.answered,
            )
            return ending

    def _prepare(
        self, adapter: Adapter, call: Call, provider: Provider, price: float
    ) -> Answer | _UnderWay:
        """A turn and a row in the ledger, or the answer that makes both needless."""
        if not call.credits:
            return _UnderWay(take_turn(self._engine, adapter, call))
        question = question_of(call, adapter.base_url, price, self._config.fresh_misses)
        deadline = time.monotonic() + _LONGEST_SECONDS
        while time.monotonic() < deadline:
            found = self._ledger.look(question) or self._claim(question, adapter, call, provider)
            if isinstance(found, _UnderWay):
                return found
            if isinstance(found, Known):
                self._hits[call.provider, call.endpoint] += 1
                return answer_from(found)
            if not isinstance(found, Taken):
                raise refusal(call, found)
            time.sleep(_POLL_SECONDS)
        raise ProviderAwayError(
            call.provider, f"{call.endpoint}: others have been asking the same for too long"
        )

    def _claim(
        self, question: Question, adapter: Adapter, call: Call, provider: Provider
    ) -> Known | Barred | Taken | LeftOpen | Overspent | _UnderWay:
        entered = take_turn(self._engine, adapter, call)
        found = self._ledger.claim(question, provider)
        if isinstance(found, Claimed):
            return _UnderWay(entered, found)
        with writing(self._engine) as connection:
            leave(connection, entered, Left("not_asked"))
        return found

    def _told(
        self, adapter: Adapter, call: Call, entered: Entered, ending: Ending
    ) -> Answer | Ending:
        if ending.may_pass:
            return ending
        if ending.answered and ending.response is not None:
            kept = ending.kept(adapter.kept_headers)
            return Answer(ending.outcome == "ok", kept, ending.response.body, entered.at)
        told = f"{call.endpoint}: {ending.outcome.replace('_', ' ')} ({ending.verdict.why})"
        if ending.stops:
            raise ProviderStoppedError(call.provider, told)
        raise QuestionError(call.provider, told, ending.outcome)
