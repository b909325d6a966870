"""Read published groups with all that their pages show. People under erasure are left out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from bg_orchestration.domain.freshness import Freshness
from bg_orchestration.domain.model import Company, Group
from bg_orchestration.refreshes.decisions import DecisionLine
from bg_orchestration.refreshes.decisions import listing as decision_listing
from bg_orchestration.refreshes.history import GroupDates, group_dates
from bg_orchestration.refreshes.overview import (
    ChangeLine,
    changes,
    names_of,
    other_ends,
    titles_of,
)
from bg_orchestration.refreshes.publishing import profile_ids, published
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.research_notes import notes_of
from bg_orchestration.store.schema.erasure_tables import erasure_people, visible
from bg_orchestration.store.schema.tables import (
    COMPLETED,
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    companies,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

_CHANGES = 20


@dataclass(frozen=True, slots=True)
class LastRefresh:
    """The last completed refresh of a company; `run_id` is its Dagster run."""

    refresh_id: str
    run_id: str | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A published group with all that its page shows.

    Attributes:
        group: the group; its gaps and gatekeepers name no person under erasure.
        dates: the times of the group, and the time now.
        names: the names of members, gatekeepers and people near a gap, by person id.
        titles: the titles of those of them who work at the company, by person id.
        decisions: the decisions in force.
        changes: the newest changes, newest first, each with the other end of a move.
        summaries: the summaries of research by person id.
    """

    group: Group
    dates: GroupDates
    names: Mapping[str, str]
    titles: Mapping[str, str]
    decisions: Sequence[DecisionLine]
    changes: Sequence[tuple[ChangeLine, ChangeLine | None]]
    summaries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A company with its published groups; `freshness` is `None` if it is not followed."""

    company: Company
    groups: Sequence[GroupFacts]
    refresh: LastRefresh | None
    freshness: Freshness | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A published group as a line of the index; `news_at` is its last change after the first."""

    company_id: str
    company_name: str
    profile_id: str
    owner: str | None
    industry: str | None
    country: str | None
    members: int
    deciders: int
    reachable: int
    completeness: float
    gaps: Sequence[str]
    refreshed_at: datetime
    news_at: datetime | None
    followed: bool


def hidden_people(connection: Connection) -> frozenset[str]:
    """Return the ids of people under erasure."""
    return frozenset(connection.scalars(select(erasure_people.c.person_id)))


def companies_with_groups(connection: Connection) -> list[str]:
    """Return the sorted ids of companies with a published group."""
    return sorted(connection.scalars(select(buyer_groups.c.company_id).distinct()))


def company_facts(
    connection: Connection, company_id: str, hidden: frozenset[str], freshness: Freshness | None
) -> CompanyFacts | None:
    """Return a company with its groups; `None` without a group.

    Args:
        connection: a transaction.
        company_id: the id of a stored company.
        hidden: see `hidden_people`.
        freshness: the tier of the company.
    """
    company = find_company(connection, company_id)
    found = [
        group
        for profile_id in profile_ids(connection, company_id)
        if (group := published(connection, company_id, profile_id)) is not None
    ]
    if company is None or not found:
        return None
    refresh = connection.execute(
        select(logs.c.refresh_id, logs.c.run_id)
        .where(logs.c.company_id == company_id, COMPLETED)
        .order_by(logs.c.finished_at.desc())
        .limit(1)
    ).first()
    return CompanyFacts(
        company,
        [_group_facts(connection, group, hidden) for group in found],
        LastRefresh(*refresh) if refresh else None,
        freshness,
    )


def _group_facts(connection: Connection, group: Group, hidden: frozenset[str]) -> GroupFacts:
    facts = _without(group, hidden)
    company_id, profile_id = facts.group.company_id, facts.group.profile_id
    members = {member.person_id for member in facts.group.members}
    near = {person_id for gap in facts.group.gaps for person_id in gap.nearest}
    near |= {gatekeeper.person_id for gatekeeper in facts.group.gatekeepers}
    lines = changes(connection, company_id=company_id, profile_id=profile_id, limit=_CHANGES)
    ends = other_ends(connection, lines)
    notes = notes_of(connection, company_id, members)
    return GroupFacts(
        facts,
        group_dates(connection, company_id, profile_id),
        names_of(connection, sorted(members | near)),
        titles_of(connection, company_id, sorted(members | near)),
        [
            line
            for line in decision_listing(connection, company_id, profile_id=profile_id)
            if line.person_id not in hidden
        ],
        [(line, ends.get(line)) for line in reversed(lines)],
        {
            person_id: summary
            for person_id, findings in notes.items()
            if (summary := json.loads(findings).get("summary"))
        },
    )


def _without(group: Group, hidden: frozenset[str]) -> Group:
    """Return the group whose gaps and gatekeepers name no person of `hidden`."""
    facts = group.group
    gaps = tuple(
        gap.model_copy(update={"nearest": tuple(p for p in gap.nearest if p not in hidden)})
        for gap in facts.gaps
    )
    gatekeepers = tuple(
        each for each in facts.gatekeepers if hidden.isdisjoint((each.person_id, each.guards))
    )
    update = {"gaps": gaps, "gatekeepers": gatekeepers}
    return group.model_copy(update={"group": facts.model_copy(update=update)})


def group_lines(connection: Connection) -> Iterator[GroupLine]:
    """Yield a line for each published group, by name of the company; it names no person."""
    members, changed = buyer_group_members.c, buyer_group_changes.c
    counts = (
        select(
            members.company_id,
            members.profile_id,
            func.count().label("members"),
            func.sum(case((members.role == "decision", 1), else_=0)).label("deciders"),
            func.sum(case((members.contacts != "[]", 1), else_=0)).label("reachable"),
        )
        .where(visible(members.person_id))
        .group_by(members.company_id, members.profile_id)
        .subquery()
    )
    news = (
        select(
            changed.company_id, changed.profile_id, func.max(changed.changed_at).label("news_at")
        )
        .where(visible(changed.person_id), func.coalesce(changed.cause, "") != "first")
        .group_by(changed.company_id, changed.profile_id)
        .subquery()
    )
    groups = buyer_groups.c
    query = (
        select(buyer_groups, companies.c.name, companies.c.owner, companies.c.industry,
               companies.c.country, companies.c.refreshed_at, companies.c.followed,
               counts.c.members, counts.c.deciders, counts.c.reachable, news.c.news_at)
        .join(companies, companies.c.company_id == groups.company_id)
        .outerjoin(counts, (counts.c.company_id == groups.company_id)
                   & (counts.c.profile_id == groups.profile_id))
        .outerjoin(news, (news.c.company_id == groups.company_id)
                   & (news.c.profile_id == groups.profile_id))
    )  # fmt: skip
    rows = connection.execute(query).all()
    for row in sorted(rows, key=lambda row: (row.name.casefold(), row.company_id, row.profile_id)):
        yield GroupLine(
            row.company_id,
            row.name,
            row.profile_id,
            row.owner,
            row.industry,
            row.country,
            row.members or 0,
            int(row.deciders or 0),
            int(row.reachable or 0),
            row.completeness,
            [gap["need"] for gap in json.loads(row.gaps)],
            row.refreshed_at or row.changed_at,
            row.news_at,
            row.followed,
        )
