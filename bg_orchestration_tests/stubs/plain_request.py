"""The plainest client: one request a call, no ledger, no repetition."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from bg_orchestration.ledger.calls import Adapter, Answer, Call, Classification, Request
from bg_orchestration.ledger.errors import CallRefusedError, ProviderAwayError, ProviderStoppedError

_STOPPED = ("bad_key", "forbidden", "no_credit")


@dataclass
class PlainRequest:
    """Sends to one provider, and remembers `calls` and their `classifications`."""

    adapter: Adapter
    client: httpx.Client
    calls: list[Call] = field(default_factory=list)
    classifications: list[Classification] = field(default_factory=list)

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
        classification = self.adapter.classify(
            response.status_code, response.headers, response.content
        )
        self.classifications.append(classification)
        return _answer(call, classification, response, self.adapter.kept_headers)


def _answer(
    call: Call, classification: Classification, response: httpx.Response, kept: frozenset[str]
) -> Answer:
    if classification.kind in _STOPPED:
        raise ProviderStoppedError(call.provider, f"{classification.kind}: {classification.why}")
    if classification.kind in ("invalid", "compliance"):
        raise CallRefusedError(call.provider, classification.why, classification.kind)
    if classification.kind not in ("ok", "not_found"):
        raise ProviderAwayError(call.provider, f"{classification.kind}: {classification.why}")
    headers = {name: response.headers[name] for name in kept if name in response.headers}
    found = classification.kind == "ok"
    return Answer(found, headers, response.content, datetime.now(UTC))


def answering(content: Any) -> Request:
    """Answers everything with the same JSON."""
    body = json.dumps(content).encode()
    return lambda _call: Answer(True, {}, body, datetime.now(UTC))
