"""Publish groups, and store what changed in them."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bg_orchestration import names
from bg_orchestration.domain.changes import diff, with_causes
from bg_orchestration.domain.model import (
    BuyerGroup,
    Change,
    ContactPoint,
    Gap,
    Gatekeeper,
    Group,
    Member,
)
from bg_orchestration.ledger.budget import cost_of_refresh
from bg_orchestration.refreshes.corrections import corrected_during
from bg_orchestration.refreshes.decisions import decided_during, decisions_of
from bg_orchestration.refreshes.life_cycle import (
    Refresh,
    complete,
    renew,
)
from bg_orchestration.refreshes.moves import employments_of, end_hold_of_moves, hold_of_moves
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.outbox import note
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    employments,
    erasure_people,
)

# Changes that come with a new job.
_OF_A_JOB = ("joined", "title_changed")


def publish(
    connection: Connection,
    refresh: Refresh,
    groups: Sequence[Group],
    kept: Collection[str] = (),
) -> dict[str, tuple[Change, ...]]:
    """Publish the groups of one company and complete `refresh`, all in the caller's transaction.

    An equal row is not written. A group whose seller profile is neither among `groups` nor `kept`
    is removed. A decision or correction since the start of the refresh gets another refresh.
    Returns the changes for each seller profile.

    Raises:
        LeaseLostError: another run has taken the company, or the attempt has ended; the
            transaction must be rolled back.
    """
    # Before the lease, because `start` locks the two in this order.
    acquire_lock(connection, Lock.ADMISSION)
    renew(connection, refresh)
    now = clock(connection)
    groups = [_without_hidden(connection, group) for group in groups]
    differences: dict[str, tuple[Change, ...]] = {}
    for group in groups:
        profile_id = group.group.profile_id
        published_group = published(connection, refresh.company_id, profile_id)
        differences[profile_id] = diff(published_group, group)
        _write_group(connection, published_group, group, now)
        _write_members(connection, published_group, group, now)
    retired = set(profile_ids(connection, refresh.company_id)) - differences.keys() - set(kept)
    for profile_id in sorted(retired):
        differences[profile_id] = _retire(connection, refresh.company_id, profile_id)
    changes = _with_causes(connection, refresh, differences, retired, now)
    for profile_id, of_profile in changes.items():
        _log_changes(connection, refresh, profile_id, of_profile, now)
    summary = _summary(groups, changes)
    # Left out if 0: beside many free refreshes, each paid refresh would look unusual.
    if (usd := cost_of_refresh(connection, refresh.refresh_id)) > 0:
        summary["cost_usd"] = usd
    complete(connection, refresh, summary)
    if any(changes.values()):
        hold = hold_of_moves(connection, changes.values(), now)
        note(connection, names.GROUP_CHANGED, refresh.company_id, refresh.refresh_id, now, hold)
    if settings().notified(names.GROUP_CHANGED):
        end_hold_of_moves(connection, refresh.company_id, now)
    checks = (decided_during, corrected_during)
    if any(has_new(connection, refresh.refresh_id) for has_new in checks):
        plan_manual(connection, [refresh.company_id])
    return changes


def _without_hidden(connection: Connection, group: Group) -> Group:
    """Return the group without people whose erasure was requested since the run read them."""
    members = group.group.members
    person_ids = {member.person_id for member in members}
    person_ids |= {person_id for gap in group.group.gaps for person_id in gap.nearest}
    person_ids |= {gatekeeper.person_id for gatekeeper in group.group.gatekeepers}
    hidden = set(
        connection.scalars(
            select(erasure_people.c.person_id).where(erasure_people.c.person_id.in_(person_ids))
        )
    )
    if not hidden:
        return group
    gaps = [
        gap.model_copy(
            update={"nearest": tuple(nearest for nearest in gap.nearest if nearest not in hidden)}
        )
        for gap in group.group.gaps
    ]
    visible_members = tuple(member for member in members if member.person_id not in hidden)
    contacts = tuple(point for point in group.contacts if point.person_id not in hidden)
    gatekeepers = tuple(
        gatekeeper
        for gatekeeper in group.group.gatekeepers
        if hidden.isdisjoint((gatekeeper.person_id, gatekeeper.guards))
    )
    visible_group = group.group.model_copy(
        update={"members": visible_members, "gaps": tuple(gaps), "gatekeepers": gatekeepers}
    )
    return group.model_copy(update={"group": visible_group, "contacts": contacts})


def _summary(
    groups: Sequence[Group], changes: Mapping[str, Sequence[Change]]
) -> dict[str, int | float]:
    """Summarize the result in figures; figures of a group only if there is a group."""
    figures: dict[str, int | float] = {
        "members": sum(len(group.group.members) for group in groups),
        "changes": sum(len(of_profile) for of_profile in changes.values()),
    }
    if groups:
        figures["people"] = max(group.group.people_known for group in groups)
        figures["confidence"] = sum(group.group.confidence for group in groups) / len(groups)
    return figures


def _with_causes(
    connection: Connection,
    refresh: Refresh,
    differences: Mapping[str, Sequence[Change]],
    retired: Collection[str],
    now: datetime,
) -> dict[str, tuple[Change, ...]]:
    """Return the changes by seller profile, with start dates and causes."""
    dated = {
        profile_id: _with_start_dates(connection, refresh.company_id, of_profile)
        for profile_id, of_profile in differences.items()
    }
    person_ids = {
        change.person_id
        for of_profile in dated.values()
        for change in of_profile
        if change.kind == "dropped" or (change.kind == "joined" and change.cause is None)
    }
    if not person_ids:
        return dated
    jobs = employments_of(
        connection, refresh.company_id, refresh.refresh_id, person_ids, now.date()
    )
    decisions = decisions_of(connection, refresh.company_id)
    return {
        profile_id: with_causes(
            of_profile,
            jobs,
            {
                decision.person_id
                for decision in decisions.get(profile_id, ())
                if decision.kind == "dismissed"
            },
            now.date(),
            retired=profile_id in retired,
        )
        for profile_id, of_profile in dated.items()
    }


def _with_start_dates(
    connection: Connection, company_id: str, changes: Sequence[Change]
) -> tuple[Change, ...]:
    """Compute the changes; a missing start date is taken from the event that reported the job.

    That day appears only in the change: the same people from files give the same group.
    """
    person_ids = [
        change.person_id for change in changes if change.kind in _OF_A_JOB and change.since is None
    ]
    if not person_ids:
        return tuple(changes)
    rows = connection.execute(
        select(employments.c.person_id, employments.c.as_of).where(
            employments.c.company_id == company_id,
            employments.c.person_id.in_(person_ids),
            employments.c.as_of.is_not(None),
        )
    )
    days = {row.person_id: row.as_of.date().isoformat() for row in rows}
    return tuple(
        change.model_copy(update={"since": days[change.person_id]})
        if change.person_id in days and change.kind in _OF_A_JOB
        else change
        for change in changes
    )


def _retire(connection: Connection, company_id: str, profile_id: str) -> tuple[Change, ...]:
    """Remove the group of a deleted seller profile; no refresh would update it."""
    published_group = published(connection, company_id, profile_id)
    assert published_group is not None
    empty = Group(group=published_group.group.model_copy(update={"members": ()}))
    for table in (buyer_group_members, buyer_groups):
        connection.execute(
            delete(table).where(table.c.company_id == company_id, table.c.profile_id == profile_id)
        )
    return diff(published_group, empty)


def published(connection: Connection, company_id: str, profile_id: str) -> Group | None:
    """Return the published group, members sorted by person id; `None` before the first."""
    row = connection.execute(
        select(buyer_groups).where(
            buyer_groups.c.company_id == company_id, buyer_groups.c.profile_id == profile_id
        )
    ).first()
    if row is None:
        return None
    rows = connection.execute(
        select(buyer_group_members).where(
            buyer_group_members.c.company_id == company_id,
            buyer_group_members.c.profile_id == profile_id,
            visible(buyer_group_members.c.person_id),
        )
    )
    # Sorted here: the databases' collations differ.
    members = sorted(rows, key=lambda member: member.person_id)
    return Group(
        group=BuyerGroup(
            company_id=company_id,
            profile_id=profile_id,
            company_size=row.company_size,
            size_range=(row.size_low, row.size_high),
            people_known=row.people_known,
            members=tuple(_member(member) for member in members),
            covered=tuple(json.loads(row.covered)),
            gaps=tuple(Gap.model_validate(gap) for gap in json.loads(row.gaps)),
            gatekeepers=tuple(
                Gatekeeper.model_validate(gatekeeper) for gatekeeper in json.loads(row.gatekeepers)
            ),
            completeness=row.completeness,
            confidence=row.confidence,
        ),
        contacts=tuple(
            ContactPoint.model_validate(contact)
            for member in members
            for contact in json.loads(member.contacts)
        ),
    )


def profile_ids(connection: Connection, company_id: str) -> list[str]:
    """Return the seller profiles of the company's published groups, sorted."""
    query = select(buyer_groups.c.profile_id).where(buyer_groups.c.company_id == company_id)
    return sorted(connection.execute(query).scalars())


