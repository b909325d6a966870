"""CSV tables: any separator, lines above the header, footers of reports."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO

from bg_orchestration.importing.headers import FileError, fold_header
from bg_orchestration.importing.text_encoding import head_of

_SNIFFED_CHARACTERS = 65_536
_PREAMBLE_ROWS = 25
_KNOWN_HEADERS = 3
_DELIMITERS = (",", ";", "\t", "|", "^", "~")
# Excel writes it in quotes, or with the separators of the other columns behind it.
_INSTRUCTION = re.compile(r"\ufeff?\s*\"?sep ?= ?(.)\1*\"?\1*\r?\n?", re.I)
# Python's reader stops at 131,072 characters; a quote that is never closed costs as much memory.
_LONGEST_CELL = 4_194_304  # characters
csv.field_size_limit(_LONGEST_CELL)
_TOTALS = re.compile(
    r"(?:(?:grand|overall|sub|report)[ -]?)?total\w*\b|(?:zwischen)?summe\b|gesamt\w*\b|"
    r"insgesamt\b|(?:sub)?totaal\b|totale\b|somme\b|suma\b|somma\b|soma\b|"
    r"(?:number of )?(?:records?|rows|contacts|count|results)\b(?= ?[:=(]|$)|anzahl\b|nombre\b|"
    r"n[úu]mero d[ei]\b|numero di\b|aantal\b|eindtotaal\b|(?:average|mean|durchschnitt|mittelwert|"
    r"moyenne|media|promedio|média|gemiddelde)\b(?= ?[:=(]|$)|"
    r"\(?\d+ (?:records?|rows?|contacts?|results?|people|entries)\b",
    re.I,
)
# No name, whatever stands beside it.
_BARE_TOTAL = re.compile(
    r"(?:(?:grand|overall|sub|report)[ -]?)?totals?\W*|gesamt(?:ergebnis|summe)?\W*|insgesamt\W*|"
    r"(?:sub|eind)?totaal\W*|total (?:général|general|geral)\W*|totale complessivo\W*", re.I
)  # fmt: skip
_RULE = re.compile(r"[-=_*+:|.#~ ]{2,}")
# Alone in a wide table: signs that no name has, or a sentence.
_NO_NAME = re.compile(r"[\d:*=@/\\<>{}\[\]|#~_]|[.!?]$|(?:(?<!\S)\S+\s+){6}")
_END = frozenset({"eof", "end", "ende", "fin", "fine", "einde", "fim"})
_LEGAL_LINE = re.compile(
    r"(?:copyright|confidential|generated (?:by|on|at)|report (?:generated|run|created)|"
    r"exported (?:by|on|at|from)|all rights reserved|page \d+ of \d+|end of (?:report|file|list)|"
    r"©|\(c\)|vertraulich|erstellt (?:von|am)|exportiert am|confidentiel|généré (?:par|le)|"
    r"exporté le|confidencial|generado (?:por|el)|esportato il|generato (?:da|il)|vertrouwelijk|"
    r"gegenereerd)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record and the number of its first line.

    Attributes:
        cells: as read: without HTML entities, invisible characters and bytes that are no UTF-8.
        raw: as in the file; such bytes are lone surrogates.
    """

    line: int
    cells: list[str]
    raw: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BadRow:
    """An unreadable record, with the reason."""

    line: int
    reason: str


def csv_table(
    text: IO[str], known: frozenset[str], notes: list[str], *, blank_rows: bool = False
) -> tuple[list[str], Iterator[Row | BadRow]]:
    """Return the headers and rows of a CSV.

    Args:
        text: at its start; need not be seekable.
        known: folded headers that mean something.
        notes: gets sentences on omitted rows.
        blank_rows: whether blank rows count.

    Raises:
        FileError: there is nothing in the file.
    """
    sample, lines = _sample(text)
    instruction = _INSTRUCTION.match(sample)
    skipped = instruction.end() if instruction else 0
    delimiter, header, above = find_header(
        sample[skipped:], known, (instruction[1],) if instruction else _DELIMITERS
    )
    if instruction:
        next(lines)
    rows: Iterator[Row | BadRow] = islice(
        _records(lines, delimiter, int(bool(instruction))), above, None
    )
    rows = _without_repeated_headers(rows, header, notes)
    rows = _fit_rows(_without_footer(rows, len(header), notes), len(header))
    if not blank_rows:
        rows = (row for row in rows if isinstance(row, BadRow) or _filled_cells(row))
    return header, rows


def _sample(text: IO[str]) -> tuple[str, Iterator[str]]:
    """Return the first lines of a text, and all its lines; wait for one line of a pipe."""
    if text.seekable():
        sample = text.read(_SNIFFED_CHARACTERS)
        text.seek(0)
        return sample, text
    assert isinstance(text, io.TextIOWrapper)
    first = head_of(text.buffer, _SNIFFED_CHARACTERS)
    sample = first.decode(text.encoding, "replace")
    if "\n" in sample or "\r" in sample:
        return sample, text
    line = text.readline()
    return line, chain([line], text)


def _filled_cells(row: Row) -> list[str]:
    # Ctrl-Z ends a file of DOS.
    return [cell for cell in row.cells if cell.strip() not in ("", "\x1a")]


