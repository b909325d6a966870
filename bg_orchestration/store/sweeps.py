"""Sweeps: companies to check for changes that the provider did not push."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, true

from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.provider_tables import provider_records as records
from bg_orchestration.store.schema.subscription_tables import provider_sweeps as sweeps
from bg_orchestration.store.schema.tables import companies
from bg_orchestration.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class DueSweep:
    """A company due for a sweep, with the provider's id and the last listing."""

    company_id: str
    source_id: str
    listed_at: datetime


def due_sweeps(connection: Connection, provider: str, age: timedelta, most: int) -> list[DueSweep]:
    """Return followed companies without listing or sweep for `age`, the longest first."""
    before = clock(connection) - age
    rows = connection.execute(
        select(companies.c.company_id, records.c.source_id, records.c.listed_at)
        .join(records, records.c.our_id == companies.c.company_id)
        .outerjoin(sweeps, sweeps.c.company_id == companies.c.company_id)
        .where(companies.c.followed == true())
        .where(records.c.kind == "company", records.c.provider == provider)
        .where(records.c.listed_at < before)
        .where(or_(sweeps.c.swept_at.is_(None), sweeps.c.swept_at < before))
        .order_by(
            sweeps.c.swept_at.asc().nulls_first(), records.c.listed_at, companies.c.company_id
        )
        .limit(most)
    )
    return [DueSweep(*row) for row in rows]


def note_sweep(connection: Connection, company_id: str) -> None:
    """Store the time of a company's sweep."""
    row = {"company_id": company_id, "swept_at": clock(connection)}
    upsert(connection, sweeps, [row], replace=["swept_at"])
