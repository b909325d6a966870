"""What a CRM is to us, and how its requests are paced and repeated."""

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

import requests
from sqlalchemy import Engine

from bg_orchestration.domain.crm_cells import CrmCell, CrmPerson, RoleWords
from bg_orchestration.domain.retry_after import retry_after
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import FREE, Classification, Outcome, OutcomeKind
from bg_orchestration.ledger.errors import ProviderError
from bg_orchestration.ledger.http_client import silence_clients
from bg_orchestration.ledger.rate_limit import PATIENCE, Permit, acquire, release
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.external_ids import system_of
from bg_orchestration.store.locks import Lock, acquire_lock

# Records of one request: HubSpot's batches take 100, and a query in a URL has room for as many ids.
BATCH: Final = 100
# Seconds to connect, and to wait for each part of an answer.
TIMEOUT: Final = (5.0, 30.0)
_LONGEST: Final = timedelta(seconds=2 * sum(TIMEOUT))
# A CRM counts the requests of an app, whatever their address.
_ENDPOINT: Final = "api"
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
    """A contact to create, with the name of its company and the company's id there."""

    email: str
    name: str
    title: str
    company: str | None
    company_id: str | None


class Crm(ABC):
    """A CRM as a destination. Every method may raise `CrmError`.

    Attributes:
        name: the name in commands and tables: `hubspot`.
        label: the name for people.
        limit: the pace of its requests, for all processes together.
        words: our roles in its words.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    limit: ClassVar[RateLimit]

    def __init__(self, engine: Engine, words: RoleWords) -> None:
        silence_clients()
        self.words = words
        self._engine = engine
        self._session = requests.Session()

    @abstractmethod
    def check(self) -> None:
        """Check token, scopes and fields, and choose the words of the roles."""

    @abstractmethod
    def contacts_with(self, emails: Collection[str]) -> dict[str, list[str]]:
        """Return the addresses of the contacts with one of `emails`, by their id."""

    def companies_with(self, domains: Collection[str]) -> dict[str, list[str]]:
        """Return the domains of the companies with one of `domains`, by their id."""
        return {}

    def prepare(self, companies: Collection[str]) -> None:  # noqa: B027 - not every CRM needs it
        """Read what `wanted` needs about these companies, given by their ids."""

    @abstractmethod
    def wanted(self, person: CrmPerson, written: Iterable[CrmCell]) -> dict[CrmCell, str]:
        """Return the values that a person's cells should have; `written` are cells of ours."""

    @abstractmethod
    def read(self, cells: Collection[CrmCell]) -> Reading:
        """Read the present values of the cells of at most `BATCH` contacts."""

    @abstractmethod
    def write(self, values: Mapping[CrmCell, str]) -> dict[CrmCell, str]:
        """Write at most `BATCH` cells of one field; return the faults by cell, each a sentence.

        Raises:
            UnclearWriteError: the answer does not tell what was written.
        """

    @abstractmethod
    def create(self, contact: NewContact) -> str:
        """Create a contact and return its id.

        Raises:
            ValueError: the CRM refuses it; the message is a sentence.
            UnclearWriteError: there was no answer.
        """

    @abstractmethod
    def is_changed(self, contact: str) -> bool:
        """Whether a person worked on a contact since we created it; `False` without it."""

    @abstractmethod
    def archive(self, contact: str) -> None:
        """Delete a contact that we created; the CRM keeps it in its recycle bin."""

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _gone(self, contact: str, successor: str | None) -> str:
        """Say that a contact was deleted or merged into its successor, and what to do."""
        system = system_of(self.name, "person")
        remove = f"bg external-ids remove {system} {contact}"
        if successor is None:
            return (
                f"contact {contact} does not exist in {self.label} any more. Restore it there, or "
                f"forget its id: {remove}"
            )
        return (
            f"contact {contact} was merged into {successor} in {self.label}. If that is the same "
            f"person: {remove}; bg external-ids set {system} {successor} PERSON"
        )

    def _send(self, request: Callable[[], CrmResponse], *, writes: bool) -> CrmResponse:
        """Send a request under the shared rate limiter.

        It is repeated after `Retry-After`, and a read also after a passing fault.

        Raises:
            CrmError: the CRM does not answer, or asks to wait longer than `PATIENCE`.
            UnclearWriteError: a write has no clear answer.
        """
        until = time.monotonic() + _WRITE_SECONDS
        for pause in (*_PAUSES, None):
            permit = self._permit()
            time.sleep(permit.wait)
            if writes and time.monotonic() > until:
                break
            response = request()
            limited = response.status == 429
            wait = retry_after(response.headers, datetime.now(UTC)) if limited else None
            if limited and wait is None:
                wait = (pause or _PAUSES[-1]) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            passing = response.status in (0, 408, 423) or response.status >= 500
            self._release(permit, limited, passing, wait)
            if limited and wait is not None and wait > PATIENCE.total_seconds():
                raise CrmError(
                    f"{self.label} asks to wait {wait:.0f} s: its limit is spent. Try again then"
                )
            if passing and writes:
                raise UnclearWriteError(self.label)
            if not limited and not passing:
                return response
            if passing and pause is not None:
                time.sleep(pause)
        if writes or limited:
            raise CrmError(
                f"{self.label} refuses more requests: its limit is spent. Try again in a minute; "
                "if it is the limit of the day, tomorrow"
            )
        what = f"answers {response.status}" if response.status else "does not answer"
        raise CrmError(f"{self.label} {what} again and again. Check its status page; try later")

    def _permit(self) -> Permit:
        until = time.monotonic() + PATIENCE.total_seconds()
        while time.monotonic() < until:
            try:
                with writing(self._engine) as connection:
                    acquire_lock(connection, Lock.LEDGER)
                    now = clock(connection)
                    permit = acquire(connection, self.name, _ENDPOINT, self.limit, _LONGEST, now)
            except ProviderError as error:
                raise CrmError(f"{self.label}: {error}. Try again later") from None
            if permit is not None:
                return permit
            time.sleep(0.2)
        raise CrmError(f"{self.label}: too many requests are in flight. Try again in a minute")

    def _release(self, permit: Permit, limited: bool, passing: bool, wait: float | None) -> None:
        kind: OutcomeKind = "rate_limited" if limited else "transient" if passing else "ok"
        outcome = Outcome(Classification(kind, "no clear answer" if passing else "", wait), FREE)
        with writing(self._engine) as connection:
            acquire_lock(connection, Lock.LEDGER)
            release(connection, permit, outcome, clock(connection))
