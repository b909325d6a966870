"""`bg companies`: the companies we follow."""

from dataclasses import asdict

import click
from rich.table import Table

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.store.companies import ListedCompany, listing
from bg_orchestration.store.database import reading


@click.command(name="companies")
@as_json
def command(json_: bool) -> None:
    """List the companies we follow, with their size and how many of their people we know."""
    with database() as engine, reading(engine) as connection:
        found = listing(connection)
    if json_:
        print_json([asdict(one) | {"size": one.size} for one in found])
    elif found:
        console().print(_table(found))
    else:
        click.echo("No companies yet. Import some: bg import FILE, or try the sample: bg demo")


def _table(found: list[ListedCompany]) -> Table:
    table = Table(box=None, pad_edge=False)
    # An id is there to be copied, so it is never cut.
    table.add_column("id", no_wrap=True, min_width=max(len(one.company_id) for one in found))
    table.add_column("name")
    table.add_column("domain", overflow="fold")
    for heading in ("size", "people"):
        table.add_column(heading, justify="right")
    table.add_column("followed")
    for one in found:
        table.add_row(
            one.company_id,
            one.name,
            one.domain or "",
            f"{one.size:,}",
            f"{one.people:,}",
            "yes" if one.followed else "no",
        )
    return table
