"""A row of a file by our fields, with a person's facts."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from bg_orchestration.importing import cells, dates
from bg_orchestration.importing.csv_tables import Row
from bg_orchestration.importing.headers import Columns

_T = TypeVar("_T")

_LAST_FIRST = re.compile(r"([^,]{2,}), ([^,]{2,})")
# What follows a name after a comma and is no first name: `Ann Lee, PhD`, `Bob Ray, Jr.`.
_SUFFIX = re.compile(r"(?:[JS]r|II+|IV|[A-Z][a-z]*[A-Z.][A-Za-z.]*|Esq)\.?(?: .*)?")
_DECIMAL_ID = re.compile(r"^(\d+)\.0$")
# Neither database stores NUL in text, and half of a surrogate pair is no text at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Record:
    """The cells of a row, by field.

    Attributes:
        unread: fields that were left empty since their cell could not be read, and why.
        ambiguous_date: a start date that was read with the day first.

    Raises:
        ValueError: a cell holds what no database stores.
    """

    def __init__(self, columns: Columns, row: Row) -> None:
        if any(_UNSTORABLE.search(cell) for cell in row.cells):
            raise ValueError("a cell holds a NUL or half of a character: is the file damaged?")
        self._columns = columns
        self._cells = row.cells
        self.unread: list[tuple[str, str]] = []
        self.ambiguous_date: str | None = None

    def filled(self, field: str) -> Iterator[str]:
        """Yield the filled cells of a field, the preferred column first."""
        for at in self._columns.fields.get(field, ()):
            if at < len(self._cells) and cells.read_text(self._cells[at]):
                yield self._cells[at]

    def text(self, field: str) -> str | None:
        """Return the text of a field, empty without any."""
        return next((cells.read_text(cell) for cell in self.filled(field)), None)

    def read(self, field: str, reading: Callable[[str], _T | None]) -> _T | None:
        """Return the first cell of a field that `reading` can read, as its value."""
        for cell in self.filled(field):
            try:
                value = reading(cell)
            except ValueError as error:
                self.unread.append((field, str(error)))
            else:
                if value is not None:
                    return value
        return None

    def id(self, field: str) -> str | None:
        """Return the id in a field; of `17.0`, as spreadsheets write it, `17`."""
        text = self.text(field)
        return _DECIMAL_ID.sub(r"\1", text) if text else None

    def source_id(self, field: str) -> str | None:
        """Return a source's id with the source's name before it: `hubspot-51`."""
        return next((f"{source}-{value}" for source, value in self.source_ids(field)), None)

    def source_ids(self, field: str) -> Iterator[tuple[str, str]]:
        """Yield the sources that the columns name, each with its id of the row."""
        for name in self._columns.fields:
            kind, _, source = name.partition("@")
            if kind == field and source and (values := cells.split_values(self.id(name) or "")):
                yield source, values[0]


def full_name(record: Record) -> str:
    """Return the name of a row's person, empty without any; `Lee, Ann` is `Ann Lee`.

    Beside a first name alone, a column `Name` holds the last name: `Vorname;Name`.
    """
    first, last, name = (record.text(field) for field in ("first_name", "last_name", "name"))
    if name and first and not last and first.casefold() not in name.casefold():
        return f"{first} {name}"
    if name and (parts := _LAST_FIRST.fullmatch(name)) and not _SUFFIX.fullmatch(parts[2]):
        return f"{parts[2]} {parts[1]}"
    return name or " ".join(filter(None, (first, last)))


def job_title(record: Record) -> str:
    """Return the first job title of a row, empty without any."""
    return next(filter(None, map(cells.read_job_title, record.filled("title"))), "")


def started_on(record: Record) -> str | None:
    """Return the start of a row's job, as exact as in the row."""
    written = next(record.filled("started_at"), "")
    if dates.is_ambiguous_date(written):
        record.ambiguous_date = written
    exported_at = record.text("exported_at")
    lasted = record.text("duration_in_role")
    return record.read("started_at", dates.read_start) or (
        dates.read_start_from_duration(lasted, exported_at) if lasted and exported_at else None
    )
