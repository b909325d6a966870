"""One attempt to deliver one message: a signed POST with an end, whatever the other side does."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Final

import httpx

from bg_orchestration.destinations.notifications.messages import Content
from bg_orchestration.destinations.notifications.recipients import Address
from bg_orchestration.domain.deliveries import Reply

# Standard Webhooks asks for 15 to 30 s; Slack and most receivers answer within one.
ATTEMPT_SECONDS: Final = 15.0


def new_client() -> httpx.AsyncClient:
    """A client that follows no redirect: where one leads, nobody has configured."""
    return httpx.AsyncClient(
        follow_redirects=False,
        timeout=ATTEMPT_SECONDS,
        headers={
            "content-type": "application/json",
            "user-agent": f"bg_orchestration/{version('bg_orchestration')}",
        },
    )


async def post(client: httpx.AsyncClient, address: Address, content: Content) -> Reply:
    """Send `content` to `address`, signed as of now; never raises for what the network does.

    The answer's body is not read: nothing that it says counts, and it might have no end.
    """
    body = content.as_webhook() if address.kind == "webhook" else content.as_slack()
    headers = _signed(address, body, content.message_id)
    try:
        # Over all: the client's own limit is for each single step, such as the next line.
        async with (
            asyncio.timeout(ATTEMPT_SECONDS),
            client.stream("POST", address.url, content=body, headers=headers) as response,
        ):
            return Reply(response.status_code, retry_after=_retry_after(response.headers))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        # By its kind only: messages of these name the URL.
        return Reply(None, fault=type(error).__name__)


def _signed(address: Address, body: bytes, message_id: str) -> dict[str, str]:
    """The headers that sign `body`: with each key, so that a receiver may replace its own."""
    now_ms = int(time.time() * 1000)
    signed = [key.headers(body, now_ms, message_id) for key in address.keys]
    if not signed:
        return {}
    signatures = " ".join(headers["webhook-signature"] for headers in signed)
    return {**signed[0], "webhook-signature": signatures}


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The header as a number of seconds or as a date, if it is either (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    wait = at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)
    return max(wait, timedelta(0))
