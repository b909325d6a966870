"""One turn of sending: what waits in the outbox goes out, to all addresses at once."""

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
    content,
    trial,
)
from bg_orchestration.destinations.notifications.recipients import Address, read_addresses
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

# A turn begins no attempt later than this: with the last one it ends well within the minute that
# Dagster grants a tick.
_TURN_SECONDS: Final = 10.0
# Slack takes a message a second on each of its addresses.
_SLACK_SECONDS: Final = 1.0

log = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class Sent:
    """What a turn did at one address: how many were sent, and the last fault, if there was one."""

    address: str
    sent: int = 0
    fault: str = ""

    def __str__(self) -> str:
        told = f"{self.address}: {self.sent} sent"
        return f"{told}, not all: {self.fault}" if self.fault else told


def send_waiting(engine: Engine, config: Settings) -> Sequence[Sent]:
    """Send what waits, for a bounded time; returns what was done at each address that had some.

    One sender at a time serves an address: another one leaves out what is claimed. Messages to
    addresses that the settings do not name wait.

    Raises:
        AddressError: an address of the settings cannot be used.
        SQLAlchemyError: the database does not answer; what was sent and could not be marked is
            sent again.
    """
    known = read_addresses(config)
    if not known:
        return ()
    with reading(engine) as connection:
        chosen = [known[name] for name in waiting(connection) if name in known]
    return asyncio.run(_turn(engine, chosen, config.notify_people)) if chosen else ()


def send_trial(address: Address) -> Reply:
    """Send a test message to `address` now, past the outbox; returns what came of it."""

    async def attempt() -> Reply:
        async with new_client() as client:
            return await post(client, address, trial(datetime.now(UTC)))

    return asyncio.run(attempt())


async def _turn(engine: Engine, chosen: Sequence[Address], people: People) -> Sequence[Sent]:
    until = time.monotonic() + _TURN_SECONDS
    async with new_client() as client:
        return await asyncio.gather(
            *(_serve(engine, client, address, people, until) for address in chosen)
        )


async def _serve(
    engine: Engine, client: httpx.AsyncClient, address: Address, people: People, until: float
) -> Sent:
    """Send to one address until nothing is due there, it rests after a fault, or time is up."""
    sender = uuid4().hex
    done = Sent(address.name)
    try:
        while time.monotonic() < until:
            # In threads: a database that is slow must not keep other addresses waiting.
            prepared = await asyncio.to_thread(_prepare, engine, address, people, sender)
            if prepared is None:
                break
            message, told = prepared
            if told is None:
                continue
            reply = await post(client, address, told)
            await asyncio.to_thread(_settle, engine, message, reply)
            if reply.taken:
                done.sent += 1
            else:
                done.fault = reply.told
            if address.kind == "slack":
                await asyncio.sleep(_SLACK_SECONDS)
    finally:
        await asyncio.to_thread(_release, engine, address, sender)
    return done


def _prepare(
    engine: Engine, address: Address, people: People, sender: str
) -> tuple[Message, Content | None] | None:
    """The next message and what it says, under a fresh claim; `None` if there is none to send."""
    with writing(engine) as connection:
        if not claim(connection, address.name, sender):
            return None
        message = next_message(connection, address.name)
        if message is None:
            return None
        told = content(connection, message, people)
        if told is None:
            drop(connection, message)
        return message, told


def _settle(engine: Engine, message: Message, reply: Reply) -> None:
    with writing(engine) as connection:
        state = settle(connection, message, reply)
    facts = {
        "to": message.address,
        "message_id": message.message_id,
        "company_id": message.company_id,
        "refresh_id": message.refresh_id,
        "attempt": message.attempts + 1,
        "outcome": reply.told,
    }
    if state == "sent":
        log.info("notification_sent", **facts)
    elif state == "dead":
        log.error("notification_given_up", **facts)
    else:
        log.warning("notification_not_taken", **facts)


def _release(engine: Engine, address: Address, sender: str) -> None:
    with writing(engine) as connection:
        release(connection, address.name, sender)
