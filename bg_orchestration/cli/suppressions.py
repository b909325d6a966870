"""`bg suppressions`: the list of those who are kept out, of which nobody can read who they are."""

import click

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, print_json
from bg_orchestration.privacy.suppression import (
    SuppressionKeyError,
    Suppressions,
)
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading


@click.command()
@click.option("--export", is_flag=True, help="Print each hash and since when it is on the list.")
@as_json
def command(export: bool, json_: bool) -> None:
    """Count who is kept out: ids, addresses and profile pages, several for each person.

    The list holds keyed hashes only. With its key it recognizes somebody who comes back; without,
    it tells nothing. Add people with `bg forget`.
    """
    suppressions = Suppressions.configured(settings())
    try:
        with database() as engine, reading(engine) as connection:
            marks = suppressions.exported(connection)
    except SuppressionKeyError as error:
        raise click.ClickException(str(error)) from None
    if json_:
        listed = [{"mark": mark, "since": since} for mark, since in marks]
        print_json({"marks": len(marks)} | ({"list": listed} if export else {}))
    elif export:
        for mark, since in marks:
            click.echo(f"{mark},{since.isoformat()}")
    else:
        click.echo(f"{len(marks)} ids, addresses and pages are kept out")
