"""Files as rows: CSV, JSON and Parquet. One reader for all commands.

A row keeps the number of its first line in the file, quoted line breaks counted; in Parquet and
JSON documents, which have no lines, the number of the record. A row that cannot be read comes as a
`BadRow`, and the rows after it still come.
"""

import codecs
import gzip
import io
import re
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from bg_orchestration.importing.cells import clean
from bg_orchestration.importing.csv_tables import BadRow, Row, csv_table
from bg_orchestration.importing.garbled_text import GarbledCells, repair_garbled
from bg_orchestration.importing.headers import FileError
from bg_orchestration.importing.json_tables import (
    is_json,
    is_parquet,
    json_table,
    parquet_table,
)
from bg_orchestration.importing.text_encoding import Encoding, find_encoding, head_of

STANDARD_INPUT = Path("-")
_WORKBOOK = "is a workbook. Save the sheet as CSV UTF-8 and read that"
_OLD_WORKBOOK = "is an old Excel workbook. Save the sheet as CSV UTF-8 and read that"
_NO_LIST = "is no list of people. Export the contacts as CSV and read that"
_PACKED = "is packed in a form that is not read. Unpack it, or pack it as .gz or .zip"
_NO_TEXT = "is no text, whatever its name says. Export the list as CSV UTF-8"
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", _OLD_WORKBOOK), (b"\t\x08", _OLD_WORKBOOK),
    (b"%PDF", "is a PDF. Export the list as CSV and read that"),
    (b"BEGIN:VCARD", "is a list of business cards (vCard). Export the contacts as CSV"),
    (b"BEGIN:", _NO_LIST), (b"MIME-Version:", _NO_LIST), (b"Received:", _NO_LIST),
    (b"Return-Path:", _NO_LIST), (b"dn: ", _NO_LIST), (b"dn:: ", _NO_LIST),
    (b"{\\rtf", "is a text document. Save the list as CSV UTF-8 and read that"),
    (b"SQLite format 3", "is a database. Export the table as CSV and read that"),
    (b"BZh", _PACKED), (b"\xfd7zXZ", _PACKED), (b"\x28\xb5\x2f\xfd", _PACKED),
    (b"7z\xbc\xaf", _PACKED), (b"Rar!", _PACKED), (b"PK\x05\x06", "is an empty zip"),
)  # fmt: skip
_MARKUP = re.compile(rb"\s*<[a-z!?]", re.I)
_TABLES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".parquet"})


@dataclass(frozen=True, slots=True)
class Table:
    """An open file.

    Attributes:
        header: the names of the columns.
        rows: read from the file one by one.
        encoding: `utf-8`, `cp1250`, `parquet` ...
        done: returns the read share of the file, 0..1.
        notes: sentences on guesses and omissions; complete after the last row.
    """

    header: list[str]
    rows: Iterator[Row | BadRow]
    encoding: str
    done: Callable[[], float]
    notes: list[str] = field(default_factory=list)


@contextmanager
def open_table(
    path: Path, known: frozenset[str], *, encoding: str | None = None, blank_rows: bool = False
) -> Iterator[Table]:
    """Open a file of companies, people or titles; its rows are read as they are asked for.

    Args:
        path: CSV or TSV, JSON, or Parquet; text may be compressed (`.gz`), or the only table of a
            zip; `-` is CSV on standard input.
        known: folded headers that mean something; they identify the header among the first lines.
        encoding: of a text; found by its bytes if not given.
        blank_rows: whether blank rows of a CSV count.

    Raises:
        FileError: it is missing, empty, or of a form that is not read.
    """
    try:
        with ExitStack() as stack:
            if path == STANDARD_INPUT:
                stream, done, name = sys.stdin.buffer, (lambda: 1.0), path
            else:
                raw = stack.enter_context(path.open("rb"))
                stream, name = _uncompressed(raw, path, stack)
                size = max(path.stat().st_size, 1)

                def done() -> float:
                    return min(raw.tell() / size, 1.0)

            head = head_of(stream, 1_024)
            if is_parquet(name, head):
                header, records = parquet_table(stream)
                yield Table(header, _number_rows(records), "parquet", done)
                return
            _refuse_foreign(head)
            found = (
                Encoding(_require_codec(encoding))
                if encoding
                else find_encoding(stream, whole=path != STANDARD_INPUT)
            )
            _refuse_binary(head, found.name)
            errors = "replace" if found.code_page is None else "surrogateescape"
            with io.TextIOWrapper(stream, found.name, errors=errors, newline="") as text:
                notes = found.notes()
                if is_json(name, head):
                    header, records = json_table(text)
                    rows = _number_rows(records)
                else:
                    header, rows = csv_table(text, known, notes, blank_rows=blank_rows)
                header = [clean(repair_garbled(found.repair(cell))) for cell in header]
                yield Table(header, _repair_rows(rows, found, notes), found.label, done, notes)
    except BrokenPipeError:
        raise  # of a file that grows meanwhile
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot be read: {reason}") from None