def _without_repeated_headers(
    rows: Iterator[Row | BadRow], header: list[str], notes: list[str]
) -> Iterator[Row | BadRow]:
    """Leave out the header where it stands again, as in files that were joined."""
    own = [fold_header(name) for name in header]
    found = 0
    for row in rows:
        if isinstance(row, Row) and len(own) > 1 and [*map(fold_header, row.cells)] == own:
            found += 1
            if found == 1:
                notes.append(f"the header stands again, first in line {row.line}: left out")
        else:
            yield row


def _without_footer(
    rows: Iterator[Row | BadRow], width: int, notes: list[str]
) -> Iterator[Row | BadRow]:
    """Leave out the footer of a report: lines of one cell after a gap, and totals.

    A gap is a blank row. Such lines are held until a row with more cells shows that they are data.
    """
    pending: list[Row | BadRow] = []
    after_gap, left_out, first = False, 0, 0
    for row in rows:
        filled = _filled_cells(row) if isinstance(row, Row) else []
        if width > 1 and filled and _is_summary(filled, width):
            left_out += 1
            first = first or row.line
        elif isinstance(row, Row) and not filled:
            after_gap = True
            pending.append(row)
        elif after_gap and width > 1 and len(filled) == 1:
            pending.append(row)
        else:
            yield from pending
            pending, after_gap = [], False
            yield row
    lines = [row.line for row in pending if isinstance(row, Row) and _filled_cells(row)]
    if not lines:
        yield from pending
    if left_out + len(lines):
        at = min(filter(None, [first, *lines]))
        notes.append(f"{left_out + len(lines)} lines of a footer left out, from line {at} on")


def _is_summary(filled: list[str], width: int) -> bool:
    first, *rest = (cell.strip() for cell in filled)
    if all(map(_RULE.fullmatch, (first, *rest))):
        return True
    if _BARE_TOTAL.fullmatch(first):
        return not any("@" in cell for cell in rest)
    if _TOTALS.match(first):
        return all(re.fullmatch(r"[\d.,%\s]+", cell) for cell in rest)
    if rest:
        return False
    alone = width > 2 and (_NO_NAME.search(first[:1_000]) or first.casefold() in _END)
    return bool(alone or _LEGAL_LINE.match(first))


def find_header(
    sample: str, known: frozenset[str], delimiters: tuple[str, ...] = _DELIMITERS
) -> tuple[str, list[str], int]:
    """Return the delimiter of a CSV, its header, and the number of records above the rows.

    The header is the first record with at least three known names, else the one with the most;
    without any it is the first record that is not blank. Blank records count as records.

    Raises:
        FileError: there is nothing in the file.
    """
    best: tuple[tuple[int, int], str, list[str], int] | None = None
    for delimiter in delimiters:
        records = islice(_records(io.StringIO(sample, newline=""), delimiter), _PREAMBLE_ROWS)
        rows = [
            (at, record.cells)
            for at, record in enumerate(records)
            if isinstance(record, Row) and _filled_cells(record)
        ]
        if not rows:
            continue
        matches = [len({fold_header(cell) for cell in cells} & known) for _, cells in rows]
        most = min(max(matches), _KNOWN_HEADERS)
        pick = next(at for at, count in enumerate(matches) if count >= most)
        at, cells = rows[pick]
        rank = (matches[pick], len(cells))
        if best is None or rank > best[0]:
            best = (rank, delimiter, cells, at + 1)
    if best is None:
        raise FileError("the file is empty: the first line must name the columns")
    return best[1], [cell.strip() for cell in best[2]], best[3]


def read_records(text: Iterable[str], delimiter: str) -> Iterator[Row | BadRow]:
    """Return the records of a CSV without blank ones, each with its first line's number."""
    return (
        row for row in _records(text, delimiter) if isinstance(row, BadRow) or _filled_cells(row)
    )


def _records(text: Iterable[str], delimiter: str, line: int = 0) -> Iterator[Row | BadRow]:
    """Yield all records of a CSV; `line` lines were read before.

    After a record that is no CSV, such as one with an opening quote that is never closed, reading
    goes on at the very next line, so the record does not hide the rest of the file.
    """
    lines = _NumberedLines(text, line)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        lines.begin()
        first = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.back_to_second()
            reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
            yield BadRow(first, _explain(error))
            continue
        yield Row(first, cells)


class _NumberedLines:
    """Numbered lines; the lines of the current record can be read again."""

    def __init__(self, text: Iterable[str], number: int) -> None:
        self._text = iter(text)
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self.number = number

    def __iter__(self) -> "_NumberedLines":
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


def _fit_rows(rows: Iterator[Row | BadRow], width: int) -> Iterator[Row | BadRow]:
    for row in rows:
        if isinstance(row, Row) and any(cell.strip() for cell in row.cells[width:]):
            yield BadRow(
                row.line,
                f"has {len(row.cells)} cells where the header has {width}: put a cell that holds "
                "the separator in quotes",
            )
        else:
            yield row


def _explain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "a quote opens here and is never closed"
    if "field larger" in text:
        return (
            f"a cell has more than {_LONGEST_CELL:,} characters, or a quote opens here and is "
            "never closed"
        )
    if "expected after" in text:
        return 'a quote inside a quoted cell must be doubled: ""'
    return f"is not CSV: {text}"
