"""What a CRM is to us, and how its requests are paced and repeated."""

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Engine

from bg_orchestration.domain.crm_cells import CrmCell, CrmPerson, Vocabulary
from bg_orchestration.domain.retry_after import retry_after
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import FREE, Classification, Outcome, OutcomeKind
from bg_orchestration.ledger.errors import ProviderError
from bg_orchestration.ledger.http_client import silence_clients
from bg_orchestration.ledger.rate_limit import PATIENCE, Permit, acquire, release
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.locks import Lock, acquire_lock

# Seconds to connect, and to wait for each part of an answer.
TIMEOUT: Final = (5.0, 30.0)
_LONGEST: Final = timedelta(seconds=2 * sum(TIMEOUT))
_PAUSES: Final = (0.5, 2.0, 4.0)
# Seconds after which a write is not sent any more: the claim of its rows would end.
_WRITE_SECONDS: Final = 90.0


class CrmError(Exception):
    """A CRM cannot be used now; the message says what to do. Nothing more is written."""


class UnclearWriteError(Exception):
    """A write has no answer: the CRM may have made it. Reading it tells."""


@dataclass(frozen=True, slots=True)
class CrmResponse:
    """An answer of a CRM; status 0 if nothing came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def ok(self) -> bool:
        """Whether it is a success, or a partial one."""
        return 200 <= self.status < 300

    def field_of(self, name: str) -> Any:
        """Return a field of the body; `None` if the body is no object."""
        return self.body.get(name) if isinstance(self.body, dict) else None


@dataclass(slots=True)
class Reading:
    """Values that were read.

    Attributes:
        values: by cell; empty where the CRM has none.
        problems: by contact: why it cannot be read, with what to do.
    """

    values: dict[CrmCell, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to create."""

    email: str
    name: str
    title: str
    company: str | None


class Crm(Protocol):
    """A CRM as a destination. Every method may raise `CrmError`."""

    @property
    def name(self) -> str:
        """The name in commands and tables: `hubspot`."""
        ...

    @property
    def label(self) -> str:
        """The name for people."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """Our roles in its words."""
        ...

    def check(self) -> None:
        """Check token, scopes, fields and role values; nothing is written before."""
        ...

    def contacts_with(self, emails: Collection[str]) -> dict[str, list[str]]:
        """Return the addresses of the contacts with one of `emails`, by their id."""
        ...

    def companies_with(self, domains: Collection[str]) -> dict[str, list[str]]:
        """Return the domains of the companies with one of `domains`, by their id."""
        ...

    def prepare(self, companies: Collection[str]) -> None:
        """Read what `wanted` needs about these companies, given by their ids."""
        ...

    def wanted(self, person: CrmPerson, written: Iterable[CrmCell]) -> dict[CrmCell, str]:
        """Return the values that a person's cells should have; `written` are cells of ours."""
        ...

    def read(self, cells: Collection[CrmCell]) -> Reading:
        """Read the present values of cells."""
        ...

    def write(self, values: Mapping[CrmCell, str]) -> dict[CrmCell, str]:
        """Write values in batches; return the faults by cell, each a sentence.

        Raises:
            UnclearWriteError: a batch has no answer.
        """
        ...

    def create(self, contact: NewContact) -> str:
        """Create a contact and return its id.

        Raises:
            ValueError: the CRM refuses it; the message is a sentence.
            UnclearWriteError: there was no answer.
        """
        ...

    def archive(self, contact: str) -> None:
        """Delete a contact that we created; the CRM keeps it in its recycle bin."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class Pacing:
    """Sends the requests of a CRM under the shared rate limiter and repeats what may be."""

    def __init__(self, engine: Engine, system: str, label: str, limit: RateLimit) -> None:
        self._engine = engine
        self._system = system
        self._label = label
        self._limit = limit
        silence_clients()

    def send(
        self, endpoint: str, request: Callable[[], CrmResponse], *, writes: bool
    ) -> CrmResponse:
        """Send a request; repeat it after `Retry-After`, and a read also after a passing fault.

        Raises:
            CrmError: the CRM does not answer, or asks to wait longer than `PATIENCE`.
            UnclearWriteError: a write has no clear answer.
        """
        until = time.monotonic() + _WRITE_SECONDS
        for pause in (*_PAUSES, None):
            permit = self._permit(endpoint)
            time.sleep(permit.wait)
            if writes and time.monotonic() > until:
                break
            response = request()
            limited = response.status == 429
            wait = retry_after(response.headers, datetime.now(UTC)) if limited else None
            if limited and wait is None:
                wait = (pause or _PAUSES[-1]) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            passing = (
                response.status == 0 or response.status in (408, 423) or (response.status >= 500)
            )
            self._release(permit, limited, passing, wait)
            if limited and wait is not None and wait > PATIENCE.total_seconds():
                raise CrmError(
                    f"{self._label} asks to wait {wait:.0f} s: its limit is spent. Try again then"
                )
            if passing and writes:
                raise UnclearWriteError(endpoint)
            if not limited and not passing:
                return response
            if passing and pause is not None:
                time.sleep(pause)
        if writes or limited:
            raise CrmError(f"{self._label} refuses more requests for now. Try again in a minute")
        what = f"answers {response.status}" if response.status else "does not answer"
        raise CrmError(f"{self._label} {what} again and again. Check its status page; try later")

    def _permit(self, endpoint: str) -> Permit:
        until = time.monotonic() + PATIENCE.total_seconds()
        while time.monotonic() < until:
            try:
                with writing(self._engine) as connection:
                    acquire_lock(connection, Lock.LEDGER)
                    now = clock(connection)
                    permit = acquire(connection, self._system, endpoint, self._limit, _LONGEST, now)
            except ProviderError as error:
                raise CrmError(f"{self._label}: {error}. Try again later") from None
            if permit is not None:
                return permit
            time.sleep(0.2)
        raise CrmError(f"{self._label}: too many requests are in flight. Try again in a minute")

    def _release(self, permit: Permit, limited: bool, passing: bool, wait: float | None) -> None:
        kind: OutcomeKind = "rate_limited" if limited else "transient" if passing else "ok"
        outcome = Outcome(Classification(kind, "no clear answer" if passing else "", wait), FREE)
        with writing(self._engine) as connection:
            acquire_lock(connection, Lock.LEDGER)
            release(connection, permit, outcome, clock(connection))
