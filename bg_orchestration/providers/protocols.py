"""What is asked of data providers: calls and their answers, and the five capabilities.

An adapter knows one provider's protocol and does no I/O: it makes `Call`s, hands them to an `Ask`,
and reads the answers. `Ask` is where money, pace and faults are minded, once for all providers: it
answers from the ledger of operations what was paid for already, and raises what an adapter cannot
mend. So everything here is synchronous: a refresh is one small chain of questions in one process.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from bg_orchestration.provider_settings import Capability as Capability

# What an answer means, see section 9 of the providers' facts (docs/providers.md): `pending` is
# asked again later, `compliance` suppresses the person.
Outcome = Literal[
    "ok",
    "not_found",
    "invalid",
    "bad_key",
    "forbidden",
    "no_credit",
    "rate_limited",
    "transient",
    "compliance",
    "pending",
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means, decided on its body first and its status second.

    Attributes:
        outcome: one of the outcomes above.
        why: the provider's error code or our words for it; never a value from the request.
        wait: how many seconds the provider asks to wait, where it does.
    """

    outcome: Outcome
    why: str = ""
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a provider, without its key.

    Attributes:
        capability: for what it is asked; decides how long its answer stays fresh.
        provider: the adapter's name.
        endpoint: a steady name such as `employee_multi_source/collect`; the call is booked, paced
            and priced under it.
        method: GET, POST or DELETE.
        path: below the provider's base URL, parts of it URL-encoded, without a query.
        params: query parameters.
        json: the body of a POST.
        credits: the most that it may cost, in the provider's credits; 0 for a free call, which is
            not booked and always asked.
        version: part of the ledger's key: what makes the same request another question, such as
            the date since which a record has changed.
        repeat_charged: whether asking again costs again.
        read_seconds: how long the provider may take to answer.
    """

    capability: Capability
    provider: str
    endpoint: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    credits: float = 0.0
    version: str = ""
    repeat_charged: bool = True
    read_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer, `ok` or `not_found`: everything else is raised.

    Attributes:
        found: false for a miss, whose body means nothing.
        headers: those that the adapter keeps, by their name in lower case.
        body: the raw answer.
        asked_at: when the provider was asked, in UTC; long ago for one from the ledger.
    """

    found: bool
    headers: Mapping[str, str]
    body: bytes
    asked_at: datetime


class ProviderError(Exception):
    """Base of what asking may raise; messages name provider, endpoint and cause, nobody."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(f"{provider}: {message}")
        self.provider = provider


class ProviderAwayError(ProviderError):
    """A fault that may pass: no answer, too many requests, the circuit is open."""


class ProviderStoppedError(ProviderError):
    """The provider answers nobody until a person acts: bad key, forbidden, no credit, its cap."""


class QuestionError(ProviderError):
    """The provider cannot answer this one question: it is invalid, or about somebody protected.

    `outcome` is `invalid` or `compliance`; or `transient` when it was asked twice, may have been
    charged twice, and brought no answer.
    """

    def __init__(self, provider: str, message: str, outcome: Outcome) -> None:
        super().__init__(provider, message)
        self.outcome = outcome


class SchemaDriftError(ProviderError):
    """An answer lacks a field that its documentation promises, or holds another type there."""


class BudgetSpentError(Exception):
    """The day's budget would be passed; nothing was asked. `until` is when the next day begins."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


Ask = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class FoundCompany:
    """A company as a provider knows it; `domain` is registrable, in lower case."""

    source_id: str
    name: str
    domain: str | None = None
    aliases: tuple[str, ...] = ()
    employee_count: int | None = None
    industry: str | None = None
    country: str | None = None
    linkedin_url: str | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class FoundContact:
    """One way to reach a person.

    Attributes:
        kind: email or phone.
        value: the address, or the number in E.164.
        type: `work`, `mobile`, `direct`, ... in the provider's words.
        status: `deliverable`, `risky`, `undeliverable` or `unknown`: the provider's own opinion.
        confidence: 0..1 where the provider states one.
        do_not_contact: the provider says not to use it.
        as_of: when the provider last looked at it, as exact as it says.
    """

    kind: Literal["email", "phone"]
    value: str
    type: str | None = None
    status: str = "unknown"
    confidence: float | None = None
    do_not_contact: bool = False
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person in their current job at the company asked for.

    `started_on` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. `present` false tells that the record says
    they work there no more, `whole` false that only a preview of it was read.
    """

    source_id: str
    name: str
    title: str = ""
    department: str | None = None
    country: str | None = None
    started_on: str | None = None
    linkedin_url: str | None = None
    present: bool = True
    contacts: tuple[FoundContact, ...] = ()
    as_of: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Somebody known who still works there and has nothing new."""

    source_id: str


