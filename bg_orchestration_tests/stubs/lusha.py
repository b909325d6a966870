"""Lusha's v3 API: errors of single people inside a 200, reveals that are charged once."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, charge, json_body, stamp, variant
from bg_orchestration_tests.stubs.world import Company, Human

_SENIORITIES = {"cxo": "C-Suite", "vp": "Vice President", "director": "Director",
                "manager": "Manager", "senior": "Senior", "entry": "Entry"}  # fmt: skip
_GRADES = ("A+", "A", "B", "C", None)
_EMAIL, _PHONE = 1, 5


class _Lusha:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._revealed: set[tuple[int, int, str]] = set()

    async def usage(self, _request: Request) -> Response:
        left = self._site.books.remaining("lusha")
        pricing = {"revealEmail": _EMAIL, "revealPhone": _PHONE}
        return JSONResponse({"credits": {"remaining": left}, "plan": "stub", "pricing": pricing})

    async def companies(self, request: Request) -> Response:
        asked = (await json_body(request)).get("companies", [])
        results = []
        for item in asked:
            company = next(
                (one for one in self._site.world.companies if one.domain == item.get("domain")),
                None,
            )
            reference = {"clientReferenceId": item.get("clientReferenceId")}
            results.append(reference | (_company(company) if company else _error("NOT_FOUND")))
        found = sum("error" not in one for one in results)
        if found:
            charge(request, 1)
        return _answer(request, results, found)

    async def prospecting(self, request: Request) -> Response:
        body = await json_body(request)
        pagination = body.get("pagination", {})
        page, size = int(pagination.get("page", 0)), int(pagination.get("size", 25))
        include = body.get("filters", {}).get("companies", {}).get("include", {})
        found = [one for one in self._site.world.people if _is_included(one.job.company, include)]
        start = page * size
        odd = variant(request).kind
        if odd == "repeated_page":
            start = max(0, start - size)
        some = [] if odd == "empty_page" else found[start : start + size]
        charge(request, 1)
        return _answer(request, [_row(one) for one in some], len(some), len(found))

    async def enrich(self, request: Request) -> Response:
        body = await json_body(request)
        odd = variant(request)
        results, found = [], 0
        for item in body.get("contacts", []):
            reference = {"clientReferenceId": item.get("clientReferenceId")}
            human = next((one for one in self._site.world.people if _is_meant(one, item)), None)
            if odd.kind == "miss":
                results.append(reference | _error(odd.detail or "NOT_FOUND"))
            elif human is None:
                results.append(reference | _error("NOT_FOUND"))
            elif human.number in self._site.suppressed:
                results.append(reference | _error("COMPLIANCE_RESTRICTED"))
            else:
                found += 1
                results.append(reference | self._reveal(request, human, body.get("reveal", [])))
        if odd.kind == "drift":
            results[0].pop(odd.detail or "id")
        return _answer(request, results, found)

    def _reveal(self, request: Request, human: Human, wanted: list[str]) -> dict[str, Any]:
        """Somebody's contacts; what was revealed before costs nothing."""
        record = _row(human) | {"emails": [], "phones": []}
        if "emails" in wanted and human.email:
            private = {"email": f"{human.slug}@mail.example", "type": "private"}
            record["emails"] = [private, _email(human)]
            self._charge_once(request, human, "emails", _EMAIL)
        if "phones" in wanted and human.phone:
            record["phones"] = [_phone(human)]
            self._charge_once(request, human, "phones", _PHONE)
        return record

    def _charge_once(self, request: Request, human: Human, what: str, cost: float) -> None:
        # A new world is another one: its books are new, too.
        revealed = (id(self._site.books), human.number, what)
        if revealed not in self._revealed:
            self._revealed.add(revealed)
            charge(request, cost)


def _is_included(company: Company, include: dict[str, Any]) -> bool:
    by_id = str(_company_id(company)) in map(str, include.get("ids", []))
    return by_id or company.domain in include.get("domains", [])


