"""Users' corrections of contact points: rows that outrank every provider and file.

A person may have several corrections in force, one for each right or wrong value. Writing functions
work in their caller's writing transaction.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from bg_orchestration.domain.model import Correction
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.provider_tables import CORRECTION_IN_FORCE as IN_FORCE
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import contact_corrections as corrections
from bg_orchestration.store.schema.tables import employments
from bg_orchestration.store.upserts import chunks


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction with author, reason and times; `taken_back_at` is `None` while in force."""

    person_id: str
    kind: str
    value: str | None
    wrong: str | None
    corrected_by: str
    why: str
    corrected_at: datetime
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_why: str | None


def correct(connection: Connection, correction: Correction, by: str, why: str) -> bool:
    """Put `correction` in force; it ends another right value of the same kind.

    Returns false, and writes nothing, if it is in force already.
    """
    # A refresh starts under the same lock: it reads the correction, or started before it.
    acquire_lock(connection, Lock.ADMISSION)
    if correction in corrections_of(connection, [correction.person_id])[correction.person_id]:
        return False
    if correction.value is not None:
        _end(connection, correction, by, None, corrections.c.value.is_not(None))
    connection.execute(
        insert(corrections).values(
            **correction.model_dump(),
            corrected_by=by,
            why=why,
            corrected_at=clock(connection),
        )
    )
    return True


def take_back(
    connection: Connection, correction: Correction, by: str, why: str | None = None
) -> int:
    """End the corrections in force of these values; return their number."""
    acquire_lock(connection, Lock.ADMISSION)
    conditions = [
        column == value
        for column, value in (
            (corrections.c.value, correction.value),
            (corrections.c.wrong, correction.wrong),
        )
        if value is not None
    ]
    return _end(connection, correction, by, why, or_(*conditions))


def corrections_of(
    connection: Connection, person_ids: Iterable[str]
) -> defaultdict[str, list[Correction]]:
    """Return the corrections in force by person id, the oldest first."""
    by_person: defaultdict[str, list[Correction]] = defaultdict(list)
    columns = [corrections.c[name] for name in Correction.model_fields]
    for chunk in chunks(sorted(set(person_ids))):
        query = select(*columns).where(corrections.c.person_id.in_(chunk), IN_FORCE)
        for row in connection.execute(query.order_by(corrections.c.id)):
            by_person[row.person_id].append(Correction(**row._mapping))
    return by_person


def listing(
    connection: Connection, person_id: str, *, history: bool = False
) -> list[CorrectionLine]:
    """Return a person's corrections, the oldest first; with `history` revoked ones too."""
    columns = [corrections.c[name] for name in CorrectionLine.__dataclass_fields__]
    query = select(*columns).where(corrections.c.person_id == person_id).order_by(corrections.c.id)
    if not history:
        query = query.where(IN_FORCE)
    return [CorrectionLine(*row) for row in connection.execute(query)]


def corrected_during(connection: Connection, refresh_id: str) -> bool:
    """Whether a correction was made or revoked since a refresh of the company started."""
    since_start = (corrections.c.corrected_at >= logs.c.started_at) | (
        corrections.c.taken_back_at >= logs.c.started_at
    )
    query = (
        select(corrections.c.id)
        .join(employments, employments.c.person_id == corrections.c.person_id)
        .join(logs, logs.c.company_id == employments.c.company_id)
        .where(logs.c.refresh_id == refresh_id, since_start)
        .limit(1)
    )
    return connection.execute(query).first() is not None


def _end(
    connection: Connection,
    correction: Correction,
    by: str,
    why: str | None,
    condition: ColumnElement[bool],
) -> int:
    result = connection.execute(
        update(corrections)
        .where(corrections.c.person_id == correction.person_id)
        .where(corrections.c.kind == correction.kind, IN_FORCE, condition)
        .values(taken_back_at=clock(connection), taken_back_by=by, taken_back_why=why)
    )
    return result.rowcount
