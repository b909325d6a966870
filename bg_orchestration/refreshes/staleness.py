"""The freshness of companies as the tables say now: tier, reason and due time."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, or_, select

from bg_orchestration.domain.freshness import TIERS, Freshness, FreshnessRules, Tier, freshness_of
from bg_orchestration.store.database import clock
from bg_orchestration.store.freshness_facts import freshness_facts
from bg_orchestration.store.schema.tables import OPEN, companies
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.upserts import chunks


def freshness(
    connection: Connection,
    rules: FreshnessRules,
    key_companies: Collection[str],
    *conditions: ColumnElement[bool],
) -> Iterator[Freshness]:
    """Yield the freshness of every followed company that meets `conditions`, oldest refresh first.

    Args:
        connection: a transaction.
        rules: the thresholds of the settings.
        key_companies: ids and web domains of the seller profiles, see `profiles.key_companies`.
        conditions: on `companies`.
    """
    now = clock(connection)
    for facts in freshness_facts(connection, rules, now, *conditions):
        yield freshness_of(facts, rules, key_companies, now)


def freshness_by_id(
    connection: Connection,
    rules: FreshnessRules,
    key_companies: Collection[str],
    company_ids: Sequence[str],
) -> dict[str, Freshness]:
    """Return the freshness of these companies by id, of those that are followed."""
    return {
        each.company_id: each
        for chunk in chunks(company_ids)
        for each in freshness(connection, rules, key_companies, companies.c.company_id.in_(chunk))
    }


def due_companies(
    connection: Connection,
    rules: FreshnessRules,
    key_companies: Collection[str],
    *conditions: ColumnElement[bool],
) -> list[Freshness]:
    """Return the companies that are due by their tier, the longest due first.

    Only companies older than the age of tier red are read; no younger company can be due.
    """
    now = clock(connection)
    youngest = min(rules.ages.values())
    old = or_(companies.c.refreshed_at.is_(None), companies.c.refreshed_at <= now - youngest)
    found = freshness(connection, rules, key_companies, old, *conditions)
    return sorted(
        (each for each in found if each.due_at <= now),
        key=lambda each: (each.due_at, each.company_id),
    )


def tier_counts(
    connection: Connection, rules: FreshnessRules, key_companies: Collection[str]
) -> dict[Tier, int]:
    """Count the followed companies of each tier; the cost grows with their number."""
    counts: dict[Tier, int] = dict.fromkeys(TIERS, 0)
    for each in freshness(connection, rules, key_companies):
        counts[each.tier] += 1
    return counts


def without_open_refresh() -> ColumnElement[bool]:
    """Return the condition that a company has no open refresh."""
    open_refresh = select(logs.c.refresh_id).where(logs.c.company_id == companies.c.company_id)
    return ~open_refresh.where(OPEN).exists()
