"""Erasing a person from every table, and keeping them out."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, select, text, update

from bg_orchestration.store.database import clock
from bg_orchestration.store.suppression import Suppressions, marks
from bg_orchestration.store.tables import (
    buyer_group_changes,
    buyer_group_decisions,
    buyer_group_members,
    buyer_groups,
    contact_points,
    employments,
    people,
    webhook_event_companies,
)
from bg_orchestration.store.tables import webhook_events as events

ERASED = "erased"
ERASED_REASON = "its person asked to be forgotten"
_CHUNK = 200
_PERSONAL = (buyer_group_members, buyer_group_decisions, contact_points, employments)


@dataclass(slots=True)
class Erasure:
    """What was erased.

    Attributes:
        people: the ids of those who were known.
        companies: where they stood: their stored assets hold them still, and their groups must be
            judged again.
        rows: how many rows of each table were deleted or, of `webhook_events`, emptied.
        suppressed: how many ids, addresses and pages were put on the list.
    """

    people: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    suppressed: int = 0


def erase(connection: Connection, who: Iterable[str], suppressions: Suppressions) -> Erasure:
    """Erase everybody whom an id or an email address of `who` means, and keep them out.

    Works in the caller's writing transaction. Whoever is not known is kept out all the same. The
    row of a received event stays as a tombstone, without its body and its person.

    Raises:
        SuppressionKeyError: the list was made with another key; nothing was erased.
    """
    done = Erasure()
    for one in who:
        emails = [one] if "@" in one else []
        done.suppressed += suppressions.suppress(connection, marks(one, emails))
        for person_id in _people(connection, one):
            more, page = _known_by(connection, person_id)
            done.suppressed += suppressions.suppress(connection, marks(person_id, more, page))
            _erase_person(connection, person_id, done)
            _empty_events(connection, person_id, more, done)
        _empty_events(connection, one, emails, done)
    return done


def _people(connection: Connection, one: str) -> list[str]:
    by_email = (
        select(contact_points.c.person_id)
        .where(contact_points.c.kind == "email")
        .where(func.lower(contact_points.c.value) == one.strip().lower())
    )
    known = select(people.c.person_id).where(
        (people.c.person_id == one) | people.c.person_id.in_(by_email)
    )
    return sorted(connection.scalars(known))


def _known_by(connection: Connection, person_id: str) -> tuple[list[str], str | None]:
    """The email addresses and the profile page of a person."""
    emails = connection.scalars(
        select(contact_points.c.value).where(
            contact_points.c.person_id == person_id, contact_points.c.kind == "email"
        )
    )
    page = connection.scalar(select(people.c.linkedin_url).where(people.c.person_id == person_id))
    return list(emails), page


def _erase_person(connection: Connection, person_id: str, done: Erasure) -> None:
    done.people.add(person_id)
    for table in (employments, buyer_group_changes, buyer_group_members):
        done.companies |= set(
            connection.scalars(select(table.c.company_id).where(table.c.person_id == person_id))
        )
    for table in (*_PERSONAL, buyer_group_changes, people):
        gone = connection.execute(delete(table).where(table.c.person_id == person_id)).rowcount
        done.rows[table.name] = done.rows.get(table.name, 0) + gone
    _erase_from_gaps(connection, person_id, done)


def _erase_from_gaps(connection: Connection, person_id: str, done: Erasure) -> None:
    """Name the person no more as one who comes near to what a group lacks."""
    rows = connection.execute(
        select(buyer_groups.c.company_id, buyer_groups.c.profile_id, buyer_groups.c.gaps).where(
            buyer_groups.c.gaps.contains(json.dumps(person_id), autoescape=True)
        )
    )
    for row in rows.all():
        gaps = json.loads(row.gaps)
        for gap in gaps:
            gap["nearest"] = [one for one in gap["nearest"] if one != person_id]
        connection.execute(
            update(buyer_groups)
            .where(buyer_groups.c.company_id == row.company_id)
            .where(buyer_groups.c.profile_id == row.profile_id)
            .values(gaps=json.dumps(gaps))
        )
        done.companies.add(row.company_id)


def _empty_events(
    connection: Connection, person_id: str, emails: Collection[str], done: Erasure
) -> None:
    """Empty what was received about the person, or holds one of the addresses."""
    found = set(connection.scalars(select(events.c.id).where(events.c.person_id == person_id)))
    if emails:
        addresses = [email.strip().casefold() for email in emails]
        found |= {key for key, body in _bodies(connection) if any(one in body for one in addresses)}
    for at in range(0, len(found), _CHUNK):
        chunk = sorted(found)[at : at + _CHUNK]
        done.companies |= set(
            connection.scalars(
                select(webhook_event_companies.c.company_id).where(
                    webhook_event_companies.c.event.in_(chunk)
                )
            )
        )
        close_erased(connection, events.c.id.in_(chunk))
    done.rows[events.name] = done.rows.get(events.name, 0) + len(found)


def _bodies(connection: Connection) -> Iterator[tuple[int, str]]:
    """Every stored body as plain text in lower case, JSON's escapes resolved; a few at a time."""
    last = 0
    while True:
        rows = connection.execute(
            select(events.c.id, events.c.body)
            .where(events.c.id > last, events.c.body.is_not(None))
            .order_by(events.c.id)
            .limit(_CHUNK)
        ).all()
        if not rows:
            return
        for row in rows:
            last = row.id
            try:
                body = json.dumps(json.loads(row.body), ensure_ascii=False)
            except ValueError:
                body = row.body.decode(errors="replace")
            yield row.id, body.casefold()


def scrub(engine: Engine) -> None:
    """Rewrite SQLite's file, whose free pages still hold what was deleted.

    Postgres does so by itself: what was deleted goes with the next vacuum.

    Raises:
        OperationalError: somebody else has been using the file for too long.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.cursor().execute(statement)
    finally:
        connection.close()


def close_erased(connection: Connection, which: ColumnElement[bool]) -> None:
    """Empty these events; those that no refresh has to answer for are ignored from now on."""
    connection.execute(update(events).where(which).values(body=None, person_id=ERASED))
    connection.execute(
        update(events)
        .where(which, events.c.state == text("'received'"))
        .values(state="ignored", reason=ERASED_REASON, handled_at=clock(connection))
    )