# Given who is seen in this listing, and the ids of those known who are found there no more: the ids
# of those whose records are worth buying, among those seen and those known.
Worth = Callable[[Sequence[FoundPerson], Collection[str]], frozenset[str]]


def all_seen(seen: Sequence[FoundPerson], gone: Collection[str]) -> frozenset[str]:
    """Everybody seen is worth a record."""
    return frozenset(one.source_id for one in seen) - frozenset(gone)


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Whom to list.

    Attributes:
        company: as the same provider knows it.
        likely: whether somebody of this title and department may enter a group: only they are
            worth knowing.
        known: the provider's ids of those we hold as working there.
        since: when everybody was last listed, in UTC; `None` the first time.
        anew: whether those unknown are to be looked through again, since something else is sold.
        worth: whose records are worth buying, where a provider shows people before that.
        read: the provider's ids of those known whose whole record was read of the job they hold.
    """

    company: FoundCompany
    likely: Callable[[str, str | None], bool]
    known: frozenset[str] = frozenset()
    since: datetime | None = None
    anew: bool = False
    worth: Worth = all_seen
    read: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody to reach, as far as we know them; `ids` are those of providers, by their name.

    `read` names the providers whose whole record of them was read lately: it told all they know.
    """

    person_id: str
    name: str
    company_name: str
    domain: str | None = None
    linkedin_url: str | None = None
    email: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    read: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reached:
    """What a provider knows of how to reach one of those wanted.

    `contacts` are empty, and `source_id` is told, where a record was read that holds none.
    """

    person_id: str
    contacts: tuple[FoundContact, ...]
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verifier says of an address: `status` in our words, `raw` in the provider's."""

    email: str
    status: Literal["deliverable", "undeliverable", "risky", "unknown"]
    raw: str
    checked_at: datetime
    suppress: bool = False


class Adapter(Protocol):
    """One provider's protocol."""

    @property
    def name(self) -> str:
        """As in the settings and in the ledger."""
        ...

    @property
    def base_url(self) -> str:
        """Without a slash at the end."""
        ...

    @property
    def kept_headers(self) -> frozenset[str]:
        """Headers of an answer, in lower case, that reading it needs: they are stored with it."""
        ...

    def headers(self) -> Mapping[str, str]:
        """Headers that carry the key; `params` likewise where the provider forces it there."""
        ...

    def params(self) -> Mapping[str, str]:
        """Query parameters that carry the key."""
        ...

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
        """What an answer means."""
        ...

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """What the provider's own meter says it charged; `None` where it does not say.

        Then a 2xx that brings an answer or a miss costs the call's credits, and anything else
        nothing: an adapter whose misses with a 2xx are free says 0 for them.
        """
        ...

    def pace(self, endpoint: str) -> tuple[float, int]:
        """How many requests a second, and how many at once, an endpoint allows."""
        ...

    def check(self) -> Call:
        """The cheapest call that needs the key."""
        ...


class CompanyLookup(Adapter, Protocol):
    """Finds a company by its domain; a name alone finds the wrong ones."""

    def company(self, ask: Ask, domain: str) -> FoundCompany | None:
        """The company whose website is `domain`."""
        ...


class PeopleListing(Adapter, Protocol):
    """Lists who works at a company."""

    def people(self, ask: Ask, query: PeopleQuery) -> Iterator[FoundPerson | Unchanged]:
        """Everybody worth knowing, page by page; a known one of whom nothing comes has left."""
        ...


class ContactFinder(Adapter, Protocol):
    """Finds how to reach people."""

    def contacts(self, ask: Ask, wanted: Sequence[Wanted]) -> Iterator[Reached]:
        """What is known of each; nothing comes for a miss. Paired by identity, not position."""
        ...


class EmailVerifier(Adapter, Protocol):
    """Says whether addresses take mail."""

    def verify(self, ask: Ask, emails: Sequence[str]) -> Iterator[Verification]:
        """One verification for each address that could be judged."""
        ...
