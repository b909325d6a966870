"""The outbox of CRMs: rows of proposals and writes, their claims and their ends.

Every function works in its caller's transaction. A row is proposed, then pending while its writer
holds it, then done, failed or dropped. At most one row of a cell is proposed or pending.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from bg_orchestration.domain.crm_cells import CrmCell, LastWrite
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.crm_tables import CRM_OPEN
from bg_orchestration.store.schema.crm_tables import crm_outbox as outbox
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.upserts import chunks, conflict_insert

# The field and the value of a row that creates a contact.
CONTACT: Final = "contact"
CREATED: Final = "created"
CrmRowState = Literal["proposed", "pending", "done", "failed", "dropped"]


@dataclass(frozen=True, slots=True)
class CrmWrite:
    """A row of the outbox; `key` is 0 before it is stored."""

    person_id: str
    cell: CrmCell
    before: str
    after: str
    reason: str
    refresh_id: str | None = None
    undoes: int | None = None
    key: int = 0
    state: str = "proposed"
    apply_id: str | None = None
    created_at: datetime | None = None
    ended_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CrmRowEnd:
    """The end of a row; `record` is the id of a contact that was created."""

    state: CrmRowState
    error: str | None = None
    record: str | None = None


def last_writes(connection: Connection, system: str) -> dict[CrmCell, tuple[str, LastWrite]]:
    """Return the person and our last write of each cell of existing contacts."""
    newest = (
        select(func.max(outbox.c.id))
        .where(outbox.c.system == system, outbox.c.state == "done", outbox.c.field != CONTACT)
        .group_by(outbox.c.field, outbox.c.record, outbox.c.target)
    )
    rows = connection.execute(select(outbox).where(outbox.c.id.in_(newest)))
    return {
        _cell(row): (
            row.person_id,
            LastWrite(row.after, row.before if row.undoes is not None else None),
        )
        for row in rows
    }


def replace_proposals(
    connection: Connection,
    system: str,
    writes: Iterable[CrmWrite],
    fields: Collection[str] | None = None,
) -> None:
    """Store the proposals of a CRM in place of its former ones; a pending cell keeps its row.

    With `fields`, the proposals of other fields stay.
    """
    former = delete(outbox).where(outbox.c.system == system, _state_is("proposed"))
    connection.execute(former if fields is None else former.where(outbox.c.field.in_(fields)))
    now = clock(connection)
    statement = conflict_insert(connection, outbox).on_conflict_do_nothing()
    for chunk in chunks([_values(system, write, now) for write in writes]):
        connection.execute(statement, chunk)


def proposals(connection: Connection, system: str, fields: Collection[str]) -> list[CrmWrite]:
    """Return the proposals for these fields, in their order."""
    return _writes(
        connection, outbox.c.system == system, _state_is("proposed"), outbox.c.field.in_(fields)
    )


def claim_writes(
    connection: Connection, writes: Sequence[CrmWrite], apply_id: str, duration: timedelta
) -> list[CrmWrite]:
    """Claim proposals for `duration`, and return those that this process got.

    A proposal of a person under erasure is not given away.
    """
    until = clock(connection) + duration
    claimed = connection.execute(
        update(outbox)
        .where(outbox.c.id.in_([write.key for write in writes]), _state_is("proposed"))
        .where(visible(outbox.c.person_id))
        .values(state="pending", apply_id=apply_id, claimed_until=until)
        .returning(outbox.c.id)
    )
    keys = set(claimed.scalars())
    return [write for write in writes if write.key in keys]


def claim_undo(
    connection: Connection,
    system: str,
    writes: Sequence[CrmWrite],
    apply_id: str,
    duration: timedelta,
) -> list[CrmWrite]:
    """Insert the rows that take `writes` back, as claimed; a cell in work is left out."""
    now = clock(connection)
    connection.execute(
        delete(outbox).where(
            outbox.c.system == system,
            _state_is("proposed"),
            outbox.c.record.in_({write.cell.record for write in writes}),
        )
    )
    claimed = []
    for write in writes:
        undo = CrmWrite(
            write.person_id,
            write.cell,
            before=write.after,
            after=write.before,
            reason=f"undo of {write.key}",
            refresh_id=write.refresh_id,
            undoes=write.key,
        )
        values = _values(system, undo, now) | {
            "state": "pending",
            "apply_id": apply_id,
            "claimed_until": now + duration,
        }
        statement = conflict_insert(connection, outbox).on_conflict_do_nothing()
        key = connection.execute(statement.values(values).returning(outbox.c.id)).scalar()
        if key is not None:
            claimed.append(replace(undo, key=key))
    return claimed


def end_writes(connection: Connection, ends: Mapping[int, CrmRowEnd]) -> set[int]:
    """End pending rows, or propose them again; return which.

    Rows that ended meanwhile stay as they are, and those of an erased person are gone.
    """
    now = clock(connection)
    ended = set()
    for key, end in sorted(ends.items()):
        again = end.state == "proposed"
        values: dict[str, Any] = {"state": end.state, "error": end.error, "claimed_until": None}
        values["ended_at"] = None if again else now
        if end.record is not None:
            values["record"] = end.record
        of_row = update(outbox).where(outbox.c.id == key, _state_is("pending"))
        if connection.execute(of_row.values(values)).rowcount:
            ended.add(key)
    return ended


def left_writes(connection: Connection, system: str) -> tuple[list[CrmWrite], int]:
    """Return the pending rows whose claim has ended, and how many are still claimed."""
    pending = (outbox.c.system == system) & _state_is("pending")
    now = clock(connection)
    left = _writes(connection, pending, outbox.c.claimed_until <= now)
    claimed = select(func.count()).where(pending, outbox.c.claimed_until > now)
    return left, connection.execute(claimed).scalar_one()


def undoable_writes(connection: Connection, system: str) -> list[CrmWrite]:
    """Return the writes that were not undone, those of the newest apply first."""
    undo = outbox.alias()
    undone = select(undo.c.id).where(undo.c.undoes == outbox.c.id, undo.c.state == "done").exists()
    writes = _writes(
        connection,
        outbox.c.system == system,
        _state_is("done"),
        outbox.c.undoes.is_(None),
        ~undone,
        visible(outbox.c.person_id),
    )
    # The order of an apply is that of its end: rows are numbered when they are proposed.
    ends: dict[str | None, datetime] = {}
    for write in writes:
        assert write.ended_at is not None
        ends[write.apply_id] = max(write.ended_at, ends.get(write.apply_id, write.ended_at))

    def order(write: CrmWrite) -> tuple[datetime, str, int]:
        return ends[write.apply_id], write.apply_id or "", write.key

    return sorted(writes, key=order, reverse=True)


def ended_writes(connection: Connection, systems: Collection[str], limit: int) -> list[CrmWrite]:
    """Return the newest writes and refusals of some CRMs, the newest first."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.system.in_(systems), outbox.c.state.in_(("done", "failed", "pending")))
        .where(visible(outbox.c.person_id))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return [_write(row) for row in rows]


