"""The facts from which `domain.freshness` derives the tier of a company."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, case, distinct, func, select

from bg_orchestration.domain.freshness import FreshnessFacts, FreshnessRules
from bg_orchestration.store.schema.tables import (
    FOLLOWED,
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    companies,
)

# Changes of people. A new phone number says nothing about who takes part.
_KINDS: Final = ("joined", "left", "dropped", "role_changed", "title_changed")
_LEADS: Final = ("decision", "champion")


def freshness_facts(
    connection: Connection,
    rules: FreshnessRules,
    now: datetime,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
) -> Iterator[FreshnessFacts]:
    """Yield the facts of the followed companies that meet `conditions`, oldest refresh first.

    Each company costs a few searches in indexes, so the cost does not grow with history.
    """
    members, changes = buyer_group_members, buyer_group_changes
    # Dates with the precision of the source: YYYY, YYYY-MM or YYYY-MM-DD compare as text.
    began = members.c.started_on.between(
        _months_before(now, rules.leaving_to), _months_before(now, rules.leaving_from) + "-31"
    )
    of_company = members.c.company_id == companies.c.company_id, members.c.role.in_(_LEADS)
    query = (
        select(
            companies.c.company_id,
            companies.c.domain,
            companies.c.created_at,
            companies.c.refreshed_at,
            select(func.count())
            .where(changes.c.company_id == companies.c.company_id)
            .where(changes.c.changed_at >= now - rules.changes_within)
            .where(changes.c.kind.in_(_KINDS))
            # The first publication is no change of people.
            .where(func.coalesce(changes.c.cause, "") != "first")
            .scalar_subquery()
            .label("changes"),
            select(func.min(buyer_groups.c.completeness))
            .where(buyer_groups.c.company_id == companies.c.company_id)
            .scalar_subquery()
            .label("completeness"),
            select(func.count(distinct(members.c.person_id)))
            .where(*of_company)
            .scalar_subquery()
            .label("leads"),
            select(func.count(distinct(case((began, members.c.person_id)))))
            .where(*of_company)
            .scalar_subquery()
            .label("leaving"),
        )
        .where(FOLLOWED, *conditions)
        .order_by(companies.c.refreshed_at.nulls_first(), companies.c.company_id)
        .limit(limit)
    )
    return (FreshnessFacts(**row._mapping) for row in connection.execute(query))


def facts_of(
    connection: Connection, rules: FreshnessRules, now: datetime, company_ids: Sequence[str]
) -> Iterator[FreshnessFacts]:
    """Yield the facts of these companies, of those that are followed."""
    return freshness_facts(connection, rules, now, companies.c.company_id.in_(company_ids))


def _months_before(now: datetime, months: int) -> str:
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return f"{year:04}-{month + 1:02}"
