"""The asset `scored_people`."""

from collections import Counter
from typing import Final, get_args

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets import artifacts
from bg_orchestration.assets.refresh_asset import refresh_asset
from bg_orchestration.assets.refresh_step import RefreshStep
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import ScoredPerson, Seniority

_SENIORITIES: Final[tuple[Seniority, ...]] = get_args(Seniority)


@refresh_asset(
    names.SCORED_PEOPLE,
    deps=[names.COMPANY, names.PEOPLE],
    artifact=artifacts.SCORED_PEOPLE,
    by_rules=True,
    tags=["personal_data"],
)
def scored_people(step: RefreshStep) -> dg.MaterializeResult[list[ScoredPerson]]:
    """The people with seniority and function read from their title, and a score with its parts.

    One score for each seller profile.

    - `dagster/row_count`: people; `seniority_...`: how many of them have which seniority
    """
    company, people = step.value(artifacts.COMPANY), step.value(artifacts.PEOPLE)
    profiles, policy = step.configuration.profiles, step.configuration.policy
    scored = list(score_people(company, people, profiles, policy))
    counts = Counter(person.seniority for person in scored)
    return dg.MaterializeResult(
        value=scored,
        metadata={
            "dagster/row_count": len(scored),
            **{f"seniority_{seniority}": counts[seniority] for seniority in _SENIORITIES},
        },
    )
