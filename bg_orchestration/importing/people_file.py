"""The people of a file, for a judgement without storage."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bg_orchestration.domain.model import Person
from bg_orchestration.importing.cells import read_start
from bg_orchestration.importing.csv_tables import BadRow, Row
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


def read_people(path: Path, own_headers: Path, encoding: str | None = None) -> PeopleFile:
    """Read the people in an export: CSV, JSON or Parquet; `-` is CSV on standard input.

    Args:
        path: the file; the headers that `bg import` knows are known here too.
        own_headers: a file with more headers, if it exists.
        encoding: of a text file; found by its bytes if not given.

    Raises:
        FileError: it cannot be read, or no column holds titles.
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
            return _read(path, columns, table)
    except FileError as error:
        raise FileError(f"{path}: {error}") from None


def _read(path: Path, columns: Columns, table: Table) -> PeopleFile:
    found: dict[str, Person] = {}
    companies: set[str] = set()
    left_out: list[str] = []
    odd_dates: list[str] = []
    day_first: list[str] = []
    for number, row in enumerate(table.rows, 1):
        if isinstance(row, BadRow):
            left_out.append(f"row {number}, in line {row.line} of the file, {row.reason}")
            continue
        record = Record(columns, _printable(row))
        found[str(number)] = _person(record)
        companies.add(record.text("company") or "")
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
    companies.discard("")
    if len(companies) > 1:
        notes.append(f"the rows name {len(companies):,} companies; all are judged as one")
    own_name = "standard input" if path == STANDARD_INPUT else path.name
    numbers = _ids(found)
    return PeopleFile(
        name=companies.pop() if len(companies) == 1 else own_name,
        people=tuple(
            person.model_copy(update={"person_id": numbers[number]})
            for number, person in found.items()
        ),
        numbers=numbers,
        notes=tuple(notes),
    )


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
