"""Erasing people from every table, and keeping them out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Engine, delete, func, select, update

from bg_orchestration.domain.identifiers import Found, page_slug
from bg_orchestration.intake.event_states import ERASED as ERASED
from bg_orchestration.intake.event_states import ERASED_REASON as ERASED_REASON
from bg_orchestration.privacy.answer_erasure import empty_answers, empty_notes
from bg_orchestration.privacy.event_erasure import empty_events, waiting_opt_outs
from bg_orchestration.privacy.suppression import (
    Identifier,
    Suppressions,
    identifiers_of,
)
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_decisions,
    buyer_group_members,
    buyer_groups,
    contact_corrections,
    contact_points,
    employments,
    people,
    provider_records,
    research_notes,
)

_CHUNK = 500
_PERSONAL = (
    buyer_group_members,
    buyer_group_decisions,
    buyer_group_changes,
    contact_corrections,
    contact_points,
    research_notes,
    employments,
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """Whom to erase, as far as whoever asks knows them.

    Attributes:
        ids: our ids, and providers' such as `coresignal:900001`.
        emails: addresses.
        pages: addresses of LinkedIn profiles, or their last part.
    """

    ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @classmethod
    def named(cls, text: str) -> "Somebody":
        """Whom a word means: an address, the address of a profile, or an id."""
        text = text.strip()
        if "linkedin.com/" in text.casefold():
            return cls(pages=(text,))
        # Some call people by their address.
        return cls(ids=(text,), emails=(text,) if "@" in text else ())

    @property
    def identifiers(self) -> list[Identifier]:
        """What they may be recognized by."""
        found = [mark for one in self.ids for mark in identifiers_of(one.strip())]
        found += identifiers_of(emails=self.emails)
        return found + [mark for one in self.pages for mark in identifiers_of(linkedin_url=one)]


@dataclass(slots=True)
class Erasure:
    """What was erased.

    Attributes:
        people: the ids of those who were known.
        companies: where they stood: their stored assets hold them still, and their groups must be
            judged again.
        rows: how many rows of each table were deleted or, of `webhook_events` and
            `pipeline_operations`, emptied or cut.
        suppressed: how many ids, addresses and pages were put on the list.
    """

    people: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    suppressed: int = 0

    def count(self, table: str, rows: int) -> None:
        """Add rows of a table."""
        self.rows[table] = self.rows.get(table, 0) + rows


@dataclass(slots=True)
class _Wanted:
    """Everything that those who are erased are known by, of all of them together."""

    people: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, who: Somebody) -> None:
        self.ids |= {mark.value for one in who.ids for mark in identifiers_of(one.strip())}
        self.emails |= {one.strip().casefold() for one in who.emails}
        self.pages |= {page_slug(one) for one in who.pages}

    def found(self, ids: Iterable[str] = ()) -> Found:
        return Found(set(ids), self.emails, self.pages)


def erase(
    connection: Connection, who: Iterable[str | Somebody], suppressions: Suppressions
) -> Erasure:
    """Erase everybody whom an id, an address or a page of `who` means, and keep them out.

    Works in the caller's writing transaction. Whoever is not known is kept out all the same. The
    row of a received event stays as a tombstone, without its body and its person. Of a provider's
    answer the others in it stay; one about nobody else becomes a miss, which is not asked again
    while it is fresh.

    Raises:
        SuppressionKeyError: the list was made with another key; nothing was erased.
    """
    # The planner and the publisher write the same rows under these locks, and an import adds some.
    acquire_lock(connection, Lock.ADMISSION)
    acquire_lock(connection, Lock.DIRECTORY)
    if connection.dialect.name == "sqlite":
        # What is deleted is overwritten, not only left out of the index.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    asked = [Somebody.named(one) if isinstance(one, str) else one for one in who]
    done, wanted = Erasure(), _Wanted()
    for one in asked:
        wanted.add(one)
    done.suppressed += suppressions.suppress(
        connection, [m for one in asked for m in one.identifiers]
    )
    for push in waiting_opt_outs(connection, wanted.ids, wanted.found()):
        # It is emptied before it is acted on: what it names must be kept out all the same.
        named = Somebody((f"lusha:{push.source_id}",), push.emails, _one(push.linkedin_url))
        done.suppressed += suppressions.suppress(connection, named.identifiers)
        wanted.add(named)
    _find_people(connection, wanted)
    done.suppressed += suppressions.suppress(connection, _expand(connection, wanted))
    done.people |= wanted.people
    _erase_rows(connection, wanted, done)
    emptied, companies = empty_events(connection, wanted.people | wanted.ids, wanted.found())
    done.count("webhook_events", emptied)
    done.companies |= companies
    where = done.companies
    answers = empty_answers(connection, wanted.ids, wanted.found(), wanted.names, where)
    done.count("pipeline_operations", answers)
    notes = empty_notes(connection, wanted.found(), wanted.names, where)
    done.count(research_notes.name, notes)
    return done


def _find_people(connection: Connection, wanted: _Wanted) -> None:
    """Find those of them whom we know."""
    _select_in(connection, wanted.people, people.c.person_id, people.c.person_id, wanted.ids)
    by_id = provider_records.c.provider + ":" + provider_records.c.source_id
    _select_in(
        connection,
        wanted.people,
        provider_records.c.our_id,
        by_id,
        wanted.ids,
        provider_records.c.kind == "person",
    )
    _select_in(
        connection,
        wanted.people,
        contact_points.c.person_id,
        func.lower(contact_points.c.value),
        {one.lower() for one in wanted.emails},
        contact_points.c.kind == "email",
    )
    if wanted.pages:
        known = select(people.c.person_id, people.c.linkedin_url)
        rows = connection.execute(known.where(people.c.linkedin_url.is_not(None)))
        wanted.people |= {row[0] for row in rows if page_slug(row[1]) in wanted.pages}


def _expand(connection: Connection, wanted: _Wanted) -> list[Identifier]:
    """Add everything that the people found are known by; returns the marks of it."""
    found: list[Identifier] = []
    for chunk in _chunks(wanted.people):
        rows = connection.execute(
            select(people.c.person_id, people.c.name, people.c.linkedin_url).where(
                people.c.person_id.in_(chunk)
            )
        ).all()
        points = connection.scalars(
            select(contact_points.c.value).where(
                contact_points.c.person_id.in_(chunk), contact_points.c.kind == "email"
            )
        ).all()
        records = connection.execute(
            select(provider_records.c.provider, provider_records.c.source_id).where(
                provider_records.c.kind == "person", provider_records.c.our_id.in_(chunk)
            )
        ).all()
        for row in rows:
            found += identifiers_of(row.person_id, linkedin_url=row.linkedin_url)
            wanted.names.add(" ".join(row.name.split()).casefold())
        ids = [(row.provider, row.source_id) for row in records]
        found += identifiers_of(emails=points, ids=ids)
        wanted.add(
            Somebody(
                tuple(f"{provider}:{source_id}" for provider, source_id in ids),
                tuple(points),
                tuple(row.linkedin_url for row in rows if row.linkedin_url),
            )
        )
    return found


def _erase_rows(connection: Connection, wanted: _Wanted, done: Erasure) -> None:
    for chunk in _chunks(wanted.people):
        for table in (employments, buyer_group_changes, buyer_group_members):
            companies = select(table.c.company_id).where(table.c.person_id.in_(chunk))
            done.companies |= set(connection.scalars(companies))
        of_us = (provider_records.c.kind == "person") & provider_records.c.our_id.in_(chunk)
        gone = connection.execute(delete(provider_records).where(of_us)).rowcount
        done.count(provider_records.name, gone)
        for table in (*_PERSONAL, people):
            gone = connection.execute(delete(table).where(table.c.person_id.in_(chunk))).rowcount
            done.count(table.name, gone)
    _erase_from_gaps(connection, wanted.people, done)


def _erase_from_gaps(connection: Connection, person_ids: set[str], done: Erasure) -> None:
    """Name the people no more as ones who come near to what a group lacks."""
    if not person_ids:
        return
    rows = connection.execute(
        select(buyer_groups.c.company_id, buyer_groups.c.profile_id, buyer_groups.c.gaps).where(
            buyer_groups.c.company_id.in_(done.companies)
        )
    )
    for row in rows.all():
        gaps = json.loads(row.gaps)
        for gap in gaps:
            gap["nearest"] = [one for one in gap["nearest"] if one not in person_ids]
        if (left := json.dumps(gaps)) != row.gaps:
            connection.execute(
                update(buyer_groups)
                .where(buyer_groups.c.company_id == row.company_id)
                .where(buyer_groups.c.profile_id == row.profile_id)
                .values(gaps=left)
            )


def _select_in(
    connection: Connection,
    into: set[str],
    wanted: Column[Any],
    key: Any,
    values: set[str],
    *conditions: Any,
) -> None:
    for chunk in _chunks(values):
        into |= set(connection.scalars(select(wanted).where(key.in_(chunk), *conditions)))


def _chunks(values: set[str]) -> Iterable[Sequence[str]]:
    items = sorted(values)
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))


def _one(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


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
