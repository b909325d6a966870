"""The five capabilities of data providers, and the content of their answers.

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
    """A contact of a person.

    Attributes:
        kind: email or phone.
        value: the address, or the number in E.164.
        type: `work`, `mobile`, `direct`, ... in the provider's words.
        status: `deliverable`, `risky`, `undeliverable` or `unknown`: the provider's own rating.
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
    """A person in their current job at the company of the query.

    `started_on` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. `present` is false if the person has left by
    the record. `whole` is false if only a preview of the record was read.
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
class UnchangedPerson:
    """A stored person who still works there, without any change."""

    source_id: str


# Selects the records to buy. Arguments: the people seen in a listing, and the ids of stored people
# who are gone. Returns ids of seen or stored people.
Shortlist = Callable[[Sequence[FoundPerson], Collection[str]], frozenset[str]]


def shortlist_all(seen: Sequence[FoundPerson], gone: Collection[str]) -> frozenset[str]:
    """Put all seen people on the shortlist."""
    return frozenset(person.source_id for person in seen) - frozenset(gone)


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """The people to list.

    Attributes:
        company: as the same provider knows it.
        eligible: whether a person of this title and department may enter a group.
        known_ids: the provider's ids of stored people of the company.
        since: when the company was last listed, in UTC; `None` the first time.
        relist: whether unknown people are examined again, because something else is sold now.
        shortlist: selects the records to buy, for providers that show people before that.
        read_ids: the provider's ids of stored people whose record of the present job was read.
    """

    company: FoundCompany
    eligible: Callable[[str, str | None], bool]
    known_ids: frozenset[str] = frozenset()
    since: datetime | None = None
    relist: bool = False
    shortlist: Shortlist = shortlist_all
    read_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ContactQuery:
    """A person whose contacts are wanted, with the identifiers that we have.

    `ids` holds the id at each provider. `read` names the providers whose whole record of the
    person was read lately: they know no more.
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
class FoundContacts:
    """The contacts that a provider has of one person.

    A record without contacts gives a `source_id` and no contacts.
    """

    person_id: str
    contacts: tuple[FoundContact, ...]
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """A verified address: `status` in our words, `raw` in the provider's."""

    email: str
    status: Literal["deliverable", "undeliverable", "risky", "unknown"]
    raw: str
    checked_at: datetime
    suppress: bool = False


class CompanyLookup(Adapter, Protocol):
    """Finds a company by its domain; a name alone finds wrong companies."""

    def company(self, request: Request, domain: str) -> FoundCompany | None:
        """Return the company whose website is `domain`."""
        ...


class PeopleListing(Adapter, Protocol):
    """Lists the people of a company."""

    def people(
        self, request: Request, query: PeopleQuery
    ) -> Iterator[FoundPerson | UnchangedPerson]:
        """Yield eligible and stored people, page by page; a missing stored person has left."""
        ...


class ContactFinder(Adapter, Protocol):
    """Finds the contacts of people."""

    def contacts(self, request: Request, wanted: Sequence[ContactQuery]) -> Iterator[FoundContacts]:
        """Yield the contacts of each person; a miss yields nothing. The order is free."""
        ...


class EmailVerifier(Adapter, Protocol):
    """Verifies whether addresses accept mail."""

    def verify(self, request: Request, emails: Sequence[str]) -> Iterator[Verification]:
        """Yield a verification for each address that could be verified."""
        ...
