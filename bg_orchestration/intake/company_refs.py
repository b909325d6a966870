"""Find the stored company that an event means."""

from typing import Any

from sqlalchemy import Connection, Row, or_, select

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.events import CompanyRef
from bg_orchestration.intake.lusha_pushes import SOURCE, Employer
from bg_orchestration.store.schema.provider_tables import provider_records
from bg_orchestration.store.schema.tables import companies

_QUERY = select(companies.c.company_id, companies.c.followed, companies.c.merged_into)


def find_company(connection: Connection, ref: CompanyRef) -> Row[Any, Any, Any] | None:
    """Return the stored company of `ref`: by id, else by a unique name."""
    if ref.company_id is not None:
        row = connection.execute(_QUERY.where(companies.c.company_id == ref.company_id)).first()
        if row is not None and row.merged_into is not None:
            # The old key of a merged company means the company it is part of now.
            merged = _QUERY.where(companies.c.company_id == row.merged_into)
            return connection.execute(merged).first()
        if row is not None or ref.company_id != ref.name:
            return row
    return _find_by_name(connection, ref.name)


def find_employer(connection: Connection, employer: Employer) -> Row[Any, Any, Any] | None:
    """Return the stored company of a Lusha employer: by Lusha's id, domain, or unique name."""
    if employer.source_id is not None:
        our_ids = select(provider_records.c.our_id).where(
            provider_records.c.provider == SOURCE,
            provider_records.c.kind == "company",
            provider_records.c.source_id == employer.source_id,
        )
        row = _single_row(connection, companies.c.company_id.in_(our_ids))
        if row is not None:
            return row
    if employer.domain is not None:
        same_domain = or_(
            companies.c.domain == employer.domain, companies.c.company_id == employer.domain
        )
        row = _single_row(connection, same_domain)
        if row is not None:
            return row
    return _find_by_name(connection, employer.name) if employer.name else None


def _find_by_name(connection: Connection, name: str) -> Row[Any, Any, Any] | None:
    return _single_row(connection, companies.c.folded_name == fold_name(name))


def _single_row(connection: Connection, condition: Any) -> Row[Any, Any, Any] | None:
    unmerged = companies.c.merged_into.is_(None)
    rows = connection.execute(_QUERY.where(condition, unmerged).limit(2)).all()
    return rows[0] if len(rows) == 1 else None
