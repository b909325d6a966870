"""`bg import`: companies or people from the files that other tools export."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, console, print_json
from bg_orchestration.domain.company_ids import is_company_id
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.importing.comparison import ReportShare
from bg_orchestration.importing.headers import (
    FileError,
    Kind,
    field_names,
)
from bg_orchestration.importing.import_report import ImportReport
from bg_orchestration.importing.importer import import_file
from bg_orchestration.report.terminal import Console, echo

_SHOWN = 10


def _mapping(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    fields = field_names()
    columns = {}
    for value in values:
        field, equals, header = value.partition("=")
        if not equals or not header.strip():
            raise click.BadParameter(f'{value!r} is not of the form title="Job Title"')
        if field.strip() not in fields:
            raise click.BadParameter(
                f"{field.strip()!r} is no field of ours. Fields: {', '.join(fields)}"
            )
        columns[field.strip()] = header.strip()
    return columns


def _company(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_company_id(value):
        raise click.BadParameter(
            "must be 1 to 128 letters, digits or _ : - . without '..' or a dot at the end"
        )
    return value


def _scope(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,30}", value):
        raise click.BadParameter("must be 1 to 31 small letters, digits or _")
    return value


@click.command(name="import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--kind",
    type=click.Choice(get_args(Kind)),
    help="The kind of rows, if the columns do not decide it.",
)
@click.option(
    "--map",
    "settled",
    multiple=True,
    callback=_mapping,
    metavar='FIELD="HEADER"',
    help="Use a column for a field.",
)
@click.option(
    "--company",
    metavar="ID",
    callback=_company,
    help="The company of all rows, for files of people that name none.",
)
@click.option(
    "--complete",
    is_flag=True,
    help="The files list all people of their companies: the jobs of other people there end.",
)
@click.option(
    "--encoding", help="The encoding of the files, such as cp1250.  [default: by their bytes]"
)
@click.option(
    "--id-scope",
    metavar="TOOL",
    callback=_scope,
    help="The tool whose ids the files have, such as crm1: kept apart from other ids. "
    "`none` if their column id is no id.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen and keep nothing.")
@as_json
def import_(
    files: tuple[Path, ...],
    kind: Kind | None,
    settled: dict[str, str],
    company: str | None,
    complete: bool,
    encoding: str | None,
    id_scope: str | None,
    dry_run: bool,
    json_: bool,
) -> None:
    """Read companies or people from CSV, JSON or Parquet FILES.

    Knows headers in seven languages, and those of Apollo, ZoomInfo, HubSpot, Evaboot,
    PhantomBuster, Pronto, LinkedIn, Outlook and Google; BG_HOME/headers.yaml may add others. A
    zip with one table is read as well. A row that cannot be used is reported and
    the rest imported; so is one whose id is known under another name. An empty cell changes
    nothing. The same file again changes nothing, and completes an import that was interrupted.
    Exit code 1 if a file could not be read or none of its rows could be used.

    \b
    bg import people.csv --dry-run
    bg import people.csv --map title="Job Title"
    """
    if company and kind == "companies":
        raise click.UsageError("--company is for files of people")
    reports: list[ImportReport] = []
    errors: list[str] = []
    with database() as engine:
        for path in files:
            try:
                with _progress(path) as progress:
                    report = import_file(
                        engine,
                        path,
                        kind=kind,
                        settled=settled,
                        company_id=company,
                        complete=complete,
                        encoding=encoding,
                        id_scope=id_scope,
                        dry_run=dry_run,
                        progress=progress,
                    )
            except FileError as error:
                errors.append(str(error))
                echo(f"Error: {error}", err=True)
                continue
            reports.append(report)
            if not json_:
                _show(report, complete)
    if json_:
        print_json({"files": [asdict(report) for report in reports], "errors": errors})
    if errors or any(report.rows and not (report.used or report.suppressed) for report in reports):
        raise SystemExit(1)


@contextmanager
def _progress(path: Path) -> Iterator[ReportShare]:
    """Show a progress bar on stderr until the end, if stderr is a terminal."""
    terminal = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as bar:
        task = bar.add_task(escape(path.name), total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _show(report: ImportReport, complete: bool) -> None:
    out = console()
    out.soft_wrap = True
    out.print(f"[bold]{escape(report.path)}[/]: {report.kind}, {report.encoding}")
    for field, headers in report.mapping.items():
        out.print(f"  {field} [dim]<-[/] {escape(', '.join(headers))}")
    if report.unmatched:
        more = len(report.unmatched) - 3 * _SHOWN
        listed = ", ".join(report.unmatched[: 3 * _SHOWN]) + (
            f" and {more} more" if more > 0 else ""
        )
        out.print(escape(f'  not used: {listed}  (settle with --map FIELD="HEADER")'))
    if report.repeated:
        out.print(escape(f"  repeated, the first filled cell counts: {', '.join(report.repeated)}"))
    for note in report.notes:
        out.print(escape(f"  {note}"))
    _show_faults(out, report)
    if report.rows == 0:
        out.print("0 rows: below the header the file is empty")
        return
    verb = "would be " if report.dry_run else ""
    out.print(
        f"{quantity(report.rows, 'row')}: {report.new:,} {verb}new, "
        f"{report.changed:,} {verb}changed, {report.unchanged:,} unchanged, "
        f"{len(report.skipped):,} skipped"
    )
    if report.suppressed:
        rows = quantity(report.suppressed, "row")
        out.print(f"{rows} left out: the people are suppressed, see bg forget")
    if report.new_companies:
        out.print(f"companies {verb}new: {report.new_companies:,}")
    _show_absent(out, report, complete)


def _show_faults(out: Console, report: ImportReport) -> None:
    for skipped in report.skipped[:_SHOWN]:
        out.print(escape(f"  line {skipped.line} skipped: {skipped.reason}"))
    if len(report.skipped) > _SHOWN:
        out.print(f"  and {len(report.skipped) - _SHOWN:,} more skipped: --json lists all")
    for field, unread in report.unread.items():
        out.print(
            escape(
                f"  {field}: {unread.cells:,} cells left empty, first in line {unread.line}: "
                f"{unread.reason}"
            )
        )


def _show_absent(out: Console, report: ImportReport, complete: bool) -> None:
    if report.ended:
        verb = "would end" if report.dry_run else "ended"
        out.print(f"{report.ended:,} people are not in the file: their jobs {verb}")
    elif report.absent and complete:
        out.print(
            f"{report.absent:,} known people are not in the file. No job ended, since some "
            "rows could not be used: mend those and import again"
        )
    elif report.absent:
        out.print(
            f"{report.absent:,} known people of these companies are not in the file and keep "
            "their jobs. If the file is complete: --complete ends them"
        )
