"""`bg inbox`: received events and what became of each."""

from dataclasses import asdict

import click
from rich.table import Table

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.refreshes.overview import EventLine, events
from bg_orchestration.store.database import reading


@click.command()
@click.option(
    "--state",
    type=click.Choice(["received", "pending", "handled", "ignored", "dead"]),
    help="Only events in this state.",
)
@click.option("--dead", is_flag=True, help="The same as --state dead.")
@click.option("--company", help="Only events that concern this company.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
def command(state: str | None, dead: bool, company: str | None, limit: int, json_: bool) -> None:
    """List received events, the newest first, and what became of each and why."""
    state = "dead" if dead else state
    with database() as engine, reading(engine) as connection:
        found = events(connection, state=state, company_id=company, limit=limit)
    if json_:
        print_json([asdict(line) for line in found])
        return
    table = Table("Received (UTC)", "Source", "Event", "Type", "Company", "State", "", box=None)
    for line in found:
        table.add_row(
            f"{line.received_at:%Y-%m-%d %H:%M:%S}",
            line.source,
            line.event_id,
            line.type,
            line.company_id,
            line.state,
            outcome(line),
        )
    console().print(table if found else "No events.")


def outcome(line: EventLine) -> str:
    """Why the event is in its state, in a few words."""
    parts = []
    if line.reason:
        parts.append(line.reason)
    elif line.due_at is not None:
        why = f": {line.deferred}" if line.deferred else ""
        parts.append(f"deferred until {line.due_at:%Y-%m-%d %H:%M:%S}{why}")
    elif line.refresh_ids:
        # The first digits tell refreshes apart; --json has them whole.
        which = ", ".join(one[:8] for one in line.refresh_ids)
        parts.append(f"{'waits for' if line.state == 'pending' else 'by'} refresh {which}")
    if line.conflicts:
        parts.append(f"{line.conflicts} times sent with another body")
    return "; ".join(parts)
