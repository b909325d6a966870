"""Lusha: companies, who works in them, and their addresses and phones.

Documentation: https://docs.lusha.com, "API v3" (OpenAPI). Paths are below `https://api.lusha.com`;
the key goes in `api_key`.

| question | call | credits |
|---|---|---|
| a company by its domain | `POST v3/companies/search` | 1 a request |
| who works there | `POST v3/contacts/prospecting`, pages of 25 from 0 | 1 a page |
| a person's contacts | `POST v3/contacts/search-and-enrich` | 1 for an email, 5 for a phone |

A contact is charged once. The meter is `billing.creditsCharged`. An error about a single person is
part of a 200. Each person gets a call alone: so the question does not depend on other people, and
such an error belongs to one call. 451 and `COMPLIANCE_RESTRICTED` mean that the person objected.
There is no `Retry-After`.

A listing costs little, so a refresh lists all people again, and none as unchanged. It has the names
that Lusha shows before it reveals a contact.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import (
    Call,
    Classification,
    OutcomeKind,
    Request,
    classify_status,
    parse_object,
    read_amount,
)
from bg_orchestration.ledger.errors import ProviderAwayError
from bg_orchestration.provider_settings import Capability
from bg_orchestration.providers.answers import Fields, read
from bg_orchestration.providers.contact_values import read_email, read_phone
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundContact,
    FoundContacts,
    FoundPerson,
    PeopleQuery,
    UnchangedPerson,
)

_PAGE: Final = 25
_MOST_PAGES: Final = 1000
_SEARCH_CREDITS: Final = 1.0
# An address costs 1 and a phone 5; the search may be charged, too.
_REVEAL_CREDITS: Final = 7.0
_ITEM_ERRORS: Final[Mapping[str, OutcomeKind]] = {
    "NOT_FOUND": "not_found",
    "NO_SCORE": "not_found",
    "COMPLIANCE_RESTRICTED": "compliance",
    "ENRICH_FAILED": "transient",
}


@dataclass(frozen=True, slots=True)
class Lusha:
    """`CompanyLookup`, `PeopleListing` and `ContactFinder`."""

    key: str = field(repr=False)
    base_url: str = "https://api.lusha.com"

    name: ClassVar[str] = "lusha"
    kept_headers: ClassVar[frozenset[str]] = frozenset()

    def headers(self) -> Mapping[str, str]:
        """Return the header with the key."""
        return {"api_key": self.key, "accept": "application/json"}

    def params(self) -> Mapping[str, str]:
        """Return nothing: the key is a header."""
        return {}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Classify by status, and by body for a single result with an error, or no result."""
        found = classify_status(status, headers, body, {451: "compliance", 499: "transient"})
        results = parse_object(body).get("results")
        if found.kind != "ok" or not isinstance(results, list):
            return found
        if not results:
            return Classification("not_found", "no results")
        code = _error_code(results[0]) if len(results) == 1 else None
        return found if code is None else Classification(_ITEM_ERRORS.get(code, "invalid"), code)

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """Return the charge of the meter."""
        billing = parse_object(body).get("billing")
        return read_amount(billing.get("creditsCharged")) if isinstance(billing, dict) else None

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return a careful guess: only a plan's own limit is known, from its headers."""
        return RateLimit(5 / 60, 1) if endpoint == "v3/account/usage" else RateLimit(5.0, 4)

    def check(self) -> Call:
        """Return the free call for the rest of the credits."""
        return Call("contact", self.name, "v3/account/usage", "GET", "v3/account/usage")

    def company(self, request: Request, domain: str) -> FoundCompany | None:
        """Return the company whose domain is `domain`."""
        body = {"companies": [{"clientReferenceId": "1", "domain": domain}]}
        call = self._post("company", "v3/companies/search", body, _SEARCH_CREDITS)
        answer = request(call)
        if not answer.found:
            return None
        for record in read(answer, call).need_children("results"):
            if record.raw("error") is not None:
                continue
            place, links = record.child("location"), record.child("socialLinks")
            return FoundCompany(
                source_id=record.need_id("id"),
                name=record.need_text("name"),
                domain=record.domain("domain"),
                employee_count=_head_count(record.raw("employees")),
                industry=record.text("industry"),
                country=place.text("countryIso2", "country") if place else None,
                linkedin_url=links.company_page("linkedin") if links else None,
                as_of=record.date("updateDate"),
            )
        return None

    def people(
        self, request: Request, query: PeopleQuery
    ) -> Iterator[FoundPerson | UnchangedPerson]:
        """Yield eligible and stored people, as far as Lusha lists them.

        Raises:
            ProviderAwayError: pages are missing, so a missing person may still work there.
        """
        since = query.since.date().isoformat() if query.since else ""
        for row in self._rows(request, query.company, since):
            source_id = row.need_id("id")
            if not _works_at(row.child("company"), query.company):
                continue
            is_known = source_id in query.known_ids
            person = _person(row, source_id)
            if person is None:
                if is_known:
                    yield UnchangedPerson(source_id)
            elif is_known or query.eligible(person.title, person.department):
                yield person

    def contacts(self, request: Request, wanted: Sequence[ContactQuery]) -> Iterator[FoundContacts]:
        """Yield addresses and phones of people, by id, profile, or name and company."""
        for query in wanted:
            identity = self._identity(query)
            if identity is None:
                continue
            body = {
                "contacts": [{"clientReferenceId": "1", **identity}],
                "reveal": ["emails", "phones"],
            }
            endpoint = "v3/contacts/search-and-enrich"
            call = self._post("contact", endpoint, body, _REVEAL_CREDITS)
            # A repetition is free: Lusha charges a contact once.
            answer = request(replace(call, repeat_charged=False))
            for record in read(answer, call).need_children("results") if answer.found else ():
                # One reference was sent: a result with another reference belongs to another person.
                if record.raw("error") is None and record.id("clientReferenceId") in ("1", None):
                    if contacts := _contacts(record):
                        yield FoundContacts(query.person_id, contacts, record.need_id("id"))
                    break

    def _rows(self, request: Request, company: FoundCompany, version: str) -> Iterator[Fields]:
        """All listed people of the company, each once, page by page."""
        seen: set[str] = set()
        total = 0
        for page in range(_MOST_PAGES):
            body = {
                "pagination": {"page": page, "size": _PAGE},
                "filters": {"companies": {"include": {"ids": [company.source_id]}}},
            }
            call = self._post("people", "v3/contacts/prospecting", body, _SEARCH_CREDITS)
            call = replace(call, version=version)
            answer = request(call)
            if not answer.found:
                break
            content = read(answer, call)
            counted = content.child("pagination")
            total = max(total, (counted.count("total") if counted else None) or 0)
            rows = content.need_children("results")
            for row in rows:
                if row.raw("error") is None and (source_id := row.need_id("id")) not in seen:
                    seen.add(source_id)
                    yield row
            if len(rows) < _PAGE or (page + 1) * _PAGE >= total:
                break
        if len(seen) < total:
            raise ProviderAwayError(
                self.name,
                f"v3/contacts/prospecting gave {len(seen)} of {total} people; ask again later",
            )

    def _post(
        self, purpose: Capability, endpoint: str, body: Mapping[str, Any], most: float
    ) -> Call:
        return Call(purpose, self.name, endpoint, "POST", endpoint, json=dict(body), credits=most)

    def _identity(self, query: ContactQuery) -> dict[str, str] | None:
        """The best identifiers of a person; a single name is not enough."""
        if source_id := query.ids.get(self.name):
            return {"id": source_id}
        if query.linkedin_url:
            return {"linkedinUrl": query.linkedin_url}
        first, _, last = query.name.strip().partition(" ")
        if first and last and (query.domain or query.company_name):
            company = {"companyDomain": query.domain} if query.domain else {}
            named = company or {"companyName": query.company_name}
            return {"firstName": first, "lastName": last.strip(), **named}
        return {"email": query.email} if query.email else None


