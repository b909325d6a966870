"""ZeroBounce's v2 API: errors inside successes, the key in the query, the sandbox's addresses."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, charge, variant

# As in the vendor's sandbox: free, and always the same.
MAGIC = {
    "valid@example.com": ("valid", ""),
    "invalid@example.com": ("invalid", "mailbox_not_found"),
    "catch_all@example.com": ("catch-all", ""),
    "spamtrap@example.com": ("spamtrap", ""),
    "abuse@example.com": ("abuse", ""),
    "unknown@example.com": ("unknown", "mail_server_temporary_error"),
    "donotmail@example.com": ("do_not_mail", "role_based"),
    "role_based@example.com": ("do_not_mail", "role_based"),
    "global_suppression@example.com": ("do_not_mail", "global_suppression"),
    "greylisted@example.com": ("unknown", "greylisted"),
    "disposable@example.com": ("do_not_mail", "disposable"),
    "toxic@example.com": ("do_not_mail", "toxic"),
    "accept_all@example.com": ("valid", "accept_all"),
    "alias_address@example.com": ("valid", "alias_address"),
}
_WORLD = (("valid", ""), ("valid", ""), ("catch-all", ""), ("invalid", "mailbox_not_found"))
_BAD_KEY = {"error": "Invalid API key or your account ran out of credits"}


class _ZeroBounce:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def credits(self, request: Request) -> Response:
        right = request.query_params.get("api_key") == KEY
        left = self._site.books.remaining("zerobounce")
        return JSONResponse({"Credits": f"{left:.0f}" if right else "-1"})

    async def validate(self, request: Request) -> Response:
        if request.query_params.get("api_key") != KEY:
            return JSONResponse(_BAD_KEY)
        if self._site.books.remaining("zerobounce") <= 0:
            return JSONResponse(_BAD_KEY)
        email = request.query_params.get("email", "")
        odd = variant(request)
        if email not in MAGIC:
            charge(request, 1)
        status, second = MAGIC.get(email) or self._judge(email)
        if odd.kind == "unknown_values":
            status, second = "quantum", "entangled"
        elif odd.kind == "odd":
            status, second = odd.detail.split("/")
        result = _result(email, status, second)
        if odd.kind == "drift":
            result.pop(odd.detail or "status")
        return JSONResponse(result)

    def _judge(self, email: str) -> tuple[str, str]:
        """Addresses of the world exist while their people work there."""
        for human in self._site.world.people:
            if human.email == email:
                return _WORLD[human.number % 4]
        return "invalid", "mailbox_not_found"


def _result(email: str, status: str, second: str) -> dict[str, Any]:
    account, _, domain = email.partition("@")
    return {
        "address": email,
        "status": status,
        "sub_status": second,
        "free_email": False,
        "did_you_mean": None,
        "account": account,
        "domain": domain,
        "domain_age_days": "9692",
        "smtp_provider": "example",
        "mx_found": "true",
        "mx_record": f"mx.{domain}",
        "firstname": None,
        "processed_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}.345",
        "field_of_next_month": 1,
    }


def _status(fault: Fault, status: int) -> Response:
    return JSONResponse({"message": "try again later"}, int(fault.detail or status))


def zerobounce(site: Site) -> Stub:
    """The stub."""
    api = _ZeroBounce(site)
    return Stub(
        name="zerobounce",
        routes=[Route("/getcredits", api.credits), Route("/validate", api.validate)],
        # A wrong key is answered by each route in its own way.
        authorized=lambda _request: True,
        errors={
            "bad_key": lambda _: JSONResponse(_BAD_KEY),
            "no_credit": lambda _: JSONResponse(_BAD_KEY),
            "forbidden": lambda f: _status(f, 403),
            "rate_limited": lambda f: _status(f, 429),
            "retry_after": lambda f: _status(f, 429),
            "server_error": lambda f: _status(f, 520),
            "invalid": lambda f: _status(f, 400),
        },
        per_second=100,
        not_found=lambda: JSONResponse({"message": "Not Found"}, 404),
    )
