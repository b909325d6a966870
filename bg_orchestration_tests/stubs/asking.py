"""The plainest way to ask: one request a call, nothing remembered, nothing repeated."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from bg_orchestration.providers.protocols import (
    Adapter,
    Answer,
    Ask,
    Call,
    ProviderAwayError,
    ProviderStoppedError,
    QuestionError,
    Verdict,
)

_STOPPED = ("bad_key", "forbidden", "no_credit")


@dataclass
class PlainAsk:
    """Asks one adapter's provider; `calls` holds what was asked, `verdicts` what came of it."""

    adapter: Adapter
    client: httpx.Client
    calls: list[Call] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def __call__(self, call: Call) -> Answer:
        self.calls.append(call)
        assert call.provider == self.adapter.name
        try:
            response = self.client.request(
                call.method,
                f"{self.adapter.base_url}/{call.path}",
                params={**call.params, **self.adapter.params()},
                headers=dict(self.adapter.headers()),
                json=call.json,
                timeout=call.read_seconds,
            )
        except httpx.TransportError as error:
            raise ProviderAwayError(call.provider, type(error).__name__) from None
        verdict = self.adapter.classify(response.status_code, response.headers, response.content)
        self.verdicts.append(verdict)
        return _answer(call, verdict, response, self.adapter.kept_headers)


def _answer(call: Call, verdict: Verdict, response: httpx.Response, kept: frozenset[str]) -> Answer:
    if verdict.outcome in _STOPPED:
        raise ProviderStoppedError(call.provider, f"{verdict.outcome}: {verdict.why}")
    if verdict.outcome in ("invalid", "compliance"):
        raise QuestionError(call.provider, verdict.why, verdict.outcome)
    if verdict.outcome not in ("ok", "not_found"):
        raise ProviderAwayError(call.provider, f"{verdict.outcome}: {verdict.why}")
    headers = {name: response.headers[name] for name in kept if name in response.headers}
    found = verdict.outcome == "ok"
    return Answer(found, headers, response.content, datetime.now(UTC))


def answering(content: Any) -> Ask:
    """Answers everything with the same JSON."""
    body = json.dumps(content).encode()
    return lambda _call: Answer(True, {}, body, datetime.now(UTC))
