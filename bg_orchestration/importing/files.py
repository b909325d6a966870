"""Files as rows: CSV in the shapes people have it, JSON and Parquet.

A row keeps the number of its first line in the file, quoted line breaks counted; in Parquet and
JSON arrays, which have no lines, the number of the record. A row that cannot be read comes as a
`BadRow`, and the rows after it still come.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, cast

from bg_orchestration.importing.headers import FileError, fold_header
from bg_orchestration.importing.json_tables import (
    is_json,
    is_parquet,
    json_table,
    parquet_table,
)

_SNIFFED_CHARACTERS = 65_536
_PREAMBLE_ROWS = 25
_KNOWN_HEADERS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record and the number of its first line."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that cannot be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: its headers, its rows, and `done`, the share of it that was read, 0..1."""

    header: list[str]
    rows: Iterator[Row | BadRow]
    encoding: str
    done: Callable[[], float]


@contextmanager
def open_table(path: Path, known: frozenset[str]) -> Iterator[Table]:
    """Open a file of companies or people; its rows are read as they are asked for.

    Args:
        path: CSV or TSV, JSON array or lines, or Parquet; text may be compressed (`.gz`).
        known: folded headers that mean something; they tell the header from what stands above.

    Raises:
        FileError: it is missing, empty, or of a form that is not read.
    """
    try:
        with path.open("rb") as raw:
            size = max(path.stat().st_size, 1)

            def done() -> float:
                return min(raw.tell() / size, 1.0)

            if is_parquet(path):
                header, records = parquet_table(raw)
                yield Table(header, _numbered(records), "parquet", done)
                return
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
            encoding = find_encoding(stream)
            with io.TextIOWrapper(stream, encoding, errors="replace", newline="") as text:
                header, rows = _json(text) if is_json(path) else _csv(text, known)
                yield Table(header, rows, encoding, done)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot be read: {reason}") from None


def _json(text: IO[str]) -> tuple[list[str], Iterator[Row | BadRow]]:
    header, records = json_table(text)
    return header, _numbered(records)


def _csv(text: IO[str], known: frozenset[str]) -> tuple[list[str], Iterator[Row | BadRow]]:
    sample = text.read(_SNIFFED_CHARACTERS)
    text.seek(0)
    if sample.startswith("PK\x03\x04"):
        raise FileError("is a workbook. Save the sheet as CSV UTF-8 and import that")
    delimiter, header, above = find_header(sample, known)
    rows = islice(read_records(text, delimiter), above, None)
    return header, _fitting(rows, len(header))


def find_encoding(stream: BinaryIO) -> str:
    """The encoding of a text file, by its mark or NUL bytes, else by whether it is UTF-8."""
    head = stream.read(4_096)
    stream.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    odd, even = head[1::2].count(0), head[::2].count(0)
    if odd + even > len(head) / 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := stream.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        stream.seek(0)
    return "utf-8-sig"


def find_header(sample: str, known: frozenset[str]) -> tuple[str, list[str], int]:
    """The delimiter of a CSV, its header, and how many records stand above the first row.

    The header is the first record with at least three known names; without one it is the first
    record at all.

    Raises:
        FileError: there is nothing in the file.
    """
    best: tuple[tuple[int, int], str, list[str], int] | None = None
    for delimiter in (",", ";", "\t"):
        records = list(
            islice(read_records(io.StringIO(sample, newline=""), delimiter), _PREAMBLE_ROWS)
        )
        rows = [(at, one.cells) for at, one in enumerate(records) if isinstance(one, Row)]
        if not rows:
            continue
        matches = [len({fold_header(cell) for cell in cells} & known) for _, cells in rows]
        pick = next((i for i, count in enumerate(matches) if count >= _KNOWN_HEADERS), 0)
        at, cells = rows[pick]
        rank = (matches[pick], len(cells))
        if best is None or rank > best[0]:
            best = (rank, delimiter, cells, at + 1)
    if best is None:
        raise FileError("the file is empty: the first line must name the columns")
    return best[1], [cell.strip() for cell in best[2]], best[3]


def read_records(text: IO[str], delimiter: str) -> Iterator[Row | BadRow]:
    """The records of a CSV, blank ones left out, each with the number of its first line.

    After a record that is no CSV, such as one with an opening quote that is never closed, reading
    goes on at the very next line, so that it does not swallow the rest of the file.
    """
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        first = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.back_to_second()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield BadRow(first, _explain(error))
            continue
        if any(cell.strip() for cell in cells):
            yield Row(first, cells)


class _Lines:
    """Lines with their numbers; those of the current record can be read again."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._text)
        self._record.append(line)
        self.number += 1
        return line

    def begin(self) -> None:
        self._record.clear()

    def back_to_second(self) -> None:
        rest = self._record[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)


def _fitting(rows: Iterator[Row | BadRow], width: int) -> Iterator[Row | BadRow]:
    for row in rows:
        if isinstance(row, Row) and any(cell.strip() for cell in row.cells[width:]):
            yield BadRow(
                row.line,
                f"has {len(row.cells)} cells where the header has {width}: put a cell that holds "
                "the separator in quotes",
            )
        else:
            yield row


def _numbered(records: Iterator[tuple[int, list[str] | str]]) -> Iterator[Row | BadRow]:
    for line, cells in records:
        yield BadRow(line, cells) if isinstance(cells, str) else Row(line, cells)


def _explain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text or "field larger" in text:
        return "a quote opens here and is never closed"
    if "expected after" in text:
        return 'a quote inside a quoted cell must be doubled: ""'
    return f"is not CSV: {text}"
