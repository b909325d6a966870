"""Coresignal's v2 API: searches that answer bare arrays, paging by header, records by id."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.dsl import QueryError, matches
from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, charge, json_body, stamp, variant
from bg_orchestration_tests.stubs.world import Company, Human, Job

COMPANY_IDS = 500_000
EMPLOYEE_IDS = 900_000
_COLLECT = 20
_PREVIEW = 20
_LEVELS = {"cxo": "C-Level", "vp": "President/Vice President", "director": "Director",
           "manager": "Manager", "senior": "Senior", "entry": "Specialist"}  # fmt: skip
_DEPARTMENTS = {"Engineering": "Engineering and Technical", "Finance": "Finance & Accounting"}
_QUALITIES = ("verified", "matched_email", "matched_pattern", "guessed_common_pattern")


class _Coresignal:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def search_people(self, request: Request) -> Response:
        return await self._search(request, [self.person(one) for one in self._site.world.people])

    async def search_companies(self, request: Request) -> Response:
        return await self._search(request, [_company(one) for one in self._site.world.companies])

    async def preview_people(self, request: Request) -> Response:
        found = await self._found(request, [self.person(one) for one in self._site.world.people])
        if isinstance(found, Response):
            return found
        page = int(request.query_params.get("page", "1"))
        if not 1 <= page <= 5:
            return _error(422, "Page must be between 1 and 5")
        charge(request, _PREVIEW)
        some = found[(page - 1) * 20 : page * 20]
        return self._answer(request, [_preview(one) for one in some], {}, len(found))

    async def collect_person(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        for human in self._site.world.people:
            if human.number in self._site.suppressed:
                continue
            if wanted in (str(EMPLOYEE_IDS + human.number), human.slug):
                return self._record(request, self.person(human))
        return _error(404, "Not found")

    async def collect_company(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        for company in self._site.world.companies:
            if wanted == str(COMPANY_IDS + company.number):
                return self._record(request, _company(company))
        return _error(404, "Not found")

    def _record(self, request: Request, record: dict[str, Any]) -> Response:
        odd = variant(request)
        if odd.kind == "miss" and odd.times >= 0 and odd.detail != "":
            record = {"id": record["id"], "is_deleted": 1, "parent_id": int(odd.detail)}
        elif odd.kind == "miss":
            return _error(404, "Not found")
        elif odd.kind == "drift":
            record.pop(odd.detail or "id")
        elif odd.kind == "unknown_values":
            record |= {"primary_professional_email_status": "telepathy", "is_working": "perhaps"}
        charge(request, _COLLECT)
        return self._answer(request, record, {})

    async def _search(self, request: Request, documents: list[dict[str, Any]]) -> Response:
        found = await self._found(request, documents)
        if isinstance(found, Response):
            return found
        size = int(request.query_params.get("items_per_page", "1000"))
        if not 1 <= size <= 1000:
            return _error(422, "items_per_page must be between 1 and 1000")
        ids = [document["id"] for document in found]
        after = request.query_params.get("after")
        start = _position(after) if after else 0
        odd = variant(request)
        if odd.kind == "repeated_page":
            start = max(0, start - size)
        page = [] if odd.kind == "empty_page" else ids[start : start + size]
        headers = {"x-total-pages": str(-(-len(ids) // size))}
        if start + size < len(ids):
            headers["x-next-page-after"] = _token(start + size)
        return self._answer(request, page, headers, len(ids))

    async def _found(
        self, request: Request, documents: list[dict[str, Any]]
    ) -> list[dict[str, Any]] | Response:
        body = await json_body(request)
        unknown = body.keys() - {"query", "sort"}
        if unknown or "query" not in body:
            detail = [{"loc": ["body", name], "msg": "Extra inputs are not permitted"}
                      for name in sorted(unknown or {"query"})]  # fmt: skip
            return JSONResponse({"detail": detail}, 422)
        if len(json.dumps(body)) > 15_000:
            return _error(400, "The query is longer than 15000 characters")
        try:
            return [one for one in documents if matches(body["query"], one)]
        except (QueryError, KeyError, TypeError) as error:
            return _error(400, f"Query is malformed: {error}")

    def _answer(
        self, request: Request, content: Any, headers: Mapping[str, str], total: int | None = None
    ) -> Response:
        cost = request.scope["state"].get("credits", 0.0)
        left = self._site.books.remaining("coresignal") - cost
        counted = {} if total is None else {"x-total-results": str(total)}
        return JSONResponse(
            content, headers={**headers, **counted, "x-credits-remaining": f"{left:g}"}
        )

    def person(self, human: Human) -> dict[str, Any]:
        """A whole record. Every other one has the field names of the vendor's documentation."""
        jobs = [_experience(job, at) for at, job in enumerate(human.jobs, 1)]
        job = human.job
        link = "linkedin_url" if human.number % 2 else "professional_network_url"
        email = human.email
        quality = _QUALITIES[human.number % 4]
        collection = [
            {"professional_email": email, "professional_email_status": quality,
             "order_of_priority": 1},
            {"professional_email": f"office@{job.company.domain}",
             "professional_email_status": "guessed_common_pattern", "order_of_priority": 2},
        ]  # fmt: skip
        changed = human.experience_changed_at
        return {
            "id": EMPLOYEE_IDS + human.number,
            "parent_id": None,
            "historical_ids": [EMPLOYEE_IDS + human.number],
            "is_deleted": 0,
            "is_parent": 1,
            "full_name": human.name,
            "first_name": human.first,
            "middle_name": None,
            "last_name": human.last,
            link: f"https://www.linkedin.com/in/{human.slug}",
            "linkedin_shorthand_names": [human.slug],
            "headline": job.title,
            "summary": "<p>Builds &amp; ships</p>",
            "location_full": f"{human.city}, {human.country_name}",
            "location_country": human.country_name,
            "location_country_iso2": human.country,
            "primary_professional_email": email,
            "primary_professional_email_status": quality if email else None,
            "professional_emails_collection": collection[: human.number % 3] if email else None,
            "is_working": 1,
            "active_experience_company_id": COMPANY_IDS + job.company.number,
            "active_experience_title": job.title,
            "active_experience_department": _DEPARTMENTS.get(job.department, job.department),
            "active_experience_management_level": _LEVELS[job.level],
            "is_decision_maker": int(job.level in ("cxo", "vp")),
            "experience": jobs,
            "experience_recently_started": [],
            "experience_recently_closed": [],
            "updated_at": stamp(human.updated_at),
            "checked_at": stamp(human.updated_at),
            "experience_change_last_identified_at": stamp(changed) if changed else None,
            "field_of_next_month": {"anything": [1, None]},
        }


