"""The ledger as whoever asks uses it: short transactions, and what its answers mean for a call."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from bg_orchestration.domain.budget import Limits
from bg_orchestration.ledger import operations, settlements
from bg_orchestration.ledger.daily_budget import allowance
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
from bg_orchestration.ledger.rate_limit import Entered, leave
from bg_orchestration.observability.metric_families import PROVIDER_SECONDS
from bg_orchestration.provider_settings import Provider, ProviderSettings
from bg_orchestration.providers.endings import Ending
from bg_orchestration.providers.protocols import (
    Answer,
    BudgetSpentError,
    Call,
    ProviderError,
    ProviderStoppedError,
    QuestionError,
)
from bg_orchestration.store.counters import observe
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.locks import Lock, acquire_lock

# A database server that restarts is back within half a minute; an answer that was paid for waits.
_STORE_WAITS: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger for one asker, with the limits of the settings."""

    engine: Engine
    config: ProviderSettings
    asker: Asker

    def look(self, question: Question) -> Known | Barred | Taken | None:
        """What is known without asking."""
        with reading(self.engine) as connection:
            return operations.known(connection, question.key)

    def claim(
        self, question: Question, provider: Provider
    ) -> Known | Barred | Taken | LeftOpen | Overspent | Claimed:
        """Take the question over, unless it is answered, asked by another or too dear."""
        with writing(self.engine) as connection:
            company_id = self.asker.company_id
            free = company_id is not None and allowance(connection, company_id) is not None
            daily = None if free else self.config.daily_budget_usd
            limits = Limits(daily, self.config.daily_cap(provider))
            return operations.claim(connection, question, self.asker, limits)

    def settle(
        self,
        call: Call,
        kept_headers: frozenset[str],
        entered: Entered,
        claimed: Claimed | None,
        ending: Ending,
        backoff: float,
        seconds: float,
    ) -> None:
        """Book how a request ended after so many seconds, and give its turn back.

        Raises:
            OperationalError: the database has been away for half a minute.
        """

        def store(connection: Connection) -> None:
            acquire_lock(connection, Lock.RATE_LIMIT)
            if claimed is not None:
                self._book(connection, call, kept_headers, claimed, ending)
            leave(connection, entered, ending.left(backoff))
            # Last: whoever counts here holds the lock of the turns already.
            observe(connection, PROVIDER_SECONDS, {"provider": call.provider}, [seconds])

        self._patiently(store, _STORE_WAITS if claimed is not None else ())

    def _book(
        self,
        connection: Connection,
        call: Call,
        kept_headers: frozenset[str],
        claimed: Claimed,
        ending: Ending,
    ) -> None:
        outcome, why = ending.outcome, ending.verdict.why
        if ending.in_vain:
            settlements.left_open(connection, claimed, outcome, why, ending.charge)
            return
        assert ending.charge is not None, "else it is in vain"
        if ending.answered and ending.response is not None:
            found = outcome == "ok"
            settlements.answered(
                connection,
                claimed,
                ending.charge,
                self.config.fresh_for(call.capability) if found else self.config.fresh_misses,
                found=found,
                headers=ending.kept(kept_headers),
                body=ending.response.body,
            )
            if not call.repeat_charged and ending.charge.usd > 0:
                settlements.not_charged(connection, claimed)
        else:
            barred = self.config.fresh_misses if outcome == "compliance" else None
            settlements.failed(connection, claimed, ending.charge, outcome, why, barred)

    def _patiently(self, store: Callable[[Connection], None], waits: tuple[float, ...]) -> None:
        for wait in (*waits, None):
            try:
                with writing(self.engine) as connection:
                    store(connection)
                return
            except OperationalError:
                if wait is None:
                    raise
                time.sleep(wait)


def answer_from(known: Known) -> Answer:
    """An answer from the ledger."""
    return Answer(known.found, known.headers, known.body, known.asked_at)


def refusal(call: Call, found: Barred | LeftOpen | Overspent) -> ProviderError | BudgetSpentError:
    """What to raise instead of asking."""
    if isinstance(found, Overspent):
        return _too_dear(call, found)
    until = f"not asked again before {found.until:%Y-%m-%d}"
    if isinstance(found, Barred):
        return QuestionError(
            call.provider, f"{call.endpoint}: protected by the provider; {until}", "compliance"
        )
    return QuestionError(
        call.provider,
        f"{call.endpoint}: may have been charged twice without an answer; {until}",
        "transient",
    )


def _too_dear(call: Call, over: Overspent) -> ProviderStoppedError | BudgetSpentError:
    rest = (
        f"${over.spent:.2f} of ${over.limit:.2f} are spent or reserved today and this call may "
        f"cost more than the rest; the next day begins at {over.until:%Y-%m-%d %H:%M} UTC"
    )
    if over.own_cap:
        variable = f"BG_{call.provider.upper()}_DAILY_USD"
        return ProviderStoppedError(call.provider, f"{variable}: {rest}")
    return BudgetSpentError(f"BG_DAILY_BUDGET_USD: {rest}", over.until)
