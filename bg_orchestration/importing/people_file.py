"""The people of a file, for a judgement without storage."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.model import Person
from bg_orchestration.importing.csv_tables import BadRow, Row
from bg_orchestration.importing.dates import read_start
from bg_orchestration.importing.files import STANDARD_INPUT, Table, open_table
from bg_orchestration.importing.headers import (
    Columns,
    FileError,
    load_aliases,
    match_columns,
)
from bg_orchestration.importing.record import Record, full_name, job_title, started_on

# Half of a surrogate pair is no text; the other characters would control the terminal.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# The companies that an error names.
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """The people of a file.

    Attributes:
        name: the company in the rows, else the file's name.
        people: one for each row, in the file's order; their id is the row's, else its number.
        numbers: the id of each row by its number, from 1.
        notes: sentences on guesses and unusable cells.
    """

    name: str
    people: tuple[Person, ...]
    numbers: dict[str, str]
    notes: tuple[str, ...]


def read_people(
    path: Path, own_headers: Path, encoding: str | None = None, company: str | None = None
) -> PeopleFile:
    """Read the people of one company in an export: CSV, JSON or Parquet; `-` is standard input.

    Args:
        path: the file; the headers that `bg import` knows are known here too.
        own_headers: a file with more headers, if it exists.
        encoding: of a text file; found by its bytes if not given.
        company: the name or domain of the company in a file with several.

    Raises:
        FileError: it cannot be read, no column holds titles, or it has several companies and
            `company` is none of them.
    """
    aliases = load_aliases(own_headers)
    try:
        with open_table(path, aliases.known_headers(), encoding=encoding) as table:
            columns = match_columns(table.header, aliases, kind="people")
            if "title" not in columns.fields:
                raise FileError(
                    "no column holds job titles. Rename the one that does to `title`. Columns: "
                    + ", ".join(name for name in columns.header if name)
                )
            return _read(path, columns, table, company)
    except FileError as error:
        raise FileError(f"{path}: {error}") from None


def _read(path: Path, columns: Columns, table: Table, company: str | None) -> PeopleFile:
    found: dict[str, Person] = {}
    companies = FileCompanies()
    left_out: list[str] = []
    odd_dates: list[str] = []
    day_first: list[str] = []
    for number, row in enumerate(table.rows, 1):
        if isinstance(row, BadRow):
            left_out.append(f"row {number}, in line {row.line} of the file, {row.reason}")
            continue
        record = Record(columns, _printable(row))
        found[str(number)] = _person(record)
        companies.add(
            str(number), record.text("company_id"), record.text("domain"), record.text("company")
        )
        odd_dates += [f"in line {row.line} of the file {reason}" for _, reason in record.unread]
        if record.ambiguous_date:
            day_first.append(record.ambiguous_date)
    notes = [
        *table.notes,
        *_count_note("row left out", "rows left out", left_out),
        *_count_note("start date ignored", "start dates ignored", odd_dates),
    ]
    if day_first:
        notes.append(
            f"{len(day_first):,} start dates could be day/month or month/day; the day was taken "
            f"first: {day_first[0]!r} is {read_start(day_first[0])}"
        )
    own_name = "standard input" if path == STANDARD_INPUT else path.name
    name, rows = companies.choose(company, own_name)
    numbers = _ids(found)
    found = {number: person for number, person in found.items() if number in rows}
    numbers = {number: numbers[number] for number in found}
    return PeopleFile(
        name=name,
        people=tuple(
            person.model_copy(update={"person_id": numbers[number]})
            for number, person in found.items()
        ),
        numbers=numbers,
        notes=tuple(notes),
    )


class FileCompanies:
    """The companies of the rows: of one id, domain or name.

    Two domains with the same name are two companies.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._rows: dict[str, set[str]] = {}
        self._keys: dict[str, str] = {}

    def add(
        self, number: str, company_id: str | None, domain: str | None, name: str | None
    ) -> None:
        """Count the row with this number; a row without company belongs to every company."""
        strong = [text.casefold() for text in (company_id, domain) if text]
        folded = fold_name(name) if name else ""
        key = next((self._keys[text] for text in strong if text in self._keys), None)
        if key is None and (not strong or self._keys.get(folded) == folded):
            key = self._keys.get(folded)
        if key is None:
            key = (*strong, folded)[0]
        for text in filter(None, (*strong, folded)):
            self._keys.setdefault(text, key)
        if key:
            self._names.setdefault(key, name or domain or company_id or key)
        self._rows.setdefault(key, set()).add(number)

    def choose(self, company: str | None, own_name: str) -> tuple[str, set[str]]:
        """Return the name of the company and the numbers of its rows.

        Args:
            company: the name or domain of the company; needed if there are several.
            own_name: the name of the file, for rows without company.

        Raises:
            FileError: there are several companies, or none is `company`.
        """
        nameless = self._rows.get("", set())
        if company is None and len(self._names) <= 1:
            [name] = self._names.values() or [own_name]
            return name, set().union(*self._rows.values())
        texts = (company.casefold(), fold_name(company)) if company else ()
        wanted = next((self._keys[text] for text in texts if text in self._keys), None)
        if wanted is not None:
            return self._names[wanted], self._rows[wanted] | nameless
        if company is not None:
            why = f"no row is of the company {company}"
        else:
            why = f"the rows are of {len(self._names):,} companies, and a group is of one"
        raise FileError(f"{why}. Choose one with --company: {self._listing()}")

    def _listing(self) -> str:
        counted = sorted((-len(self._rows[key]), name) for key, name in self._names.items())
        words = [f"{name} ({-count:,})" for count, name in counted[:_MOST_LISTED]]
        rest = len(counted) - _MOST_LISTED
        return ", ".join(words) + (f" and {rest:,} more" if rest > 0 else "")


def _printable(row: Row) -> Row:
    return replace(row, cells=[_UNPRINTABLE.sub(" ", cell) for cell in row.cells])


def _person(record: Record) -> Person:
    return Person(
        person_id=record.text("person_id") or "",
        name=full_name(record),
        title=job_title(record),
        department=record.text("department"),
        country=record.text("country"),
        started_on=started_on(record),
    )


def _ids(found: dict[str, Person]) -> dict[str, str]:
    """Return the id of each row: its own, else its number, made distinct."""
    taken = {person.person_id for person in found.values()}
    return {
        number: person.person_id or (number if number not in taken else f"row-{number}")
        for number, person in found.items()
    }


def _count_note(singular: str, plural: str, found: list[str]) -> Iterator[str]:
    if found:
        yield f"{len(found):,} {singular if len(found) == 1 else plural}; the first: {found[0]}"
