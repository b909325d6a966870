"""`bg replay`: handle events once more."""

import click

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, print_json
from bg_orchestration.intake.replay import (
    UnknownEventError,
    replay_company,
    replay_dead,
    replay_events,
)
from bg_orchestration.store.database import writing


@click.command()
@click.argument("events", nargs=-1)
@click.option("--company", help="Every event of this company that is over.")
@click.option("--dead", is_flag=True, help="Every dead event; with --company, those of it.")
@as_json
def command(events: tuple[str, ...], company: str | None, dead: bool, json_: bool) -> None:
    """Make EVENTS pending again, so that their companies are refreshed for them once more.

    For events that died because something was broken that is mended now, or were ignored under
    another setting. The cool-down and the limits hold as for new events; replaying twice before
    the refresh is replaying once.
    """
    if bool(events) == bool(company or dead):
        raise click.UsageError("Name events, or give --company or --dead.")
    with database() as engine:
        try:
            with writing(engine) as connection:
                if events:
                    count = replay_events(connection, events)
                elif dead:
                    count = replay_dead(connection, company)
                else:
                    count = replay_company(connection, str(company))
        except UnknownEventError as error:
            raise click.ClickException(str(error)) from None
    if json_:
        print_json({"replayed": count})
    else:
        click.echo(f"{count} events are pending again." if count else "Nothing to replay.")
