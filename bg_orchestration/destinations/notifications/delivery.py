"""One attempt to deliver one message: a signed POST with a deadline."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Final

import httpx

from bg_orchestration.destinations.notifications.messages import Content
from bg_orchestration.destinations.notifications.recipients import NotificationAddress
from bg_orchestration.domain.deliveries import Reply
from bg_orchestration.domain.retry_after import retry_after

# Standard Webhooks asks for 15 to 30 s; Slack and most receivers answer within one.
ATTEMPT_SECONDS: Final = 15.0


def new_client() -> httpx.AsyncClient:
    """Make a client that follows no redirect: its target is not in the settings."""
    return httpx.AsyncClient(
        follow_redirects=False,
        timeout=ATTEMPT_SECONDS,
        headers={
            "content-type": "application/json",
            "user-agent": f"bg_orchestration/{version('bg_orchestration')}",
        },
    )


async def post(client: httpx.AsyncClient, address: NotificationAddress, content: Content) -> Reply:
    """Send `content` to `address`, signed with the current time; network faults raise nothing.

    The answer's body is not read: it has no meaning, and might have no end.
    """
    body = content.as_webhook() if address.kind == "webhook" else content.as_slack()
    headers = _signature_headers(address, body, content.message_id)
    try:
        # For the whole attempt: the client's own limit is for a single step, such as one read.
        async with (
            asyncio.timeout(ATTEMPT_SECONDS),
            client.stream("POST", address.url, content=body, headers=headers) as response,
        ):
            seconds = retry_after(response.headers, datetime.now(UTC))
            wait = None if seconds is None else timedelta(seconds=seconds)
            return Reply(response.status_code, retry_after=wait)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        # The type only: the message of the error holds the URL.
        return Reply(None, fault=type(error).__name__)


def _signature_headers(
    address: NotificationAddress, body: bytes, message_id: str
) -> dict[str, str]:
    """Return headers that sign `body` with each key, so that a receiver can replace its key."""
    now_ms = int(time.time() * 1000)
    signed = [key.headers(body, now_ms, message_id) for key in address.keys]
    if not signed:
        return {}
    signatures = " ".join(headers["webhook-signature"] for headers in signed)
    return {**signed[0], "webhook-signature": signatures}
