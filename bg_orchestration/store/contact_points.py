"""Contact points of people, as files and providers gave them.

Corrections by people stand in `refreshes.corrections` and are laid over these: they outlive every
import and refresh, and revoking one brings the stored value back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from bg_orchestration.domain.model import ContactPoint
from bg_orchestration.store.schema.tables import contact_points
from bg_orchestration.store.upserts import (
    chunks,
    news,
    rows_where,
    write_rows,
)


def contacts_of(connection: Connection, person_ids: Iterable[str]) -> list[ContactPoint]:
    """The stored contact points of these people, by person, kind and value."""
    found = [
        _point(row)
        for chunk in chunks(sorted(set(person_ids)))
        for row in connection.execute(
            select(contact_points).where(contact_points.c.person_id.in_(chunk))
        )
    ]
    return sorted(found, key=lambda point: (point.person_id, point.kind, point.value))


def add_contacts(connection: Connection, points: Sequence[ContactPoint]) -> set[str]:
    """Store what a file or event says; returns whose it is where it was new or differed."""
    known = rows_where(
        connection, contact_points.c.person_id, {point.person_id for point in points}
    )
    # The case of an address is kept for sending, but does not make it another address.
    rows = {(row["person_id"], row["kind"], row["value"].casefold()): row for row in known}
    found = {(one.person_id, one.kind, one.value.casefold()): one for one in reversed(points)}
    added, changed = [], []
    for key, point in reversed(found.items()):
        if key not in rows:
            added.append(_row(point))
        elif facts := news(rows[key], {"type": point.type, "status": point.status}):
            row = {"id": rows[key]["id"], "person_id": point.person_id, "source": point.source}
            changed.append(facts | row)
    write_rows(connection, contact_points, added, changed, "id")
    return {row["person_id"] for row in (*added, *changed)}


def keep_contacts(connection: Connection, held: Mapping[str, Sequence[ContactPoint]]) -> None:
    """Make `held` all that is stored of these people; a row that says the same is not touched."""
    stored: dict[str, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for chunk in chunks(sorted(held)):
        for row in rows_where(connection, contact_points.c.person_id, set(chunk)):
            stored[row["person_id"]][row["kind"], row["value"].casefold()] = row
    added, changed, gone = [], [], list[int]()
    for person_id, points in held.items():
        rows = stored[person_id]
        for point in points:
            said, key = _row(point), (point.kind, point.value.casefold())
            if key not in rows:
                added.append(said)
                continue
            row = rows.pop(key)
            if any(row[name] != value for name, value in said.items()):
                changed.append(said | {"id": row["id"]})
        gone += [row["id"] for row in rows.values()]
    for ids in chunks(gone):
        connection.execute(delete(contact_points).where(contact_points.c.id.in_(ids)))
    write_rows(connection, contact_points, added, changed, "id")


def _row(point: ContactPoint) -> dict[str, Any]:
    return {
        **point.model_dump(exclude={"seen_on", "verified_on"}),
        "as_of": _instant(point.seen_on),
        "verified_at": _instant(point.verified_on),
    }


def _point(row: Row[Any]) -> ContactPoint:
    return ContactPoint(
        person_id=row.person_id,
        kind=row.kind,
        value=row.value,
        source=row.source,
        type=row.type,
        status=row.status,
        seen_on=_day(row.as_of),
        verified_on=_day(row.verified_at),
        do_not_contact=row.do_not_contact,
    )


def _instant(day: str | None) -> datetime | None:
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None


def _day(instant: datetime | None) -> str | None:
    return instant.date().isoformat() if instant else None
