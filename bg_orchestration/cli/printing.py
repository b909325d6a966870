"""Output for people and for programs, and values of options; no database is imported here."""

import json
import os
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import click
from rich.cells import cell_len
from rich.table import Column, Table
from rich.text import Text

from bg_orchestration.domain.diagnosis.facts import span
from bg_orchestration.durations import parse_duration
from bg_orchestration.report.terminal import Console, escape_json

_ENDLESS: Final = 100_000
_GAP: Final = 2
# The least width of a column whose values wrap.
_READABLE: Final = 12
# The same for a column of sentences.
_READABLE_PROSE: Final = 32
# A table of more rows is printed without the library.
_MANY: Final = 300

as_json = click.option("--json", "json_", is_flag=True, help="Print JSON for programs.")


def console(*, stderr: bool = False) -> Console:
    """Return the console for tables and text; progress goes to `stderr`.

    Output for another program, without COLUMNS, is not wrapped: each value stays whole.
    """
    out = Console(highlight=False, stderr=stderr)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = _ENDLESS
    return out


def print_table(
    table: Table,
    *,
    whole: Collection[str] = (),
    optional: Sequence[str] = (),
    prose: Collection[str] = (),
) -> None:
    """Print a table so that a person can copy its values at any width.

    A value is wrapped and never cut. If the columns do not fit, the `optional` ones are left out,
    the last one first. If that is not enough, each row is printed as lines `heading: value`.

    Args:
        table: the table, without styles that carry a meaning.
        whole: the headings of the columns whose values stay in one line, such as ids.
        optional: the headings of the columns that may be left out.
        prose: the headings of the columns of sentences, which need room.
    """
    out = console()
    table.pad_edge = False
    for column in table.columns:
        column.overflow = "fold"
    left_out = list(optional)
    while _least_width(table, whole, prose) > out.width and left_out:
        heading = left_out.pop()
        # A new table numbers its columns anew: the library measures a column by its number.
        kept = [column for column in table.columns if column.header != heading]
        table.columns = Table(*kept).columns
    for column in table.columns:
        if column.header in whole:
            column.no_wrap, column.min_width = True, _natural_width(column)
    if _least_width(table, whole, prose) > out.width:
        _print_records(table, out)
    elif len(table.rows) > _MANY and _natural_widths(table) <= out.width:
        _print_lines(table)
    else:
        out.print(table)


def _natural_width(column: Column) -> int:
    return max((cell_len(line) for text in _cells(column) for line in text.split("\n")), default=0)


def _natural_widths(table: Table) -> int:
    return sum(_natural_width(column) + _GAP for column in table.columns) - _GAP


def _least_width(table: Table, whole: Collection[str], prose: Collection[str]) -> int:
    """Return the width at which whole values fit and the other columns are readable."""
    widths = (
        width
        if column.header in whole
        else min(width, _READABLE_PROSE if column.header in prose else _READABLE)
        for column in table.columns
        for width in [_natural_width(column)]
    )
    return sum(width + _GAP for width in widths) - _GAP


def _cells(column: Column) -> list[str]:
    return [str(cell) for cell in (column.header, *column.cells)]


def _print_records(table: Table, out: Console) -> None:
    columns = [(str(column.header), _cells(column)[1:]) for column in table.columns]
    for row in range(len(table.rows)):
        for heading, cells in columns:
            if cells[row]:
                out.print(Text(f"{heading}: {cells[row]}" if heading else cells[row]))
        out.print()


def _print_lines(table: Table) -> None:
    """Print many rows without wrapping: a library that measures each cell would take seconds."""
    columns = [(_natural_width(each), each.justify, _cells(each)) for each in table.columns]
    for row in range(len(table.rows) + 1):
        cells = (
            cells[row].rjust(width) if justify == "right" else cells[row].ljust(width)
            for width, justify, cells in columns
        )
        click.echo("  ".join(cells).rstrip())


def print_json(value: Any) -> None:
    """Print `value` as JSON; instants as ISO 8601."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    click.echo(escape_json(text))


def ago(time: timedelta) -> str:
    """Return an age in words: `4 s`, `8 min`, `3 h`, `12 days`."""
    return span(max(0.0, time.total_seconds()))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def duration(_context: click.Context, _option: click.Parameter, value: str | None) -> Any:
    """Read a duration such as 7d or 12h."""
    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
