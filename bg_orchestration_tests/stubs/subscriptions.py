"""What is ordered of Coresignal to push; an example is posted to the webhook at once."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

EXAMPLE = [{"member_id": 123, "status": "changed", "changed_fields": ["skills", "headline"]}]


class Subscriptions:
    """What was ordered, by Coresignal's id; `renewals` counts how often each was renewed."""

    def __init__(self) -> None:
        self.ordered: dict[str, dict[str, Any]] = {}
        self.renewals: dict[str, int] = {}
        # Those that have had their year.
        self.expired: set[str] = set()

    async def by_query(self, request: Request) -> Response:
        return self._order(await request.json(), "es_dsl_query")

    async def by_ids(self, request: Request) -> Response:
        return self._order(await request.json(), "ids")

    def _order(self, body: dict[str, Any], about: str) -> Response:
        url = body.get("webhook_url", "")
        dated = "range" in str(body.get("es_dsl_query"))
        if not url.startswith("http") or not body.get(about) or dated:
            return JSONResponse({"detail": "Unprocessable"}, 422)
        subscription_id = str(uuid4())
        self.ordered[subscription_id] = body
        return JSONResponse({"id": subscription_id}, 201)

    async def renew(self, request: Request) -> Response:
        subscription_id = request.path_params["id"]
        if subscription_id not in self.ordered:
            return JSONResponse({"detail": "Not found"}, 404)
        if subscription_id in self.expired:
            return JSONResponse({"detail": "Cannot be renewed"}, 422)
        self.renewals[subscription_id] = self.renewals.get(subscription_id, 0) + 1
        return JSONResponse({"id": subscription_id})

    async def delete(self, request: Request) -> Response:
        if self.ordered.pop(request.path_params["id"], None) is None:
            return JSONResponse({"detail": "Not found"}, 404)
        return Response(status_code=204)

    async def simulate(self, request: Request) -> Response:
        url = (await request.json()).get("webhook_url", "")
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            sent = await asyncio.wait_for(client.post(url, json=EXAMPLE), 60)
        return JSONResponse({"sent": sent.status_code})

    def routes(self) -> list[Route]:
        base = "/subscriptions"
        people = f"{base}/employee_multi_source"
        return [
            Route(f"{people}/es_dsl", self.by_query, methods=["POST"]),
            Route(f"{people}/ids", self.by_ids, methods=["POST"]),
            Route(f"{base}/simulate", self.simulate, methods=["POST"]),
            Route(f"{base}/{{id}}/renew", self.renew, methods=["POST"]),
            Route(f"{base}/{{id}}", self.delete, methods=["DELETE"]),
        ]
