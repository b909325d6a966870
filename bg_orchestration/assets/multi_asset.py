"""The refresh as Dagster sees it: one step that makes six assets of one company.

One step and not six: see "One step makes all six assets" in docs/decisions.md.
"""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets.buyer_group import buyer_group
from bg_orchestration.assets.company import company
from bg_orchestration.assets.contacts import contacts
from bg_orchestration.assets.partitions import companies
from bg_orchestration.assets.people import people
from bg_orchestration.assets.published_buyer_group import published_buyer_group
from bg_orchestration.assets.refresh_config import RefreshConfig
from bg_orchestration.assets.refresh_step import refresh_step
from bg_orchestration.assets.scored_people import scored_people

# In the order in which they are made.
ASSETS: Final = (company, people, scored_people, buyer_group, contacts, published_buyer_group)


# No backfill policy: with any, runs carry range tags and escape the limit of one run a company.
@dg.multi_asset(
    name=names.REFRESH_STEP,
    description="Makes the assets of one company that a run selects.",
    specs=[asset.spec for asset in ASSETS],
    check_specs=[check for asset in ASSETS for check in asset.checks],
    can_subset=True,
    partitions_def=companies,
    pool=names.POOL,
    required_resource_keys={"configuration", "trace"},
)
def refresh(
    context: dg.AssetExecutionContext, config: RefreshConfig
) -> Iterator[dg.AssetCheckResult]:
    """Make the selected assets; the answers of their checks follow."""
    answers: list[dg.AssetCheckResult] = []
    try:
        with refresh_step(context, answers, config) as step:
            for asset in ASSETS:
                if step.makes(asset):
                    step.materialize(asset)
    finally:
        # Also when a check has stopped the step: Dagit shows which.
        yield from answers
