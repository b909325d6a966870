"""The asset `coverage`: all followed companies in one table, one picture and steady numbers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets.code_references import code_references
from bg_orchestration.domain.coverage_figures import (
    TierCount,
    Worst,
    coverage_picture,
    figures,
    tiers,
    worst,
)
from bg_orchestration.profiles import key_companies
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.coverage_lines import coverage_lines
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, reading

# The schedule measures every hour.
_POLICY: Final = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(hours=2), fail_window=timedelta(hours=6)
)


def measure() -> dict[str, Any]:
    """Return the metadata of `coverage`: numbers, tables and the picture."""
    with reading(ready_engine()) as connection:
        now = clock(connection)
        config = settings()
        keys = key_companies(config.profiles)
        lines = list(coverage_lines(connection, config.freshness, keys))
    numbers, by_tier = figures(lines, now), tiers(lines, now)
    return {
        "picture": dg.MetadataValue.md(coverage_picture(by_tier, numbers)),
        "freshness": _freshness_table(by_tier),
        "needs_a_look": _worst_table(worst(lines, now)),
        "dagster/row_count": numbers["groups"],
        **numbers,
    }


@dg.asset(
    name=names.COVERAGE,
    deps=[names.PUBLISHED_BUYER_GROUP],
    description="How well all followed companies are covered. Counts and ids only.\n\n"
    "- `picture`, `freshness`: companies by tier of freshness and by the age of their group; "
    "`due`: how many the schedule refreshes now\n"
    "- `needs_a_look`: at most 20 companies, the worst first, with the reason\n"
    "- `companies`, `groups`, `members`; `companies_under_1_day` to `companies_over_30_days`: by "
    "the age of the group; `companies_never`: without a completed refresh\n"
    "- `companies_red`, `due_red`, ...: companies of a tier, and those of them that are due\n"
    "- `oldest_days`: the age of the oldest group\n"
    "- `share_with_decision`, ...: share of groups with at least one such member\n"
    "- `share_reachable`: share of members with an email or phone\n"
    "- `completeness`, `confidence`: means over groups\n"
    "- `cost_30_days_usd`: cost of the refreshes that completed in the last 30 days\n\n"
    "The names stay the same, so Dagit plots each number over time. The schedule "
    f"`{names.COVERAGE_SCHEDULE}` measures it again.",
    group_name=names.COVERAGE_GROUP,
    kinds={"python"},
    owners=list(settings().owners),
    metadata={"dagster/code_references": code_references(measure)},
    freshness_policy=_POLICY,
)
def coverage(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Measure all followed companies."""
    metadata = measure()
    context.log.info(
        "%d companies, %d groups, %d without a group, the oldest is %.1f days old",
        *(metadata[name] for name in ("companies", "groups", "companies_never", "oldest_days")),
    )
    return dg.MaterializeResult(metadata=metadata)


def _freshness_table(counts: Sequence[TierCount]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(
        records=[
            dg.TableRecord(
                {
                    "tier": count.tier,
                    "companies": count.companies,
                    "due": count.due,
                    **count.by_age,
                    "oldest_days": count.oldest_days,
                }
            )
            for count in counts
        ]
    )


def _worst_table(companies: Sequence[Worst]) -> dg.MetadataValue[Any]:
    if not companies:
        return dg.MetadataValue.text("nothing: every group has its decision maker and champion")
    return dg.MetadataValue.table(
        records=[
            dg.TableRecord(
                {
                    "company_id": company.company_id,
                    "why": company.why,
                    "age_days": company.age_days,
                    "tier": company.tier,
                    "tier_reason": company.tier_reason,
                    "profile": company.profile_id or "",
                }
            )
            for company in companies
        ],
        schema=dg.TableSchema(
            columns=[
                dg.TableColumn("company_id", "string", description="The partition."),
                dg.TableColumn("why", "string", description="What is missing."),
                dg.TableColumn("age_days", "float", description="Days since the last refresh."),
                dg.TableColumn("tier", "string", description="Tier of freshness."),
                dg.TableColumn("tier_reason", "string", description="Why this tier."),
                dg.TableColumn("profile", "string", description="The seller profile."),
            ]
        ),
    )
