"""Responses of the receiver: JSON, never cached; errors reveal nothing."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def answer(
    status: int,
    content: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """A JSON answer; ASCII, since a sender's own field names may not be encodable."""
    return Response(
        json.dumps(content), status, {**_HEADERS, **(headers or {})}, media_type=media_type
    )


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """An error as RFC 9457 describes it, with further `members` of our own."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    return answer(status, content, headers, "application/problem+json")


async def not_found(_request: Request, _error: Exception) -> Response:
    """Starlette's handler for 404."""
    return problem(404, "There is nothing here.")


async def internal_error(_request: Request, _error: Exception) -> Response:
    """Starlette's handler for 500."""
    return problem(500, "The receiver failed. Send the event again later.")
