"""Apollo's v1 API: a search without last names, records by match, errors in several forms."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, charge, json_body, stamp, variant
from bg_orchestration_tests.stubs.world import Company, Human

_SENIORITIES = {"cxo": "c_suite", "vp": "vp", "director": "director", "manager": "manager",
                "senior": "senior", "entry": "entry"}  # fmt: skip
_STATUSES = ("verified", "unverified", "likely to engage", "guessed", "verified")


class _Apollo:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def company(self, request: Request) -> Response:
        for company in self._site.world.companies:
            if company.domain == request.query_params.get("domain"):
                charge(request, 1)
                return JSONResponse({"organization": _company(company)})
        return JSONResponse({"organization": None})

    async def search(self, request: Request) -> Response:
        """Current and previous employees; a filter that is not known is ignored."""
        body = await json_body(request)
        size, page = int(body.get("per_page", 10)), int(body.get("page", 1))
        if not (1 <= size <= 100 and 1 <= page <= 500):
            return JSONResponse({"error": "per_page or page is out of range"}, 422)
        odd = variant(request)
        found = [one for one in self._site.world.people if _was_at(one, body)]
        total = 230_000_000 if odd.kind == "odd" else len(found)
        start = (page - 1) * size
        if odd.kind == "repeated_page":
            start = max(0, start - size)
        rows = [] if odd.kind == "empty_page" else found[start : start + size]
        return JSONResponse({"total_entries": total, "people": [_row(one) for one in rows]})

    async def match(self, request: Request) -> Response:
        body = await json_body(request)
        odd = variant(request)
        if odd.kind == "miss":
            return JSONResponse({} if odd.detail else {"person": None})
        for human in self._site.world.people:
            if _is_meant(human, body) and human.number not in self._site.suppressed:
                charge(request, 1)
                record = _person(human)
                if odd.kind == "unknown_values":
                    record |= {"email_status": "telepathic", "seniority": "wizard"}
                elif odd.kind == "odd":
                    record |= {"id": "ap-somebody-else"}
                elif odd.kind == "drift":
                    record.pop(odd.detail or "id")
                return JSONResponse({"person": record, "request_id": 1})
        return JSONResponse({"person": None})


def _was_at(human: Human, body: dict[str, Any]) -> bool:
    ids = body.get("organization_ids", [])
    domains = body.get("q_organization_domains_list", [])
    return any(
        (not ids or _company_id(job.company) in ids)
        and (not domains or job.company.domain in domains)
        for job in human.jobs
    )


def _is_meant(human: Human, body: dict[str, Any]) -> bool:
    if "id" in body:
        return bool(body["id"] == _id(human))
    if "linkedin_url" in body:
        return bool(str(body["linkedin_url"]).rstrip("/").endswith(f"/in/{human.slug}"))
    if "email" in body:
        return bool(body["email"] == human.email)
    return body.get("name") == human.name and body.get("domain") == human.job.company.domain


def _id(human: Human) -> str:
    return f"ap-{human.number:06x}"


def _company_id(company: Company) -> str:
    return f"org-{company.number}"


def _row(human: Human) -> dict[str, Any]:
    return {
        "id": _id(human),
        "first_name": human.first,
        "last_name_obfuscated": f"{human.last[:2]}***{human.last[-1]}",
        "title": human.job.title,
        "last_refreshed_at": stamp(human.updated_at) + "Z",
        "has_email": human.email is not None,
        "has_direct_phone": "Yes" if human.phone else "Maybe: please request direct dial",
        "organization": {"name": human.job.company.name, "has_industry": True},
    }


def _person(human: Human) -> dict[str, Any]:
    """A record; some addresses are locked, some phones must not be called."""
    job = human.job
    number = human.number
    email = "email_not_unlocked@domain.com" if number % 9 == 8 else human.email
    return {
        "id": _id(human),
        "first_name": human.first,
        "last_name": human.last,
        "name": human.name,
        "linkedin_url": f"http://www.linkedin.com/in/{human.slug}",
        "title": job.title,
        "headline": job.title,
        "email": email,
        "email_status": _STATUSES[number % 5] if human.email else "unavailable",
        "extrapolated_email_confidence": None,
        "city": human.city,
        "country": human.country_name,
        "organization_id": _company_id(job.company),
        "organization": _company(job.company),
        "employment_history": [
            {
                "_id": f"e{at}",
                "current": one.end is None,
                "title": one.title,
                "organization_id": _company_id(one.company),
                "organization_name": one.company.name,
                "start_date": f"{one.start}-01",
                "end_date": f"{one.end}-01" if one.end else None,
            }
            for at, one in enumerate(human.jobs)
        ],
        "departments": [f"master_{job.department.lower().replace(' ', '_')}"],
        "seniority": _SENIORITIES[job.level],
        "contact": {"phone_numbers": [_phone(human)]} if human.phone else None,
        "field_of_next_month": None,
    }


def _phone(human: Human) -> dict[str, Any]:
    number = human.phone or ""
    return {
        "raw_number": number,
        "sanitized_number": number.replace(" ", ""),
        "type": "work_direct",
        "dnc_status": "on_dnc" if human.number % 2 else None,
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "id": _company_id(company),
        "name": company.name,
        "website_url": f"http://www.{company.domain}",
        "primary_domain": company.domain,
        "linkedin_url": f"http://www.linkedin.com/company/{company.domain.split('.')[0]}",
        "industry": company.industry.lower(),
        "estimated_num_employees": company.employees,
        "country": company.country_name,
        "city": company.city,
    }


def _no_credit(_fault: Fault) -> Response:
    content = {"error": "You have insufficient credits!",
               "error_details": {"code": "BILLING.LIMIT.CREDITS_EXHAUSTED"}}  # fmt: skip
    return JSONResponse(content, 422)


def _rate_limited(fault: Fault) -> Response:
    told = "The maximum number of api calls allowed for people/match is 600 times per hour."
    wait = {"retry-after": str(max(1, round(fault.seconds)))}
    return JSONResponse({"message": told}, 429, wait)


def apollo(site: Site) -> Stub:
    """The stub."""
    api = _Apollo(site)
    return Stub(
        name="apollo",
        routes=[
            Route("/organizations/enrich", api.company),
            Route("/mixed_people/api_search", api.search, methods=["POST"]),
            Route("/people/match", api.match, methods=["POST"]),
        ],
        authorized=lambda request: request.headers.get("x-api-key") == KEY,
        errors={
            "bad_key": lambda _: PlainTextResponse("Invalid access credentials.", 401),
            "forbidden": lambda _: JSONResponse(
                {"error": "people/match is not accessible", "error_code": "API_INACCESSIBLE"}, 403
            ),
            "no_credit": _no_credit,
            "rate_limited": _rate_limited,
            "retry_after": _rate_limited,
            "server_error": lambda f: JSONResponse({"error": "Oops"}, int(f.detail or 500)),
            "invalid": lambda _: JSONResponse({"error": "Value is invalid"}, 422),
        },
        per_second=10,
        not_found=lambda: JSONResponse({"error": "Not found"}, 404),
    )
