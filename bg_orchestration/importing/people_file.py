"""The people of an export, read to be judged and not to be kept."""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bg_orchestration.domain.model import Person
from bg_orchestration.importing.cells import read_start, read_text
from bg_orchestration.importing.files import (
    BadRow,
    Row,
    Table,
    find_encoding,
    find_header,
    open_table,
    read_records,
)
from bg_orchestration.importing.headers import (
    Columns,
    FileError,
    load_aliases,
    match_columns,
)

# Half of a surrogate pair is no text; the other characters would steer the reader's terminal.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SNIFFED_CHARACTERS = 65_536
_FIELDS = (
    "person_id", "name", "first_name", "last_name", "title", "department", "country",
    "started_at", "company",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """Who stands in an export.

    Attributes:
        name: the company that the rows name, else the file's own name.
        people: one for each row, in the file's order; their id is the row's, else its number
        notes: what could not be used, in sentences.
    """

    name: str
    people: tuple[Person, ...]
    numbers: dict[str, str]
    notes: tuple[str, ...]


def read_people(path: Path, own_headers: Path) -> PeopleFile:
    """The people in the export `path`: CSV, JSON or Parquet; `-` is CSV on standard input.

    Args:
        path: the file; the headers that `bg import` knows are known here too.
        own_headers: a file with more headers, if it exists.

    Raises:
        FileError: it cannot be read, or no column holds titles.
    """
    aliases = load_aliases(own_headers)
    try:
        with _table(path, aliases.known()) as table:
            columns = match_columns(table.header, aliases, kind="people")
            if "title" not in columns.fields:
                raise FileError(
                    "no column holds job titles. Rename the one that does to `title`. Columns: "
                    + ", ".join(name for name in columns.header if name)
                )
            return _read(path, columns, table.rows)
    except FileError as error:
        raise FileError(f"{path}: {error}") from None


@contextmanager
def _table(path: Path, known: frozenset[str]) -> Iterator[Table]:
    if path != Path("-"):
        with open_table(path, known) as table:
            yield table
        return
    stream = io.BytesIO(sys.stdin.buffer.read())
    encoding = find_encoding(stream)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    delimiter, header, above = find_header(text.read(_SNIFFED_CHARACTERS), known)
    text.seek(0)
    yield Table(header, islice(read_records(text, delimiter), above, None), encoding, lambda: 1.0)


def _read(path: Path, columns: Columns, rows: Iterator[Row | BadRow]) -> PeopleFile:
    found: dict[str, dict[str, str]] = {}
    left_out: list[str] = []
    odd_dates: list[str] = []
    for number, row in enumerate(rows, 1):
        if isinstance(row, BadRow):
            left_out.append(f"row {number}, in line {row.line} of the file, {row.reason}")
            continue
        found[str(number)] = texts = _texts(columns, row)
        try:
            texts["started_at"] = read_start(texts["started_at"]) or ""
        except ValueError as error:
            odd_dates.append(f"in line {row.line} of the file {error}")
            texts["started_at"] = ""
    notes = [
        *_counted("row left out", "rows left out", left_out),
        *_counted("start date ignored", "start dates ignored", odd_dates),
    ]
    companies = {texts["company"] for texts in found.values()} - {""}
    if len(companies) > 1:
        notes.append(f"the rows name {len(companies):,} companies; all are judged as one")
    name = companies.pop() if len(companies) == 1 else path.name
    numbers = _ids(found)
    return PeopleFile(
        name=name if name != "-" else "standard input",
        people=tuple(_person(numbers[number], texts) for number, texts in found.items()),
        numbers=numbers,
        notes=tuple(notes),
    )


def _texts(columns: Columns, row: Row) -> dict[str, str]:
    """The first cell of each of our fields that says something."""
    texts = dict.fromkeys(_FIELDS, "")
    for field in columns.fields.keys() & texts.keys():
        for at in columns.fields[field]:
            cell = row.cells[at] if at < len(row.cells) else ""
            if text := read_text(_UNPRINTABLE.sub(" ", cell)):
                texts[field] = text
                break
    return texts


def _ids(found: dict[str, dict[str, str]]) -> dict[str, str]:
    """The id of each row: its own, else its number, marked where that is another row's id."""
    taken = {texts["person_id"] for texts in found.values()}
    return {
        number: texts["person_id"] or (number if number not in taken else f"row-{number}")
        for number, texts in found.items()
    }


def _person(person_id: str, texts: dict[str, str]) -> Person:
    return Person(
        person_id=person_id,
        name=texts["name"] or f"{texts['first_name']} {texts['last_name']}".strip(),
        title=texts["title"],
        department=texts["department"] or None,
        country=texts["country"] or None,
        started_on=texts["started_at"] or None,
    )


def _counted(one: str, many: str, found: list[str]) -> Iterator[str]:
    if found:
        yield f"{len(found):,} {one if len(found) == 1 else many}; the first: {found[0]}"
