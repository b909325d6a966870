"""`bg decisions`: what people decided, which outranks the judgement."""

from dataclasses import asdict

import click
from rich.table import Table
from rich.text import Text

from bg_orchestration.cli.common import database
from bg_orchestration.cli.deciding import decision_words
from bg_orchestration.cli.lookup import company_named
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.refreshes.decisions import DecisionLine, listing
from bg_orchestration.store.database import reading


@click.command()
@click.argument("company", required=False)
@click.option("--all", "history", is_flag=True, help="Those taken back or replaced as well.")
@as_json
def command(company: str | None, history: bool, json_: bool) -> None:
    """List what people decided about members of COMPANY's buyer groups, or of all, newest last.

    \b
    bg decisions acme
    bg decisions --all --json
    """
    with database() as engine, reading(engine) as connection:
        if company is not None:
            company_named(connection, company)
        found = listing(connection, company, history=history)
    if json_:
        print_json([asdict(line) for line in found])
    elif found:
        console().print(_table(found, history=history))
    else:
        click.echo("No decision. Make one: bg confirm, bg dismiss, bg assign")


def _table(found: list[DecisionLine], *, history: bool) -> Table:
    table = Table(box=None)
    for heading in ("When (UTC)", "Company"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Profile", "Who", "Decision", "By", "Why"):
        table.add_column(heading)
    if history:
        table.add_column("Taken back")
    for line in found:
        cells = [
            f"{line.decided_at:%Y-%m-%d %H:%M}",
            line.company_id,
            line.profile_id,
            f"{line.name} ({line.person_id})",
            decision_words(line),
            line.decided_by,
            line.why,
        ]
        if history:
            cells.append(_taken_back(line))
        table.add_row(*map(Text, cells))
    return table


def _taken_back(line: DecisionLine) -> str:
    if line.taken_back_at is None:
        return ""
    why = f": {line.taken_back_why}" if line.taken_back_why else ""
    return f"{line.taken_back_at:%Y-%m-%d %H:%M} by {line.taken_back_by}{why}"
