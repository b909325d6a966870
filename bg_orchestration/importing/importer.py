"""The importer reads files into the directory of companies and people."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.importing.cells import read_start
from bg_orchestration.importing.csv_tables import BadRow, Row
from bg_orchestration.importing.files import open_table
from bg_orchestration.importing.headers import (
    Columns,
    FileError,
    Kind,
    check_columns,
    fold_header,
    load_aliases,
    match_columns,
)
from bg_orchestration.importing.identity import CompanyIndex, CompanyKeys
from bg_orchestration.importing.import_report import ImportReport, SkippedRow
from bg_orchestration.importing.record import Record
from bg_orchestration.importing.rows import (
    company_keys,
    read_company,
    read_employee,
)
from bg_orchestration.privacy.suppression import (
    Suppressions,
    identifiers_of,
)
from bg_orchestration.settings import settings
from bg_orchestration.store import companies as directory
from bg_orchestration.store.companies import Employee
from bg_orchestration.store.database import writing
from bg_orchestration.store.locks import Lock, acquire_lock

ReportShare = Callable[[float], None]

_BATCH = 1_000


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
    progress: ReportShare | None = None,
) -> ImportReport:
    """Read a file of companies or people into the database, whole or not at all.

    On SQLite no other process can write meanwhile.

    Args:
        engine: of a database whose schema is up to date.
        path: CSV, TSV, JSON, JSON lines or Parquet.
        kind: what the rows are; by default found by the columns.
        settled: headers assigned to our fields, before any alias.
        company_id: the company of all rows, for a file of people that names none.
        complete: whether the file lists all people of its companies: jobs of unlisted people end.
            No job ends if a row could not be read.
        dry_run: do everything and keep nothing.
        source: stored with new rows; default `file:NAME`.
        encoding: of a text file; by default found by its bytes.
        progress: called with the read share of the file, 0..1.

    Raises:
        FileError: the file cannot be read as companies or people; begins with its path.
        SQLAlchemyError: the database failed; nothing was stored.
    """
    with writing(engine) as connection:
        report = import_into(
            connection,
            path,
            kind=kind,
            settled=settled,
            company_id=company_id,
            complete=complete,
            source=source or f"file:{path.name}",
            encoding=encoding,
            progress=progress,
        )
        report.dry_run = dry_run
        if dry_run:
            connection.rollback()
    return report


def import_into(
    connection: Connection,
    path: Path,
    *,
    source: str,
    kind: Kind | None = None,
    settled: Mapping[str, str] | None = None,
    company_id: str | None = None,
    complete: bool = False,
    encoding: str | None = None,
    progress: ReportShare | None = None,
) -> ImportReport:
    """Import a file inside the caller's writing transaction."""
    acquire_lock(connection, Lock.DIRECTORY)
    aliases = load_aliases(settings().home / "headers.yaml")
    known = aliases.known_headers() | {fold_header(header) for header in (settled or {}).values()}
    try:
        with open_table(path, known, encoding=encoding) as table:
            columns = match_columns(
                table.header, aliases, "people" if company_id else kind, settled
            )
            check_columns(columns, company_id, complete)
            report = ImportReport(
                str(path),
                columns.kind,
                table.encoding,
                columns.names(),
                list(columns.unmatched),
                list(columns.repeated),
            )
            work = _Import(connection, columns, report, source, company_id)
            for row in table.rows:
                work.take(row)
                if progress is not None and report.rows % _BATCH == 0:
                    progress(table.done())
            work.finish(complete)
            report.notes += table.notes
    except FileError as error:
        raise FileError(f"{path}: {error}") from None
    return report


