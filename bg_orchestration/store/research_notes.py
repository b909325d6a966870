"""Findings of research about members, with their sources: for people to read.

No role, score or contact is computed from these rows.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bg_orchestration.store.schema.tables import research_notes


def notes_of(connection: Connection, company_id: str, person_ids: Iterable[str]) -> dict[str, str]:
    """Return the findings about these people at a company: JSON text by person id."""
    query = select(research_notes.c.person_id, research_notes.c.findings).where(
        research_notes.c.company_id == company_id,
        research_notes.c.person_id.in_(sorted(set(person_ids))),
    )
    return {row.person_id: row.findings for row in connection.execute(query)}


def replace_note(
    connection: Connection,
    company_id: str,
    person_id: str,
    provider: str,
    researched_at: datetime,
    findings: str,
) -> None:
    """Replace the findings about a person; equal findings change no row."""
    if notes_of(connection, company_id, [person_id]).get(person_id) == findings:
        return
    key = (
        research_notes.c.company_id == company_id,
        research_notes.c.person_id == person_id,
    )
    connection.execute(delete(research_notes).where(*key))
    connection.execute(
        insert(research_notes).values(
            company_id=company_id,
            person_id=person_id,
            provider=provider,
            researched_at=researched_at,
            findings=findings,
        )
    )
