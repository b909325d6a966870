"""The followed companies with their groups, as lines of counts; no person is named."""

import json
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, case, func, select, true

from bg_orchestration.domain.coverage_figures import CoverageLine
from bg_orchestration.domain.freshness import FreshnessRules
from bg_orchestration.domain.model import ROLES
from bg_orchestration.refreshes.staleness import freshness
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import (
    COMPLETED,
    buyer_group_members,
    buyer_groups,
    companies,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

COST_PERIOD: Final = timedelta(days=30)


def coverage_lines(
    connection: Connection, rules: FreshnessRules, key_companies: Collection[str]
) -> Iterator[CoverageLine]:
    """Yield a line for each group of a followed company, and for a company without a group.

    A query of sums and one of freshness: their cost grows with groups and members, not with
    history.

    Args:
        connection: a transaction.
        rules: the thresholds of freshness in the settings.
        key_companies: see `profiles.key_companies`.
    """
    graded = {each.company_id: each for each in freshness(connection, rules, key_companies)}
    members = buyer_group_members.c
    counts = (
        select(
            members.company_id,
            members.profile_id,
            *(func.sum(case((members.role == role, 1), else_=0)).label(role) for role in ROLES),
            func.sum(case((members.contacts != "[]", 1), else_=0)).label("reachable"),
        )
        .where(visible(members.person_id))
        .group_by(members.company_id, members.profile_id)
        .subquery()
    )
    costs = (
        select(logs.c.company_id, func.sum(logs.c.cost_usd).label("cost_usd"))
        .where(COMPLETED, logs.c.finished_at >= clock(connection) - COST_PERIOD)
        .group_by(logs.c.company_id)
        .subquery()
    )
    groups = buyer_groups.c
    rows = connection.execute(
        select(
            companies.c.company_id,
            companies.c.refreshed_at,
            groups.profile_id,
            groups.completeness,
            groups.confidence,
            groups.gaps,
            costs.c.cost_usd,
            *(counts.c[name] for name in (*ROLES, "reachable")),
        )
        .select_from(companies)
        .outerjoin(buyer_groups, groups.company_id == companies.c.company_id)
        .outerjoin(
            counts,
            (counts.c.company_id == groups.company_id) & (counts.c.profile_id == groups.profile_id),
        )
        .outerjoin(costs, costs.c.company_id == companies.c.company_id)
        .where(companies.c.followed == true())
        .order_by(companies.c.company_id, groups.profile_id)
    )
    for row in rows:
        values = row._mapping
        if row.company_id not in graded:
            # Added after the first query.
            continue
        yield CoverageLine(
            company_id=row.company_id,
            profile_id=row.profile_id,
            refreshed_at=row.refreshed_at,
            tier=graded[row.company_id].tier,
            tier_reason=graded[row.company_id].reason,
            due_at=graded[row.company_id].due_at,
            roles={role: int(values[role]) for role in ROLES if values[role]},
            reachable=int(row.reachable or 0),
            completeness=row.completeness or 0.0,
            confidence=row.confidence or 0.0,
            open_gaps=len(json.loads(row.gaps or "[]")),
            cost_usd=row.cost_usd or 0.0,
        )
