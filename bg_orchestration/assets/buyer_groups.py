"""From a company to its published buyer group: six assets, partitioned by company.

Each is thin: it holds the refresh, asks `domain` or `store`, and says in numbers what came out.
Metadata holds ids and counts, never names, titles or contacts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets.metadata import change_metadata, group_checks, group_metadata
from bg_orchestration.assets.partitions import companies
from bg_orchestration.assets.taking_part import (
    already,
    publishes,
    require_company,
    retrying,
    take_over,
    taking_part,
)
from bg_orchestration.domain.model import (
    BuyerGroup,
    Company,
    ContactPoint,
    Group,
    Person,
    ScoredPerson,
    Seniority,
)
from bg_orchestration.domain.roles import assign
from bg_orchestration.domain.scoring import score_people
from bg_orchestration.profiles import load_profiles
from bg_orchestration.settings import settings
from bg_orchestration.store import companies as directory
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.store.groups import publish
from bg_orchestration.store.refreshes import Refresh

SENIORITIES = get_args(Seniority)

# An input costs a run four events of Dagster's log: an asset takes only the values that it reads,
# and names what else it follows in `deps`.
#
# No backfill policy: with any, runs carry range tags and escape the limit of one run a company.
_COMMON: dict[str, Any] = {
    "partitions_def": companies,
    "group_name": names.ASSET_GROUP,
    "pool": names.POOL,
    "owners": ["team:data"],
}


_CHECKS = (
    dg.AssetCheckSpec(
        "decision_maker_known",
        asset=names.BUYER_GROUP,
        description="Somebody in each group can decide on the purchase.",
    ),
    dg.AssetCheckSpec(
        "size_in_range",
        asset=names.BUYER_GROUP,
        description="Each group is as large as its company and deal call for.",
    ),
    dg.AssetCheckSpec(
        "members_explained",
        asset=names.BUYER_GROUP,
        blocking=True,
        description="Nobody stands in a group twice or without a reason. Blocks publishing.",
    ),
)


@dg.asset(name=names.COMPANY, kinds={"python"}, output_required=False, **_COMMON)
def company(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[Company] | dg.AssetObservation]:
    """The company as we know it: name, domain, head count, industry, country."""
    with retrying(context):
        found = require_company(context)
        taken = take_over(context, found.company_id) if publishes(context.run) else None
    metadata: dict[str, Any] = {"retries": context.retry_number}
    if isinstance(taken, Refresh):
        metadata |= {
            "refresh_id": taken.refresh_id,
            "reason": taken.reason,
            "attempt": taken.attempt,
            "events": taken.events,
        }
    elif taken is not None:
        context.log.info(already(taken))
        yield dg.AssetObservation(
            names.COMPANY, partition=found.company_id, metadata={"skipped": already(taken)}
        )
        return
    yield dg.MaterializeResult(value=found, metadata=metadata)


@dg.asset(name=names.PEOPLE, deps=[names.COMPANY], kinds={"python"}, **_COMMON)
def people(context: dg.AssetExecutionContext) -> dg.MaterializeResult[list[Person]]:
    """Everybody known to work at the company now, with title and department."""
    with taking_part(context), reading(engine_for(settings().url)) as connection:
        found = directory.people_of(connection, context.partition_key)
    return dg.MaterializeResult(
        value=found,
        metadata={
            "retries": context.retry_number,
            "dagster/row_count": len(found),
            "without_title": sum(not person.title for person in found),
        },
    )


@dg.asset(name=names.SCORED_PEOPLE, kinds={"python"}, **_COMMON)
def scored_people(
    context: dg.AssetExecutionContext, company: Company, people: list[Person]
) -> dg.MaterializeResult[list[ScoredPerson]]:
    """Everybody with their title read and a score, in explained parts, for each seller profile."""
    with taking_part(context):
        scored = list(score_people(company, people, load_profiles(settings().profiles)))
    seniorities = Counter(person.seniority for person in scored)
    return dg.MaterializeResult(
        value=scored,
        metadata={
            "retries": context.retry_number,
            "dagster/row_count": len(scored),
            **{f"seniority_{name}": seniorities[name] for name in SENIORITIES},
        },
    )


# An annotation would be read as the types of value and checks together: the type stands apart.
@dg.asset(
    name=names.BUYER_GROUP,
    kinds={"python"},
    check_specs=_CHECKS,
    dagster_type=dg.Any,
    **_COMMON,
)
def buyer_group(
    context: dg.AssetExecutionContext, company: Company, scored_people: list[ScoredPerson]
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Who takes part in the purchase, in which role and why: one group for each seller profile."""
    with taking_part(context):
        groups = [
            assign(company, scored_people, profile)
            for profile in load_profiles(settings().profiles)
        ]
    return dg.MaterializeResult(
        value=groups,
        metadata={"retries": context.retry_number, **group_metadata(groups)},
        check_results=list(group_checks(groups)),
    )


@dg.asset(name=names.CONTACTS, kinds={"python"}, **_COMMON)
def contacts(
    context: dg.AssetExecutionContext, buyer_group: list[BuyerGroup]
) -> dg.MaterializeResult[list[ContactPoint]]:
    """How to reach the members. Empty at the enrichment level `identify`."""
    members = sorted({member.person_id for group in buyer_group for member in group.members})
    found: list[ContactPoint] = []
    with taking_part(context):
        if settings().enrichment == "enrich":
            with reading(engine_for(settings().url)) as connection:
                found = directory.contacts_of(connection, members)
    reachable = len({point.person_id for point in found})
    return dg.MaterializeResult(
        value=found,
        metadata={
            "retries": context.retry_number,
            "dagster/row_count": len(found),
            "members": len(members),
            "reachable": reachable,
            "share_reachable": reachable / len(members) if members else 0.0,
        },
    )


@dg.asset(
    name=names.PUBLISHED_BUYER_GROUP,
    kinds={"postgres" if settings().url.startswith("postgres") else "sqlite"},
    **_COMMON,
)
def published_buyer_group(
    context: dg.AssetExecutionContext,
    buyer_group: list[BuyerGroup],
    contacts: list[ContactPoint],
) -> dg.MaterializeResult[None]:
    """The group in the database, and what changed in it; completes the refresh and its events."""
    groups = [_with_contacts(group, contacts) for group in buyer_group]
    with taking_part(context) as refresh:
        assert refresh is not None, "a run with this asset publishes"
        with writing(engine_for(settings().url)) as connection:
            changes = publish(connection, refresh, groups)
    return dg.MaterializeResult(
        metadata={
            "retries": context.retry_number,
            "refresh_id": refresh.refresh_id,
            "reason": refresh.reason,
            "events": refresh.events,
            **change_metadata(changes),
        }
    )


def _with_contacts(group: BuyerGroup, contacts: Sequence[ContactPoint]) -> Group:
    members = {member.person_id for member in group.members}
    return Group(
        group=group, contacts=tuple(point for point in contacts if point.person_id in members)
    )
