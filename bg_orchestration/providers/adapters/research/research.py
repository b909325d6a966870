"""Research on a person in public sources, by any server that speaks one of OpenAI's dialects.

Documentation: the "Chat Completions" and "Responses" references of OpenAI; for Perplexity, the
preset, https://docs.perplexity.ai, "Agent API". The key goes in `authorization`.

| dialect | call | answer |
|---|---|---|
| `responses` | `POST responses` | `output[]` with messages and search results, `status` |
| `chat` | `POST chat/completions` | `choices[0].message`, `search_results[]`, `citations[]` |

Credits are US dollars: `usage.cost.total_cost` where the server tells it, else its tokens at the
prices of the settings. Asking again costs again. Empty wallets are told as 402, or as 401 and 429
with a text about quota.

The prompt holds a name, a title and a company, and nothing else that we know. What comes back is
commentary with its sources: it changes no fact, role or score, and whatever reads like an address
or a phone number is thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Protocol

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import (
    Adapter,
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

# Raise it with every change of the words below: notes tell by which prompt they came about.
PROMPT_VERSION: Final = "1"
_INSTRUCTIONS: Final = (
    "You research people in business from public sources for somebody who is about to talk to them "
    "about their work. State only what a source says, about this person in this job and not a "
    "namesake. Leave out private life, health, beliefs, and every way to reach them. Where you "
    "find nothing, answer with empty lists. Answer in JSON only."
)
_MOST_TOKENS: Final = 2_000
# What a server may read for an answer: it counts the pages that it looks up as ours.
_READ_TOKENS: Final = 20_000
# Reasoning and searching take minutes.
_READ_SECONDS: Final = 300.0
# A call without a price would be taken for a free one and asked again each time.
_LEAST_USD: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to research: all that a prompt says of them."""

    name: str
    title: str
    company: str


class Researcher(Adapter, Protocol):
    """Finds out what is publicly known of somebody at work."""

    def research(self, request: Request, subject: Subject) -> Findings | None:
        """What is known, with its sources; `None` if that is nothing.

        Raises:
            CallRefusedError: the answer is cut off or not in the form that was asked for.
        """
        ...


@dataclass(frozen=True, slots=True)
class Research:
    """`Researcher`; prices in USD, those of tokens by the million."""

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
        """The key."""
        return {"authorization": f"Bearer {self.key}", "accept": "application/json"}

    def params(self) -> Mapping[str, str]:
        """Nothing: the key is a header."""
        return {}

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """An empty wallet hides behind other errors; an answer tells by itself if it failed.

        A refusal by the model is a miss: it is no objection by the person.
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
            # Asking again would begin, and pay, anew.
            return Classification("invalid", f"status {state}")
        if state == "refused":
            return Classification("not_found", "refused")
        return found

    def credits_charged(self, call: Call, headers: Mapping[str, str], body: bytes) -> float | None:
        """The cost that the server tells, else that of the tokens it counted."""
        usage = parse_object(body).get("usage")
        if not isinstance(usage, dict):
            return None
        cost = usage.get("cost")
        told = read_amount(cost.get("total_cost") if isinstance(cost, dict) else cost)
        if told is not None:
            return told
        sent = read_amount(usage.get("input_tokens", usage.get("prompt_tokens")))
        received = read_amount(usage.get("output_tokens", usage.get("completion_tokens")))
        return None if sent is None or received is None else self._price(sent, received)

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Twenty a minute: servers allow 50, and fewer for models that search deeply."""
        return RateLimit(20 / 60, 2)

    def check(self) -> Call:
        """Which models there are."""
        return Call("research", self.name, "models", "GET", "models")

    def research(self, request: Request, subject: Subject) -> Findings | None:
        """What is known of somebody; the same subject and model are the same question."""
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
    told = " ".join(map(str, error.values())) if isinstance(error, dict) else str(error or "")
    return any(word in told.casefold() for word in ("quota", "credit", "billing"))
