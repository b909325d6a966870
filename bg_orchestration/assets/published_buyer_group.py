"""The asset `published_buyer_group`."""

from collections.abc import Sequence

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets import artifacts
from bg_orchestration.assets.asset_checks import USUAL_REFRESH_SPEC, usual_refresh
from bg_orchestration.assets.metadata import change_metadata
from bg_orchestration.assets.refresh_asset import refresh_asset
from bg_orchestration.assets.refresh_step import RefreshStep
from bg_orchestration.assets.sources import DATABASE
from bg_orchestration.domain.model import BuyerGroup, ContactPoint, Group
from bg_orchestration.refreshes.history import figures_of, history
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.database import clock, reading, writing


@refresh_asset(
    names.PUBLISHED_BUYER_GROUP,
    deps=[names.BUYER_GROUP, names.CONTACTS],
    kind=DATABASE,
    checks=[USUAL_REFRESH_SPEC],
    tags=["personal_data"],
)
def published_buyer_group(step: RefreshStep) -> dg.MaterializeResult[None]:
    """The group in the database, and its changes; completes the refresh and its events.

    - `changes`: changes over all seller profiles; `joined` to `contact_changed`: by kind
    - `what_changed`: the changes in words, with ids; `bg changes COMPANY` has the names
    """
    assert step.refresh is not None, "a run with this asset publishes"
    points = step.value(artifacts.CONTACTS)
    groups = [with_contacts(group, points) for group in step.value(artifacts.BUYER_GROUP)]
    # Before the transaction that publishes: the refreshes of all companies wait for that one.
    with reading(step.engine) as connection:
        past = history(connection, step.company.company_id)
    with writing(step.engine) as connection:
        changes = publish(connection, step.refresh, groups)
        today = clock(connection).date()
        figures = figures_of(connection, step.refresh.refresh_id)
    return dg.MaterializeResult(
        metadata={
            "refresh_id": step.refresh.refresh_id,
            "reason": step.refresh.reason,
            "events": step.refresh.events,
            **change_metadata(changes, today),
        },
        check_results=[usual_refresh(step.company.company_id, figures, past)],
    )


def with_contacts(group: BuyerGroup, contacts: Sequence[ContactPoint]) -> Group:
    """Return the group with the contact points of its members."""
    members = {member.person_id for member in group.members}
    return Group(
        group=group, contacts=tuple(point for point in contacts if point.person_id in members)
    )
