"""Read the changes of some days as a digest."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, select

from bg_orchestration.domain.digest import Digest, DigestLine, digest
from bg_orchestration.domain.titles.title_reader import read_title
from bg_orchestration.refreshes.overview import (
    ChangeLine,
    as_change,
    changes_between,
    other_ends,
)
from bg_orchestration.store.schema.tables import companies
from bg_orchestration.store.upserts import chunks


def read_digest(connection: Connection, first: date, last: date) -> Digest:
    """Return the digest of the days from `first` to `last`, in UTC.

    A move between two accounts of one section is one line.
    """
    start = datetime.combine(first, time(), UTC)
    end = datetime.combine(last + timedelta(days=1), time(), UTC)
    lines = changes_between(connection, start, end)
    ends = other_ends(connection, lines)
    facts = {
        row.company_id: row
        for chunk in chunks(sorted({line.company_id for line in lines}))
        for row in connection.execute(
            select(companies.c.company_id, companies.c.name, companies.c.owner).where(
                companies.c.company_id.in_(chunk)
            )
        )
    }
    titles = {title for line in lines if line.kind == "title_changed"
              for title in (line.old, line.new) if title}  # fmt: skip
    owners = {company_id: row.owner for company_id, row in facts.items()}
    present = set(lines)

    def repeated(line: ChangeLine) -> bool:
        end = ends.get(line)
        return (
            line.kind == "joined"
            and end in present
            and end.profile_id == line.profile_id
            and owners.get(end.company_id) == owners.get(line.company_id)
        )

    return digest(
        first,
        last,
        [
            (
                line.profile_id,
                DigestLine(
                    line.changed_at.date(),
                    line.company_id,
                    facts[line.company_id].name if line.company_id in facts else line.company_id,
                    as_change(line),
                    line.name or line.person_id,
                    as_change(ends[line]) if line in ends else None,
                    repeated(line),
                ),
            )
            for line in lines
        ],
        owners,
        {title: read_title(title).rank for title in titles},
    )
