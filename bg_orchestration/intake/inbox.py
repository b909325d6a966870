"""The inbox, its receiving side: one row for each (source, event id), for ever."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, bindparam, select, tuple_, update
from sqlalchemy.exc import DataError, IntegrityError

from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import webhook_events as events
from bg_orchestration.store.upserts import chunks, conflict_insert

# conflict: another body under a known id; the first one stands.
# unstorable: the database refuses this row, whatever stands beside it.
Outcome = Literal["accepted", "duplicate", "conflict", "unstorable"]

# Neither is an id: of a company that only routing can tell, and of nobody in particular.
NO_COMPANY: Final = "-"
NOBODY: Final = ""

# The type of a verified body that is no event; retention forgets it like a handled event.
UNREADABLE: Final = "unreadable"

# SQLite takes 32,766 parameters a statement, and a provider's delivery may have many entries.

# What one bad row raises. Drivers refuse text that they cannot encode with a ValueError.
_POISON = (DataError, IntegrityError, ValueError)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A verified event as it is stored; `happened_at` is the provider's word."""

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

    @property
    def key(self) -> tuple[str, str]:
        """What makes an event one and the same."""
        return self.source, self.event_id


_COLUMNS: Final = tuple(field.name for field in fields(NewEvent))


def record(connection: Connection, batch: Sequence[NewEvent]) -> list[Outcome]:
    """Store `batch` in the caller's transaction and tell what became of each, in its order.

    The unique key decides who is first: a twin that another transaction has not committed yet is
    waited for. A row that the database refuses fails alone.

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
    # A key may stand only once in a statement, and the first of twins counts.
    firsts: dict[tuple[str, str], int] = {}
    for place, event in enumerate(batch):
        firsts.setdefault(event.key, place)
    # Sorted: two writers with the same keys in opposite order would wait for each other.
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
    wanted = sorted(keys)
    query = select(events.c.source, events.c.event_id, events.c.body_sha256)
    key = tuple_(events.c.source, events.c.event_id)
    return {
        (row.source, row.event_id): row.body_sha256
        for chunk in chunks(wanted)
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
