"""The five capabilities of data providers, and what their answers hold.

An adapter knows one provider's protocol and does no I/O: it makes a `Call`, passes it to a
`Request`, and reads the answer. The request handles money, rate limits and faults, once for all
providers: it returns a paid answer from the ledger, and raises what an adapter cannot mend.
Everything is synchronous: a refresh is one small chain of calls in one process.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bg_orchestration.ledger.calls import Adapter, Request


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


class CompanyLookup(Adapter, Protocol):
    """Finds a company by its domain; a name alone finds the wrong ones."""

    def company(self, request: Request, domain: str) -> FoundCompany | None:
        """The company whose website is `domain`."""
        ...


class PeopleListing(Adapter, Protocol):
    """Lists who works at a company."""

    def people(self, request: Request, query: PeopleQuery) -> Iterator[FoundPerson | Unchanged]:
        """Everybody worth knowing, page by page; a known one of whom nothing comes has left."""
        ...


class ContactFinder(Adapter, Protocol):
    """Finds how to reach people."""

    def contacts(self, request: Request, wanted: Sequence[Wanted]) -> Iterator[Reached]:
        """What is known of each; nothing comes for a miss. Paired by identity, not position."""
        ...


class EmailVerifier(Adapter, Protocol):
    """Says whether addresses take mail."""

    def verify(self, request: Request, emails: Sequence[str]) -> Iterator[Verification]:
        """One verification for each address that could be judged."""
        ...
