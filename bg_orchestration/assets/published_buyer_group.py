"""The asset `published_buyer_group`."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.assets import artifacts
from bg_orchestration.assets.asset_checks import USUAL_REFRESH_SPEC, usual_refresh
from bg_orchestration.assets.metadata import change_metadata, links, member_table
from bg_orchestration.assets.refresh_asset import refresh_asset
from bg_orchestration.assets.refresh_step import RefreshStep
from bg_orchestration.assets.sources import DATABASE
from bg_orchestration.domain.model import BuyerGroup, ContactPoint, Group
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.refreshes.history import figures_of, history, oldest_event
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.database import clock, describe_outage, reading, writing


@refresh_asset(
    names.PUBLISHED_BUYER_GROUP,
    deps=[names.BUYER_GROUP, names.CONTACTS],
    kind=DATABASE,
    checks=[USUAL_REFRESH_SPEC],
    tags=["personal_data"],
)
def published_buyer_group(step: RefreshStep) -> dg.MaterializeResult[None]:
    """The group in the database, and its changes; completes the refresh and its events.

    - `what_changed`: the changes in words, with ids; `bg changes COMPANY` has the names
    - `group`: the members by role, each with the reason in one line
    - `event_to_published_seconds`: from the arrival of the oldest event to now; only after events
    - `cost_usd`: the cost of this refresh; `seconds`: its duration
    - `trace`, `report`: links or files, or the commands that show the same
    - `changes`: changes over all seller profiles; by kind: `joined`, `left` (the company),
      `dropped` (works there, out of the group), `role_changed`, `title_changed`, `contact_changed`
    - `events`: events that this refresh handled; `reason`: its cause; `refresh_id`: its id
    """
    refresh = step.refresh
    assert refresh is not None, "a run with this asset publishes"
    points = step.value(artifacts.CONTACTS)
    groups = [with_contacts(group, points) for group in step.value(artifacts.BUYER_GROUP)]
    # Before the transaction that publishes: the refreshes of all companies wait for that one.
    with reading(step.engine) as connection:
        past = history(connection, step.company.company_id)
        waiting_since = oldest_event(connection, refresh.refresh_id) if refresh.events else None
    with writing(step.engine) as connection:
        kept = {profile.id for profile in step.configuration.profiles}
        changes = publish(connection, refresh, groups, kept)
        now = clock(connection)
        figures = figures_of(connection, refresh.refresh_id)
    cost, seconds = figures.get("cost_usd", 0.0), figures.get("seconds", 0.0)
    waited = (
        {}
        if waiting_since is None
        else {
            "event_to_published_seconds": round(max(0.0, (now - waiting_since).total_seconds()), 3)
        }
    )
    words = change_metadata(changes, now.date())
    step.note_published(
        f"Published: {quantity(sum(len(group.group.members) for group in groups), 'member')}, "
        f"{quantity(words['changes'], 'change')}, {quantity(refresh.events, 'event')} handled, "
        f"{cost:.2f} USD."
    )
    return dg.MaterializeResult(
        metadata={
            "what_changed": words.pop("what_changed"),
            "group": member_table([group.group for group in groups]),
            **waited,
            "cost_usd": round(cost, 4),
            "seconds": round(seconds, 3),
            **links(
                step.settings,
                step.company.company_id,
                refresh.refresh_id,
                step.trace_id,
                _write_page(step),
            ),
            **words,
            "events": refresh.events,
            "reason": refresh.reason,
            "refresh_id": refresh.refresh_id,
        },
        check_results=[usual_refresh(step.company.company_id, figures, past)],
    )


def _write_page(step: RefreshStep) -> Path | None:
    """Write the company's page into `BG_REPORTS`; `None` without a folder or if that fails."""
    folder = step.settings.reports
    if folder is None:
        return None
    # Imported here, because most runs write no page.
    from bg_orchestration.report.page_files import renew_page

    company_id = step.company.company_id
    try:
        return renew_page(step.engine, step.settings, folder, company_id)
    except (OSError, SQLAlchemyError) as error:
        # The group is published: a missing page must not fail its run.
        why = error.strerror if isinstance(error, OSError) else describe_outage(error)
        step.warn(f"The page of {company_id} was not written to {folder}: {why}.")
        return None


def with_contacts(group: BuyerGroup, contacts: Sequence[ContactPoint]) -> Group:
    """Return the group with the contact points of its members."""
    members = {member.person_id for member in group.members}
    return Group(
        group=group, contacts=tuple(point for point in contacts if point.person_id in members)
    )