class _Import:
    """The import of one file, a batch of rows at a time."""

    def __init__(
        self,
        connection: Connection,
        columns: Columns,
        report: ImportReport,
        source: str,
        company_id: str | None,
    ) -> None:
        self._connection = connection
        self._columns = columns
        self._report = report
        self._source = source
        self._company_id = company_id
        self._suppressions = Suppressions.configured(settings())
        self._index = CompanyIndex(directory.company_identities(connection))
        # The line of each company, or of each person at a company, to recognize a repeated row.
        self._lines: dict[tuple[str, ...], int] = {}
        self._companies: dict[str, Company] = {}
        self._people: dict[str, Person] = {}
        self._new_companies: dict[str, Company] = {}
        self._new_jobs: list[Employee] = []
        self._unusable = False
        # An id from a column `id` is of a file or a CRM: another file may use it for another
        # person.
        taken_for_ids = columns.names().get("person_id", [])
        self._ids_are_ours = fold_header("person_id") in map(fold_header, taken_for_ids)
        self._ambiguous_dates: list[tuple[int, str]] = []

    def take(self, row: Row | BadRow) -> None:
        """Read one row; store a full batch."""
        self._report.rows += 1
        if isinstance(row, BadRow):
            self._unusable = True
            self._skip(row.line, row.reason)
            return
        try:
            self._read(row)
        except ValueError as error:
            self._unusable = True
            self._skip(row.line, str(error))
        if len(self._new_companies) + len(self._new_jobs) >= _BATCH:
            self._store()

    def finish(self, complete: bool) -> None:
        """Store the last batch, and find known people who are not in the file."""
        self._store()
        if self._ambiguous_dates:
            line, written = self._ambiguous_dates[0]
            self._report.notes.append(
                f"{len(self._ambiguous_dates):,} start dates could be day/month or month/day; the "
                f"day was taken first: {written!r} in line {line} is {read_start(written)}"
            )
        absent: dict[str, set[str]] = {}
        for job in directory.current_jobs(self._connection, self._companies):
            if job not in self._lines:
                absent.setdefault(job[0], set()).add(job[1])
        self._report.absent = sum(map(len, absent.values()))
        # An unreadable row may be of any person.
        if complete and not self._unusable:
            for company_id, person_ids in absent.items():
                directory.end_jobs(self._connection, company_id, person_ids)
            self._report.ended = self._report.absent

    def _read(self, row: Row) -> None:
        record = Record(self._columns, row)
        if (record.text("matches_filters") or "").casefold() == "no":
            self._skip(row.line, "Matches Filters is NO: a false hit of the search")
        elif self._columns.kind == "companies":
            self._read_company(row.line, record)
        else:
            self._read_person(row.line, record)
        self._report.note(row.line, record.unread)

    def _read_company(self, line: int, record: Record) -> None:
        keys = company_keys(record)
        company_id = self._index.resolve(keys)
        if not self._repeats(line, company_id):
            company = read_company(record, company_id, keys, "companies")
            self._new_companies[company_id] = company

    def _read_person(self, line: int, record: Record) -> None:
        keys = CompanyKeys(self._company_id) if self._company_id else company_keys(record)
        company_id = self._index.resolve(keys)
        employee = read_employee(record, company_id, self._source)
        if self._repeats(line, company_id, employee.person.person_id):
            return
        company = read_company(record, company_id, keys, "people")
        known = self._companies.get(company_id, company)
        facts = {name: value for name, value in company if getattr(known, name) is None}
        if known is company or any(value is not None for value in facts.values()):
            known = known.model_copy(update=facts)
            self._companies[company_id] = self._new_companies[company_id] = known
        if record.ambiguous_date:
            self._ambiguous_dates.append((line, record.ambiguous_date))
        self._new_jobs.append(self._first_form(employee))

    def _first_form(self, employee: Employee) -> Employee:
        """Return the person with the facts of their first row: a person may have two companies."""
        person = employee.person
        first = self._people.setdefault(person.person_id, person)
        if first is person:
            return employee
        same = {"name": first.name, "country": first.country or person.country}
        self._people[person.person_id] = first.model_copy(update=same)
        return replace(employee, person=person.model_copy(update=same))

    def _repeats(self, line: int, *who: str) -> bool:
        first = self._lines.setdefault(who, line)
        if first != line:
            what = "the same company as" if len(who) == 1 else "the same person and company as"
            self._skip(line, f"{what} line {first}, which counts")
        return first != line

    def _skip(self, line: int, reason: str) -> None:
        self._report.skipped.append(SkippedRow(line, reason))

    def _store(self) -> None:
        of_people = self._columns.kind == "people"
        # A file of people has few facts about companies: it adds to stored facts, never replaces
        # them.
        outcomes = directory.save_companies(
            self._connection,
            list(self._new_companies.values()),
            self._source,
            replace=not of_people,
        )
        if of_people:
            self._report.new_companies += outcomes.count("new")
            self._drop_suppressed_people()
            if not self._ids_are_ours:
                self._refuse_foreign_ids()
            outcomes = directory.save_employees(self._connection, self._new_jobs, self._source)
        self._report.count(outcomes)
        self._new_companies, self._new_jobs = {}, []

    def _drop_suppressed_people(self) -> None:
        identifiers = {
            place: identifiers_of(
                job.person.person_id,
                (point.value for point in job.contacts if point.kind == "email"),
                job.linkedin_url,
            )
            for place, job in enumerate(self._new_jobs)
        }
        rows = self._suppressions.suppressed(self._connection, identifiers)
        forgotten = {self._new_jobs[row].person.person_id for row in rows}
        kept = [job for job in self._new_jobs if job.person.person_id not in forgotten]
        self._report.suppressed += len(self._new_jobs) - len(kept)
        self._new_jobs = kept

    def _refuse_foreign_ids(self) -> None:
        """Skip rows whose id belongs to a person with quite another name."""
        known = directory.pages_of(
            self._connection, {job.person.person_id for job in self._new_jobs}
        )
        kept = []
        for job in self._new_jobs:
            person_id, name = job.person.person_id, job.person.name
            known_name, _ = known.get(person_id, (name, None))
            if _share_a_word(known_name, name):
                kept.append(job)
                continue
            self._unusable = True
            line = self._lines[job.company_id, person_id]
            self._skip(
                line,
                f"id {person_id} is known as {known_name}, and here as {name}: a row number, or "
                "the id of another tool? Rename the column: to person_id if the id is ours, to any "
                "other name to know people by page, address or name",
            )
        self._new_jobs = kept


def _share_a_word(left: str, right: str) -> bool:
    words = [{fold_name(word) for word in name.split()} - {""} for name in (left, right)]
    return not words[0] or not words[1] or bool(words[0] & words[1])
