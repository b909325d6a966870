"""The terms of a provider call: call, answer, classification, cost, outcome.

Pure. Here an answer's bytes become an `Outcome`. It has the cost, and says whether the call may
be repeated.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol

from bg_orchestration.domain.retry_after import retry_after
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.provider_settings import Capability

# The adapter classifies each response. `pending` is repeated; `compliance` suppresses the person.
OutcomeKind = Literal[
    "ok",
    "not_found",
    "invalid",
    "bad_key",
    "forbidden",
    "no_credit",
    "rate_limited",
    "transient",
    "compliance",
    "pending",
]

# The meaning of a status, unless a provider's documentation says otherwise.
_STATUSES: Final[Mapping[int, OutcomeKind]] = {
    401: "bad_key",
    402: "no_credit",
    403: "forbidden",
    404: "not_found",
    408: "transient",
    429: "rate_limited",
}
_REPEATABLE: Final = ("transient", "rate_limited", "pending")
_STOPPING: Final = ("bad_key", "forbidden", "no_credit")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a provider, without its key.

    Attributes:
        capability: the purpose; it decides how long the answer stays fresh.
        provider: the adapter's name.
        endpoint: a steady name such as `employee_multi_source/collect`, for ledger, rate limit
            and price.
        method: GET, POST or DELETE.
        path: below the provider's base URL, its parts URL-encoded, without a query.
        params: query parameters.
        json: the body of a POST.
        credits: the highest possible cost in the provider's credits. A call of 0 credits is free:
            it has no row in the ledger and is always sent.
        version: part of the ledger's key. It makes the same request another question, such as the
            date since which a record has changed.
        repeat_charged: whether a repetition costs again.
        read_seconds: the longest time for the answer.
    """

    capability: Capability
    provider: str
    endpoint: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    credits: float = 0.0
    version: str = ""
    repeat_charged: bool = True
    read_seconds: float = 30.0

    def key(self, base_url: str) -> str:
        """The ledger's key: equal for the same question, whatever its purpose.

        The base URL belongs to it: a sandbox answers with invented people. The order of
        parameters and fields does not matter. The key is a hash, since parameters may be personal.
        """
        parts = [
            self.provider,
            base_url,
            self.endpoint,
            self.method,
            self.path,
            sorted(self.params.items()),
            self.json,
            self.version,
        ]
        canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer, `ok` or `not_found`; every other outcome is an error.

    Attributes:
        found: false for a miss, whose body means nothing.
        headers: the headers that the adapter keeps, by their name in lower case.
        body: the raw answer.
        asked_at: when the request was sent, in UTC; long ago for an answer from the ledger.
    """

    found: bool
    headers: Mapping[str, str]
    body: bytes
    asked_at: datetime


# The function by which an adapter calls its provider. It raises `ProviderError` and
# `BudgetSpentError`.
Request = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Classification:
    """The meaning of an answer, by its body first and its status second.

    Attributes:
        kind: one of the kinds above.
        why: the provider's error code, or our words; never a value from the request.
        wait: the seconds that the provider asks to wait, if it does.
    """

    kind: OutcomeKind
    why: str = ""
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class TransportFault:
    """The reason for no response.

    Attributes:
        kind: `unsent` if the provider never saw the request; `unclear` if it may have answered,
            and charged; `unsendable` if the request cannot be built.
        why: in words without anything from the request.
    """

    kind: Literal["unsent", "unclear", "unsendable"]
    why: str


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a call: `metered` by the provider, or `listed` by the price list."""

    credits: float
    usd: float
    basis: Literal["metered", "listed"] = "listed"


FREE: Final = Cost(0.0, 0.0)