def _require_codec(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise FileError(
            f"{encoding!r} is no encoding. Allowed are those of Python, such as utf-8, cp1250, "
            "mac_roman"
        ) from None


def _uncompressed(raw: BinaryIO, path: Path, stack: ExitStack) -> tuple[BinaryIO, Path]:
    """Return the stream of the table in a file, and its name without `.gz` or `.zip`."""
    mark = raw.read(4)
    raw.seek(0)
    if path.suffix == ".gz" or mark.startswith(b"\x1f\x8b"):
        stream = stack.enter_context(gzip.GzipFile(fileobj=raw))
        return cast(BinaryIO, stream), path.with_suffix("") if path.suffix == ".gz" else path
    if mark != b"PK\x03\x04":
        return raw, path
    try:
        archive = stack.enter_context(zipfile.ZipFile(raw))
    except zipfile.BadZipFile:
        raise FileError(_WORKBOOK) from None
    names = archive.namelist()
    if any(name.startswith(("xl/", "content.xml", "word/")) for name in names):
        raise FileError(_WORKBOOK)
    tables = [
        name
        for name in names
        if Path(name).suffix.lower() in _TABLES and not Path(name).name.startswith(".")
    ] or [name for name in names if name.lower().endswith(".txt")]
    # LinkedIn's archive has a dozen tables; this one has the people.
    connections = [name for name in tables if Path(name).name == "Connections.csv"]
    if len(connections or tables) != 1:
        listed = ", ".join(tables[:10]) or "no table"
        raise FileError(f"is a zip that holds {listed}. Unpack it and name one CSV file")
    [name] = connections or tables
    return io.BytesIO(archive.read(name)), Path(name)


def _refuse_foreign(head: bytes) -> None:
    head = head.removeprefix(codecs.BOM_UTF8)
    for mark, sentence in _FOREIGN:
        if head.startswith(mark):
            raise FileError(sentence)
    if _MARKUP.match(head):
        raise FileError("is a web page (HTML or XML), whatever its name says. Export it as CSV")


def _refuse_binary(head: bytes, encoding: str) -> None:
    """Refuse a file whose beginning has many characters that no text has.

    Raises:
        FileError: it is no text.
    """
    text = head.decode(encoding, "ignore")
    # Zeros alone suggest UTF-16: a program's data then give characters that do not exist.
    guessed = encoding.startswith(("utf-16", "utf-32"))
    odd = ("Cc", "Cn", "Co") if guessed else ("Cc",)
    count = sum(unicodedata.category(sign) in odd and not sign.isspace() for sign in text)
    if len(text) > (32 if guessed else 512) and count > len(text) / 10:
        raise FileError(_NO_TEXT)


def _repair_rows(
    rows: Iterator[Row | BadRow], encoding: Encoding, notes: list[str]
) -> Iterator[Row | BadRow]:
    """Yield the rows with plain text; note after the last row what was garbled."""
    garbled = GarbledCells()
    for row in rows:
        if isinstance(row, BadRow):
            yield row
        else:
            cells = [
                cell if cell.isascii() else garbled.repair(row.line, encoding.repair(cell))
                for cell in row.cells
            ]
            yield Row(row.line, [*map(clean, cells)], row.cells)
    notes += garbled.notes()


def _number_rows(records: Iterator[tuple[int, list[str] | str]]) -> Iterator[Row | BadRow]:
    for line, cells in records:
        yield BadRow(line, cells) if isinstance(cells, str) else Row(line, cells)
