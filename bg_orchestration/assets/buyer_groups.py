"""From a company to its published buyer group: six assets, partitioned by company.

Each is thin: it holds the refresh, asks `domain` or `store`, and says in numbers what came out.
Metadata holds ids and counts, never names, titles or contacts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets.asking import deferred
from bg_orchestration.assets.checks import (
    CHECK_SPECS,
    REACHABLE_SPEC,
    USUAL_REFRESH_SPEC,
    check_results,
    reachable_result,
    refusal,
    usual_refresh,
)
from bg_orchestration.assets.judging import judged, members_of
from bg_orchestration.assets.looking_up import listed, looked_up
from bg_orchestration.assets.metadata import change_metadata, group_metadata, share
from bg_orchestration.assets.partitions import companies
from bg_orchestration.assets.reaching import reached
from bg_orchestration.assets.researching import researched
from bg_orchestration.assets.taking_part import (
    already,
    holding,
    publishes,
    require_company,
    retrying,
    take_over,
    taking_part,
)
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import (
    BuyerGroup,
    Company,
    ContactPoint,
    Group,
    Person,
    ScoredPerson,
    Seniority,
)
from bg_orchestration.ledger.errors import BudgetSpentError
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.refreshes.figures import figures_of, history
from bg_orchestration.refreshes.life_cycle import Refresh
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, engine_for, reading, writing

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
    "required_resource_keys": {"trace"},
}


@dg.asset(name=names.COMPANY, kinds={"python"}, output_required=False, **_COMMON)
def company(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[Company] | dg.AssetObservation]:
    """The company as we know it: name, domain, head count, industry, country.

    Where the settings name providers, the first that knows its web domain completes it; one that
    finds another company is not believed. `providers` tells what became of each.

    A run begins here: `refresh_id` is the refresh that it took over, `reason` why (`event`,
    `scheduled`, or `manual` by a person), `attempt` which try this is, and `events` how many
    person changes it handles.
    """
    told: dict[str, Any] = {}
    try:
        with retrying(context):
            found = require_company(context)
            taken = take_over(context, found.company_id) if publishes(context.run) else None
            asks = bool(settings().providers_for("company"))
            if asks and (taken is None or isinstance(taken, Refresh)):
                with holding(context, taken):
                    found, told = looked_up(context, found, taken)
    except BudgetSpentError as error:
        yield deferred(context, names.COMPANY, error)
        return
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
    yield dg.MaterializeResult(value=found, metadata=metadata | told)


@dg.asset(
    name=names.PEOPLE, deps=[names.COMPANY], kinds={"python"}, output_required=False, **_COMMON
)
def people(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[list[Person]] | dg.AssetObservation]:
    """Everybody known to work at the company now, with title and department.

    From imports and from the person changes that were pushed; where the settings name providers,
    from the first of them that lists the company's people. Of these only those who may enter a
    group are known. Where a provider shows people first, only the records of likely members are
    bought: of the others no start and no address is known.

    - `new`, `changed`, `left`, `kept_out`: what the list brought; kept out are those who asked to
      be forgotten
    - `cost_usd`, `calls`: what asking cost, in how many paid calls; `ledger_hits` had been paid
      for before, `ambiguous` may have been charged without an answer
    - `providers`: what became of asking each
    """
    try:
        with taking_part(context) as refresh:
            found, told = listed(context, context.partition_key, refresh)
    except BudgetSpentError as error:
        yield deferred(context, names.PEOPLE, error)
        return
    yield dg.MaterializeResult(
        value=found,
        metadata={
            **told,
            "retries": context.retry_number,
            "dagster/row_count": len(found),
            "without_title": sum(not person.title for person in found),
        },
    )


@dg.asset(name=names.SCORED_PEOPLE, kinds={"python"}, **_COMMON)
def scored_people(
    context: dg.AssetExecutionContext, company: Company, people: list[Person]
) -> dg.MaterializeResult[list[ScoredPerson]]:
    """Everybody with their title read and a score, in explained parts, for each seller profile.

    `seniority_...`: how many titles state which rank.
    """
    with taking_part(context):
        folder = settings().profiles
        scored = list(score_people(company, people, load_profiles(folder), load_policy(folder)))
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
    check_specs=CHECK_SPECS,
    dagster_type=dg.Any,
    **_COMMON,
)
def buyer_group(
    context: dg.AssetExecutionContext, company: Company, scored_people: list[ScoredPerson]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:  # type: ignore[type-arg]
    """Who takes part in the purchase, in which role and why: one group for each seller profile.

    Roles that people gave (`bg confirm`, `bg assign`) stand before those of the rules, and whom
    they dismissed takes no part. Ids and reasons only: `bg show COMPANY` tells the names.

    - `size`, `role_...`: members, and how many hold each role; with several seller profiles the
      sums over all groups
    - `completeness`: the share of the needs of the purchase that are covered; `confidence`: the
      probability that decision and champion are right. From 0 to 1; with several seller profiles
      the means
    - `people_known`: how many people of the company were judged
    - `share_reachable`: for how many of the members, from 0 to 1, an email or phone is known
    - `way_in`: assistants and receptions, each with the member whom they screen
    - `missing`: the needs that nobody covers, where to look, and who comes nearest
    - `group`: the members

    If a blocking check fails, nothing is stored or published, and the run's error says what to do.
    """
    with taking_part(context):
        groups, published, reachable = judged(company, scored_people)
    results = check_results(groups, published, context.run.tags)
    refused = refusal(company.company_id, results)
    if refused is not None:
        # No value either: whoever materializes only what follows would publish it.
        yield from results
        with taking_part(context):
            raise dg.Failure(refused, allow_retries=False)
    yield dg.MaterializeResult(
        value=groups,
        metadata={**group_metadata(groups, reachable), "retries": context.retry_number},
        check_results=results,
    )


# See `buyer_group` for why the type stands apart.
@dg.asset(
    name=names.CONTACTS,
    kinds={"python"},
    check_specs=[REACHABLE_SPEC],
    output_required=False,
    dagster_type=dg.Any,
    **_COMMON,
)
def contacts(
    context: dg.AssetExecutionContext, buyer_group: list[BuyerGroup]
) -> Iterator[dg.MaterializeResult | dg.AssetObservation]:  # type: ignore[type-arg]
    """How to reach the members: email addresses and phone numbers, with who says so.

    What a person put right (`bg correct`) stands before all else. Where the settings name
    providers, addresses are verified, and providers are asked in their order for members who have
    none that is fit for use. What is dead, or not to be used, is not handed out.

    Empty at the enrichment level `identify`.

    - `reachable`: how many of the `members`, each counted once, have any; `share_reachable`: the
      same as a share from 0 to 1
    - `verified`: how many of the contact points a verifier has judged; `stale`: those that were
      neither seen nor verified for 90 days, and nobody knows a younger one
    - `not_to_be_used`: how many are known and kept back since their source says so; `protected`:
      of how many members no provider may tell
    - `cost_usd`, `calls`, `ledger_hits`, `ambiguous`, `providers`: as of `people`
    - `researched`: of how many decision makers and champions something was found at the level
      `deep_research`; it is kept apart and changes no role, score or contact
    """
    members = members_of(buyer_group)
    try:
        with taking_part(context) as refresh:
            found, told = reached(context, context.partition_key, members, refresh)
            told |= researched(context, context.partition_key, buyer_group, refresh)
    except BudgetSpentError as error:
        yield deferred(context, names.CONTACTS, error)
        return
    reachable = len({point.person_id for point in found})
    yield dg.MaterializeResult(
        value=found,
        check_results=[reachable_result(reachable, len(members))],
        metadata={
            **told,
            "retries": context.retry_number,
            "dagster/row_count": len(found),
            "members": len(members),
            "reachable": reachable,
            "share_reachable": share(reachable, len(members)),
        },
    )


@dg.asset(
    name=names.PUBLISHED_BUYER_GROUP,
    kinds={"postgres" if settings().url.startswith("postgres") else "sqlite"},
    check_specs=[USUAL_REFRESH_SPEC],
    dagster_type=dg.Any,
    **_COMMON,
)
def published_buyer_group(
    context: dg.AssetExecutionContext,
    buyer_group: list[BuyerGroup],
    contacts: list[ContactPoint],
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:  # type: ignore[type-arg]
    """The group in the database, and what changed in it; completes the refresh and its events.

    `changes` counts them over all seller profiles, `joined` to `contact_changed` by kind, and
    `what_changed` tells them; `bg changes COMPANY` tells them with names.
    """
    groups = [_with_contacts(group, contacts) for group in buyer_group]
    with taking_part(context) as refresh:
        assert refresh is not None, "a run with this asset publishes"
        engine = engine_for(settings().url)
        # Before the transaction that publishes: all companies' refreshes wait for that one.
        with reading(engine) as connection:
            past = history(connection, refresh.company_id)
        with writing(engine) as connection:
            changes = publish(connection, refresh, groups)
            today = clock(connection).date()
            found = figures_of(connection, refresh.refresh_id)
    yield dg.MaterializeResult(
        metadata={
            "retries": context.retry_number,
            "refresh_id": refresh.refresh_id,
            "reason": refresh.reason,
            "events": refresh.events,
            **change_metadata(changes, today),
        },
        check_results=[usual_refresh(found, past)],
    )


def _with_contacts(group: BuyerGroup, contacts: Sequence[ContactPoint]) -> Group:
    members = {member.person_id for member in group.members}
    return Group(
        group=group, contacts=tuple(point for point in contacts if point.person_id in members)
    )
