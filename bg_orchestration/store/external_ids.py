"""External ids: the ids by which other tools know our companies and people.

An id of a tool maps to at most one of ours. A claim against a mapping is stored as a conflict. Only
a user changes a mapping. Writing functions work in their caller's writing transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from bg_orchestration.domain.record_ids import canonical_id
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.identity_tables import MAPPED, external_ids
from bg_orchestration.store.schema.tables import companies
from bg_orchestration.store.upserts import chunks

IdKind = Literal["company", "person"]

# The source of a mapping that a user made; no import changes it.
BY_USER: Final = "user"
# The words of tools whose records are neither `company` nor `person`.
_RECORDS: Final[Mapping[str, Mapping[IdKind, str]]] = {
    "hubspot": {"company": "company", "person": "contact"},
    "salesforce": {"company": "account", "person": "contact"},
    "apollo": {"company": "account", "person": "contact"},
    "pipedrive": {"company": "organization", "person": "person"},
}


@dataclass(frozen=True, slots=True)
class ExternalId:
    """An id of another tool, and the company or person that it means.

    Attributes:
        system: the tool and its kind of record, such as `hubspot:contact`.
        external_id: the id there, in the form of the tool's API.
        kind: what it means: a company or a person.
        our_id: the company_id or person_id.
    """

    system: str
    external_id: str
    kind: IdKind
    our_id: str

    def __post_init__(self) -> None:
        """Give the id its one form."""
        object.__setattr__(self, "external_id", canonical_id(self.system, self.external_id))


@dataclass(frozen=True, slots=True)
class ExternalIdLine:
    """A stored mapping with its origin."""

    system: str
    external_id: str
    kind: IdKind
    our_id: str
    source: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class IdConflict:
    """Ids that do not fit together.

    Attributes:
        system: the tool and its kind of record.
        problem: `claimed`: one id there was found for several of ours, the mapped one first.
            `several`: several ids there map to one of ours, so the tool may hold duplicates.
        external_ids: the ids there.
        our_ids: our ids.
    """

    system: str
    problem: Literal["claimed", "several"]
    external_ids: tuple[str, ...]
    our_ids: tuple[str, ...]


def system_of(tool: str, kind: IdKind) -> str:
    """Return the system of a tool's companies or people: `hubspot` gives `hubspot:contact`."""
    return f"{tool}:{_RECORDS.get(tool, {}).get(kind, kind)}"


def claim_ids(
    connection: Connection, claims: Sequence[ExternalId], source: str
) -> list[IdConflict]:
    """Store ids that `source` found; return the claims against an existing mapping.

    The first claim of an id maps it. The same claim again renews `last_seen`. A claim of a mapped
    id for another of ours becomes a conflict, unless a user made the mapping.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    now = clock(connection)
    conflicts: list[IdConflict] = []
    for chunk in chunks(list(dict.fromkeys(claims))):
        stored = _claims_of(connection, chunk)
        renewed: list[int] = []
        rows = []
        for claim in chunk:
            of_id = stored[claim.system, claim.external_id]
            mapped = next((stored for stored in of_id.values() if stored.state == "mapped"), None)
            against = mapped is not None and mapped.our_id != claim.our_id
            if against and mapped is not None:
                if mapped.source == BY_USER:
                    continue
                ours = (mapped.our_id, claim.our_id)
                conflicts.append(IdConflict(claim.system, "claimed", (claim.external_id,), ours))
            if (row := of_id.get(claim.our_id)) is not None:
                renewed.append(row.key)
                continue
            state = "conflict" if against else "mapped"
            of_id[claim.our_id] = _StoredClaim(0, claim.our_id, source, state)
            rows.append(_row(claim, source, now, state))
        if rows:
            connection.execute(insert(external_ids), rows)
        connection.execute(
            update(external_ids).where(external_ids.c.id.in_(renewed)).values(last_seen=now)
        )
    return conflicts


@dataclass(frozen=True, slots=True)
class _StoredClaim:
    key: int
    our_id: str
    source: str
    state: str


def _claims_of(
    connection: Connection, claims: Collection[ExternalId]
) -> dict[tuple[str, str], dict[str, _StoredClaim]]:
    """Return the stored claims of the same ids, by id and then by our id."""
    stored: dict[tuple[str, str], dict[str, _StoredClaim]] = defaultdict(dict)
    for row in connection.execute(
        select(external_ids).where(
            external_ids.c.external_id.in_({claim.external_id for claim in claims}),
            external_ids.c.system.in_({claim.system for claim in claims}),
        )
    ):
        claim = _StoredClaim(row.id, row.our_id, row.source, row.state)
        stored[row.system, row.external_id][row.our_id] = claim
    return stored


def _row(claim: ExternalId, source: str, now: datetime, state: str) -> dict[str, object]:
    return {
        "system": claim.system,
        "external_id": claim.external_id,
        "kind": claim.kind,
        "our_id": claim.our_id,
        "source": source,
        "first_seen": now,
        "last_seen": now,
        "state": state,
    }


def set_id(connection: Connection, mapping: ExternalId) -> None:
    """Map an id by the decision of a user; it ends every other claim of that id."""
    acquire_lock(connection, Lock.DIRECTORY)
    remove_id(connection, mapping.system, mapping.external_id)
    now = clock(connection)
    connection.execute(insert(external_ids).values(_row(mapping, BY_USER, now, "mapped")))


def remove_id(connection: Connection, system: str, external_id: str) -> int:
    """Delete an id with all its claims; return how many rows it had."""
    acquire_lock(connection, Lock.DIRECTORY)
    return connection.execute(
        delete(external_ids).where(
            external_ids.c.system == system,
            # As it was given, too: older rows have it in that form.
            external_ids.c.external_id.in_({external_id, canonical_id(system, external_id)}),
        )
    ).rowcount


def move_ids(connection: Connection, kind: IdKind, old: str, new: str) -> None:
    """Give the ids of one of ours to another, because the two are the same."""
    both = external_ids.alias()
    repeated = select(external_ids.c.id).where(
        external_ids.c.kind == kind,
        external_ids.c.our_id == old,
        select(both.c.id)
        .where(
            both.c.system == external_ids.c.system,
            both.c.external_id == external_ids.c.external_id,
            both.c.our_id == new,
        )
        .exists(),
    )
    shared = list(
        connection.execute(
            select(external_ids.c.system, external_ids.c.external_id).where(
                external_ids.c.id.in_(repeated)
            )
        )
    )
    connection.execute(delete(external_ids).where(external_ids.c.id.in_(repeated)))
    for system, external_id in shared:
        # One of the two claims was the mapping; the other was the conflict that ends here.
        connection.execute(
            update(external_ids)
            .where(external_ids.c.system == system, external_ids.c.external_id == external_id)
            .where(external_ids.c.our_id == new)
            .values(state="mapped")
        )
    connection.execute(
        update(external_ids)
        .where(external_ids.c.kind == kind, external_ids.c.our_id == old)
        .values(our_id=new)
    )


def our_ids(connection: Connection, system: str, ids: Iterable[str]) -> dict[str, str]:
    """Return our ids by the canonical ids of a system; an unmapped id is left out."""
    query = select(external_ids.c.external_id, external_ids.c.our_id).where(
        MAPPED, external_ids.c.system == system, visible(external_ids.c.our_id)
    )
    return {
        row.external_id: row.our_id
        for chunk in chunks(sorted(set(ids)))
        for row in connection.execute(query.where(external_ids.c.external_id.in_(chunk)))
    }


def ids_in(
    connection: Connection, system: str, kind: IdKind, ours: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return the sorted ids in a system by our ids; several mean duplicates in that system."""
    query = select(external_ids.c.our_id, external_ids.c.external_id).where(
        MAPPED,
        external_ids.c.system == system,
        external_ids.c.kind == kind,
        visible(external_ids.c.our_id),
    )
    found: dict[str, list[str]] = defaultdict(list)
    for chunk in chunks(sorted(set(ours))):
        for row in connection.execute(query.where(external_ids.c.our_id.in_(chunk))):
            found[row.our_id].append(row.external_id)
    return {our_id: tuple(sorted(ids)) for our_id, ids in found.items()}