def _is_meant(human: Human, item: dict[str, Any]) -> bool:
    if "id" in item:
        return str(item["id"]) == str(_id(human))
    if "linkedinUrl" in item:
        return bool(str(item["linkedinUrl"]).rstrip("/").endswith(f"/in/{human.slug}"))
    if "email" in item:
        return bool(item["email"] == human.email)
    named = (item.get("firstName"), item.get("lastName")) == (human.first, human.last)
    company = human.job.company
    return named and company.domain == item.get("companyDomain", company.domain)


def _id(human: Human) -> int | str:
    """Ids are numbers for some and texts for others."""
    number = 700_000 + human.number
    return number if human.number % 2 else str(number)


def _company_id(company: Company) -> int:
    return 40_000 + company.number


def _row(human: Human) -> dict[str, Any]:
    job = human.job
    return {
        "id": _id(human),
        "firstName": human.first,
        "lastName": human.last,
        "fullName": human.name,
        "jobTitle": {
            "title": job.title,
            "departments": [job.department],
            "seniority": _SENIORITIES[job.level],
        },
        "location": {"country": human.country_name, "countryIso2": human.country},
        "company": {
            "id": _company_id(job.company),
            "name": job.company.name,
            "domain": job.company.domain,
        },
        "socialLinks": {"linkedin": f"https://www.linkedin.com/in/{human.slug}"},
        "previousEmployment": [{"company": {"name": one.company.name}} for one in human.jobs[1:]],
        "has": ["emails"] if human.email else [],
        "canReveal": [{"field": "emails", "credits": _EMAIL}],
        "updateDate": stamp(human.updated_at)[:10],
    }


def _email(human: Human) -> dict[str, Any]:
    grade = _GRADES[human.number % 5]
    return {"email": human.email, "type": "work", "confidence": grade, "updateDate": "2026-01-05"}


def _phone(human: Human) -> dict[str, Any]:
    silent = human.number % 2 == 1
    return {"number": human.phone, "type": "direct", "doNotCall": silent, "updateDate": None}


def _company(company: Company) -> dict[str, Any]:
    return {
        "id": _company_id(company),
        "name": company.name,
        "domain": company.domain,
        "industry": company.industry,
        "employees": "11 - 50" if company.number % 2 else company.employees,
        "location": {"country": company.country_name, "countryIso2": company.country},
        "socialLinks": {
            "linkedin": f"https://www.linkedin.com/company/{company.domain.split('.')[0]}"
        },
    }


def _error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": code.lower()}}


def _answer(
    request: Request, results: list[dict[str, Any]], found: int, total: int | None = None
) -> Response:
    cost = request.scope["state"].get("credits", 0.0)
    content: dict[str, Any] = {
        "requestId": "r-1",
        "results": results,
        "billing": {"creditsCharged": cost, "resultsReturned": found},
    }
    if total is not None:
        content["pagination"] = {"total": total}
    headers = {"x-rate-limit-minute": "300", "x-minute-requests-left": "299"}
    return JSONResponse(content, headers=headers)


def _fault(status: int, message: str) -> Response:
    return JSONResponse({"statusCode": status, "message": message}, status)


def _invalid(fault: Fault) -> Response:
    status = int(fault.detail or 422)
    return _fault(status, "Restricted" if status == 451 else "Validation failed")


def lusha(site: Site) -> Stub:
    """The stub."""
    api = _Lusha(site)
    return Stub(
        name="lusha",
        routes=[
            Route("/v3/account/usage", api.usage),
            Route("/v3/companies/search", api.companies, methods=["POST"]),
            Route("/v3/contacts/prospecting", api.prospecting, methods=["POST"]),
            Route("/v3/contacts/search-and-enrich", api.enrich, methods=["POST"]),
        ],
        authorized=lambda request: request.headers.get("api_key") == KEY,
        errors={
            "bad_key": lambda _: _fault(401, "Unauthorized"),
            "forbidden": lambda _: _fault(403, "Your plan does not include this"),
            "no_credit": lambda _: _fault(402, "Out of credits"),
            "rate_limited": lambda _: _fault(429, "Too many requests"),
            # Lusha sends no Retry-After.
            "retry_after": lambda _: _fault(429, "Too many requests"),
            "server_error": lambda f: _fault(int(f.detail or 500), "Internal error"),
            "invalid": _invalid,
        },
        per_second=25,
        not_found=lambda: _fault(404, "Not found"),
    )
