"""List the stored companies, and find them by domain or name."""

import json
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import ColumnElement, Connection, Table, func, select, true

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.web_domains import registrable_domain
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    buyer_groups,
    companies,
    employments,
)


@dataclass(frozen=True, slots=True)
class ListedCompany:
    """A line of the list of companies.

    Attributes:
        employee_count: the head count that a source states, or `None`.
        people: the number of stored current jobs.
        refreshed_at: the end of the last refresh, or `None`.
        members: the members over all seller profiles; `None` without a published group.
        gaps: the needs that no member covers, over all seller profiles.
    """

    company_id: str
    name: str
    domain: str | None
    employee_count: int | None
    people: int
    followed: bool
    refreshed_at: datetime | None = None
    members: int | None = None
    gaps: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The stated head count, else the number of stored people."""
        return self.people if self.employee_count is None else self.employee_count


def companies_called(connection: Connection, text: str) -> list[str]:
    """Return the sorted ids of the companies with this domain, else with this name."""
    for condition in (
        companies.c.domain == (registrable_domain(text) or text.casefold()),
        companies.c.folded_name == fold_name(text),
    ):
        if found := sorted(connection.scalars(select(companies.c.company_id).where(condition))):
            return found
    return []


def companies_beginning(connection: Connection, text: str, limit: int = 4) -> list[str]:
    """Return the sorted ids that begin with `text`, at most `limit`."""
    query = select(companies.c.company_id).order_by(companies.c.company_id).limit(limit)
    begun = companies.c.company_id.startswith(text, autoescape=True)
    return list(connection.scalars(query.where(begun))) if text else []


def similar_companies(connection: Connection, text: str, limit: int = 3) -> list[str]:
    """Return the ids of the companies whose id, name or domain is similar to `text`."""
    folded = fold_name(text)
    spellings: dict[str, str] = {}
    for row in connection.execute(
        select(companies.c.company_id, companies.c.folded_name, companies.c.domain)
    ):
        for spelling in (row.folded_name, fold_name(row.domain or ""), fold_name(row.company_id)):
            spellings.setdefault(spelling, row.company_id)
    # A user types the beginning of a long name, so only that much of it is compared.
    begins = {spelling[: len(folded) + 1]: spelling for spelling in sorted(spellings, reverse=True)}
    near = get_close_matches(folded, begins, n=2 * limit, cutoff=0.7) if folded else []
    return list(dict.fromkeys(spellings[begins[each]] for each in near))[:limit]


def listing(connection: Connection) -> list[ListedCompany]:
    """Return all companies with their people, age and published groups, by id."""
    head_counts = _counts(connection, employments, employments.c.current == true())
    members = _counts(connection, buyer_group_members)
    gaps: dict[str, list[str]] = {}
    for row in connection.execute(select(buyer_groups.c.company_id, buyer_groups.c.gaps)):
        gaps.setdefault(row.company_id, []).extend(gap["need"] for gap in json.loads(row.gaps))
    rows = connection.execute(
        select(
            companies.c.company_id,
            companies.c.name,
            companies.c.domain,
            companies.c.employee_count,
            companies.c.followed,
            companies.c.refreshed_at,
        )
    )
    lines = [
        ListedCompany(
            row.company_id,
            row.name,
            row.domain,
            row.employee_count,
            head_counts.get(row.company_id, 0),
            row.followed,
            row.refreshed_at,
            members.get(row.company_id, 0) if row.company_id in gaps else None,
            tuple(dict.fromkeys(gaps.get(row.company_id, ()))),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.company_id)


def _counts(
    connection: Connection, table: Table, *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """Count the rows of a table by company."""
    query = select(table.c.company_id, func.count()).where(*conditions)
    return dict(connection.execute(query.group_by(table.c.company_id)).all())
