"""The outbox: notifications as rows, and their delivery to each address.

The transaction that publishes a group or gives a refresh up writes a row for each configured
address. A row holds ids only. The sender makes the words from the tables, so no message names a
person who was erased meanwhile. Messages of one company keep their order.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from bg_orchestration.domain.deliveries import OUTAGE, Reply, backoff
from bg_orchestration.domain.diagnosis.facts import Outbox
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    DEAD,
    PENDING,
    Utc,
)
from bg_orchestration.store.schema.tables import notification_addresses as addresses
from bg_orchestration.store.schema.tables import notification_outbox as outbox

# Longer than an attempt with its two transactions; a sender claims again before each attempt.
CLAIM: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one address.

    `happened_at` is when the group changed or the refresh died. The states are pending, sent, dead
    (given up) and dropped (no content left).
    """

    key: int
    address: str
    type: str
    company_id: str
    refresh_id: str
    happened_at: datetime
    state: str
    attempts: int
    due_at: datetime
    ended_at: datetime | None
    error: str | None

    @property
    def message_id(self) -> str:
        """The id on each attempt and to each address; receivers recognize repetitions by it."""
        return f"msg_{self.refresh_id}_{self.type.replace('.', '_')}"


def note(
    connection: Connection,
    type_: str,
    company_id: str,
    refresh_id: str,
    now: datetime,
    hold: timedelta = timedelta(0),
    besides: Collection[str] = (),
) -> tuple[str, ...]:
    """Write a message for each address of the settings but `besides`, due after `hold`.

    Returns the addresses.

    Call it in the transaction that makes the change, under the admission lock. The rows then have
    the order of the commits.
    """
    to = tuple(address for address in settings().notified(type_) if address not in besides)
    rows = [
        {
            "address": address,
            "type": type_,
            "company_id": company_id,
            "refresh_id": refresh_id,
            "created_at": now,
            "due_at": now + hold,
        }
        for address in to
    ]
    if rows:
        connection.execute(insert(outbox), rows)
    return to


def addresses_of(connection: Connection, refresh_id: str) -> set[str]:
    """Return the addresses that have a message of this refresh, sent or not."""
    query = select(outbox.c.address).where(outbox.c.refresh_id == refresh_id)
    return set(connection.scalars(query))


def end_hold(connection: Connection, refresh_ids: Collection[str], now: datetime) -> None:
    """Make the first attempt of these refreshes' messages due now."""
    connection.execute(
        update(outbox)
        .where(PENDING, outbox.c.refresh_id.in_(sorted(refresh_ids)))
        .where(outbox.c.attempts == 0, outbox.c.due_at > now)
        .values(due_at=now)
    )


def will_show(connection: Connection, address: str, refresh_id: str, instant: datetime) -> bool:
    """Whether the message of a refresh to `address` shows what was published at `instant`.

    A message is made anew at each attempt, and one sender at a time serves an address. So a pending
    message is made later, and a sent one was made after it was due.
    """
    row = connection.execute(
        select(outbox.c.state, outbox.c.created_at, outbox.c.due_at).where(
            outbox.c.refresh_id == refresh_id, outbox.c.address == address
        )
    ).first()
    if row is None or row.state not in ("pending", "sent"):
        return False
    return row.state == "pending" or bool(max(row.created_at, row.due_at) >= instant)


def waiting(connection: Connection) -> list[str]:
    """Return the addresses that may get a message now, sorted."""
    now = clock(connection)
    rests = (
        select(addresses.c.address)
        .where(addresses.c.address == outbox.c.address, addresses.c.rests_until > now)
        .exists()
    )
    return sorted(
        connection.scalars(
            select(outbox.c.address).where(PENDING, outbox.c.due_at <= now, ~rests).distinct()
        )
    )


def claim(connection: Connection, address: str, sender: str) -> bool:
    """Reserve `address` for `sender` for the time `CLAIM`.

    False if another sender holds it, or the address rests. Works in the caller's transaction.
    """
    acquire_lock(connection, Lock.DELIVERY)
    now = clock(connection)
    claimed = {"claimed_by": sender, "claimed_until": now + CLAIM}
    row = connection.execute(select(addresses).where(addresses.c.address == address)).first()
    if row is None:
        connection.execute(insert(addresses).values(address=address, **claimed))
        return True
    if row.rests_until is not None and row.rests_until > now:
        return False
    if row.claimed_by not in (None, sender) and row.claimed_until > now:
        return False
    connection.execute(update(addresses).where(addresses.c.address == address).values(claimed))
    return True


def release(connection: Connection, address: str, sender: str) -> None:
    """End the claim on `address`, unless another sender has claimed it since."""
    connection.execute(
        update(addresses)
        .where(addresses.c.address == address, addresses.c.claimed_by == sender)
        .values(claimed_by=None, claimed_until=None)
    )


