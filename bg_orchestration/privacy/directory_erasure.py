"""Delete people's own rows: person, jobs, contacts and published memberships."""

import json
from collections.abc import Callable, Collection, Iterator
from typing import Final

from sqlalchemy import Connection, delete, select, update

from bg_orchestration.domain.identifiers import page_slug
from bg_orchestration.privacy.requests import ErasureTarget, chunks
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_decisions,
    buyer_group_members,
    buyer_groups,
    contact_corrections,
    contact_points,
    crm_outbox,
    employments,
    external_ids,
    people,
    provider_records,
    research_notes,
)

_PEOPLE: Final = 5_000
_PERSONAL = (
    buyer_group_members,
    buyer_group_decisions,
    buyer_group_changes,
    contact_corrections,
    contact_points,
    crm_outbox,
    research_notes,
    employments,
)


def people_with_pages(connection: Connection, slugs: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the people with one of these pages, and the page's last part."""
    last = ""
    while True:
        rows = connection.execute(
            select(people.c.person_id, people.c.linkedin_url)
            .where(people.c.person_id > last, people.c.linkedin_url.is_not(None))
            .order_by(people.c.person_id)
            .limit(_PEOPLE)
        ).all()
        if not rows:
            return
        for person_id, url in rows:
            if (slug := page_slug(url)) in slugs:
                yield person_id, slug
        last = rows[-1].person_id


def delete_rows(
    connection: Connection, target: ErasureTarget, count: Callable[[str, int], None]
) -> None:
    """Delete the people's own rows, collect their companies, count the rows of each table."""
    for chunk in chunks(target.people):
        for table in (employments, buyer_group_changes, buyer_group_members):
            companies = select(table.c.company_id).where(table.c.person_id.in_(chunk))
            target.companies |= set(connection.scalars(companies))
        records = (provider_records.c.kind == "person") & provider_records.c.our_id.in_(chunk)
        deleted = connection.execute(delete(provider_records).where(records)).rowcount
        count(provider_records.name, deleted)
        ids = (external_ids.c.kind == "person") & external_ids.c.our_id.in_(chunk)
        count(external_ids.name, connection.execute(delete(external_ids).where(ids)).rowcount)
        for table in (*_PERSONAL, people):
            deleted = connection.execute(delete(table).where(table.c.person_id.in_(chunk))).rowcount
            count(table.name, deleted)
    _delete_from_gaps(connection, target)


def _delete_from_gaps(connection: Connection, target: ErasureTarget) -> None:
    """Remove the people from the gaps and gatekeepers of groups."""
    if not target.people:
        return
    rows = connection.execute(
        select(
            buyer_groups.c.company_id,
            buyer_groups.c.profile_id,
            buyer_groups.c.gaps,
            buyer_groups.c.gatekeepers,
        ).where(buyer_groups.c.company_id.in_(target.companies))
    )
    for row in rows.all():
        gaps = json.loads(row.gaps)
        for gap in gaps:
            gap["nearest"] = [nearest for nearest in gap["nearest"] if nearest not in target.people]
        gatekeepers = [
            gatekeeper
            for gatekeeper in json.loads(row.gatekeepers)
            if target.people.isdisjoint((gatekeeper["person_id"], gatekeeper["guards"]))
        ]
        values = {"gaps": json.dumps(gaps), "gatekeepers": json.dumps(gatekeepers)}
        if values != {"gaps": row.gaps, "gatekeepers": row.gatekeepers}:
            connection.execute(
                update(buyer_groups)
                .where(buyer_groups.c.company_id == row.company_id)
                .where(buyer_groups.c.profile_id == row.profile_id)
                .values(**values)
            )
