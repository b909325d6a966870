"""Contact points of people, as files and providers gave them.

Users' corrections stand in `refreshes.corrections`. Readers apply them on top of these rows. A
correction outlives every import and refresh. Revoking it brings the stored value back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from bg_orchestration.domain.model import ContactPoint
from bg_orchestration.store.schema.tables import contact_points
from bg_orchestration.store.upserts import (
    changed_values,
    chunks,
    rows_where,
    write_rows,
)


def contacts_of(connection: Connection, person_ids: Iterable[str]) -> list[ContactPoint]:
    """Return the stored contact points of these people, by person, kind and value."""
    points = [
        _point(row)
        for chunk in chunks(sorted(set(person_ids)))
        for row in connection.execute(
            select(contact_points).where(contact_points.c.person_id.in_(chunk))
        )
    ]
    return sorted(points, key=lambda point: (point.person_id, point.kind, point.value))


def add_contacts(
    connection: Connection, points: Sequence[ContactPoint], *, dry_run: bool = False
) -> set[str]:
    """Store the points of a file or event; return the ids of people with a new or changed point.

    A `dry_run` only compares.
    """
    stored_rows = rows_where(
        connection, contact_points.c.person_id, {point.person_id for point in points}
    )
    # Sending needs the case of an address; comparison ignores it.
    rows = {(row["person_id"], row["kind"], row["value"].casefold()): row for row in stored_rows}
    by_key = {
        (point.person_id, point.kind, point.value.casefold()): point for point in reversed(points)
    }
    inserts, updates = [], []
    for key, point in reversed(by_key.items()):
        if key not in rows:
            inserts.append(_row(point))
        elif facts := changed_values(rows[key], {"type": point.type, "status": point.status}):
            row = {"id": rows[key]["id"], "person_id": point.person_id, "source": point.source}
            updates.append(facts | row)
    if not dry_run:
        write_rows(connection, contact_points, inserts, updates, "id")
    return {row["person_id"] for row in (*inserts, *updates)}


def replace_contacts(
    connection: Connection, contacts: Mapping[str, Sequence[ContactPoint]]
) -> None:
    """Replace the stored points of these people by `contacts`; equal rows are not written."""
    stored_rows: dict[str, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for chunk in chunks(sorted(contacts)):
        for row in rows_where(connection, contact_points.c.person_id, set(chunk)):
            stored_rows[row["person_id"]][row["kind"], row["value"].casefold()] = row
    inserts, updates, deletions = [], [], list[int]()
    for person_id, points in contacts.items():
        rows = stored_rows[person_id]
        for point in points:
            values, key = _row(point), (point.kind, point.value.casefold())
            if key not in rows:
                inserts.append(values)
                continue
            row = rows.pop(key)
            if any(row[name] != value for name, value in values.items()):
                updates.append(values | {"id": row["id"]})
        deletions += [row["id"] for row in rows.values()]
    for ids in chunks(deletions):
        connection.execute(delete(contact_points).where(contact_points.c.id.in_(ids)))
    write_rows(connection, contact_points, inserts, updates, "id")


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
