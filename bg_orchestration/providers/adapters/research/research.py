"""Research on a person in public sources, by any server that speaks one of OpenAI's dialects.

Documentation: the "Chat Completions" and "Responses" references of OpenAI; for Perplexity, the
preset, https://docs.perplexity.ai, "Agent API". The key goes in `authorization`.

| dialect | call | answer |
|---|---|---|
| `responses` | `POST responses` | `output[]` with messages and search results, `status` |
| `chat` | `POST chat/completions` | `choices[0].message`, `search_results[]`, `citations[]` |

Credits are US dollars: `usage.cost.total_cost` of the server, else its tokens at the prices of the
settings. A repetition costs again. An empty wallet is a 402, or a 401 or 429 with a text about
quota.

The prompt has a name, a title and a company, and no other fact. The findings are commentary with
their sources: they change no fact, role or score, and any text like an address or a phone number is
removed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import (
    Call,
    Classification,
    Request,
    classify_status,
    parse_object,
    read_amount,
)
from bg_orchestration.ledger.errors import CallRefusedError
from bg_orchestration.providers.adapters.research.research_answers import (
    FINDINGS_SCHEMA,
    Findings,
    UnreadableFindingsError,
    read_findings,
    state_of,
)

# Raise it with every change of the words below: a note stores the version of its prompt.
PROMPT_VERSION: Final = "1"
_INSTRUCTIONS: Final = (
    "You research people in business from public sources for somebody who is about to talk to them "
    "about their work. State only what a source says, about this person in this job and not a "
    "namesake. Leave out private life, health, beliefs, and every way to reach them. Where you "
    "find nothing, answer with empty lists. Answer in JSON only."
)
_MOST_TOKENS: Final = 2_000
# The tokens that a server may read for an answer: it charges the pages of its search.
_READ_TOKENS: Final = 20_000
# Reasoning and search take minutes.
_READ_SECONDS: Final = 300.0
# A call with price 0 would count as free, and be sent each time.
_LEAST_USD: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Subject:
    """A person to research: all that a prompt says of them."""

    name: str
    title: str
    company: str


@dataclass(frozen=True, slots=True)
class Research:
    """Finds public facts about a person at work; prices in USD, for tokens by the million."""

    key: str = field(repr=False)
    base_url: str = "https://api.perplexity.ai/v1"
    model: str = "perplexity/sonar"
    dialect: Literal["responses", "chat"] = "responses"
    input_usd: float = 1.0
    output_usd: float = 1.0
    request_usd: float = 0.005

    name: ClassVar[str] = "research"
    kept_headers: ClassVar[frozenset[str]] = frozenset()

    def headers(self) -> Mapping[str, str]:
        """Return the header with the key."""
        return {"authorization": f"Bearer {self.key}", "accept": "application/json"}

    def params(self) -> Mapping[str, str]:
        """Return nothing: the key is a header."""
        return {}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Classify by status and body: an empty wallet has other statuses, a failure a 200.

        A refusal by the model is a miss: the person has not objected.
        """
        found = classify_status(status, headers, body)
        content = parse_object(body)
        if status in (401, 429) and _tells_of_quota(content):
            return Classification("no_credit", f"HTTP {status}: quota used up")
        if found.kind == "not_found":
            return Classification("invalid", "HTTP 404: no such path or model")
        state = state_of(content) if found.kind == "ok" else "completed"
        if state in ("failed", "cancelled"):
            return Classification("transient", f"status {state}")
        if state in ("in_progress", "queued", "requires_action"):
            # A repetition would start, and cost, again.
            return Classification("invalid", f"status {state}")
        if state == "refused":
            return Classification("not_found", "refused")
        return found

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """Return the cost of the server, else the price of its tokens."""
        usage = parse_object(body).get("usage")
        if not isinstance(usage, dict):
            return None
        cost = usage.get("cost")
        charge = read_amount(cost.get("total_cost") if isinstance(cost, dict) else cost)
        if charge is not None:
            return charge
        sent = read_amount(usage.get("input_tokens", usage.get("prompt_tokens")))
        received = read_amount(usage.get("output_tokens", usage.get("completion_tokens")))
        return None if sent is None or received is None else self._price(sent, received)

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return 20 a minute: servers allow 50, and fewer for models that search deeply."""
        return RateLimit(20 / 60, 2)

    def check(self) -> Call:
        """Return the free list of models."""
        return Call("research", self.name, "models", "GET", "models")

    def research(self, request: Request, subject: Subject) -> Findings | None:
        """Return findings about a person; the same subject and model are the same question."""
        call = self._call(subject)
        answer = request(call)
        if not answer.found:
            return None
        try:
            found = read_findings(parse_object(answer.body), self.model, PROMPT_VERSION)
        except UnreadableFindingsError as error:
            raise CallRefusedError(self.name, f"{call.endpoint}: {error}", "invalid") from None
        return found if found.says_something else None

    def _call(self, subject: Subject) -> Call:
        endpoint = "responses" if self.dialect == "responses" else "chat/completions"
        return Call(
            "research",
            self.name,
            endpoint,
            "POST",
            endpoint,
            json=self._body(_prompt(subject)),
            credits=max(_LEAST_USD, self._price(_READ_TOKENS, _MOST_TOKENS)),
            version=PROMPT_VERSION,
            read_seconds=_READ_SECONDS,
        )

    def _body(self, prompt: str) -> dict[str, Any]:
        form = {"name": "findings", "schema": FINDINGS_SCHEMA, "strict": True}
        response_format = {"type": "json_schema", "json_schema": form}
        if self.dialect == "responses":
            return {
                "model": self.model,
                "instructions": _INSTRUCTIONS,
                "input": prompt,
                "tools": [{"type": "web_search"}],
                "max_output_tokens": _MOST_TOKENS,
                "response_format": response_format,
            }
        return {
            "model": self.model,
            "messages": [
                {"role": "system", "content": _INSTRUCTIONS},
                {"role": "user", "content": prompt},
            ],
            "max_tokens": _MOST_TOKENS,
            "response_format": response_format,
        }

    def _price(self, sent: float, received: float) -> float:
        tokens = sent * self.input_usd + received * self.output_usd
        return tokens / 1_000_000 + self.request_usd


def _prompt(subject: Subject) -> str:
    return (
        f"Name: {subject.name}\nTitle: {subject.title}\nCompany: {subject.company}\n\n"
        "What do they answer for, what have they said or done in this job lately, and what do they "
        "seem to care about in their work?"
    )


def _tells_of_quota(content: Mapping[str, Any]) -> bool:
    error = content.get("error")
    text = " ".join(map(str, error.values())) if isinstance(error, dict) else str(error or "")
    return any(word in text.casefold() for word in ("quota", "credit", "billing"))