class Adapter(Protocol):
    """One provider's protocol, as far as the ledger needs it."""

    @property
    def name(self) -> str:
        """The name in settings and ledger."""
        ...

    @property
    def base_url(self) -> str:
        """The base URL, without a slash at the end."""
        ...

    @property
    def kept_headers(self) -> frozenset[str]:
        """Headers, in lower case, that are stored with an answer because its reader needs them."""
        ...

    def headers(self) -> Mapping[str, str]:
        """Headers with the key."""
        ...

    def params(self) -> Mapping[str, str]:
        """Query parameters with the key, for providers that take it only there."""
        ...

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Classify a response."""
        ...

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """Return the charge by the provider's own meter; `None` without one.

        Without one, a 2xx with an answer or a miss costs the call's credits, and the rest nothing.
        An adapter whose misses with a 2xx are free returns 0 for them.
        """
        ...

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return the limit of an endpoint."""
        ...

    def check(self) -> Call:
        """Return the cheapest call that needs the key; it must be free."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a request.

    Attributes:
        classification: the meaning of the answer; a transport fault is `transient`.
        cost: `None` if the request may have been charged and the cost is unknown.
        response: with the headers that the adapter keeps; `None` if nothing came back.
        seconds: how long the request took.
    """

    classification: Classification
    cost: Cost | None
    response: Response | None = None
    seconds: float = 0.0

    @property
    def kind(self) -> OutcomeKind:
        """The kind of the classification."""
        return self.classification.kind

    @property
    def answered(self) -> bool:
        """Whether the request brought an answer; a miss is an answer."""
        return self.kind in ("ok", "not_found")

    @property
    def repeatable(self) -> bool:
        """Whether a repetition may help."""
        return self.kind in _REPEATABLE

    @property
    def stops(self) -> bool:
        """Whether the provider stays stopped until a person acts."""
        return self.kind in _STOPPING

    @property
    def charged_without_answer(self) -> bool:
        """Whether the provider may have charged a request that must be repeated."""
        return self.cost is None or (self.repeatable and self.cost.credits > 0)


def outcome_of(
    adapter: Adapter,
    call: Call,
    sent: Response | TransportFault,
    usd_per_credit: float,
    seconds: float = 0.0,
) -> Outcome:
    """Classify a response and price it.

    The provider's meter has the cost. Without a meter, an answer with a 2xx costs the call's
    credits. An unreadable 2xx may have cost them. Everything else costs nothing.
    """
    if isinstance(sent, TransportFault):
        kind: OutcomeKind = "bad_key" if sent.kind == "unsendable" else "transient"
        cost = None if sent.kind == "unclear" else FREE
        return Outcome(Classification(kind, sent.why), cost, None, seconds)
    classification = adapter.classify(sent.status, sent.headers, sent.body)
    metered = adapter.credits_charged(call, sent.headers, sent.body)
    if metered is not None:
        cost = Cost(metered, metered * usd_per_credit, "metered")
    elif not 200 <= sent.status < 300:
        cost = FREE
    elif classification.kind in ("ok", "not_found"):
        cost = Cost(call.credits, call.credits * usd_per_credit)
    else:
        cost = None if classification.kind == "transient" else FREE
    headers = {name: sent.headers[name] for name in adapter.kept_headers if name in sent.headers}
    return Outcome(classification, cost, Response(sent.status, headers, sent.body), seconds)


def classify_status(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    exceptions: Mapping[int, OutcomeKind] | None = None,
) -> Classification:
    """Classify by status, with a provider's exceptions; a success must bring JSON.

    A success without JSON comes from a server between us and the provider, so it is transient.
    """
    kind = (exceptions or {}).get(status) or _STATUSES.get(status)
    if kind is None and 200 <= status < 300:
        try:
            parse_json(body)
        except ValueError:
            return Classification("transient", f"HTTP {status} without JSON")
        return Classification("ok")
    if kind is None:
        kind = "transient" if status >= 500 else "invalid"
    wait = retry_after(headers, datetime.now(UTC)) if kind in _REPEATABLE else None
    return Classification(kind, f"HTTP {status}", wait)


def parse_json(body: bytes) -> Any:
    """Parse a body as JSON.

    Raises:
        ValueError: the body is empty, cut, a page of HTML, or nested too deep.
    """
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None


def parse_object(body: bytes) -> dict[str, Any]:
    """Parse a body as a JSON object; empty if it is none. For error bodies."""
    try:
        content = parse_json(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def read_amount(value: object) -> float | None:
    """Read credits or seconds of a body; `None` for anything but a number of 0 to 1e9."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e9 else None
