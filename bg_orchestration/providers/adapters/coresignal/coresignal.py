"""Coresignal: companies, the people in them, and their professional emails.

Documentation: https://docs.coresignal.com, "Multi-source Employee API" and "Multi-source Company
API" (v2). Paths are below `https://api.coresignal.com/cdapi/v2`; the key goes in `apikey`.

| question | call | credits |
|---|---|---|
| a company by its domain | `POST company_multi_source/search/es_dsl` on `website.domain_only` | 0 |
| its record | `GET company_multi_source/collect/{id}` | 20 |
| who works there | `POST employee_multi_source/search/es_dsl`, ids only, 1,000 a page | 0 |
| name, title and department of 20 | `POST employee_multi_source/search/es_dsl/preview` | 20 |
| a person's record | `GET employee_multi_source/collect/{id or LinkedIn shorthand}` | 20 |

A repetition costs again; a 404 costs nothing. The meter, `x-credits-remaining`, has the rest but no
charge, so the price list counts. The search takes `query` and `sort` only. There is no
`Retry-After`; the smallest plan allows 5 requests a second.

The order of calls saves money. The search is free, and a preview shows 20 people for the price of
one record, so only records on the shortlist are collected. A preview has the title of the main job,
which may be at another company: for shortlisted people the record decides. On a refresh a second
free search finds the records that changed since that day; no other person is looked at, except a
shortlisted one with a preview alone. Leavers are stored people whom the search does not find. A
record has its person's emails, so `people` brings them. As a contact finder, Coresignal serves
people whose record was not read lately.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final
from urllib.parse import quote

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.importing import cells
from bg_orchestration.ledger.calls import (
    Call,
    Classification,
    Request,
    classify_status,
    parse_object,
)
from bg_orchestration.ledger.errors import CallRefusedError, ProviderAwayError
from bg_orchestration.provider_settings import Capability
from bg_orchestration.providers.adapters.coresignal.coresignal_records import (
    emails_in,
    job_at,
    read_company,
    read_person,
    read_preview,
)
from bg_orchestration.providers.answers import Fields, read, read_ids, read_objects
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundContacts,
    FoundPerson,
    PeopleQuery,
    UnchangedPerson,
)
from bg_orchestration.providers.purchases import PeopleById, buy_records, listing_entries

_COMPANY: Final = "company_multi_source"
_EMPLOYEE: Final = "employee_multi_source"
_PAGE: Final = 1000
_PREVIEW: Final = 20
# A million people: more pages mean a loop.
_MOST_PAGES: Final = 1000
# Several records may have one domain: holdings, brands, duplicates.
_MOST_CANDIDATES: Final = 3


@dataclass(frozen=True, slots=True)
class Coresignal:
    """`CompanyLookup`, `PeopleListing` and `ContactFinder`; prices in Coresignal's credits."""

    key: str = field(repr=False)
    base_url: str = "https://api.coresignal.com/cdapi/v2"
    collect_credits: float = 20.0
    preview_credits: float = 20.0

    name: ClassVar[str] = "coresignal"
    kept_headers: ClassVar[frozenset[str]] = frozenset(
        {"x-next-page-after", "x-total-results", "x-credits-remaining"}
    )

    def headers(self) -> Mapping[str, str]:
        """Return the header with the key."""
        return {"apikey": self.key, "accept": "application/json"}

    def params(self) -> Mapping[str, str]:
        """Return nothing: the key is a header."""
        return {}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Classify by status; an empty array is a miss."""
        found = classify_status(status, headers, body, {453: "compliance"})
        if found.kind == "ok" and body.strip() == b"[]":
            return Classification("not_found", "nothing matches")
        return found

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """Return 0 for an error, `None` otherwise: there is no meter."""
        return 0.0 if parse_object(body).keys() == {"detail"} else None

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return the limit of the smallest plan; parallel searches slow each other down."""
        return RateLimit(5.0, 1) if "search" in endpoint else RateLimit(5.0, 5)

    def check(self) -> Call:
        """Return a free search."""
        return self._search(_COMPANY, "company", {"term": {"website.domain_only": "example.com"}})

    def company(self, request: Request, domain: str) -> FoundCompany | None:
        """Return the first record whose own website is `domain`."""
        query = {"term": {"website.domain_only": domain}}
        for source_id in self._ids(request, self._search(_COMPANY, "company", query))[
            :_MOST_CANDIDATES
        ]:
            call = self._collect(_COMPANY, source_id, "company")
            answer = request(call)
            found = read_company(read(answer, call)) if answer.found else None
            if found and domain in (found.domain, *found.aliases):
                return found
        return None

    def people(
        self, request: Request, query: PeopleQuery
    ) -> Iterator[FoundPerson | UnchangedPerson]:
        """Yield new eligible people, changed people, and unchanged people.

        Previews show them, and only the records on the shortlist are bought. A person with a
        preview alone may be on it, too. After the first listing, an unknown person without a
        change is skipped: they were not eligible then either. A refused call costs only its own
        people: the caller counts it, and lists from the same day again.

        Raises:
            ProviderAwayError: the search left people out, so a missing person may still work there.
        """
        works_there = _works_at(query.company.source_id)
        present = self._ids(request, self._search(_EMPLOYEE, "people", _all_of(*works_there)))
        if query.known_ids and not present:
            raise ProviderAwayError(
                self.name,
                f"finds no person at company {query.company.source_id}, "
                f"where {len(query.known_ids)} people are known to work: not believed",
            )
        changed = set(present)
        if query.since:
            recent = _all_of(*works_there, _clause_since(_version(query)))
            changed &= set(self._ids(request, self._search(_EMPLOYEE, "people", recent)))
        if query.relist:
            changed |= set(present) - query.known_ids
        seen = self._seen(request, changed, query)
        buy_records(
            query, present, seen, lambda source_id: self._look(request, source_id, query, seen)
        )
        yield from listing_entries(query, present, seen)

    def contacts(self, request: Request, wanted: Sequence[ContactQuery]) -> Iterator[FoundContacts]:
        """Yield professional emails of people, found by id or LinkedIn shorthand."""
        for query in wanted:
            shorthand = cells.read_profile(query.linkedin_url)[0] if query.linkedin_url else None
            source_id = query.ids.get(self.name) or shorthand
            # A record that was read lately has no more contacts.
            if not source_id or self.name in query.read:
                continue
            call = self._collect(_EMPLOYEE, source_id, "contact")
            answer = request(call)
            if not answer.found:
                continue
            record = read(answer, call)
            yield FoundContacts(query.person_id, emails_in(record), record.need_id("id"))

    def _seen(self, request: Request, changed: Collection[str], query: PeopleQuery) -> PeopleById:
        """The stored or eligible people of `changed`, by previews of 20 at a time."""
        seen: PeopleById = {}
        steady = sorted(changed, key=lambda source_id: (len(source_id), source_id))
        for at in range(0, len(steady), _PREVIEW):
            batch = steady[at : at + _PREVIEW]
            # A preview of one person costs as much as the record.
            if len(batch) == 1 and self.preview_credits >= self.collect_credits:
                self._look(request, batch[0], query, seen)
                continue
            call = replace(
                self._search(_EMPLOYEE, "people", {"terms": {"id": list(map(_number, batch))}}),
                endpoint=f"{_EMPLOYEE}/search/es_dsl/preview",
                path=f"{_EMPLOYEE}/search/es_dsl/preview",
                credits=self.preview_credits,
                version=_version(query),
            )
            try:
                answer = request(call)
            except CallRefusedError as error:
                # An invalid request would be invalid for the next twenty, too.
                if error.kind == "invalid":
                    raise
                continue
            for preview in read_objects(answer, call) if answer.found else ():
                person = read_preview(preview)
                if person is None or person.source_id not in batch:
                    continue
                likely = query.eligible(person.title, person.department)
                if likely or person.source_id in query.known_ids:
                    seen[person.source_id] = person
        return seen

    def _look(self, request: Request, source_id: str, query: PeopleQuery, seen: PeopleById) -> None:
        """Read a record into `seen`; `None` for a person who left.

        An unreadable record, or one with a hidden name, says nothing about the job.
        """
        try:
            record = self._record(request, source_id, _version(query))
        except CallRefusedError:
            return
        if record is None:
            return
        job = job_at(record, query.company.source_id)
        if record.flag("is_deleted") or job is None:
            seen[source_id] = None
        elif person := read_person(record, job):
            seen[source_id] = person

    def _record(self, request: Request, source_id: str, version: str) -> Fields | None:
        """A person's record, or the record that it was merged into."""
        call = self._collect(_EMPLOYEE, source_id, "people", version)
        answer = request(call)
        record = read(answer, call) if answer.found else None
        parent = record.id("parent_id") if record and record.flag("is_deleted") else None
        if parent and parent != source_id:
            call = self._collect(_EMPLOYEE, parent, "people", version)
            answer = request(call)
            return read(answer, call) if answer.found else record
        return record

    def _search(self, entity: str, capability: Capability, query: Mapping[str, Any]) -> Call:
        endpoint = f"{entity}/search/es_dsl"
        body = {"query": query}
        return Call(capability, self.name, endpoint, "POST", endpoint, json=body)

    def _collect(
        self, entity: str, source_id: str, capability: Capability, version: str = ""
    ) -> Call:
        return Call(
            capability,
            self.name,
            f"{entity}/collect",
            "GET",
            f"{entity}/collect/{quote(source_id, safe='')}",
            credits=self.collect_credits,
            version=version,
        )

    def _ids(self, request: Request, search: Call) -> list[str]:
        """All ids of a search, page by page along `x-next-page-after`.

        Raises:
            ProviderAwayError: pages are missing, or lead in a circle.
        """
        found: dict[str, None] = {}
        total = 0
        after: str | None = None
        seen: set[str] = set()
        while len(seen) < _MOST_PAGES:
            params = {"items_per_page": str(_PAGE)} | ({"after": after} if after else {})
            call = replace(search, params=params)
            answer = request(call)
            if answer.found:
                found.update(dict.fromkeys(read_ids(answer, call)))
            total = max(total, _total(answer.headers))
            following = answer.headers.get("x-next-page-after")
            if not following or following in seen:
                break
            seen.add(following)
            after = following
        if len(found) < total:
            raise ProviderAwayError(
                self.name, f"{search.endpoint} gave {len(found)} of {total} ids; ask again later"
            )
        return list(found)


def _all_of(*clauses: Mapping[str, Any]) -> dict[str, Any]:
    return {"bool": {"must": list(clauses)}}


def _works_at(company_id: str) -> tuple[dict[str, Any], ...]:
    """The clauses for people in a current job at the company, each person once."""
    job = _all_of(
        {"term": {"experience.active_experience": 1}},
        {"term": {"experience.company_id": _number(company_id)}},
    )
    nested = {"nested": {"path": "experience", "query": job}}
    return {"term": {"is_deleted": 0}}, {"term": {"is_parent": 1}}, nested


def _clause_since(day: str) -> dict[str, Any]:
    fields = ("updated_at", "experience_change_last_identified_at")
    either = [{"range": {name: {"gte": day}}} for name in fields]
    return {"bool": {"should": either, "minimum_should_match": 1}}


def _version(query: PeopleQuery) -> str:
    """The day since which the records may have changed."""
    return query.since.date().isoformat() if query.since else ""


def _number(source_id: str) -> int | str:
    return int(source_id) if source_id.isascii() and source_id.isdigit() else source_id


def _total(headers: Mapping[str, str]) -> int:
    total = headers.get("x-total-results", "")
    return int(total) if total.isascii() and total.isdigit() else 0
