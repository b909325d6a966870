"""People Data Labs' v5 API: searches paid by the record, flat companies, a monthly changelog."""

import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.dsl import QueryError, matches
from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, charge, json_body, variant
from bg_orchestration_tests.stubs.world import Company, Human

_LEVELS = {"cxo": ["cxo"], "vp": ["vp"], "director": ["director"], "manager": ["manager"],
           "senior": ["senior"], "entry": ["entry"]}  # fmt: skip
_KINDS = ("added", "deleted", "updated", "merged", "opted_out")


def release_at(day: datetime) -> int:
    """The release that is out in a month: 35 was July 2026."""
    return 35 + (day.year - 2026) * 12 + day.month - 7


class _PeopleDataLabs:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def company(self, request: Request) -> Response:
        website = request.query_params.get("website", "")
        for company in self._site.world.companies:
            if company.domain == website:
                charge(request, 1)
                return self._answer(request, {"status": 200, "likelihood": 10, **_company(company)})
        return _not_found()

    async def search(self, request: Request) -> Response:
        body = await json_body(request)
        size = body.get("size", 1)
        if not isinstance(size, int) or not 1 <= size <= 100 or "query" not in body:
            return _error(400, "invalid_request_error", "size must be between 1 and 100")
        try:
            found = [one for one in self._people() if matches(body["query"], one)]
        except (QueryError, KeyError, TypeError):
            return _error(400, "invalid_request_error", "the query is malformed")
        token = body.get("scroll_token")
        start = int(re.sub(r"\D", "", token)) if token else 0
        odd = variant(request).kind
        page = found[start : start + size]
        if odd == "empty_page":
            page = []
        elif odd == "repeated_page":
            page = found[max(0, start - size) : max(0, start - size) + size]
        if not page and odd != "empty_page":
            return _not_found()
        charge(request, len(page))
        content = {"status": 200, "data": page, "total": len(found), "dataset_version": "35.0"}
        # A last page that is full leads to one more, which is a 404; another says null or nothing.
        if start + size <= len(found):
            content["scroll_token"] = f"scroll${start + size}"
        elif len(found) % 2:
            content["scroll_token"] = None
        if odd == "drift":
            content.pop("data")
        return self._answer(request, content, "search")

    async def enrich(self, request: Request) -> Response:
        asked = request.query_params
        for human in self._site.world.people:
            if human.number in self._site.suppressed or not _is_meant(human, asked):
                continue
            record = _person(human)
            if "required" in asked and not (record["work_email"] or record["mobile_phone"]):
                return _not_found()
            charge(request, 1)
            content = {"status": 200, "likelihood": 9, "data": record, "dataset_version": "35.0"}
            return self._answer(request, content)
        return _not_found()

    async def changelog(self, request: Request) -> Response:
        body = await json_body(request)
        origin, current = (
            _release(body.get(name)) for name in ("origin_version", "current_version")
        )
        kind = body.get("type")
        if current != origin + 1 or current > release_at(datetime.now(UTC)) or kind not in _KINDS:
            return _error(400, "invalid_request_error", "versions must be consecutive releases")
        wanted = set(body.get("ids", ()))
        found = []
        for human in self._site.world.people:
            suppressed = human.number in self._site.suppressed
            befell = "opted_out" if suppressed else "updated"
            at = human.experience_changed_at
            in_release = suppressed or (at is not None and release_at(at) == current)
            if kind == befell and in_release and _id(human) in wanted:
                found.append({"id": _id(human), "additional_metadata": {"fields_updated": []}})
        return JSONResponse({"type": kind, kind: found, "scroll_token": None})

    def _people(self) -> list[dict[str, Any]]:
        return [
            _person(human)
            for human in self._site.world.people
            if human.number not in self._site.suppressed
        ]

    def _answer(self, request: Request, content: Any, kind: str = "enrich") -> Response:
        cost = request.scope["state"].get("credits", 0.0)
        left = self._site.books.remaining("pdl") - cost
        headers = {
            "x-call-credits-spent": f"{cost:g}",
            "x-call-credits-type": kind,
            "x-totallimit-remaining": f"{left:.0f}",
            "x-ratelimit-remaining": "{'minute': 9}",
        }
        return JSONResponse(content, headers=headers)


