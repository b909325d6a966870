"""The waterfall: providers in their order, each later one only for what is still missing.

A provider that is away, stopped or changed fails alone: its fault is noted in plain words, and the
next provider is called. A spent budget stops everything.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from bg_orchestration.ledger.calls import Adapter, Answer, Call, Request
from bg_orchestration.ledger.errors import (
    CallRefusedError,
    ProviderAwayError,
    ProviderError,
    ProviderStoppedError,
    SchemaDriftError,
)
from bg_orchestration.providers.company_match import mismatch
from bg_orchestration.providers.protocols import (
    CompanyLookup,
    FoundCompany,
    FoundPerson,
    PeopleListing,
    PeopleQuery,
    UnchangedPerson,
)

_A = TypeVar("_A", bound=Adapter)
_T = TypeVar("_T")

_FAULTS: dict[type[ProviderError], str] = {
    ProviderAwayError: "away",
    ProviderStoppedError: "stopped",
    CallRefusedError: "refuses this call",
    SchemaDriftError: "schema drift",
}


@dataclass(slots=True)
class ProviderNotes:
    """The result of each provider, for people to read.

    Attributes:
        words: by provider, in plain words without any person.
        faults: the faults in their order.
    """

    words: dict[str, str] = field(default_factory=dict)
    faults: list[ProviderError] = field(default_factory=list)

    def note(self, provider: str, words: str) -> None:
        """Note a provider's result, unless a fault of it is noted."""
        if all(fault.provider != provider for fault in self.faults):
            self.words[provider] = words

    def note_fault(self, error: ProviderError) -> None:
        """Note a provider's fault."""
        kind = next((name for type_, name in _FAULTS.items() if isinstance(error, type_)), "failed")
        cause = str(error).removeprefix(f"{error.provider}: ")
        self.words[error.provider] = f"{kind}: {cause}"
        self.faults.append(error)

    def each(self, adapters: Iterable[_A], call: Callable[[_A], _T]) -> Iterator[tuple[_A, _T]]:
        """Call one provider after the other while the caller iterates; skip those that fail."""
        for adapter in adapters:
            try:
                result = call(adapter)
            except ProviderError as error:
                self.note_fault(error)
            else:
                yield adapter, result

    @property
    def sentence(self) -> str:
        """Return all notes, such as `coresignal: away: no answer; pdl: does not know it`."""
        return "; ".join(f"{provider}: {words}" for provider, words in self.words.items())

    @property
    def temporary_fault(self) -> ProviderAwayError | None:
        """Return the first temporary fault, if any."""
        return next((fault for fault in self.faults if isinstance(fault, ProviderAwayError)), None)


@dataclass(slots=True)
class TimedRequest:
    """A `Request` that remembers the age of its answers.

    Attributes:
        request: sends the calls.
        oldest: the time of the oldest answer; facts from the answers are as old.
        unanswered: how many single calls were refused.
    """

    request: Request
    oldest: datetime | None = None
    unanswered: int = 0

    def __call__(self, call: Call) -> Answer:
        """Send a call and remember its age."""
        try:
            answer = self.request(call)
        except CallRefusedError:
            self.unanswered += 1
            raise
        self.oldest = min(self.oldest or answer.asked_at, answer.asked_at)
        return answer


def find_company(
    adapters: Iterable[CompanyLookup], request: Request, domain: str, notes: ProviderNotes
) -> tuple[str, FoundCompany] | None:
    """Return the company of a domain and its provider: the first one that knows it."""
    for adapter, found in notes.each(adapters, lambda each: each.company(request, domain)):
        if company := _match(adapter.name, found, domain, notes):
            notes.note(adapter.name, "knows it")
            return adapter.name, company
    return None


class CompanyLister(CompanyLookup, PeopleListing, Protocol):
    """A provider that lists people by its own id of their company."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All people whom a provider lists at a company.

    Attributes:
        provider: its name.
        company: as that provider knows it.
        people: people whose records or previews were read.
        unchanged: its ids of stored people who still work there.
        unread: the number of refused single calls. The next listing starts from the same day.
        seen_at: the time of the oldest answer in the listing.
    """

    provider: str
    company: FoundCompany
    people: tuple[FoundPerson, ...]
    unchanged: frozenset[str]
    unread: int
    seen_at: datetime

    @property
    def words(self) -> str:
        """Return the numbers of the listing in words."""
        unread = f", {self.unread} questions not answered" if self.unread else ""
        return f"{len(self.people)} records read, {len(self.unchanged)} unchanged{unread}"


def list_people(
    adapters: Iterable[CompanyLister],
    request: Request,
    domain: str,
    query_of: Callable[[str, FoundCompany], PeopleQuery],
    notes: ProviderNotes,
) -> Listing | None:
    """Return the listing of the first provider that lists any person of the company.

    Args:
        adapters: the providers in their order.
        request: sends calls.
        domain: the company's; a company of another domain is never listed.
        query_of: makes the query for a provider and the company as it knows it.
        notes: receives the result of each provider.
    """

    def list_company(adapter: CompanyLister) -> Listing | None:
        company = _match(adapter.name, adapter.company(request, domain), domain, notes)
        if company is None:
            return None
        timed = TimedRequest(request)
        entries = list(adapter.people(timed, query_of(adapter.name, company)))
        assert timed.oldest is not None, "a listing has at least one call"
        return Listing(
            adapter.name,
            company,
            tuple(entry for entry in entries if isinstance(entry, FoundPerson)),
            frozenset(entry.source_id for entry in entries if isinstance(entry, UnchangedPerson)),
            timed.unanswered,
            timed.oldest,
        )

    for adapter, listing in notes.each(adapters, list_company):
        if listing is not None and (listing.people or listing.unchanged):
            notes.note(adapter.name, listing.words)
            return listing
        if listing is not None:
            notes.note(adapter.name, "lists no eligible person")
    return None


def _match(
    provider: str, company: FoundCompany | None, domain: str, notes: ProviderNotes
) -> FoundCompany | None:
    """Return the found company, if it is the company of this domain."""
    fault = "does not know it" if company is None else mismatch(company, domain)
    if fault is not None:
        notes.note(provider, fault)
        return None
    return company
