"""ZeroBounce: verifies whether an address accepts mail.

Documentation: https://www.zerobounce.net/docs, "Email Validation API" (v2). Paths are below
`https://api.zerobounce.net/v2`; the key can only go into the query, so it is kept out of `Call`.

| question | call | credits |
|---|---|---|
| does this address take mail? | `GET validate` | 1, again each time |
| is the key right, is there credit? | `GET getcredits`: a text, `-1` for a wrong key | 0 |

A wrong key and an empty wallet are the same 200 with `error`; `getcredits` distinguishes them.
403 is a block after too many requests. There is no meter. `validatebatch` costs the same for an
address, and each set of addresses is another question, so the ledger could not recognize a paid
address: it is not used.

`unknown` means that the mail server gave no answer. Such an address is verified once more, a day
later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final, Literal

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import (
    Call,
    Classification,
    Request,
    classify_status,
    parse_object,
)
from bg_orchestration.providers.answers import Fields, read
from bg_orchestration.providers.protocols import Verification

Status = Literal["deliverable", "undeliverable", "risky", "unknown"]

# Seconds that ZeroBounce may take to ask the mail server, 3 to 60.
_PATIENCE: Final = 45
_AGAIN: Final = timedelta(days=1)
_STATUSES: Final[Mapping[str, Status]] = {
    "valid": "deliverable",
    "invalid": "undeliverable",
    "catch-all": "risky",
    "spamtrap": "undeliverable",
    "abuse": "undeliverable",
    "do_not_mail": "undeliverable",
}
# Where the second word changes what the first one means.
_EXCEPTIONS: Final[Mapping[tuple[str, str], Status]] = {
    ("valid", "accept_all"): "risky",
    ("valid", "role_based_accept_all"): "risky",
    ("valid", "ai_agent_mailbox"): "risky",
    ("do_not_mail", "role_based"): "risky",
}
_SUPPRESSED: Final = frozenset({"spamtrap", "abuse", "global_suppression"})


@dataclass(frozen=True, slots=True)
class ZeroBounce:
    """`EmailVerifier`."""

    key: str = field(repr=False)
    base_url: str = "https://api.zerobounce.net/v2"

    name: ClassVar[str] = "zerobounce"
    kept_headers: ClassVar[frozenset[str]] = frozenset()

    def headers(self) -> Mapping[str, str]:
        """Return no key: it cannot be a header."""
        return {"accept": "application/json"}

    def params(self) -> Mapping[str, str]:
        """Return the parameter with the key."""
        return {"api_key": self.key}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Classify by the body first: errors are 200s."""
        found = classify_status(status, headers, body, {403: "rate_limited"})
        content = parse_object(body)
        if found.kind != "ok":
            return found
        if isinstance(content.get("error"), str):
            return _classify_error(content["error"])
        left = content.get("Credits")
        if left is not None and str(left).strip() == "-1":
            return Classification("bad_key", "Credits: -1")
        if left is not None and str(left).strip() == "0":
            return Classification("no_credit", "Credits: 0")
        return found

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """Return 0 for an error, `None` otherwise: there is no meter."""
        return 0.0 if "error" in parse_object(body) else None

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return 20 a second, far below 80,000 in 10 s; each answer waits for a mail server."""
        return RateLimit(20.0, 5)

    def check(self) -> Call:
        """Return the free call for the rest of the credits."""
        return Call("verification", self.name, "getcredits", "GET", "getcredits")

    def verify(self, request: Request, emails: Sequence[str]) -> Iterator[Verification]:
        """Yield the status of each address; nothing if its mail server gave no answer."""
        for email in dict.fromkeys(emails):
            call = Call(
                "verification",
                self.name,
                "validate",
                "GET",
                "validate",
                params={"email": email, "ip_address": "", "timeout": str(_PATIENCE)},
                credits=1.0,
                read_seconds=_PATIENCE + 10.0,
            )
            answer = request(call)
            fields = read(answer, call) if answer.found else None
            if fields and _status(fields) == "unknown" and _is_old(answer.asked_at):
                call = replace(call, version="again")
                answer = request(call)
                fields = read(answer, call) if answer.found else None
            if fields and (status := _status(fields)) != "unknown":
                checked_at = _moment(fields.text("processed_at")) or answer.asked_at
                yield Verification(email, status, _raw(fields), checked_at, _is_suppressed(fields))


def _classify_error(error: str) -> Classification:
    """`Invalid API key or your account ran out of credits` is one error for two causes."""
    text = error.casefold()
    if "credit" in text:
        return Classification("no_credit", "the key is wrong, or no credit is left")
    if "api key" in text or "api_key" in text:
        return Classification("bad_key", "the key is wrong")
    return Classification("invalid", "an error inside a 200")


def _status(fields: Fields) -> Status:
    if not (status := fields.code("status")):
        raise fields.drift("status", "is missing")
    second = fields.code("sub_status")
    return _EXCEPTIONS.get((status, second)) or _STATUSES.get(status, "unknown")


def _raw(fields: Fields) -> str:
    return "/".join(filter(None, (fields.code("status"), fields.code("sub_status"))))


def _is_suppressed(fields: Fields) -> bool:
    return not _SUPPRESSED.isdisjoint((fields.code("status"), fields.code("sub_status")))


def _moment(text: str | None) -> datetime | None:
    """`2026-01-05 10:11:12.345`, in UTC."""
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=UTC)
    except ValueError:
        return None


def _is_old(asked_at: datetime) -> bool:
    return datetime.now(UTC) - asked_at >= _AGAIN
