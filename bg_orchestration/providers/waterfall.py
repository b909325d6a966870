"""Providers asked in their order, a later one only for what is still missing.

One that is away, has stopped answering or has changed its answers fails only itself: what became
of it is noted in plain words, and the next is asked. A budget that is spent stops everything.
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
from bg_orchestration.providers.company_match import mistaken_for
from bg_orchestration.providers.protocols import (
    CompanyLookup,
    FoundCompany,
    FoundPerson,
    PeopleListing,
    PeopleQuery,
    Unchanged,
)

_A = TypeVar("_A", bound=Adapter)
_T = TypeVar("_T")

_FAULTS: dict[type[ProviderError], str] = {
    ProviderAwayError: "away",
    ProviderStoppedError: "answers nobody",
    CallRefusedError: "cannot answer this",
    SchemaDriftError: "schema drift",
}


@dataclass(slots=True)
class Outcomes:
    """What became of asking each provider.

    Attributes:
        words: by provider, in plain words that name nobody.
        faults: what failed, in the order in which it did.
    """

    words: dict[str, str] = field(default_factory=dict)
    faults: list[ProviderError] = field(default_factory=list)

    def note(self, provider: str, words: str) -> None:
        """Note what a provider answered; a fault noted of it stands."""
        if all(fault.provider != provider for fault in self.faults):
            self.words[provider] = words

    def fault(self, error: ProviderError) -> None:
        """Note why a provider failed."""
        kind = next((name for one, name in _FAULTS.items() if isinstance(error, one)), "failed")
        told = str(error).removeprefix(f"{error.provider}: ")
        self.words[error.provider] = f"{kind}: {told}"
        self.faults.append(error)

    def asking(
        self, adapters: Iterable[_A], request: Callable[[_A], _T]
    ) -> Iterator[tuple[_A, _T]]:
        """Ask one after the other, as long as the caller wants; those that fail are passed over."""
        for adapter in adapters:
            try:
                answer = request(adapter)
            except ProviderError as error:
                self.fault(error)
            else:
                yield adapter, answer

    @property
    def sentence(self) -> str:
        """All of it, such as `coresignal: away: no answer; pdl: does not know it`."""
        return "; ".join(f"{provider}: {words}" for provider, words in self.words.items())

    @property
    def may_pass(self) -> ProviderAwayError | None:
        """A fault that may pass, if there was any."""
        return next((one for one in self.faults if isinstance(one, ProviderAwayError)), None)


@dataclass(slots=True)
class Watched:
    """An `Ask` that remembers what an adapter made of it.

    Attributes:
        ask: asks.
        oldest: when the oldest of its answers was given: as old is what they tell.
        unanswered: how many single questions could not be answered.
    """

    request: Request
    oldest: datetime | None = None
    unanswered: int = 0

    def __call__(self, call: Call) -> Answer:
        """Ask, and remember."""
        try:
            answer = self.request(call)
        except CallRefusedError:
            self.unanswered += 1
            raise
        self.oldest = min(self.oldest or answer.asked_at, answer.asked_at)
        return answer


def find_company(
    adapters: Iterable[CompanyLookup], request: Request, domain: str, outcomes: Outcomes
) -> tuple[str, FoundCompany] | None:
    """The company of this domain from the first provider that knows it, and that provider."""
    for adapter, found in outcomes.asking(adapters, lambda one: one.company(request, domain)):
        if company := _right(adapter.name, found, domain, outcomes):
            outcomes.note(adapter.name, "knows it")
            return adapter.name, company
    return None


class Lister(CompanyLookup, PeopleListing, Protocol):
    """Whoever lists people knows their companies by ids of its own."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Everybody whom a provider lists at a company, to the end of the list.

    Attributes:
        provider: who lists them.
        company: as that provider knows it.
        people: whose records were read.
        unchanged: its ids of those known who are still there.
        unread: how many single questions could not be answered: the list is to be made from the
            same day again.
        seen_at: when the oldest answer was given that it is made of.
    """

    provider: str
    company: FoundCompany
    people: tuple[FoundPerson, ...]
    unchanged: frozenset[str]
    unread: int
    seen_at: datetime

    @property
    def words(self) -> str:
        """How it went, in numbers."""
        unread = f", {self.unread} questions not answered" if self.unread else ""
        return f"{len(self.people)} records read, {len(self.unchanged)} unchanged{unread}"


def list_people(
    adapters: Iterable[Lister],
    request: Request,
    domain: str,
    query_of: Callable[[str, FoundCompany], PeopleQuery],
    outcomes: Outcomes,
) -> Listing | None:
    """The people of the company of this domain from the first provider that lists any.

    Args:
        adapters: who is asked, in this order.
        request: sends calls.
        domain: the company's; people of another company are never asked for.
        query_of: whom to list, given the provider and the company as it knows it.
        outcomes: where to note what became of each.
    """

    def listed(adapter: Lister) -> Listing | None:
        company = _right(adapter.name, adapter.company(request, domain), domain, outcomes)
        if company is None:
            return None
        watched = Watched(request)
        found = list(adapter.people(watched, query_of(adapter.name, company)))
        assert watched.oldest is not None, "whoever lists people asks"
        return Listing(
            adapter.name,
            company,
            tuple(one for one in found if isinstance(one, FoundPerson)),
            frozenset(one.source_id for one in found if isinstance(one, Unchanged)),
            watched.unanswered,
            watched.oldest,
        )

    for adapter, listing in outcomes.asking(adapters, listed):
        if listing is not None and (listing.people or listing.unchanged):
            outcomes.note(adapter.name, listing.words)
            return listing
        if listing is not None:
            outcomes.note(adapter.name, "lists nobody worth a record")
    return None


def _right(
    provider: str, found: FoundCompany | None, domain: str, outcomes: Outcomes
) -> FoundCompany | None:
    """What a provider found, if it is the company of this domain."""
    fault = "does not know it" if found is None else mistaken_for(found, domain)
    if fault is not None:
        outcomes.note(provider, fault)
        return None
    return found