def _experience(job: Job, order: int) -> dict[str, Any]:
    end = job.end
    return {
        "active_experience": 0 if end else 1,
        "position_title": job.title,
        "department": _DEPARTMENTS.get(job.department, job.department),
        "management_level": _LEVELS[job.level],
        "date_from": job.start,
        "date_from_year": int(job.start[:4]),
        "date_from_month": int(job.start[5:]),
        "date_to": end,
        "date_to_year": int(end[:4]) if end else None,
        "date_to_month": int(end[5:]) if end else None,
        # Numbers have come as strings.
        "company_id": str(COMPANY_IDS + job.company.number)
        if order > 1
        else COMPANY_IDS + job.company.number,
        "company_name": job.company.name,
        "company_website": f"https://www.{job.company.domain}",
        "order_in_profile": order,
    }


def _company(company: Company) -> dict[str, Any]:
    number = company.number
    link = "linkedin_url" if number % 2 else "professional_network_url"
    slug = company.domain.split(".", maxsplit=1)[0]
    return {
        "id": COMPANY_IDS + number,
        "source_id": number,
        "company_name": company.name,
        "company_name_alias": [],
        "website": f"https://www.{company.domain}/",
        "website.domain_only": company.domain,
        "website_alias": [f"http://{slug}-group.example"],
        "unique_domain": company.domain,
        link: f"https://www.linkedin.com/company/{slug}",
        "industry": company.industry,
        "size_range": "11-50 employees",
        "employees_count": company.employees if number % 2 else str(company.employees),
        "hq_country": company.country_name,
        "hq_country_iso2": company.country,
        "hq_city": company.city,
        "parent_company_information": None,
        "last_updated_at": "2026-01-05",
    }


def _preview(record: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("id", "full_name", "linkedin_url", "professional_network_url", "headline",
             "location_full", "location_country", "active_experience_title",
             "active_experience_department", "active_experience_management_level")  # fmt: skip
    return {name: record[name] for name in shown if name in record} | {"_score": 1.0}


def _token(start: int) -> str:
    """Where the next page begins, in each of the three forms that were seen."""
    return (f"{start}", f'"2025-03-03",{start}', f'26.806067,"2025-02-25",{start}')[start % 3]


def _position(token: str) -> int:
    return int(token.rsplit(",", maxsplit=1)[-1])


def _error(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)


def _plain(status: int, detail: str) -> Any:
    return lambda _fault: _error(status, detail)


def _server_error(fault: Fault) -> Response:
    status = int(fault.detail or 500)
    if status == 503:
        return PlainTextResponse("upstream connect error", 503)
    return _error(status, "Internal server error")


def coresignal(site: Site) -> Stub:
    """The stub."""
    api = _Coresignal(site)
    people, companies = "/employee_multi_source", "/company_multi_source"
    return Stub(
        name="coresignal",
        routes=[
            Route(f"{people}/search/es_dsl", api.search_people, methods=["POST"]),
            Route(f"{people}/search/es_dsl/preview", api.preview_people, methods=["POST"]),
            Route(f"{people}/collect/{{id}}", api.collect_person, methods=["GET"]),
            Route(f"{companies}/search/es_dsl", api.search_companies, methods=["POST"]),
            Route(f"{companies}/collect/{{id}}", api.collect_company, methods=["GET"]),
            *site.subscriptions.routes(),
        ],
        authorized=lambda request: request.headers.get("apikey") == KEY,
        errors={
            "bad_key": _plain(401, "Unauthorized"),
            "forbidden": _plain(403, "Forbidden"),
            "no_credit": _plain(402, "Insufficient credits"),
            "rate_limited": _plain(429, "Too many requests"),
            # Coresignal sends no Retry-After: it is only as busy as before.
            "retry_after": _plain(429, "Too many requests"),
            "server_error": _server_error,
            "invalid": _plain(422, "Unprocessable"),
            "wrong_verb": _plain(500, "Internal server error"),
        },
        per_second=18,
        not_found=lambda: _error(404, "Not found"),
    )
