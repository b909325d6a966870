"""A server that speaks OpenAI's dialects, with everything that models do to JSON."""

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, charge, json_body, variant

USD = 0.01
_SOURCES: list[dict[str, Any]] = [
    {"title": "Interview", "url": "https://news.example/interview", "date": "2026-03-01"},
    {"title": "Mail them", "url": "https://spam.example/?to=ada@example.com", "date": None},
]


class _Research:
    async def models(self, _request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": "sonar"}]})

    async def chat(self, request: Request) -> Response:
        body = await json_body(request)
        if body.keys() - {"model", "messages", "max_tokens", "response_format", "temperature"}:
            return _error(400, "invalid_request_error", "unknown field")
        odd = variant(request)
        charge(request, USD)
        text = _said(body["messages"][-1]["content"], odd)
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if odd.detail == "refusal":
            message = {"role": "assistant", "content": "", "refusal": "I cannot do that."}
        cut = odd.detail == "length"
        return JSONResponse(
            {
                "id": "c-1",
                "model": body["model"],
                "choices": [{"message": message, "finish_reason": "length" if cut else "stop"}],
                "citations": [source["url"] for source in _SOURCES],
                "search_results": _SOURCES,
                "usage": _usage("prompt_tokens", "completion_tokens", odd),
            }
        )

    async def responses(self, request: Request) -> Response:
        body = await json_body(request)
        known = {"model", "instructions", "input", "tools", "max_output_tokens", "response_format"}
        if body.keys() - known:
            return _error(400, "invalid_request_error", "unknown field")
        odd = variant(request)
        charge(request, USD)
        failed = odd.detail in ("failed", "incomplete", "in_progress")
        notes = [{"url": "https://blog.example/", "title": "Blog"}]
        text = _said(body["input"], odd)
        part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": notes}
        if odd.detail == "refusal":
            part = {"type": "refusal", "refusal": "I cannot do that."}
        return JSONResponse(
            {
                "id": "r-1",
                "status": odd.detail if failed else "completed",
                "model": body["model"],
                "output": [
                    {"type": "search_results", "results": _SOURCES},
                    {"type": "message", "content": [part]},
                ],
                "usage": _usage("input_tokens", "output_tokens", odd),
                "error": None,
            }
        )


def _usage(sent: str, received: str, odd: Fault) -> dict[str, Any]:
    cost = {} if odd.detail == "no_cost" else {"cost": {"currency": "USD", "total_cost": USD}}
    return {sent: 1000, received: 500, "total_tokens": 1500, **cost}


def _said(prompt: str, odd: Fault) -> str:
    """An answer about whom the prompt names, with contact details that nobody asked for."""
    name = re.search(r"Name: (.+)", prompt)
    found = json.dumps(
        {
            "summary": f"{name[1] if name else 'They'} leads. Call +49 30 23125 007 to talk.",
            "responsibilities": ["Budget of the plant", "Reach them at ada@example.com"],
            "recent": ["Spoke at a fair on 2026-03-01"],
            "interests": [] if odd.detail != "null" else None,
            "private": "must not be kept",
        }
    )
    return {
        "fence": f"Here it is:\n```json\n{found}\n```\nAnything else?",
        "think": f"<think>Which {{Ada}}? Let me see.</think>\n{found}",
        "length": found[:40],
        "prose": "I could not find anything about this person.",
        "broken": found[:-20],
        "empty": '{"summary": "", "responsibilities": [], "recent": [], "interests": []}',
        "shape": '{"summary": {"text": "no"}, "responsibilities": "many"}',
    }.get(odd.detail, found)


def _error(status: int, kind: str, message: str, code: str | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "type": kind, "code": code}}, status)


def _no_credit(fault: Fault) -> Response:
    status = int(fault.detail or 402)
    return _error(status, "invalid_request_error", "You exceeded your quota", "insufficient_quota")


def research(_site: Site) -> Stub:
    """The stub."""
    api = _Research()
    return Stub(
        name="research",
        routes=[
            Route("/models", api.models),
            Route("/chat/completions", api.chat, methods=["POST"]),
            Route("/responses", api.responses, methods=["POST"]),
        ],
        authorized=lambda request: request.headers.get("authorization") == f"Bearer {KEY}",
        errors={
            "bad_key": lambda _: _error(401, "authentication_error", "Invalid API key"),
            "forbidden": lambda _: _error(403, "permission_error", "No access to this model"),
            "no_credit": _no_credit,
            "rate_limited": lambda _: _error(429, "rate_limit_error", "Slow down"),
            "retry_after": lambda _: _error(429, "rate_limit_error", "Slow down"),
            "server_error": lambda f: _error(int(f.detail or 500), "server_error", "Oops"),
            "invalid": lambda _: _error(422, "invalid_request_error", "Unprocessable"),
        },
        per_second=10,
        not_found=lambda: _error(404, "not_found_error", "Not found"),
    )