def _person(row: Fields, source_id: str) -> FoundPerson | None:
    name = row.person_name()
    if name is None:
        return None
    job, place, links = row.child("jobTitle"), row.child("location"), row.child("socialLinks")
    departments = job.texts("departments") if job else []
    return FoundPerson(
        source_id=source_id,
        name=name,
        title=(job.text("title") if job else None) or "",
        department=departments[0] if departments else None,
        country=place.text("countryIso2", "country") if place else None,
        started_on=row.date("jobStartDate"),
        linkedin_url=links.profile("linkedin") if links else None,
        as_of=row.date("updateDate"),
    )


def _works_at(employer: Fields | None, company: FoundCompany) -> bool:
    """Whether the row's employer is the company, by id or domain; true without both."""
    if employer is None:
        return True
    identity = (employer.id("id"), employer.domain("domain"))
    return (
        identity == (None, None)
        or identity[0] == company.source_id
        or identity[1] == company.domain
    )


def _contacts(record: Fields) -> tuple[FoundContact, ...]:
    """The work addresses and phones of a record; private addresses are left out."""
    place = record.child("location")
    country = place.text("countryIso2") if place else None
    found: list[FoundContact] = []
    for entry in record.children("emails"):
        email = read_email(entry.raw("email"))
        if email and entry.text("type") != "private":
            grade = entry.text("confidence") or ""
            status = "deliverable" if grade.startswith("A") else "risky" if grade else "unknown"
            found.append(
                FoundContact(
                    "email", email, entry.text("type"), status, as_of=entry.date("updateDate")
                )
            )
    for entry in record.children("phones"):
        if number := read_phone(entry.raw("number"), country):
            silent = entry.flag("doNotCall") or False
            as_of = entry.date("updateDate")
            found.append(
                FoundContact(
                    "phone", number, entry.text("type"), do_not_contact=silent, as_of=as_of
                )
            )
    return tuple(found)


def _error_code(result: object) -> str | None:
    error = result.get("error") if isinstance(result, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None


def _head_count(value: object) -> int | None:
    """The number of employees; `None` for a range, since the documentation allows both."""
    count = read_amount(value)
    return None if count is None else int(count)
