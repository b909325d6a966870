"""The asset `buyer_group`."""

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets import artifacts
from bg_orchestration.assets.asset_checks import GROUP_SPEC, group_answer
from bg_orchestration.assets.contacts import known_contacts
from bg_orchestration.assets.metadata import group_metadata, members_of
from bg_orchestration.assets.refresh_asset import refresh_asset
from bg_orchestration.assets.refresh_step import RefreshStep, stop
from bg_orchestration.assets.rules_version import rules_version
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.model import BuyerGroup
from bg_orchestration.refreshes.decisions import decisions_of
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.store.database import reading


@refresh_asset(
    names.BUYER_GROUP,
    deps=[names.COMPANY, names.SCORED_PEOPLE],
    checks=[GROUP_SPEC],
    artifact=artifacts.BUYER_GROUP,
    by_rules=True,
)
def buyer_group(step: RefreshStep) -> dg.MaterializeResult[list[BuyerGroup]]:
    """The people who take part in the purchase, with role and reasons: one group a seller profile.

    A role that a person gave (`bg confirm`, `bg assign`) wins over the rules, and a person who was
    dismissed is left out. Ids and reasons only: `bg show COMPANY` has the names.

    - `size`, `role_...`: members, and how many have each role; with several seller profiles the
      sums over all groups
    - `completeness`: the share of the needs of the purchase that are covered; `confidence`: the
      probability that decision and champion are right. From 0 to 1; with several seller profiles
      the means
    - `way_in`: assistants and receptions, each with the member whom they screen
    - `people_known`: how many people of the company were judged
    - `share_reachable`: the share of members, from 0 to 1, with a known email or phone
    - `missing`: the needs that no member covers, where to look, and who comes nearest
    - `group`: the members by role, each with one reason
    - `rules`: the version of the rules that made the group: judgement, policy and seller profiles.
      Dagit marks a partition of other rules with "has a new code version"

    If the check `group_is_sound` blocks, nothing is stored or published, and the run's error says
    what to do.
    """
    company, scored = step.value(artifacts.COMPANY), step.value(artifacts.SCORED_PEOPLE)
    profiles, policy = step.profiles, step.configuration.policy
    with reading(step.engine) as connection:
        decisions = decisions_of(connection, company.company_id)
        groups = [
            assign(company, scored, profile, policy, decisions.get(profile.id, ()))
            for profile in profiles
        ]
        before = [published(connection, company.company_id, profile.id) for profile in profiles]
        points = known_contacts(connection, members_of(groups))
    answer = group_answer(
        groups,
        {group.group.profile_id: group.group for group in before if group is not None},
        step.tags,
        company.company_id,
    )
    if answer.refusal is not None:
        # No value either: a run of the later assets alone would publish it.
        step.answer([answer.result])
        raise stop(answer.refusal)
    reachable = len({point.person_id for point in points})
    return dg.MaterializeResult(
        value=groups,
        metadata=group_metadata(groups, reachable) | {"rules": rules_version()},
        check_results=[answer.result],
    )
