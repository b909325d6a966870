"""Users' decisions about a person's role in a group: rows that outlive every refresh.

One decision is in force for each company, seller profile and person. Revoking or replacing a
decision ends it and keeps it as history. Writing functions work in their caller's writing
transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, insert, select, text, update

from bg_orchestration.domain.model import Decision, DecisionKind, Role
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import (
    IN_FORCE,
    OPEN,
    people,
)
from bg_orchestration.store.schema.tables import buyer_group_decisions as decisions
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with author, reason and times; `taken_back_at` is `None` while in force.

    A replaced decision has `taken_back_at` and `taken_back_by` from its successor.
    """

    company_id: str
    profile_id: str
    person_id: str
    name: str
    kind: DecisionKind
    role: Role | None
    decided_by: str
    why: str
    decided_at: datetime
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_why: str | None

    @property
    def decision(self) -> Decision:
        """The part that the judgement reads."""
        return Decision(person_id=self.person_id, kind=self.kind, role=self.role)


def decide(
    connection: Connection, company_id: str, profile_id: str, decision: Decision, by: str, why: str
) -> bool:
    """Put `decision` in force; it replaces an earlier decision about the person.

    Returns false, and writes nothing, if it is in force already.
    """
    # A refresh starts under the same lock: it reads the decision, or started before it.
    acquire_lock(connection, Lock.ADMISSION)
    standing = decisions_of(connection, company_id).get(profile_id, ())
    if decision in standing:
        return False
    take_back(connection, company_id, profile_id, decision.person_id, by)
    connection.execute(
        insert(decisions).values(
            company_id=company_id,
            profile_id=profile_id,
            **decision.model_dump(),
            decided_by=by,
            why=why,
            decided_at=clock(connection),
        )
    )
    return True


def take_back(
    connection: Connection,
    company_id: str,
    profile_id: str,
    person_id: str,
    by: str,
    why: str | None = None,
) -> bool:
    """End the decision about a person; return whether a decision was in force."""
    acquire_lock(connection, Lock.ADMISSION)
    result = connection.execute(
        update(decisions)
        .where(decisions.c.company_id == company_id, decisions.c.profile_id == profile_id)
        .where(decisions.c.person_id == person_id, IN_FORCE)
        .values(taken_back_at=clock(connection), taken_back_by=by, taken_back_why=why)
    )
    return result.rowcount == 1


def decisions_of(connection: Connection, company_id: str) -> dict[str, tuple[Decision, ...]]:
    """Return a company's decisions in force, by seller profile and person id."""
    rows = connection.execute(
        select(
            decisions.c.profile_id, decisions.c.person_id, decisions.c.kind, decisions.c.role
        ).where(decisions.c.company_id == company_id, IN_FORCE)
    )
    # Sorted here: the databases' collations differ.
    sorted_rows = sorted(rows, key=lambda row: (row.profile_id, row.person_id))
    return {
        profile_id: tuple(
            Decision(person_id=row.person_id, kind=row.kind, role=row.role) for row in of_profile
        )
        for profile_id, of_profile in groupby(sorted_rows, key=lambda row: str(row.profile_id))
    }


def listing(
    connection: Connection,
    company_id: str | None = None,
    *,
    profile_id: str | None = None,
    person_id: str | None = None,
    history: bool = False,
) -> list[DecisionLine]:
    """Return the decisions in force, the oldest first; with `history` revoked ones too.

    People under erasure are left out.
    """
    columns = [
        people.c.name if name == "name" else decisions.c[name]
        for name in DecisionLine.__dataclass_fields__
    ]
    query = (
        select(*columns)
        .join_from(decisions, people, people.c.person_id == decisions.c.person_id)
        .where(visible(decisions.c.person_id))
        .order_by(decisions.c.id)
    )
    filters = {"company_id": company_id, "profile_id": profile_id, "person_id": person_id}
    for name, value in filters.items():
        if value is not None:
            query = query.where(decisions.c[name] == value)
    if not history:
        query = query.where(IN_FORCE)
    return [DecisionLine(*row) for row in connection.execute(query)]


def plan_to_apply(connection: Connection, company_id: str) -> datetime | None:
    """Plan the refresh that applies decisions, without a cool-down.

    Returns when it is due; `None` while a refresh of the company runs. That refresh may have read
    older decisions, so its end plans another refresh, see `decided_during`.
    """
    plan_manual(connection, [company_id])
    of_company = (logs.c.company_id == company_id, OPEN)
    connection.execute(
        update(logs)
        .where(*of_company, logs.c.state == text("'planned'"), logs.c.emitted_at.is_(None))
        .values(reason="manual", due_at=clock(connection))
    )
    row = connection.execute(select(logs.c.state, logs.c.due_at).where(*of_company)).one()
    due_at: datetime = row.due_at
    return None if row.state == "running" else due_at


def decided_during(connection: Connection, refresh_id: str) -> bool:
    """Whether a decision was made or revoked since a refresh of the company started."""
    later = (decisions.c.decided_at >= logs.c.started_at) | (
        decisions.c.taken_back_at >= logs.c.started_at
    )
    query = (
        select(decisions.c.id)
        .join(logs, logs.c.company_id == decisions.c.company_id)
        .where(logs.c.refresh_id == refresh_id, later)
        .limit(1)
    )
    return connection.execute(query).first() is not None
