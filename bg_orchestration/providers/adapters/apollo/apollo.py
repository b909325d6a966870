"""Apollo: companies, a free search for people, and one person's record with their address.

Documentation: https://docs.apollo.io, "People API Search", "People Enrichment" and "Organization
Enrichment" (v1). Paths are below `https://api.apollo.io/api/v1`; the key goes in `x-api-key` and
may be limited to some endpoints.

| question | call | credits |
|---|---|---|
| a company by its domain | `GET organizations/enrich?domain=` | 1 if found |
| who works there | `POST mixed_people/api_search`, 100 a page: ids, titles, no last names | 0 |
| a person's record | `POST people/match` by id, profile, address or name | 1 if found |

A miss is a 200 with `person: null`. The documentation does not say whether a repetition costs
again: we assume it. Only bulk calls have a meter. A 429 has `Retry-After`. An empty wallet is a
422, a wrong key a 401 in plain text.

The search finds former employees, too, so the current employment in a record decides. Apollo
silently ignores an unknown filter: an impossible total for the company's size shows that. Each
person is matched alone and by id, since bulk answers drop and reorder entries; so the question
does not depend on other people. Only people on the shortlist are matched. The others stay unknown,
and the free search shows them again each time. Mobile phones come by callback only, and are not
requested.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import (
    Call,
    Classification,
    Request,
    classify_status,
    parse_object,
    read_amount,
)
from bg_orchestration.ledger.errors import CallRefusedError, ProviderAwayError
from bg_orchestration.provider_settings import Capability
from bg_orchestration.providers.adapters.apollo.apollo_records import (
    contacts_in,
    job_at,
    read_person,
)
from bg_orchestration.providers.answers import Fields, read
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundContacts,
    FoundPerson,
    PeopleQuery,
    UnchangedPerson,
)
from bg_orchestration.providers.purchases import PeopleById, buy_records, listing_entries

_PAGE: Final = 100
_MOST_PAGES: Final = 500
# The most profiles at a company, with former ones, per stated employee. More means that the filter
# is ignored.
_PLAUSIBLE: Final = 20
_AT_LEAST_PLAUSIBLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Apollo:
    """`CompanyLookup`, `PeopleListing` and `ContactFinder`."""

    key: str = field(repr=False)
    base_url: str = "https://api.apollo.io/api/v1"

    name: ClassVar[str] = "apollo"
    kept_headers: ClassVar[frozenset[str]] = frozenset()

    def headers(self) -> Mapping[str, str]:
        """Return the header with the key."""
        return {"x-api-key": self.key, "accept": "application/json", "cache-control": "no-cache"}

    def params(self) -> Mapping[str, str]:
        """Return nothing: the key is a header."""
        return {}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Classify by body: a miss is a 200, an empty wallet a 422; a result may be pending."""
        found = classify_status(status, headers, body)
        content = parse_object(body)
        if found.kind == "ok" and _holds_nothing(content, body):
            return Classification("not_found", "no match")
        if status == 422 and _is_wallet_empty(content):
            return Classification("no_credit", "HTTP 422: insufficient credits")
        if status == 404 and content.get("error_code") == "result_pending":
            return Classification(
                "pending", "result_pending", read_amount(content.get("retry_after_seconds"))
            )
        return found

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """Return 0 for a miss, `None` otherwise: only bulk calls have a meter."""
        content = parse_object(body)
        if _holds_nothing(content, body):
            return 0.0
        return read_amount(content.get("credits_consumed"))

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return 200 requests a minute, the limit of paid plans for searches."""
        return RateLimit(200 / 60, 4)

    def check(self) -> Call:
        """Return a free search."""
        return self._search({"q_organization_domains_list": ["example.com"], "per_page": 1})

    def company(self, request: Request, domain: str) -> FoundCompany | None:
        """Return the company whose domain is `domain`."""
        endpoint = "organizations/enrich"
        params = {"domain": domain}
        call = Call("company", self.name, endpoint, "GET", endpoint, params=params, credits=1.0)
        answer = request(call)
        record = read(answer, call).child("organization") if answer.found else None
        if record is None:
            return None
        return FoundCompany(
            source_id=record.need_id("id"),
            name=record.need_text("name"),
            domain=record.domain("primary_domain", "website_url"),
            employee_count=record.count("estimated_num_employees"),
            industry=record.text("industry"),
            country=record.text("country"),
            linkedin_url=record.company_page("linkedin_url"),
        )

    def people(
        self, request: Request, query: PeopleQuery
    ) -> Iterator[FoundPerson | UnchangedPerson]:
        """Yield new people on the shortlist, changed people, and unchanged people.

        The search returns the date of each profile. A person who left before the last listing was
        judged then. Other unknown people may be on the shortlist now. The rest stay unknown, since
        the search hides last names.

        Raises:
            ProviderAwayError: the search left people out, so a missing person may still work there.
            SchemaDriftError: the search ignores its filter.
        """
        since = query.since.date().isoformat() if query.since else ""
        seen: PeopleById = {}
        refreshed: dict[str, str] = {}

        def look(source_id: str) -> None:
            # After the first listing, a record is the same question until Apollo refreshes it.
            self._look(request, source_id, query, refreshed[source_id], seen)

        for row in self._rows(request, query.company):
            source_id, day = row.need_id("id"), row.date("last_refreshed_at")
            refreshed[source_id] = (day or since) if since else ""
            is_old = bool(since and day and day < since)
            if source_id in query.known_ids and not is_old:
                look(source_id)
            elif source_id not in query.known_ids and _may_count(row, query, is_old=is_old):
                seen[source_id] = _preview(row)
        buy_records(query, refreshed, seen, look)
        yield from listing_entries(query, refreshed, seen)

    def contacts(self, request: Request, wanted: Sequence[ContactQuery]) -> Iterator[FoundContacts]:
        """Yield addresses and phones of people, matched by id, profile, or name and company."""
        for query in wanted:
            # A record that was read lately has no more contacts.
            identity = None if self.name in query.read else self._identity(query)
            record = self._match(request, identity, "contact") if identity else None
            if record is None or not _is_meant(record, query, identity or {}):
                continue
            yield FoundContacts(query.person_id, contacts_in(record), record.need_id("id"))

    def _look(
        self, request: Request, source_id: str, query: PeopleQuery, version: str, seen: PeopleById
    ) -> None:
        """Read a record into `seen`; `None` for a person who left.

        An unreadable record, or one with a hidden name, says nothing about the job.
        """
        try:
            record = self._match(request, {"id": source_id}, "people", version)
        except CallRefusedError:
            return
        if record is None or record.id("id") != source_id:
            return
        job = job_at(record, query.company.source_id)
        if job is None:
            seen[source_id] = None
        elif name := record.person_name():
            seen[source_id] = read_person(record, job, name)

    def _rows(self, request: Request, company: FoundCompany) -> Iterator[Fields]:
        """All people of the search, each once, page by page."""
        seen: set[str] = set()
        total = 0
        for page in range(1, _MOST_PAGES + 1):
            filters = {"organization_ids": [company.source_id], "page": page, "per_page": _PAGE}
            call = self._search(filters)
            answer = request(call)
            if not answer.found:
                break
            content = read(answer, call)
            total = max(total, content.count("total_entries") or 0)
            expected = max(_AT_LEAST_PLAUSIBLE, _PLAUSIBLE * (company.employee_count or 0))
            if total > expected:
                fault = f"is {total} at one company, as if the filter by company were ignored"
                raise content.drift("total_entries", fault)
            rows = content.need_children("people")
            for row in rows:
                if (source_id := row.need_id("id")) not in seen:
                    seen.add(source_id)
                    yield row
            if page * _PAGE >= total:
                break
        if len(seen) < total:
            raise ProviderAwayError(
                self.name,
                f"mixed_people/api_search gave {len(seen)} of {total} people; ask again later",
            )

    def _match(
        self, request: Request, identity: Mapping[str, str], purpose: Capability, version: str = ""
    ) -> Fields | None:
        call = Call(
            purpose,
            self.name,
            "people/match",
            "POST",
            "people/match",
            json={**identity, "reveal_personal_emails": False, "reveal_phone_number": False},
            credits=1.0,
            version=version,
        )
        answer = request(call)
        return read(answer, call).child("person") if answer.found else None

    def _search(self, filters: Mapping[str, Any]) -> Call:
        endpoint = "mixed_people/api_search"
        return Call("people", self.name, endpoint, "POST", endpoint, json=dict(filters))

    def _identity(self, query: ContactQuery) -> dict[str, str] | None:
        """The best identifiers of a person for the request."""
        if source_id := query.ids.get(self.name):
            return {"id": source_id}
        if query.linkedin_url:
            return {"linkedin_url": query.linkedin_url}
        if query.name and query.domain:
            return {"name": query.name, "domain": query.domain}
        return {"email": query.email} if query.email else None


def _preview(row: Fields) -> FoundPerson:
    """A person as the search shows them: it hides last names."""
    return FoundPerson(row.need_id("id"), "", row.text("title") or "", whole=False)


def _may_count(row: Fields, query: PeopleQuery, *, is_old: bool) -> bool:
    """Whether the record of an unknown person may be worth its price.

    An old row with another employer shows a person who left earlier, and their title there.
    """
    employer = row.child("organization")
    name = employer.text("name") if employer else None
    elsewhere = name is not None and fold_name(name) != fold_name(query.company.name)
    if elsewhere and is_old:
        return False
    return query.eligible(row.text("title") or "", None)


def _is_meant(record: Fields, query: ContactQuery, identity: Mapping[str, str]) -> bool:
    """Whether a record belongs to the person of the query: equal ids, or equal name and domain."""
    if "id" in identity:
        return record.id("id") == identity["id"]
    if "name" in identity:
        employer = record.child("organization")
        same_name = fold_name(record.person_name() or "") == fold_name(query.name)
        return (
            same_name and employer is not None and employer.domain("primary_domain") == query.domain
        )
    return True


def _holds_nothing(content: Mapping[str, Any], body: bytes) -> bool:
    if not content:
        return body.strip() == b"{}"
    names = content.keys() & {"person", "organization"}
    return bool(names) and not any(content[name] for name in names)


def _is_wallet_empty(content: Mapping[str, Any]) -> bool:
    details = content.get("error_details")
    code = details.get("code") if isinstance(details, dict) else None
    text = f"{content.get('error', '')} {content.get('message', '')}".casefold()
    return (isinstance(code, str) and code.startswith("BILLING")) or "insufficient credits" in text
