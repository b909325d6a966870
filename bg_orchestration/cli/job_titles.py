"""`bg titles`: the rank and the function that each job title of a file states."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import BinaryIO

import click

from bg_orchestration.cli.printing import as_json
from bg_orchestration.domain.titles.title_reader import read_title

_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_CELL = 2**31 - 1  # characters; the most that the reader of CSV takes everywhere
_NO_UTF_8 = re.compile("[\udc80-\udcff]+")
_NEEDS_QUOTES = re.compile('[",\r\n]')


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--column", default="title", show_default=True, help="The column that holds titles.")
@as_json
def titles(file: BinaryIO, column: str, json_: bool) -> None:
    """Print seniority and function of each job title in FILE, a CSV; - is standard input.

    Commas, semicolons or tabs may part the columns. Only the title is read, even where another
    column names a department. One line comes for each row, in the file's order, with the title as
    the file has it; --json tells also how sure the reading is, from 0 to 1.

    \b
    bg titles people.csv > ranks.csv
    bg titles contacts.csv --column "Job Title"
    printf 'title\\nFounder & CTO\\n' | bg titles -
    """
    titles = _titles(_lines(file), column)
    out = sys.stdout.buffer
    try:
        for text in _as_json(titles) if json_ else _as_csv(titles):
            out.write(text.encode("utf-8", "surrogateescape"))
    except csv.Error as error:
        raise click.ClickException(f"the file is no CSV: {error}") from None
    out.flush()


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a text; bytes that are no UTF-8 become lone surrogates, and so are kept."""
    first = file.readline()
    if first.startswith(_UTF_16_MARKS):
        raise click.ClickException("the file is UTF-16: save it as CSV UTF-8")
    lines = chain([first.removeprefix(_UTF_8_MARK)], file)
    return (line.decode("utf-8", "surrogateescape") for line in lines)


def _titles(lines: Iterator[str], column: str) -> Iterator[str]:
    """The cell of `column` in each row; a blank line is a row if there is no other column.

    Raises:
        click.BadParameter: no column is called `column`.
    """
    csv.field_size_limit(_LONGEST_CELL)
    first = next(lines)
    wanted = column.strip().casefold()
    headers = {by: next(csv.reader([first], delimiter=by), []) for by in ",;\t"}
    columns = {by: [cell.strip().casefold() for cell in row] for by, row in headers.items()}
    delimiter = next((by for by in columns if wanted in columns[by]), None)
    if delimiter is None:
        found = ", ".join(cell.strip() for cell in max(headers.values(), key=len))
        raise click.BadParameter(
            f"the file has no column {column!r}. Name the one that holds titles. "
            f"Its first line has: {found[:500] or 'nothing'}",
            param_hint="--column",
        )
    at, width = columns[delimiter].index(wanted), len(columns[delimiter])
    rows = csv.reader(lines, delimiter=delimiter)
    return (row[at] if at < len(row) else "" for row in rows if row or width == 1)


def _as_csv(titles: Iterator[str]) -> Iterator[str]:
    yield "title,seniority,function\n"
    for title in titles:
        reading = read_title(_readable(title))
        cell = '"' + title.replace('"', '""') + '"' if _NEEDS_QUOTES.search(title) else title
        yield f"{cell},{reading.seniority},{reading.function}\n"


def _as_json(titles: Iterator[str]) -> Iterator[str]:
    between = "[\n"
    for title in map(_readable, titles):
        reading = read_title(title)
        row = {"title": title, **asdict(reading), "traits": sorted(reading.traits)}
        yield between + json.dumps(row, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _readable(title: str) -> str:
    """`title` with the bytes that are no UTF-8 read as Windows wrote them."""
    return _NO_UTF_8.sub(_from_windows, title)


def _from_windows(kept: re.Match[str]) -> str:
    return kept[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")