def open_counts(connection: Connection, system: str) -> dict[str, int]:
    """Return how many rows are proposed, and how many pending."""
    rows = connection.execute(
        select(outbox.c.state, func.count())
        .where(CRM_OPEN, outbox.c.system == system)
        .group_by(outbox.c.state)
    )
    return dict(rows.all())


def _state_is(state: CrmRowState) -> ColumnElement[bool]:
    return outbox.c.state == state


def _writes(connection: Connection, *conditions: ColumnElement[bool]) -> list[CrmWrite]:
    rows = connection.execute(select(outbox).where(*conditions).order_by(outbox.c.id))
    return [_write(row) for row in rows]


def _write(row: Row[Any]) -> CrmWrite:
    return CrmWrite(
        row.person_id,
        _cell(row),
        row.before,
        row.after,
        row.reason,
        row.refresh_id,
        row.undoes,
        row.id,
        row.state,
        row.apply_id,
        row.created_at,
        row.ended_at,
        row.error,
    )


def _cell(row: Row[Any]) -> CrmCell:
    return CrmCell(row.field, row.record, row.target)


def _values(system: str, write: CrmWrite, now: datetime) -> dict[str, Any]:
    return {
        "system": system,
        "person_id": write.person_id,
        "field": write.cell.field,
        "record": write.cell.record,
        "target": write.cell.target,
        "before": write.before,
        "after": write.after,
        "reason": write.reason,
        "refresh_id": write.refresh_id,
        "undoes": write.undoes,
        "created_at": now,
    }