def _is_meant(human: Human, asked: Any) -> bool:
    if "pdl_id" in asked:
        return bool(asked["pdl_id"] == _id(human))
    if "profile" in asked:
        return bool(asked["profile"].rstrip("/").endswith(f"/in/{human.slug}"))
    if "email" in asked:
        return bool(asked["email"] == human.email)
    company = human.job.company
    named = str(asked.get("name", "")).casefold() == human.name.casefold()
    return named and asked.get("company") in (company.domain, company.name)


def _id(human: Human) -> str:
    return f"pdl-{human.number}"


def _person(human: Human) -> dict[str, Any]:
    """A record; every fourth one as on a plan without contacts, where they are truth values."""
    job = human.job
    hidden = human.number % 4 == 3
    changed = human.experience_changed_at
    return {
        "id": _id(human),
        "full_name": human.name.title(),
        "first_name": human.first,
        "last_name": human.last,
        "linkedin_url": f"linkedin.com/in/{human.slug}",
        "work_email": bool(human.email) if hidden else human.email,
        "personal_emails": [f"{human.slug}@mail.example"],
        "mobile_phone": bool(human.phone) if hidden else human.phone,
        "phone_numbers": bool(human.phone) if hidden else [human.phone] if human.phone else None,
        "job_title": job.title,
        "job_title_role": job.department.lower(),
        "job_title_levels": _LEVELS[job.level],
        "job_company_id": f"company-{job.company.number}",
        "job_company_name": job.company.name,
        "job_company_website": job.company.domain,
        "job_start_date": job.start,
        "job_last_changed": f"{changed or human.updated_at:%Y-%m-%d}",
        "job_last_verified": f"{human.updated_at:%Y-%m-%d}",
        "location_country": human.country_name,
        "experience": [
            {
                "title": {"name": one.title, "levels": _LEVELS[one.level]},
                "company": {"id": f"company-{one.company.number}", "website": one.company.domain},
                "start_date": one.start,
                "end_date": one.end,
                "is_primary": one is job,
            }
            for one in human.jobs
        ],
        "field_of_next_month": True,
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "id": f"company-{company.number}",
        "name": company.name.lower(),
        "display_name": company.name,
        "website": company.domain,
        "size": "11-50",
        "employee_count": company.employees,
        "industry": company.industry.lower(),
        "founded": None,
        "location": {"name": company.city, "country": company.country_name},
        "linkedin_url": f"linkedin.com/company/{company.domain.split('.')[0]}",
        "affiliated_profiles": [],
    }


def _release(text: Any) -> int:
    try:
        return int(float(text))
    except (TypeError, ValueError):
        return 0


def _error(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> Response:
    content = {"status": status, "error": {"type": kind, "message": message}}
    return JSONResponse(content, status, headers)


def _not_found() -> Response:
    return _error(404, "not_found", "No records were found matching your request")


def _rate_limited(fault: Fault) -> Response:
    """The end of the window instead of a Retry-After, and a dictionary that is no JSON."""
    now = datetime.now(UTC).timestamp()
    headers = {
        "x-ratelimit-reset": str(int(now + max(1, fault.seconds))),
        "x-ratelimit-remaining": "{'minute': 0}",
    }
    return _error(429, "rate_limit_error", "Slow down", headers)


def pdl(site: Site) -> Stub:
    """The stub."""
    api = _PeopleDataLabs(site)
    return Stub(
        name="pdl",
        routes=[
            Route("/company/enrich", api.company),
            Route("/person/search", api.search, methods=["POST"]),
            Route("/person/enrich", api.enrich),
            Route("/person/changelog", api.changelog, methods=["POST"]),
        ],
        authorized=lambda request: request.headers.get("x-api-key") == KEY,
        errors={
            "bad_key": lambda _: _error(401, "authentication_error", "Invalid API key"),
            "forbidden": lambda _: _error(403, "forbidden", "Forbidden"),
            "no_credit": lambda _: _error(402, "payment_required", "Out of credits"),
            "rate_limited": _rate_limited,
            "retry_after": _rate_limited,
            "server_error": lambda f: _error(int(f.detail or 500), "api_error", "Our fault"),
            "invalid": lambda _: _error(400, "invalid_request_error", "Bad request"),
            "wrong_verb": lambda _: _error(405, "invalid_request_error", "Method not allowed"),
            "miss": lambda _: _not_found(),
        },
        per_second=20,
        not_found=_not_found,
    )
