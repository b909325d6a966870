"""`bg export`: the published groups as tables for a warehouse."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from rich.progress import Progress, TextColumn

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, print_json, print_table
from bg_orchestration.destinations.warehouse.export import export as export_to
from bg_orchestration.destinations.warehouse.targets import ExportError, target_of
from bg_orchestration.report.terminal import Console, Table, echo
from bg_orchestration.settings import settings


@click.command()
@click.argument("target", required=False, metavar="[FOLDER|s3://BUCKET/PREFIX|FILE.duckdb]")
@as_json
def export(target: str | None, json_: bool) -> None:
    """Write the published groups as tables: Parquet to a folder or S3, or a DuckDB file.

    Tables: buyer_groups, members, changes, coverage, external_ids. Without a target they go to
    BG_WAREHOUSE, else to BG_HOME/warehouse. Readers see the former export until the new one is
    whole. The same data gives the same files. See docs/destinations.md.

    \b
    bg export
    bg export s3://analytics/buyer-groups
    bg export groups.duckdb
    """
    config = settings()
    address = target or config.warehouse_address
    try:
        with database() as engine, _progress() as progress:
            report = export_to(engine, target_of(address, config.home), progress)
    except ExportError as error:
        raise click.ClickException(str(error)) from None
    except ImportError as error:
        extra = "s3" if error.name == "boto3" else "warehouse"
        raise click.ClickException(
            f"{error.name} is not installed. Install it: pip install 'bg_orchestration[{extra}]'"
        ) from None
    except OSError as error:
        raise click.ClickException(f"{address} cannot be written: {error}") from None
    if json_:
        print_json(asdict(report))
        return
    table = Table("Table", "Rows", "kB", box=None)
    for name, rows in report.rows.items():
        table.add_row(name, f"{rows:,}", f"{report.sizes[name] / 1000:,.1f}")
    print_table(table)
    echo(
        f"Version {report.version} is at {report.address}{'' if report.changed else ', unchanged'}."
    )


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """Show the table and its rows on stderr until the end, if stderr is a terminal."""
    terminal = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        console=terminal,
        transient=True,
        disable=not terminal.is_terminal,
    ) as bar:
        task = bar.add_task("reading")
        yield lambda table, rows: bar.update(task, description=f"{table}: {rows:,} rows")
