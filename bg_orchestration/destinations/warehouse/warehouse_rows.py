"""The rows of the warehouse tables, read in batches from one snapshot of the database.

Rows are sorted by our ids in Python, because the databases' collations differ.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, func, select

from bg_orchestration.domain.model import ROLES
from bg_orchestration.domain.warehouse_tables import (
    BUYER_GROUPS,
    CHANGES,
    COVERAGE,
    EXTERNAL_IDS,
    MEMBERS,
)
from bg_orchestration.refreshes.coverage_lines import coverage_lines
from bg_orchestration.settings import settings
from bg_orchestration.store.schema.erasure_tables import erasure_people, erasure_requests, visible
from bg_orchestration.store.schema.identity_tables import MAPPED, external_ids
from bg_orchestration.store.schema.tables import (
    FOLLOWED,
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    companies,
    people,
)

WarehouseRow = dict[str, Any]

# Companies whose rows are in memory at once.
_COMPANIES: Final = 500
_IDS: Final = 5_000
# The statuses of addresses that work, the best first.
_STATUSES: Final = ("deliverable", "verified", "valid")
_ASPECTS: Final = {"title_changed": "title", "contact_changed": "contact"}
_ENDS: Final = frozenset({"left", "dropped"})


# Most texts repeat: the same reasons, the same needs, the empty list.
_list_of = lru_cache(maxsize=10_000)(json.loads)


def batches(connection: Connection, table: str) -> Iterator[list[WarehouseRow]]:
    """Yield the rows of a warehouse table in batches, in the order of our ids."""
    if table == EXTERNAL_IDS.name:
        yield from _external_ids(connection)
        return
    if table == COVERAGE.name:
        yield from _coverage(connection)
        return
    read, source = _READERS[table]
    company_ids = sorted(connection.scalars(select(source.c.company_id).distinct()))
    hidden = frozenset(connection.scalars(select(erasure_people.c.person_id)))
    for start in range(0, len(company_ids), _COMPANIES):
        yield read(connection, company_ids[start : start + _COMPANIES], hidden)


def _groups(
    connection: Connection, company_ids: Sequence[str], hidden: frozenset[str]
) -> list[WarehouseRow]:
    query = (
        select(
            buyer_groups,
            companies.c.name.label("company_name"),
            companies.c.domain,
            companies.c.industry,
            companies.c.country,
            companies.c.owner,
            companies.c.followed,
            companies.c.refreshed_at,
        )
        .join(companies, companies.c.company_id == buyer_groups.c.company_id)
        .where(buyer_groups.c.company_id.in_(company_ids))
    )
    rows = _sorted(connection, query, "company_id", "profile_id")
    for row in rows:
        row["covered"] = _list_of(row["covered"])
        row["gaps"] = [
            {
                "need": gap["need"],
                "look_for": gap["look_for"],
                "nearest": [each for each in gap.get("nearest", ()) if each not in hidden],
            }
            for gap in json.loads(row["gaps"])
        ]
        row["gatekeepers"] = [
            gatekeeper
            for gatekeeper in json.loads(row["gatekeepers"])
            if hidden.isdisjoint((gatekeeper["person_id"], gatekeeper["guards"]))
        ]
    return rows


def _members(
    connection: Connection, company_ids: Sequence[str], _hidden: frozenset[str]
) -> list[WarehouseRow]:
    query = (
        select(buyer_group_members, people.c.name)
        .join(people, people.c.person_id == buyer_group_members.c.person_id)
        .where(
            buyer_group_members.c.company_id.in_(company_ids),
            visible(buyer_group_members.c.person_id),
        )
    )
    rows = _sorted(connection, query, "company_id", "profile_id", "person_id")
    for row in rows:
        row["reasons"] = _list_of(row["reasons"])
        row["contacts"] = json.loads(row["contacts"])
        row["email"] = _best(row["contacts"], "email")
        row["phone"] = _best(row["contacts"], "phone")
    return rows


def _best(points: Iterable[dict[str, Any]], kind: str) -> str | None:
    """Return the best usable value; the day of the export has no part in it."""
    usable = [
        (
            _STATUSES.index(point["status"]) if point["status"] in _STATUSES else len(_STATUSES),
            point["type"] == "personal",
            point["value"],
        )
        for point in points
        if point["kind"] == kind and not point["do_not_contact"]
    ]
    return min(usable)[-1] if usable else None


def _changes(
    connection: Connection, company_ids: Sequence[str], _hidden: frozenset[str]
) -> list[WarehouseRow]:
    query = (
        select(buyer_group_changes, people.c.name)
        .outerjoin(people, people.c.person_id == buyer_group_changes.c.person_id)
        .where(
            buyer_group_changes.c.company_id.in_(company_ids),
            visible(buyer_group_changes.c.person_id),
        )
    )
    rows = _sorted(connection, query, "company_id", "profile_id", "person_id", "changed_at", "id")
    # From the end: the instant of the next change of each aspect.
    following: dict[tuple[str, str, str], dict[str, datetime]] = defaultdict(dict)
    for row in reversed(rows):
        row["change_id"] = row["id"]
        row["aspect"] = _ASPECTS.get(row["kind"], "membership")
        row["valid_from"] = row["changed_at"]
        row["gaps_opened"] = _list_of(row["gaps_opened"] or "[]")
        row["gaps_closed"] = _list_of(row["gaps_closed"] or "[]")
        of_person = following[row["company_id"], row["profile_id"], row["person_id"]]
        row["valid_to"] = of_person.get(row["aspect"])
        if row["kind"] in _ENDS:
            # Who is not a member has no title and no contact there.
            for aspect in _ASPECTS.values():
                of_person[aspect] = row["changed_at"]
        of_person[row["aspect"]] = row["changed_at"]
    return rows


def _coverage(connection: Connection) -> Iterator[list[WarehouseRow]]:
    """The lines of the asset `coverage`, without cost and tier, which depend on the day."""
    lines = sorted(
        coverage_lines(connection, settings().freshness, ()),
        key=lambda line: (line.company_id, line.profile_id or ""),
    )
    for start in range(0, len(lines), _IDS):
        yield [
            {
                **{role: line.roles.get(role, 0) for role in ROLES},
                "company_id": line.company_id,
                "profile_id": line.profile_id,
                "refreshed_at": line.refreshed_at,
                "members": sum(line.roles.values()),
                "reachable": line.reachable,
                "completeness": line.completeness,
                "confidence": line.confidence,
                "open_gaps": line.open_gaps,
            }
            for line in lines[start : start + _IDS]
        ]


def _external_ids(connection: Connection) -> Iterator[list[WarehouseRow]]:
    last = 0
    query = (
        select(external_ids)
        .where(MAPPED, visible(external_ids.c.our_id))
        .order_by(external_ids.c.id)
        .limit(_IDS)
    )
    while rows := _rows(connection, query.where(external_ids.c.id > last)):
        yield rows
        last = rows[-1]["id"]


_Reader = Callable[[Connection, Sequence[str], frozenset[str]], list[WarehouseRow]]
_READERS: Final[dict[str, tuple[_Reader, Table]]] = {
    BUYER_GROUPS.name: (_groups, buyer_groups),
    MEMBERS.name: (_members, buyer_group_members),
    CHANGES.name: (_changes, buyer_group_changes),
}


def _rows(connection: Connection, query: Select[Any]) -> list[WarehouseRow]:
    result = connection.execute(query)
    # Twice as fast as the rows' own mappings.
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


def _sorted(connection: Connection, query: Select[Any], *key: str) -> list[WarehouseRow]:
    return sorted(_rows(connection, query), key=itemgetter(*key))


def source_state(connection: Connection) -> dict[str, str]:
    """Return figures of the source tables that differ after a refresh, an import or an erasure.

    A corrected name of a company or person alone changes none of them.
    """
    figures = {
        "companies": _figures(connection, companies, companies.c.refreshed_at),
        "groups": _figures(connection, buyer_groups, buyer_groups.c.changed_at),
        "members": _figures(connection, buyer_group_members, buyer_group_members.c.changed_at),
        "changes": _figures(connection, buyer_group_changes, buyer_group_changes.c.id),
        "external_ids": _figures(connection, external_ids, external_ids.c.last_seen),
    }
    followed = select(func.count()).select_from(companies).where(FOLLOWED)
    figures["followed"] = str(connection.execute(followed).scalar_one())
    return figures | {"erasures": erasure_state(connection)}


def erasure_state(connection: Connection) -> str:
    """Return the number of the newest erasure request."""
    newest = connection.execute(select(func.max(erasure_requests.c.id))).scalar()
    return str(newest or 0)


def _figures(connection: Connection, table: Table, newest: Any) -> str:
    count, last = connection.execute(
        select(func.count(), func.max(newest)).select_from(table)
    ).one()
    return f"{count} {last.isoformat() if isinstance(last, datetime) else last}"
