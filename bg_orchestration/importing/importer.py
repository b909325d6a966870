"""The importer reads files into the directory of companies and people.

It compares first: rows are read and compared with the database in short reading transactions, and
those that differ are set aside. A file that cannot be read to its end stores nothing. Then it
writes them in short transactions, since SQLite has one writer: the receiver waits for none longer
than a fraction of a second. After an import that was interrupted, the same file again stores the
rest.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, Engine

from bg_orchestration.domain.model import Company
from bg_orchestration.importing.comparison import Comparison, ReportShare, Step
from bg_orchestration.importing.differences import Differences, set_aside
from bg_orchestration.importing.files import Table, open_table
from bg_orchestration.importing.headers import (
    Columns,
    FileError,
    Kind,
    check_columns,
    fold_header,
    load_aliases,
    match_columns,
)
from bg_orchestration.importing.import_report import ImportReport
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import Employee
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import ExternalId
from bg_orchestration.store.locks import Lock, acquire_lock

# On SQLite a writing transaction ends after so many seconds ...
_WRITING_SECONDS = 0.1
# ... and the next begins this much later: a waiting writer looks every 0.1 s (`sqliteDefaultBusy-
# Callback` in SQLite's main.c), so each finds the gap.
_GAP_SECONDS = 0.11


def import_file(
    engine: Engine,
    path: Path,
    *,
    kind: Kind | None = None,
    settled: Mapping[str, str] | None = None,
    company_id: str | None = None,
    complete: bool = False,
    dry_run: bool = False,
    source: str | None = None,
    encoding: str | None = None,
    id_scope: str | None = None,
    progress: ReportShare | None = None,
) -> ImportReport:
    """Read a file of companies or people into the database.

    Args:
        engine: of a database whose schema is up to date.
        path: CSV, TSV, JSON, JSON lines or Parquet.
        kind: what the rows are; by default found by the columns.
        settled: headers assigned to our fields, before any alias.
        company_id: the company of all rows, for a file of people that names none.
        complete: whether the file lists all people of its companies: jobs of unlisted people end.
            No job ends if a row could not be read.
        dry_run: compare and write nothing.
        source: stored with new rows; default `file:NAME`.
        encoding: of a text file; by default found by its bytes.
        id_scope: the tool whose ids the file has; `none` if its ids are none.
        progress: called with the done share of the import, 0..1.

    Raises:
        FileError: the file cannot be read as companies or people; begins with its path.
        SQLAlchemyError: the database failed; rows that were written stay.
    """
    aliases = load_aliases(settings().home / "headers.yaml")
    known = aliases.known_headers() | {fold_header(header) for header in (settled or {}).values()}
    report_share = progress or _ignore
    with set_aside() as differences:
        try:
            with open_table(path, known, encoding=encoding) as table:
                columns = match_columns(
                    table.header, aliases, "people" if company_id else kind, settled
                )
                check_columns(columns, company_id, complete)
                work = Comparison(
                    partial(reading, engine),
                    columns.scoped(id_scope),
                    _report(path, table, columns),
                    source or f"file:{path.name}",
                    differences,
                    company_id,
                    rows_are_numbered=id_scope is None,
                )
                work.compare(table, complete, lambda share: report_share(share / 2))
        except FileError as error:
            raise FileError(f"{path}: {error}") from None
        work.report.dry_run = dry_run
        if not dry_run:
            for share in _write(engine, work, differences):
                report_share(0.5 + share / 2)
            work.note_conflicts()
    return work.report


def import_into(
    connection: Connection, path: Path, *, source: str, progress: ReportShare | None = None
) -> ImportReport:
    """Import a file inside the caller's writing transaction, whole or not at all.

    Raises:
        FileError: the file cannot be read as companies or people.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    aliases = load_aliases()
    with set_aside() as differences, open_table(path, aliases.known_headers()) as table:
        columns = match_columns(table.header, aliases)
        check_columns(columns, None, complete=False)
        work = Comparison(
            lambda: nullcontext(connection),
            columns,
            _report(path, table, columns),
            source,
            differences,
        )
        work.compare(table, complete=False, progress=progress or _ignore)
        for companies, jobs, ids, _ in differences.pieces():
            work.save(connection, companies, jobs, ids)
    return work.report


def _ignore(_share: float) -> None:
    """Report progress to no one."""


def _report(path: Path, table: Table, columns: Columns) -> ImportReport:
    return ImportReport(
        str(path),
        columns.kind,
        table.encoding,
        columns.names(),
        list(columns.unmatched),
        list(columns.repeated),
    )


def _write(engine: Engine, work: Comparison, differences: Differences) -> Iterator[float]:
    """Write what differs in short transactions; yield the done share after each."""
    one_writer = engine.dialect.name == "sqlite"
    steps = chain(_steps(work, differences), work.endings())
    share, step = 0.0, next(steps, None)
    while step is not None:
        with writing(engine) as connection:
            acquire_lock(connection, Lock.DIRECTORY)
            until = time.monotonic() + _WRITING_SECONDS
            while step is not None:
                share = step(connection)
                step = next(steps, None)
                if time.monotonic() > until:
                    break
        yield share
        if one_writer and step is not None:
            time.sleep(_GAP_SECONDS)


def _steps(work: Comparison, differences: Differences) -> Iterator[Step]:
    def save(
        companies: list[Company],
        jobs: list[Employee],
        ids: list[ExternalId],
        share: float,
        connection: Connection,
    ) -> float:
        work.save(connection, companies, jobs, ids)
        return share

    for companies, jobs, ids, share in differences.pieces():
        yield partial(save, companies, jobs, ids, share)