def _member(row: Row[Any]) -> Member:
    return Member(
        person_id=row.person_id,
        title=row.title,
        seniority=row.seniority,
        function=row.function,
        role=row.role,
        score=row.score,
        reasons=tuple(json.loads(row.reasons)),
        started_on=row.started_on,
        decided=row.decided,
    )


def _write_group(connection: Connection, old: Group | None, new: Group, now: datetime) -> None:
    values = _group_values(new)
    if old is None:
        connection.execute(
            insert(buyer_groups).values(
                company_id=new.group.company_id,
                profile_id=new.group.profile_id,
                created_at=now,
                changed_at=now,
                **values,
            )
        )
    elif values != _group_values(old) or _member_rows(old) != _member_rows(new):
        connection.execute(
            update(buyer_groups)
            .where(
                buyer_groups.c.company_id == new.group.company_id,
                buyer_groups.c.profile_id == new.group.profile_id,
            )
            .values(changed_at=now, **values)
        )


def _group_values(group: Group) -> dict[str, Any]:
    low, high = group.group.size_range
    return {
        "company_size": group.group.company_size,
        "size_low": low,
        "size_high": high,
        "people_known": group.group.people_known,
        "completeness": group.group.completeness,
        "confidence": group.group.confidence,
        "covered": json.dumps(group.group.covered),
        "gaps": json.dumps([gap.model_dump() for gap in group.group.gaps]),
        "gatekeepers": json.dumps(
            [gatekeeper.model_dump() for gatekeeper in group.group.gatekeepers]
        ),
    }


