"""Merge two stored companies that are the same, and archive or rename a company.

Every function works in its caller's writing transaction, under the admission and directory locks.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.database import clock
from bg_orchestration.store.external_ids import move_ids
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema import tables
from bg_orchestration.store.schema.subscription_tables import (
    provider_subscriptions,
    provider_sweeps,
)
from bg_orchestration.store.schema.tables import IN_FORCE, OPEN, companies
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_event_companies as routes
from bg_orchestration.store.upserts import missing_values, rows_where

# Tables whose rows of the old company stand beside those of the new company, or give way to them
# where both have one: by the columns that make a row unique within a company.
_MOVED: Final[Sequence[tuple[Table, tuple[str, ...]]]] = (
    (routes, ("event",)),
    (tables.employments, ("person_id",)),
    (tables.buyer_group_members, ("profile_id", "person_id")),
    (tables.buyer_groups, ("profile_id",)),
    (tables.research_notes, ("person_id",)),
    (tables.budget_overrides, ()),
    (provider_sweeps, ()),
    (tables.company_leases, ()),
)
# Tables whose rows all move.
_HISTORY: Final = (
    logs,
    tables.buyer_group_changes,
    tables.buyer_group_decisions,
    tables.webhook_events,
    tables.pipeline_operations,
    tables.notification_outbox,
    provider_subscriptions,
)


class MergeError(Exception):
    """Two companies cannot be merged; the message says why."""


def merge_companies(connection: Connection, old: str, new: str) -> None:
    """Move everything of the company `old` to `new`; from then on the old key means `new`.

    Group, people, decisions, changes, refreshes and pending events move. Where both companies have
    a row, that of `new` stays. A running refresh of `old` loses its lease and writes nothing.

    Raises:
        MergeError: a company is not known, or both are the same.
    """
    lock_companies(connection)
    target = find_company(connection, new)
    stored_rows = rows_where(connection, companies.c.company_id, {old})
    if target is None or not stored_rows:
        missing = new if target is None else old
        raise MergeError(f"No company {missing} is known. List them: bg companies")
    new, stored = target.company_id, stored_rows[0]
    if old == new or stored["merged_into"] is not None:
        raise MergeError(f"{old} is {stored['merged_into'] or new} already.")
    now = clock(connection)
    _end_open_refresh(connection, old, f"merged into {new}")
    _take_back_decisions(connection, old, new)
    groups_of_new = connection.scalars(
        select(tables.buyer_groups.c.profile_id).where(tables.buyer_groups.c.company_id == new)
    ).all()
    # A group is one judgement: its members do not mix with those of another.
    members = tables.buyer_group_members.c
    connection.execute(
        delete(tables.buyer_group_members).where(
            members.company_id == old, members.profile_id.in_(groups_of_new)
        )
    )
    for table, unique in _MOVED:
        _move(connection, table, unique, old, new)
    for table in _HISTORY:
        connection.execute(update(table).where(table.c.company_id == old).values(company_id=new))
    changes = tables.buyer_group_changes.c
    connection.execute(
        update(tables.buyer_group_changes)
        .where(changes.other_company_id == old)
        .values(other_company_id=new)
    )
    move_ids(connection, "company", old, new)
    [row] = rows_where(connection, companies.c.company_id, {new})
    names = ("domain", "employee_count", "industry", "country", "owner")
    facts = missing_values(row, {name: stored[name] for name in names})
    connection.execute(
        update(companies)
        .where(companies.c.company_id == new)
        .values({**facts, "followed": row["followed"] or stored["followed"]})
    )
    connection.execute(
        update(companies)
        .where((companies.c.company_id == old) | (companies.c.merged_into == old))
        .values(followed=False, merged_into=new, refreshed_at=now)
    )


def set_followed(connection: Connection, company_ids: Sequence[str], *, followed: bool) -> int:
    """Follow or archive companies; return how many changed.

    An archived company is not refreshed: a planned refresh ends, and its pending events are
    ignored. Its group and history stay.
    """
    lock_companies(connection)
    changed = connection.execute(
        update(companies)
        .where(companies.c.company_id.in_(company_ids), companies.c.followed != followed)
        .values(followed=followed)
    ).rowcount
    if not followed:
        for company_id in company_ids:
            _end_open_refresh(connection, company_id, "the company is not followed any more")
            _ignore_events(connection, company_id)
    return changed


def rename_company(connection: Connection, company_id: str, name: str) -> None:
    """Change the display name of a company; its key stays."""
    lock_companies(connection)
    connection.execute(
        update(companies)
        .where(companies.c.company_id == company_id)
        .values(name=name, folded_name=fold_name(name))
    )


def lock_companies(connection: Connection) -> None:
    """Take the locks of refreshes and directory, in their order."""
    acquire_lock(connection, Lock.ADMISSION)
    acquire_lock(connection, Lock.DIRECTORY)


def _end_open_refresh(connection: Connection, company_id: str, why: str) -> None:
    """End the open refresh of a company; a run that holds its lease may write nothing more."""
    now = clock(connection)
    leases = tables.company_leases
    connection.execute(
        update(leases)
        .where(leases.c.company_id == company_id)
        .values(token=leases.c.token + 1, expires_at=now)
    )
    open_refresh = select(logs.c.refresh_id).where(logs.c.company_id == company_id, OPEN)
    attempts = tables.refresh_attempts
    connection.execute(
        update(attempts)
        .where(attempts.c.refresh_id.in_(open_refresh), attempts.c.ended_at.is_(None))
        .values(ended_at=now, error=why)
    )
    connection.execute(
        update(routes)
        .where(routes.c.company_id == company_id, routes.c.state == "pending")
        .values(refresh_id=None)
    )
    connection.execute(
        update(logs)
        .where(logs.c.company_id == company_id, OPEN)
        .values(state="dead", finished_at=now, error=why)
    )


def _ignore_events(connection: Connection, company_id: str) -> None:
    """End the pending events of a company; one that concerns another company too goes on there."""
    pending = connection.scalars(
        select(routes.c.event).where(routes.c.company_id == company_id, routes.c.state == "pending")
    ).all()
    connection.execute(
        delete(routes).where(routes.c.company_id == company_id, routes.c.state == "pending")
    )
    events = tables.webhook_events
    elsewhere = select(routes.c.event).where(routes.c.event == events.c.id).exists()
    connection.execute(
        update(events)
        .where(events.c.id.in_(pending), events.c.state == "pending", ~elsewhere)
        .values(
            state="ignored",
            reason=f"company {company_id} is not followed",
            handled_at=clock(connection),
        )
    )


def _take_back_decisions(connection: Connection, old: str, new: str) -> None:
    """End decisions about `old` where one about the same person is in force for `new`."""
    decisions = tables.buyer_group_decisions
    both = decisions.alias()
    same = select(both.c.id).where(
        both.c.company_id == new,
        both.c.profile_id == decisions.c.profile_id,
        both.c.person_id == decisions.c.person_id,
        both.c.taken_back_at.is_(None),
    )
    connection.execute(
        update(decisions)
        .where(decisions.c.company_id == old, IN_FORCE, same.exists())
        .values(
            taken_back_at=clock(connection),
            taken_back_by="merge",
            taken_back_why=f"the companies were merged into {new}",
        )
    )


def _move(connection: Connection, table: Table, unique: Sequence[str], old: str, new: str) -> None:
    """Move the rows of `old` to `new`; a row that `new` has already stays, the other is deleted."""
    other = table.alias()
    same: list[ColumnElement[bool]] = [other.c[name] == table.c[name] for name in unique]
    taken = select(other.c.company_id).where(other.c.company_id == new, *same).exists()
    connection.execute(delete(table).where(table.c.company_id == old, taken))
    connection.execute(update(table).where(table.c.company_id == old).values(company_id=new))
