"""People Data Labs: companies, people and their contacts, from a data set released once a month.

Documentation: https://docs.peopledatalabs.com, "Person Search API", "Person Enrichment API",
"Company Enrichment API", "Person Changelog API" (v5). Paths are below
`https://api.peopledatalabs.com/v5`; the key goes in `x-api-key`. The sandbox,
`https://sandbox.api.peopledatalabs.com/v5`, takes the same key and costs nothing.

| question | call | credits |
|---|---|---|
| a company by its domain | `GET company/enrich?website=` | 1 if found |
| who works there | `POST person/search`, pages by `scroll_token` | 1 a record |
| a person's record or contacts | `GET person/enrich` | 1 if found |
| whose record changed between two releases | `POST person/changelog` | 0 |

A 404 is a miss and costs nothing; a repetition costs again. The meter is `x-call-credits-spent`.
There is no `Retry-After`: `x-ratelimit-reset` has the end of the minute's window. On the free plan
searches are limited to 10 a minute, other calls to 100.

The search costs by the record, so it leaves out trainees and entry levels, and a refresh avoids it:
the changelog has the changed people. Only these people, and people who took a job there
since then, are paid for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Final

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import (
    Call,
    Classification,
    OutcomeKind,
    Request,
    classify_status,
    parse_object,
)
from bg_orchestration.ledger.errors import CallRefusedError, ProviderAwayError
from bg_orchestration.providers.adapters.pdl.pdl_changes import Changes, changes_since
from bg_orchestration.providers.adapters.pdl.pdl_records import contacts_in, read_person
from bg_orchestration.providers.answers import Fields, read
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundContacts,
    FoundPerson,
    PeopleQuery,
    UnchangedPerson,
)

# A page costs up to its size, which is reserved before the call.
_PAGE: Final = 20
_MOST_PAGES: Final = 1000
# Of 10; by the documentation, 6 and more match on several fields.
_LIKELIHOOD: Final = 6
_WINDOW_SECONDS: Final = 60.0
_ERRORS: Final[Mapping[str, OutcomeKind]] = {
    "invalid_request_error": "invalid",
    "authentication_error": "bad_key",
    "payment_required": "no_credit",
    "not_found": "not_found",
    "rate_limit_error": "rate_limited",
    "api_error": "transient",
}


@dataclass(frozen=True, slots=True)
class PeopleDataLabs:
    """`CompanyLookup`, `PeopleListing` and `ContactFinder`."""

    key: str = field(repr=False)
    base_url: str = "https://api.peopledatalabs.com/v5"

    name: ClassVar[str] = "pdl"
    kept_headers: ClassVar[frozenset[str]] = frozenset()

    def headers(self) -> Mapping[str, str]:
        """Return the header with the key."""
        return {"x-api-key": self.key, "accept": "application/json"}

    def params(self) -> Mapping[str, str]:
        """Return nothing: the key is a header."""
        return {}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Classify by the type of the error; only the gateway's errors have none."""
        found = classify_status(status, headers, body)
        error = parse_object(body).get("error")
        kind = error.get("type") if isinstance(error, dict) else None
        if isinstance(kind, str) and kind in _ERRORS:
            found = Classification(_ERRORS[kind], kind)
        if found.kind == "rate_limited":
            return replace(found, wait=_seconds_to_reset(headers))
        return found

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """Return the charge of the meter."""
        try:
            return max(0.0, float(headers.get("x-call-credits-spent", "")))
        except ValueError:
            return None

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return ten searches a minute, and a hundred other calls."""
        return RateLimit(10 / 60, 1) if endpoint == "person/search" else RateLimit(100 / 60, 5)

    def check(self) -> Call:
        """Return a call that matches no person: a miss is free."""
        return replace(self._enrich({"email": "nobody@check.invalid"}), credits=0.0)

    def company(self, request: Request, domain: str) -> FoundCompany | None:
        """Return the company whose website is `domain`; its fields are beside the status."""
        call = Call(
            "company",
            self.name,
            "company/enrich",
            "GET",
            "company/enrich",
            params={"website": domain, "titlecase": "true"},
            credits=1.0,
        )
        answer = request(call)
        if not answer.found:
            return None
        record = read(answer, call)
        place = record.child("location")
        return FoundCompany(
            source_id=record.need_id("id"),
            name=record.need_text("display_name", "name"),
            domain=record.domain("website"),
            employee_count=record.count("employee_count"),
            industry=record.text("industry"),
            country=place.text("country") if place else None,
            linkedin_url=record.company_page("linkedin_url"),
        )

    def people(
        self, request: Request, query: PeopleQuery
    ) -> Iterator[FoundPerson | UnchangedPerson]:
        """Yield people above the entry level; on a refresh changed, new and unchanged people.

        Raises:
            ProviderAwayError: the search left people out, so a missing person may still work there.
        """
        at_company = {"term": {"job_company_id": query.company.source_id}}
        changes = None
        if query.since and query.known_ids:
            changes = changes_since(request, query.since, sorted(query.known_ids))
        if changes is None or query.since is None:
            yield from self._search(request, _above_entry(at_company), query.company.source_id, "")
            return
        since = query.since.date().isoformat()
        joined = _above_entry(at_company, {"range": {"job_last_changed": {"gte": since}}})
        listed = set()
        for person in self._search(request, joined, query.company.source_id, since):
            listed.add(person.source_id)
            yield person
        yield from self._known(request, query, changes, listed)

    def contacts(self, request: Request, wanted: Sequence[ContactQuery]) -> Iterator[FoundContacts]:
        """Yield work addresses and phones; a record without contacts is a miss, which is free.

        Private addresses are left out. On plans without contacts the fields are only truth values.
        """
        for query in wanted:
            identity = self._identity(query)
            if identity is None:
                continue
            call = self._enrich({**identity, "required": "work_email OR mobile_phone"})
            answer = request(call)
            record = read(answer, call).child("data") if answer.found else None
            if record is None or ("name" in identity and not _is_named(record, query.name)):
                continue
            if contacts := contacts_in(record):
                yield FoundContacts(query.person_id, contacts, record.need_id("id"))

    def _known(
        self, request: Request, query: PeopleQuery, changes: Changes, listed: set[str]
    ) -> Iterator[FoundPerson | UnchangedPerson]:
        for source_id in sorted(query.known_ids - listed - changes.gone):
            if source_id not in changes.changed:
                yield UnchangedPerson(source_id)
                continue
            call = self._enrich({"pdl_id": source_id}, "people", changes.version)
            try:
                answer = request(call)
            except CallRefusedError:
                # An unreadable record says nothing about the job.
                yield UnchangedPerson(source_id)
                continue
            record = read(answer, call).child("data") if answer.found else None
            if record and record.id("job_company_id") == query.company.source_id:
                # A record with a hidden name has no other news.
                yield read_person(record) or UnchangedPerson(source_id)

    def _search(
        self, request: Request, query: Mapping[str, Any], company_id: str, version: str
    ) -> Iterator[FoundPerson]:
        """All matching records, page by page."""
        body: dict[str, Any] = {"query": query, "size": _PAGE, "titlecase": True}
        seen: set[str] = set()
        total, left = 0, float(_PAGE)
        for _ in range(_MOST_PAGES):
            call = Call(
                "people",
                self.name,
                "person/search",
                "POST",
                "person/search",
                json=dict(body),
                credits=left,
                version=version,
            )
            answer = request(call)
            if not answer.found:
                break
            page = read(answer, call)
            total = max(total, page.count("total") or 0)
            for record in page.need_children("data"):
                source_id = record.need_id("id")
                person = read_person(record) if source_id not in seen else None
                seen.add(source_id)
                # The index may be older than the record.
                if person and record.id("job_company_id") in (None, company_id):
                    yield person
            token = page.text("scroll_token")
            if token is None or token == body.get("scroll_token"):
                break
            body["scroll_token"] = token
            left = float(min(_PAGE, max(1, total - len(seen))))
        if len(seen) < total:
            raise ProviderAwayError(
                self.name, f"person/search gave {len(seen)} of {total} people; ask again later"
            )

    def _enrich(
        self, identity: Mapping[str, str], purpose: Any = "contact", version: str = ""
    ) -> Call:
        return Call(
            purpose,
            self.name,
            "person/enrich",
            "GET",
            "person/enrich",
            params={**identity, "titlecase": "true"},
            credits=1.0,
            version=version,
        )

    def _identity(self, query: ContactQuery) -> dict[str, str] | None:
        """The best identifiers of a person for the request."""
        if source_id := query.ids.get(self.name):
            return {"pdl_id": source_id}
        if query.linkedin_url:
            return {"profile": query.linkedin_url}
        company = query.domain or query.company_name
        if query.name and company:
            return {"name": query.name, "company": company, "min_likelihood": str(_LIKELIHOOD)}
        return None


def _above_entry(*clauses: Mapping[str, Any]) -> dict[str, Any]:
    """A query for people who match all clauses, above the lowest levels or at an unknown level.

    People below never enter a group, and each would cost a credit.
    """
    low = {"terms": {"job_title_levels": ["entry", "training", "unpaid"]}}
    return {"bool": {"must": list(clauses), "must_not": [low]}}


def _is_named(record: Fields, name: str) -> bool:
    return fold_name(record.person_name() or "") == fold_name(name)


def _seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """The rest of the minute's window in seconds; `None` if it is unknown."""
    reset = headers.get("x-ratelimit-reset", "").strip()
    try:
        now = parsedate_to_datetime(headers.get("date", ""))
        if reset.isascii() and reset.isdigit():
            until = datetime.fromtimestamp(int(reset), UTC)
        else:
            until = datetime.fromisoformat(reset)
            until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(_WINDOW_SECONDS, max(0.0, (until - now).total_seconds()))
    except (TypeError, ValueError, OverflowError, OSError):
        return None