def _member_rows(group: Group) -> dict[str, dict[str, Any]]:
    contacts: dict[str, list[dict[str, Any]]] = {}
    for contact in sorted(group.contacts, key=lambda point: (point.kind, point.value)):
        contacts.setdefault(contact.person_id, []).append(contact.model_dump())
    return {
        member.person_id: {
            **member.model_dump(exclude={"reasons"}),
            "reasons": json.dumps(member.reasons),
            "contacts": json.dumps(contacts.get(member.person_id, [])),
        }
        for member in group.group.members
    }


def _write_members(connection: Connection, old: Group | None, new: Group, now: datetime) -> None:
    before = {} if old is None else _member_rows(old)
    after = _member_rows(new)
    group = {"company_id": new.group.company_id, "profile_id": new.group.profile_id}
    for person_id in sorted(before.keys() - after.keys()):
        connection.execute(delete(buyer_group_members).where(_key(group, person_id)))
    rows = [
        {**group, **after[person_id], "changed_at": now}
        for person_id in sorted(after.keys() - before.keys())
    ]
    if rows:
        connection.execute(insert(buyer_group_members), rows)
    for person_id in sorted(before.keys() & after.keys()):
        if before[person_id] != after[person_id]:
            connection.execute(
                update(buyer_group_members)
                .where(_key(group, person_id))
                .values(**after[person_id], changed_at=now)
            )


def _key(group: dict[str, str], person_id: str) -> Any:
    return (
        (buyer_group_members.c.company_id == group["company_id"])
        & (buyer_group_members.c.profile_id == group["profile_id"])
        & (buyer_group_members.c.person_id == person_id)
    )


def _log_changes(
    connection: Connection,
    refresh: Refresh,
    profile_id: str,
    changes: Sequence[Change],
    now: datetime,
) -> None:
    if changes:
        connection.execute(
            insert(buyer_group_changes),
            [
                {
                    "company_id": refresh.company_id,
                    "profile_id": profile_id,
                    "refresh_id": refresh.refresh_id,
                    "changed_at": now,
                    **change.model_dump(exclude={"gaps_opened", "gaps_closed"}),
                    "gaps_opened": _needs(change.gaps_opened),
                    "gaps_closed": _needs(change.gaps_closed),
                }
                for change in changes
            ],
        )


def _needs(needs: Sequence[str]) -> str | None:
    return json.dumps(needs) if needs else None
