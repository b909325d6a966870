"""`bg changes`: what changed in published groups, in words."""

from dataclasses import asdict
from datetime import timedelta

import click
from rich.table import Table
from rich.text import Text

from bg_orchestration.cli.common import database
from bg_orchestration.cli.lookup import company_named
from bg_orchestration.cli.options import duration
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.domain.changes import in_words as sentence
from bg_orchestration.domain.model import Change
from bg_orchestration.refreshes.overview import ChangeLine
from bg_orchestration.refreshes.overview import changes as read_changes
from bg_orchestration.store.database import clock, reading


@click.command()
@click.argument("company", required=False)
@click.option("--since", callback=duration, help="Only the last 7d, 12h, 30m ...")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
def command(company: str | None, since: timedelta | None, limit: int, json_: bool) -> None:
    """Tell what changed in published groups, of COMPANY or of all, the newest last.

    \b
    bg changes acme --since 7d
    """
    with database() as engine, reading(engine) as connection:
        if company is not None:
            company_named(connection, company)
        after = None if since is None else clock(connection) - since
        found = read_changes(connection, company_id=company, since=after, limit=limit)
    if json_:
        print_json([asdict(line) for line in found])
        return
    table = Table("When (UTC)", "Company", "What changed", box=None)
    for line in found:
        table.add_row(f"{line.changed_at:%Y-%m-%d %H:%M:%S}", line.company_id, Text(in_words(line)))
    console().print(table if found else "Nothing changed.")


def in_words(line: ChangeLine) -> str:
    """One sentence on one change, with the person's name where it is known."""
    change = Change.model_validate(line, from_attributes=True)
    return sentence(change, line.name or line.person_id, line.changed_at.date())
