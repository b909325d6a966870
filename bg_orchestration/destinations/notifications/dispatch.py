"""One round of sending: due messages of the outbox go to all addresses at once."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import httpx
import structlog
from sqlalchemy import Engine

from bg_orchestration.destinations.notifications.delivery import new_client, post
from bg_orchestration.destinations.notifications.messages import (
    Content,
    People,
    render,
    test_message,
)
from bg_orchestration.destinations.notifications.recipients import (
    NotificationAddress,
    read_addresses,
)
from bg_orchestration.domain.deliveries import Reply
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.outbox import (
    Message,
    claim,
    drop,
    next_message,
    release,
    settle,
    waiting,
)

# A round begins no attempt later than this. With the last attempt it ends well within the minute
# that Dagster grants a tick.
_ROUND_SECONDS: Final = 10.0
# Slack accepts one message a second at each address.
_SLACK_SECONDS: Final = 1.0

log = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class AddressReport:
    """The result of a round at one address: the number of sent messages, and the last fault."""

    address: str
    sent: int = 0
    fault: str = ""

    def __str__(self) -> str:
        summary = f"{self.address}: {self.sent} sent"
        return f"{summary}, not all: {self.fault}" if self.fault else summary


def send_due(engine: Engine, config: Settings) -> Sequence[AddressReport]:
    """Send the due messages for a bounded time; report each address that had some.

    One sender at a time serves an address: another sender skips a claimed address. Messages to
    addresses that the settings do not name stay pending.

    Raises:
        AddressError: an address of the settings cannot be used.
        SQLAlchemyError: the database is away; a message that was sent but not marked is sent
            again.
    """
    addresses = read_addresses(config)
    if not addresses:
        return ()
    with reading(engine) as connection:
        due = [addresses[name] for name in waiting(connection) if name in addresses]
    return asyncio.run(_send_round(engine, due, config.notify_people)) if due else ()


def send_test(address: NotificationAddress) -> Reply:
    """Send a test message to `address` now, without the outbox."""

    async def attempt() -> Reply:
        async with new_client() as client:
            return await post(client, address, test_message(datetime.now(UTC)))

    return asyncio.run(attempt())


async def _send_round(
    engine: Engine, due: Sequence[NotificationAddress], people: People
) -> Sequence[AddressReport]:
    until = time.monotonic() + _ROUND_SECONDS
    async with new_client() as client:
        return await asyncio.gather(
            *(_serve(engine, client, address, people, until) for address in due)
        )


async def _serve(
    engine: Engine,
    client: httpx.AsyncClient,
    address: NotificationAddress,
    people: People,
    until: float,
) -> AddressReport:
    """Send to one address until nothing is due, the address rests, or the time is over."""
    sender = uuid4().hex
    report = AddressReport(address.name)
    try:
        while time.monotonic() < until:
            # In threads: a slow database must not delay other addresses.
            prepared = await asyncio.to_thread(_prepare, engine, address, people, sender)
            if prepared is None:
                break
            message, content = prepared
            if content is None:
                continue
            reply = await post(client, address, content)
            await asyncio.to_thread(_settle, engine, message, reply)
            if reply.accepted:
                report.sent += 1
            else:
                report.fault = reply.summary
            if address.kind == "slack":
                await asyncio.sleep(_SLACK_SECONDS)
    finally:
        await asyncio.to_thread(_release, engine, address, sender)
    return report


def _prepare(
    engine: Engine, address: NotificationAddress, people: People, sender: str
) -> tuple[Message, Content | None] | None:
    """Claim the next message, and return it with its content; `None` without a due one."""
    with writing(engine) as connection:
        if not claim(connection, address.name, sender):
            return None
        message = next_message(connection, address.name)
        if message is None:
            return None
        content = render(connection, message, people)
        if content is None or (address.kind == "slack" and not content.text):
            drop(connection, message)
            return message, None
        return message, content


def _settle(engine: Engine, message: Message, reply: Reply) -> None:
    with writing(engine) as connection:
        state = settle(connection, message, reply)
    facts = {
        "to": message.address,
        "message_id": message.message_id,
        "company_id": message.company_id,
        "refresh_id": message.refresh_id,
        "attempt": message.attempts + 1,
        "outcome": reply.summary,
    }
    if state == "sent":
        log.info("notification_sent", **facts)
    elif state == "dead":
        log.error("notification_given_up", **facts)
    else:
        log.warning("notification_not_taken", **facts)


def _release(engine: Engine, address: NotificationAddress, sender: str) -> None:
    with writing(engine) as connection:
        release(connection, address.name, sender)