def next_message(connection: Connection, address: str) -> Message | None:
    """Return the oldest message to send now: due, and the first pending one of its company."""
    earlier = outbox.alias("earlier")
    waits = (
        select(earlier.c.id)
        .where(
            earlier.c.address == outbox.c.address,
            earlier.c.company_id == outbox.c.company_id,
            earlier.c.id < outbox.c.id,
            PENDING,
        )
        .exists()
    )
    row = connection.execute(
        select(outbox)
        .where(PENDING, outbox.c.address == address, outbox.c.due_at <= clock(connection), ~waits)
        .order_by(outbox.c.id)
        .limit(1)
    ).first()
    return None if row is None else Message(*row)


def settle(connection: Connection, message: Message, reply: Reply) -> str:
    """Store the outcome of an attempt; return the message's new state.

    A message that another sender has settled since does not change.
    """
    now = clock(connection)
    failures = connection.execute(
        select(addresses.c.failures).where(addresses.c.address == message.address)
    ).scalar_one()
    if reply.accepted:
        _end(connection, message, "sent", now, message.attempts + 1)
        if failures:
            _recover(connection, message.address, failures, now)
        return "sent"
    delays = backoff(reply, message.attempts + 1, failures + 1)
    if delays.rest is not None:
        connection.execute(
            update(addresses)
            .where(addresses.c.address == message.address)
            .values(failures=failures + 1, rests_until=now + delays.rest)
        )
    if delays.delay is None:
        _end(connection, message, "dead", now, message.attempts + 1, reply.summary)
        return "dead"
    connection.execute(
        update(outbox)
        .where(outbox.c.id == message.key, PENDING)
        .values(attempts=message.attempts + 1, due_at=now + delays.delay, error=reply.summary)
    )
    return "pending"


def drop(connection: Connection, message: Message) -> None:
    """End a message whose people were all erased: it has no content any more."""
    _end(connection, message, "dropped", clock(connection), message.attempts)


def _end(
    connection: Connection,
    message: Message,
    state: str,
    now: datetime,
    attempts: int,
    error: str | None = None,
) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.id == message.key, PENDING)
        .values(state=state, ended_at=now, attempts=attempts, error=error)
    )


def _recover(connection: Connection, address: str, failures: int, now: datetime) -> None:
    connection.execute(
        update(addresses).where(addresses.c.address == address).values(failures=0, rests_until=None)
    )
    if failures >= OUTAGE:
        connection.execute(
            update(outbox)
            .where(PENDING, outbox.c.address == address, outbox.c.due_at > now)
            .values(due_at=now)
        )


def replay(connection: Connection, message_ids: Collection[str] = ()) -> int:
    """Make dead messages pending again, all or those of these ids; return their number.

    This ends the rest of their addresses.
    """
    now = clock(connection)
    rows = connection.execute(select(outbox).where(DEAD)).all()
    chosen = [
        message
        for message in (Message(*row) for row in rows)
        if not message_ids or message.message_id in message_ids
    ]
    for message in chosen:
        connection.execute(
            update(outbox)
            .where(outbox.c.id == message.key, DEAD)
            .values(state="pending", attempts=0, due_at=now, ended_at=None, error=None)
        )
    connection.execute(
        update(addresses)
        .where(addresses.c.address.in_({message.address for message in chosen}))
        .values(failures=0, rests_until=None)
    )
    return len(chosen)


def messages(
    connection: Connection,
    *,
    state: str | None = None,
    address: str | None = None,
    limit: int = 50,
) -> list[Message]:
    """Return the newest messages, newest first."""
    query = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(outbox.c.state == state)
    if address is not None:
        query = query.where(outbox.c.address == address)
    return [Message(*row) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[str, dict[str, int]]:
    """Count pending and dead messages by address; the cost does not grow with history."""
    by_state: dict[str, dict[str, int]] = {"pending": {}, "dead": {}}
    for state, condition in (("pending", PENDING), ("dead", DEAD)):
        rows = connection.execute(
            select(outbox.c.address, func.count()).where(condition).group_by(outbox.c.address)
        )
        by_state[state] = dict(rows.all())
    return by_state


def outbox_now(connection: Connection) -> Outbox:
    """Count pending and dead messages, for metrics and `bg status`."""
    by_state = counts(connection)
    oldest = select(func.min(outbox.c.created_at, type_=Utc)).where(PENDING)
    since = connection.execute(oldest).scalar()
    waited = 0.0 if since is None else (clock(connection) - since).total_seconds()
    return Outbox(sum(by_state["pending"].values()), max(0.0, waited), by_state["dead"])


def delete_messages(connection: Connection, age: timedelta, most: int) -> int:
    """Delete at most `most` messages that were sent or dropped before `age`."""
    ids = (
        select(outbox.c.id)
        .where(outbox.c.ended_at < clock(connection) - age, outbox.c.state.in_(("sent", "dropped")))
        .limit(most)
    )
    return connection.execute(delete(outbox).where(outbox.c.id.in_(ids))).rowcount
