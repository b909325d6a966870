"""`bg stats`: counts."""

import click
from rich.table import Table

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.store.database import reading
from bg_orchestration.store.reports import stats


@click.command()
@as_json
def command(json_: bool) -> None:
    """Count companies, people, events by state, refreshes by state and reason, members by role."""
    with database() as engine, reading(engine) as connection:
        found = stats(connection)
    if json_:
        print_json(found)
        return
    table = Table(show_header=False, box=None)
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {count}" for key, count in value.items())
        table.add_row(name.replace("_", " "), "none" if value in (None, "") else str(value))
    console().print(table)
