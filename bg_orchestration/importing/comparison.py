"""The comparison of a file's rows with the directory, before anything is written."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from itertools import chain, islice

from sqlalchemy import Connection

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.importing.csv_tables import BadRow, Row
from bg_orchestration.importing.dates import read_start
from bg_orchestration.importing.differences import Differences
from bg_orchestration.importing.files import Table
from bg_orchestration.importing.headers import NO_IDS, Columns
from bg_orchestration.importing.identity import (
    CompanyIndex,
    CompanyKeys,
    is_of_an_address,
    key_in_words,
    share_a_word,
)
from bg_orchestration.importing.import_report import ImportReport, SkippedRow, missing_facts
from bg_orchestration.importing.record import Record
from bg_orchestration.importing.rows import (
    are_numbered,
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
from bg_orchestration.store.companies import Employee, Outcome
from bg_orchestration.store.external_ids import ExternalId, IdKind, claim_ids, our_ids, system_of

ReportShare = Callable[[float], None]
# A step of writing in the caller's transaction; returns the done share.
Step = Callable[[Connection], float]
Session = Callable[[], AbstractContextManager[Connection]]

_BATCH = 1_000
_LONGEST_ID = 255  # characters of another tool's id
_ADVICE = (
    ": a row number, or the id of another tool? Say which tool with --id-scope TOOL, or "
    "--id-scope none if it is no id; call the column person_id if the ids are ours"
)


class Comparison:
    """The comparison of one file with the database, a batch of rows at a time.

    Attributes:
        report: the outcome, complete after `compare`.
    """

    def __init__(
        self,
        session: Session,
        columns: Columns,
        report: ImportReport,
        source: str,
        differences: Differences,
        company_id: str | None = None,
        *,
        rows_are_numbered: bool = False,
    ) -> None:
        self.report = report
        self._session = session
        self._columns = columns
        self._source = source
        self._differences = differences
        self._company_id = company_id
        self._may_be_numbered = rows_are_numbered
        self._suppressions = Suppressions.configured(settings())
        with session() as connection:
            self._index = CompanyIndex(directory.company_identities(connection))
        # The line of each company, or of each person at a company, to recognize a repeated row.
        self._lines: dict[tuple[str, ...], int] = {}
        self._companies: dict[str, Company] = {}
        self._people: dict[str, Person] = {}
        self._new_companies: dict[str, Company] = {}
        self._new_jobs: list[Employee] = []
        self._added: set[str] = set()
        self._absent: dict[str, set[str]] = {}
        self._ending = False
        self._unusable = False
        self._ambiguous_dates: list[tuple[int, str]] = []
        self._other_names: list[str] = []
        self._filled: Counter[str] = Counter()
        # The ids by which tools know the companies and people of the batch.
        self._ids: list[ExternalId] = []
        self._conflicts = 0

    def compare(self, table: Table, complete: bool, progress: ReportShare) -> None:
        """Compare all rows, and find known people who are not in the file."""
        first = list(islice(table.rows, _BATCH))
        if self._may_be_numbered and are_numbered(self._columns, first):
            [header, *_] = self._columns.names()["person_id"]
            self._columns = self._columns.scoped(NO_IDS)
            self.report.mapping = self._columns.names()
            self.report.notes.append(
                f"the column {header} only numbers the rows: taken for no id. If it holds the ids "
                "of a tool: --id-scope TOOL"
            )
        for row in chain(first, table.rows):
            self._take(row)
            if self.report.rows % _BATCH == 0:
                progress(table.done())
        self._compare_batch()
        self._find_absent(complete)
        self._write_notes(table)

    def save(
        self,
        connection: Connection,
        companies: list[Company],
        jobs: list[Employee],
        ids: list[ExternalId],
    ) -> None:
        """Write rows that differed; people who were forgotten meanwhile stay out."""
        # A file of people has few facts about companies: it adds to stored facts, never replaces
        # them.
        of_people = self._columns.kind == "people"
        directory.save_companies(connection, companies, self._source, replace=not of_people)
        if jobs:
            kept = self._without_suppressed(connection, jobs)
            directory.save_employees(connection, kept, self._source)
        if ids:
            self._conflicts += len(claim_ids(connection, ids, self._source))

    def note_conflicts(self) -> None:
        """Add a sentence on ids of tools that mean another of ours already."""
        if self._conflicts:
            self.report.notes.append(
                f"{self._conflicts:,} ids of tools mean another company or person already: "
                "bg external-ids conflicts"
            )

    def endings(self) -> Iterator[Step]:
        """Yield the steps that end the jobs of people who are not in a complete file."""

        def end(company_id: str, person_ids: set[str], connection: Connection) -> float:
            directory.end_jobs(connection, company_id, person_ids)
            return 1.0

        if self._ending:
            for company_id, person_ids in self._absent.items():
                yield partial(end, company_id, person_ids)

    def _take(self, row: Row | BadRow) -> None:
        """Read one row; compare a full batch."""
        self.report.rows += 1
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
            self._compare_batch()

    def _find_absent(self, complete: bool) -> None:
        with self._session() as connection:
            for job in directory.current_jobs(connection, self._companies):
                if job not in self._lines:
                    self._absent.setdefault(job[0], set()).add(job[1])
        self.report.absent = sum(map(len, self._absent.values()))
        # An unreadable row may be of any person.
        if complete and not self._unusable:
            self._ending = True
            self.report.ended = self.report.absent

    def _write_notes(self, table: Table) -> None:
        notes = self.report.notes
        notes += table.notes
        if self._columns.kind == "companies" and self._columns.is_guess:
            notes.append(
                "Warning: taken for a list of companies, since no column is known to hold people's "
                'names. If the rows are people: --map name="..."'
            )
        if self._ambiguous_dates:
            line, written = self._ambiguous_dates[0]
            notes.append(
                f"{len(self._ambiguous_dates):,} start dates could be day/month or month/day; the "
                f"day was taken first: {written!r} in line {line} is {read_start(written)}"
            )
        if self._other_names:
            notes.append(
                f"{len(self._other_names):,} known ids have another name in this file; the first: "
                f"{self._other_names[0]}"
            )
        if self._columns.kind == "people" and self._filled["row"]:
            notes += missing_facts(self._columns.fields, self._filled)

    def _read(self, row: Row) -> None:
        record = Record(self._columns, row)
        if (record.text("matches_filters") or "").casefold() == "no":
            self._skip(row.line, "Matches Filters is NO: a false hit of the search")
        elif self._columns.kind == "companies":
            self._read_company(row.line, record)
        else:
            self._read_person(row.line, record)
        self.report.note(row.line, record.unread)

    def _read_company(self, line: int, record: Record) -> None:
        keys = company_keys(record)
        company_id = self._index.resolve(keys)
        if not self._repeats(line, company_id):
            company = read_company(record, company_id, keys, "companies")
            self._new_companies[company_id] = company
            self._note_ids(record, "company", company_id)

    def _read_person(self, line: int, record: Record) -> None:
        keys = CompanyKeys(self._company_id) if self._company_id else company_keys(record)
        company_id = self._index.resolve(keys)
        employee = read_employee(record, company_id, self._source)
        first = self._people.get(employee.person.person_id, employee.person)
        if self._is_weak(first.person_id) and not share_a_word(first.name, employee.person.name):
            raise ValueError(
                f"{key_in_words(first.person_id)} is of {first.name} in an earlier row, and "
                f"here of {employee.person.name}"
            )
        if self._repeats(line, company_id, employee.person.person_id, name=employee.person.name):
            return
        company = read_company(record, company_id, keys, "people")
        known = self._companies.get(company_id, company)
        facts = {name: value for name, value in company if getattr(known, name) is None}
        if known is company or any(value is not None for value in facts.values()):
            known = known.model_copy(update=facts)
            self._companies[company_id] = self._new_companies[company_id] = known
        if record.ambiguous_date:
            self._ambiguous_dates.append((line, record.ambiguous_date))
        self._filled.update(
            {"row": 1, "title": bool(employee.person.title),
             "reachable": bool(employee.contacts or [*record.filled("linkedin_url")])}
        )  # fmt: skip
        self._new_jobs.append(self._first_form(employee))
        self._note_ids(record, "company", company_id)
        self._note_ids(record, "person", employee.person.person_id)

    def _note_ids(self, record: Record, kind: IdKind, our_id: str) -> None:
        self._ids += (
            ExternalId(system_of(tool, kind), external_id, kind, our_id)
            for tool, external_id in record.source_ids(f"{kind}_id")
            if len(external_id) <= _LONGEST_ID
        )

    def _first_form(self, employee: Employee) -> Employee:
        """Return the person with the facts of their first row: a person may have two companies."""
        person = employee.person
        first = self._people.setdefault(person.person_id, person)
        if first is person:
            return employee
        same = {"name": first.name, "country": first.country or person.country}
        self._people[person.person_id] = first.model_copy(update=same)
        return replace(employee, person=person.model_copy(update=same))

    def _repeats(self, line: int, *who: str, name: str = "") -> bool:
        first = self._lines.setdefault(who, line)
        known = self._people.get(who[-1])
        if first != line and known and not share_a_word(known.name, name):
            self._skip(
                line, f"{key_in_words(who[-1])} is of {known.name} in line {first}, here of {name}"
            )
        elif first != line:
            what = "the same company as" if len(who) == 1 else "the same person and company as"
            self._skip(line, f"{what} line {first}, which counts")
        return first != line

    def _skip(self, line: int, reason: str) -> None:
        self.report.skipped.append(SkippedRow(line, reason))

    def _compare_batch(self) -> None:
        with self._session() as connection:
            if self._columns.kind == "companies":
                companies = self._without_other_companies(connection)
                outcomes = self._outcomes(connection, companies)
                self.report.count(outcomes)
                jobs: list[Employee] = []
            else:
                companies = list(self._new_companies.values())
                outcomes = self._outcomes(connection, companies)
                # A company may come again in a later batch, with more facts.
                self._added.update(
                    company.company_id
                    for company, outcome in zip(companies, outcomes, strict=True)
                    if outcome == "new"
                )
                self.report.new_companies = len(self._added)
                jobs = self._different_jobs(connection)
            ids = self._unknown_ids(connection)
        different = [
            company
            for company, outcome in zip(companies, outcomes, strict=True)
            if outcome != "unchanged"
        ]
        self._differences.add(different, jobs, ids)
        self._new_companies, self._new_jobs, self._ids = {}, [], []

    def _unknown_ids(self, connection: Connection) -> list[ExternalId]:
        """Return the unmapped ids of the batch, without those of people who are kept out."""
        by_system: dict[str, set[str]] = {}
        for claim in self._ids:
            by_system.setdefault(claim.system, set()).add(claim.external_id)
        mapped = {
            (system, external_id): our_id
            for system, ids in by_system.items()
            for external_id, our_id in our_ids(connection, system, ids).items()
        }
        kept = {job.person.person_id for job in self._new_jobs}
        return [
            claim
            for claim in dict.fromkeys(self._ids)
            if mapped.get((claim.system, claim.external_id)) != claim.our_id
            and (claim.kind == "company" or claim.our_id in kept)
        ]

    def _outcomes(self, connection: Connection, companies: list[Company]) -> list[Outcome]:
        replaced = self._columns.kind == "companies"
        return directory.save_companies(
            connection, companies, self._source, replace=replaced, dry_run=True
        )

    def _different_jobs(self, connection: Connection) -> list[Employee]:
        jobs = self._without_suppressed(connection, self._new_jobs)
        self.report.suppressed += len(self._new_jobs) - len(jobs)
        jobs = self._new_jobs = self._without_other_people(connection, jobs)
        outcomes = directory.save_employees(connection, jobs, self._source, dry_run=True)
        self.report.count(outcomes)
        return [job for job, outcome in zip(jobs, outcomes, strict=True) if outcome != "unchanged"]

    def _without_suppressed(self, connection: Connection, jobs: list[Employee]) -> list[Employee]:
        ids: dict[str, list[tuple[str, str]]] = {}
        for claim in self._ids:
            if claim.kind == "person":
                ids.setdefault(claim.our_id, []).append((claim.system, claim.external_id))
        identifiers = {
            place: identifiers_of(
                job.person.person_id,
                (point.value for point in job.contacts if point.kind == "email"),
                job.linkedin_url,
                ids.get(job.person.person_id, ()),
            )
            for place, job in enumerate(jobs)
        }
        places = self._suppressions.suppressed(connection, identifiers)
        forgotten = {jobs[place].person.person_id for place in places}
        return [job for job in jobs if job.person.person_id not in forgotten]

    def _without_other_people(self, connection: Connection, jobs: list[Employee]) -> list[Employee]:
        """Skip rows whose id belongs to another person; note names that changed.

        Names that share a word are of one person, who married or uses initials. An unqualified id,
        which may number rows, says less: there the person must also be known at this company.
        """
        pages = directory.pages_of(connection, {job.person.person_id for job in jobs})
        renamed = {
            job.person.person_id
            for job in jobs
            if fold_name(pages.get(job.person.person_id, (job.person.name, None))[0])
            != fold_name(job.person.name)
        }
        employers = directory.employers_of(connection, renamed)
        kept = []
        for job in jobs:
            person_id, name = job.person.person_id, job.person.name
            if person_id not in renamed:
                kept.append(job)
                continue
            line, known_name = self._lines[job.company_id, person_id], pages[person_id][0]
            same = share_a_word(known_name, name)
            if self._columns.ids == "unqualified":
                same = same and job.company_id in employers.get(person_id, ())
            if same or not self._is_weak(person_id):
                self._other_names.append(
                    f"{key_in_words(person_id)} was {known_name} and is {name} in line {line}"
                )
                kept.append(job)
                continue
            self._unusable = True
            self._skip(
                line,
                f"{key_in_words(person_id)} is known as {known_name}, and here as {name}"
                + (_ADVICE if self._columns.ids == "unqualified" else ""),
            )
        return kept

    def _is_weak(self, person_id: str) -> bool:
        """Return whether two people may have this id: an unqualified one, or a shared address."""
        unqualified = self._columns.ids == "unqualified"
        return is_of_an_address(person_id) or (
            unqualified and not person_id.startswith(("li-", "name-"))
        )

    def _without_other_companies(self, connection: Connection) -> list[Company]:
        """Skip rows whose unqualified id belongs to another company; note names that changed."""
        known = directory.companies_by_id(connection, self._new_companies)
        kept = []
        for company_id, company in self._new_companies.items():
            stored = known.get(company_id)
            if stored is None or fold_name(stored.name) == fold_name(company.name):
                kept.append(company)
                continue
            same_domain = stored.domain is not None and stored.domain == company.domain
            line = self._lines[company_id,]
            if self._columns.ids == "unqualified" and not (
                same_domain or share_a_word(stored.name, company.name)
            ):
                self._skip(
                    line,
                    f"id {company_id} is known as {stored.name}, and here as {company.name}: the "
                    "id of another tool? Say which with --id-scope TOOL, or name the column "
                    "company_id if it is ours",
                )
                continue
            self._other_names.append(
                f"{company_id} was {stored.name} and is {company.name} in line {line}"
            )
            kept.append(company)
        return kept
