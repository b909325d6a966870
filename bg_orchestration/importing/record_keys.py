"""The ids of a tool's records in a file, with their domains or email addresses."""

from pathlib import Path

from bg_orchestration.importing import cells
from bg_orchestration.importing.csv_tables import BadRow
from bg_orchestration.importing.files import open_table
from bg_orchestration.importing.headers import FileError, fold_header, load_aliases, match_columns
from bg_orchestration.importing.record import Record
from bg_orchestration.importing.rows import company_keys
from bg_orchestration.settings import settings
from bg_orchestration.store.external_ids import IdKind


def read_record_keys(
    path: Path, kind: IdKind, id_header: str, *, encoding: str | None = None
) -> dict[str, list[str]]:
    """Return the domains (of companies) or addresses (of people) of each record, by its id.

    A row without an id, or that cannot be read, is left out.

    Args:
        path: the file.
        kind: what its records are.
        id_header: the column of the ids.
        encoding: of a text; found by its bytes if not given.

    Raises:
        FileError: the file cannot be read, or has no column `id_header`.
    """
    aliases = load_aliases(settings().home / "headers.yaml")
    keys: dict[str, list[str]] = {}
    known_headers = aliases.known_headers() | {fold_header(id_header)}
    with open_table(path, known_headers, encoding=encoding) as table:
        header = [fold_header(name) for name in table.header]
        if fold_header(id_header) not in header:
            names = ", ".join(name for name in table.header if name)
            raise FileError(f"no column is called {id_header!r}. Columns: {names}")
        at = header.index(fold_header(id_header))
        columns = match_columns(
            table.header, aliases, "companies" if kind == "company" else "people"
        )
        for row in table.rows:
            if isinstance(row, BadRow) or at >= len(row.cells) or not row.cells[at].strip():
                continue
            found = keys.setdefault(row.cells[at].strip(), [])
            try:
                found += _keys_of(Record(columns, row), kind)
            except ValueError:
                continue
    return keys


def _keys_of(record: Record, kind: IdKind) -> list[str]:
    if kind == "company":
        domain = company_keys(record).domain
        return [domain] if domain else []
    return [email for cell in record.filled("email") for email in cells.read_emails(cell)]
