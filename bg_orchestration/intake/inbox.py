"""The receiving side of the inbox: one row for each (source, event id), for ever."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, bindparam, select, tuple_, update
from sqlalchemy.exc import DataError, IntegrityError

from bg_orchestration.domain.events import PersonChangeEvent
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import webhook_events as events
from bg_orchestration.store.upserts import chunks, conflict_insert

# conflict: another body under a stored id; the first body stays.
# unstorable: the database refuses this row, alone or in a batch.
Outcome = Literal["accepted", "duplicate", "conflict", "unstorable"]

# Placeholders for ids: routing finds the company; the event is about no single person.
NO_COMPANY: Final = "-"
NO_PERSON: Final = ""

# The type of a verified body that is no event; retention empties it like a handled event.
UNREADABLE: Final = "unreadable"
# Signed JSON of Lusha's in an unknown form.
LUSHA_UNREADABLE: Final = "lusha.unreadable"
UNREADABLE_TYPES: Final = (UNREADABLE, LUSHA_UNREADABLE)
# The source of a key that signs for any source.
ANY_SOURCE: Final = "*"

# SQLite takes 32,766 parameters a statement, and a provider's delivery may have many entries.

# The errors of one bad row. Drivers refuse text that they cannot encode with a ValueError.
_POISON = (DataError, IntegrityError, ValueError)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A verified event to store; `happened_at` is the provider's time."""

    source: str
    event_id: str
    type: str
    company_id: str
    person_id: str
    happened_at: datetime
    body: bytes
    body_sha256: str
    scheme: str
    key_fingerprint: str
    webhook_id: str | None
    traceparent: str

    @classmethod
    def of(
        cls,
        event: PersonChangeEvent,
        body: bytes,
        *,
        scheme: str,
        key_fingerprint: str,
        webhook_id: str | None,
        traceparent: str,
    ) -> "NewEvent":
        """Return the row of an event of the contract, with its body as received."""
        return cls(
            source=event.source,
            event_id=event.id,
            type=event.type,
            company_id=event.company.id,
            person_id=event.person.id,
            happened_at=event.timestamp,
            body=body,
            body_sha256=hashlib.sha256(body).hexdigest(),
            scheme=scheme,
            key_fingerprint=key_fingerprint,
            webhook_id=webhook_id,
            traceparent=traceparent,
        )

    @property
    def key(self) -> tuple[str, str]:
        """The identity of the event."""
        return self.source, self.event_id


_COLUMNS: Final = tuple(field.name for field in fields(NewEvent))


def record(connection: Connection, batch: Sequence[NewEvent]) -> list[Outcome]:
    """Store `batch` in the caller's transaction; return the outcomes in its order.

    The unique key decides which row is first. It waits for an equal event of another transaction
    that is not committed yet. A row that the database refuses fails alone.

    Raises:
        SQLAlchemyError: the database is out of order; nothing of the batch is stored.
    """
    now = clock(connection)
    try:
        with connection.begin_nested():
            return _record(connection, batch, now)
    except _POISON:
        return [_record_alone(connection, event, now) for event in batch]


def _record_alone(connection: Connection, event: NewEvent, now: datetime) -> Outcome:
    try:
        with connection.begin_nested():
            return _record(connection, [event], now)[0]
    except _POISON:
        return "unstorable"


def _record(connection: Connection, batch: Sequence[NewEvent], now: datetime) -> list[Outcome]:
    # A statement may hold a key only once, and the first of equal events counts.
    firsts: dict[tuple[str, str], int] = {}
    for place, event in enumerate(batch):
        firsts.setdefault(event.key, place)
    # Sorted: two writers with the same keys in opposite order would deadlock.
    inserted = _insert(connection, [batch[firsts[key]] for key in sorted(firsts)], now)
    hashes = {key: batch[firsts[key]].body_sha256 for key in inserted}
    hashes |= _stored_hashes(connection, firsts.keys() - inserted)
    outcomes: list[Outcome] = []
    for place, event in enumerate(batch):
        if event.key in inserted and firsts[event.key] == place:
            outcomes.append("accepted")
        else:
            same = hashes[event.key] == event.body_sha256
            outcomes.append("duplicate" if same else "conflict")
    _count_conflicts(connection, batch, outcomes)
    return outcomes


def _insert(
    connection: Connection, distinct: Sequence[NewEvent], now: datetime
) -> set[tuple[str, str]]:
    statement = (
        conflict_insert(connection, events)
        .on_conflict_do_nothing(index_elements=[events.c.source, events.c.event_id])
        .returning(events.c.source, events.c.event_id)
    )
    rows = [
        {"received_at": now, **{name: getattr(event, name) for name in _COLUMNS}}
        for event in distinct
    ]
    return {(source, event_id) for source, event_id in connection.execute(statement, rows)}


def _stored_hashes(
    connection: Connection, keys: AbstractSet[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    sorted_keys = sorted(keys)
    query = select(events.c.source, events.c.event_id, events.c.body_sha256)
    key = tuple_(events.c.source, events.c.event_id)
    return {
        (row.source, row.event_id): row.body_sha256
        for chunk in chunks(sorted_keys)
        for row in connection.execute(query.where(key.in_(chunk)))
    }


def _count_conflicts(
    connection: Connection, batch: Sequence[NewEvent], outcomes: Sequence[Outcome]
) -> None:
    counts = Counter(
        event.key for event, outcome in zip(batch, outcomes, strict=True) if outcome == "conflict"
    )
    if not counts:
        return
    statement = (
        update(events)
        .where(events.c.source == bindparam("of"), events.c.event_id == bindparam("id_"))
        .values(conflicts=events.c.conflicts + bindparam("more"))
    )
    rows = [{"of": of, "id_": id_, "more": more} for (of, id_), more in sorted(counts.items())]
    connection.execute(statement, rows)
