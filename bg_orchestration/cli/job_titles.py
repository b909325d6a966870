"""`bg titles`: the rank and the function that each job title of a file states."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from bg_orchestration.cli.printing import as_json
from bg_orchestration.domain.spreadsheets import as_spreadsheet_text
from bg_orchestration.domain.titles.title_reader import read_title
from bg_orchestration.importing.cells import read_job_title
from bg_orchestration.importing.csv_tables import BadRow
from bg_orchestration.importing.files import Table, open_table
from bg_orchestration.importing.headers import (
    FileError,
    fold_header,
    load_aliases,
    match_columns,
)
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import settings

_NEEDS_QUOTES = re.compile('[",\r\n]')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@click.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--column", help="The column that holds titles.  [default: title, job title, ...]")
@click.option("--encoding", help="The encoding of FILE, such as cp1250.  [default: by its bytes]")
@as_json
def titles(file: Path, column: str | None, encoding: str | None, json_: bool) -> None:
    """Print seniority and function of each job title in FILE.

    FILE is CSV, JSON or Parquet, as for `bg import`; - is CSV on standard input. Only the title
    is read, even where another column names a department. The output has one line for each row,
    in the file's order, with the title as the file has it. A title that a spreadsheet would run
    as a formula gets an apostrophe. --json adds the confidence of the reading, from 0 to 1.

    \b
    bg titles people.csv > ranks.csv
    bg titles contacts.csv --column "Job Title"
    printf 'title\\nFounder & CTO\\n' | bg titles -
    """
    aliases = load_aliases(settings().home / "headers.yaml")
    known_headers = aliases.known_headers() | {fold_header(column or "title")}
    out = sys.stdout.buffer
    try:
        with open_table(file, known_headers, encoding=encoding, blank_rows=True) as table:
            mapping = {"title": column} if column else None
            try:
                places = match_columns(table.header, aliases, "people", mapping).fields["title"]
            except (FileError, KeyError):
                raise _without_titles(column, table.header) from None
            rows = _titles(table, places)
            for text in _as_json(rows) if json_ else _as_csv(rows):
                out.write(text.encode("utf-8", "surrogateescape"))
            for note in table.notes:
                echo(f"Note: {note}", err=True)
    except FileError as error:
        if "is empty" in str(error):
            raise _without_titles(column, []) from None
        raise click.ClickException(f"{file}: {error}") from None
    out.flush()


def _without_titles(column: str | None, header: list[str]) -> click.BadParameter:
    columns = ", ".join(header)[:500] or "nothing"
    return click.BadParameter(
        f"the file has no column {column or 'title'!r}. Name the one that holds titles. "
        f"Its columns are: {columns}",
        param_hint="--column",
    )


def _titles(table: Table, places: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    """Yield the title of each row, as in the file and cleaned for reading.

    Of several columns the first one with a title counts. A blank line is a row if the file has one
    column. A row that cannot be read has no title.
    """
    unread = []
    for row in table.rows:
        if isinstance(row, BadRow):
            unread.append(row)
            yield "", ""
        elif row.cells or len(table.header) == 1:
            filled = [at for at in places if at < len(row.cells)]
            at = next((at for at in filled if read_job_title(row.cells[at])), None)
            if at is None:
                at = filled[0] if filled else None
            yield ("", "") if at is None else ((row.raw or row.cells)[at], row.cells[at])
    if unread:
        table.notes.append(
            f"{len(unread):,} rows could not be read; the first, in line {unread[0].line}: "
            f"{unread[0].reason}"
        )


def _as_csv(titles: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield "title,seniority,function\n"
    for raw, title in titles:
        reading = read_title(title)
        shown = as_spreadsheet_text(raw)
        cell = '"' + shown.replace('"', '""') + '"' if _NEEDS_QUOTES.search(shown) else shown
        yield f"{cell},{reading.seniority},{reading.function}\n"


def _as_json(titles: Iterator[tuple[str, str]]) -> Iterator[str]:
    between = "[\n"
    for raw, title in titles:
        reading = read_title(title)
        # JSON cannot hold bytes that are not UTF-8.
        text = title if _LONE_SURROGATE.search(raw) else raw
        row = {"title": text, **asdict(reading), "traits": sorted(reading.traits)}
        yield between + json.dumps(row, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"