def id_lines(
    connection: Connection,
    *,
    ours: Collection[str] | None = None,
    system: str | None = None,
    limit: int | None = None,
) -> list[ExternalIdLine]:
    """Return the mappings, by system and id; `ours` selects by our ids."""
    conditions: list[ColumnElement[bool]] = [visible(external_ids.c.our_id)]
    if ours is not None:
        conditions.append(external_ids.c.our_id.in_(ours))
    if system is not None:
        conditions.append(external_ids.c.system == system)
    columns = [external_ids.c[name] for name in ExternalIdLine.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(MAPPED, *conditions)
        .order_by(external_ids.c.system, external_ids.c.external_id)
        .limit(limit)
    )
    return [ExternalIdLine(*row) for row in rows]


def id_conflicts(connection: Connection) -> list[IdConflict]:
    """Return all conflicts: ids claimed for several of ours, and several ids for one of ours."""
    return [*_claimed(connection), *_several(connection)]


def _claimed(connection: Connection) -> Iterator[IdConflict]:
    claims = external_ids.alias()
    rows = connection.execute(
        select(external_ids.c.system, external_ids.c.external_id, external_ids.c.our_id)
        .where(
            select(claims.c.id)
            .where(
                claims.c.system == external_ids.c.system,
                claims.c.external_id == external_ids.c.external_id,
                claims.c.state == "conflict",
                visible(claims.c.our_id),
            )
            .exists(),
            visible(external_ids.c.our_id),
        )
        # "mapped" comes after "conflict": the mapped one is the first.
        .order_by(
            external_ids.c.system,
            external_ids.c.external_id,
            external_ids.c.state.desc(),
            external_ids.c.our_id,
        )
    )
    by_id: dict[tuple[str, str], list[str]] = {}
    for system, external_id, our_id in rows:
        by_id.setdefault((system, external_id), []).append(our_id)
    for (system, external_id), found in by_id.items():
        yield IdConflict(system, "claimed", (external_id,), tuple(found))


def _several(connection: Connection) -> Iterator[IdConflict]:
    repeated = (
        select(external_ids.c.system, external_ids.c.kind, external_ids.c.our_id)
        .where(MAPPED, visible(external_ids.c.our_id))
        .group_by(external_ids.c.system, external_ids.c.kind, external_ids.c.our_id)
        .having(func.count() > 1)
        .order_by(external_ids.c.system, external_ids.c.our_id)
    )
    for system, kind, our_id in connection.execute(repeated).all():
        ids = ids_in(connection, system, kind, [our_id])
        yield IdConflict(system, "several", ids[our_id], (our_id,))


def note_owners(connection: Connection, owners: Mapping[str, str]) -> None:
    """Store the seller's employee who owns each account, by company_id."""
    for company_id, owner in sorted(owners.items()):
        connection.execute(
            update(companies)
            .where(companies.c.company_id == company_id)
            .where(or_(companies.c.owner.is_(None), companies.c.owner != owner))
            .values(owner=owner)
        )
