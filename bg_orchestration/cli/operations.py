"""`bg operations`: what was asked of providers, and what it cost."""

from dataclasses import asdict
from datetime import timedelta

import click
from rich.table import Table

from bg_orchestration.cli.common import database
from bg_orchestration.cli.options import duration
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.ledger.reports import (
    OperationLine,
    OperationSum,
    Which,
    operation_lines,
    operation_sums,
)
from bg_orchestration.store.database import clock, reading


@click.command()
@click.option("--provider", help="Only those of this provider.")
@click.option("--endpoint", help="Only those of this endpoint, such as person/search.")
@click.option(
    "--state",
    type=click.Choice(["started", "answered", "not_found", "failed", "ambiguous"]),
    help="Only those in this state; ambiguous: may have been charged without an answer.",
)
@click.option("--company", help="Only those that were asked for this company.")
@click.option("--since", callback=duration, help="Only the last 7d, 12h, 30m ...")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(0), help="Rows at most."
)
@as_json
def command(
    provider: str | None,
    endpoint: str | None,
    state: str | None,
    company: str | None,
    since: timedelta | None,
    limit: int,
    json_: bool,
) -> None:
    """List paid requests to data providers, the newest first, and sum up all that match.

    \b
    bg operations --since 1d
    bg operations --company acme --state ambiguous
    """
    with database() as engine, reading(engine) as connection:
        after = None if since is None else clock(connection) - since
        which = Which(provider, endpoint, state, company, after)
        lines = operation_lines(connection, which, limit)
        sums = operation_sums(connection, which)
    if json_:
        print_json(
            {
                "operations": [asdict(line) for line in lines],
                "sums": [asdict(one) for one in sums],
                "cost_usd": sum(one.cost_usd for one in sums),
            }
        )
        return
    if not sums:
        console().print("Nothing was paid for.")
        return
    if lines:
        console().print(_listed(lines))
        console().print()
    console().print(_summed(sums))


def _listed(lines: list[OperationLine]) -> Table:
    table = Table(box=None)
    table.add_column("Asked (UTC)", no_wrap=True)
    table.add_column("What", overflow="fold", min_width=22)
    table.add_column("Company", overflow="fold")
    table.add_column("State")
    table.add_column("USD", no_wrap=True, justify="right", min_width=7)
    table.add_column("", no_wrap=True, min_width=8)
    for line in lines:
        again = f", request {line.attempt}" if line.attempt > 1 else ""
        fault = f": {line.why or line.outcome}" if line.state in ("failed", "ambiguous") else ""
        table.add_row(
            f"{line.asked_at:%m-%d %H:%M:%S}",
            f"{line.provider} {line.endpoint}",
            line.company_id or "",
            f"{line.state}{again}{fault}",
            f"{line.cost_usd:.4f}",
            line.cost_basis,
        )
    return table


def _summed(sums: list[OperationSum]) -> Table:
    table = Table(box=None, show_footer=True)
    table.add_column("What", overflow="fold", min_width=22)
    table.add_column("State", no_wrap=True)
    for name in ("Requests", "Questions", "Credits", "USD"):
        table.add_column(name, justify="right")
    for one in sums:
        table.add_row(
            f"{one.provider} {one.endpoint}",
            one.state,
            str(one.requests),
            str(one.questions),
            f"{one.credits:g}",
            f"{one.cost_usd:.4f}",
        )
    table.columns[0].footer = "all"
    table.columns[2].footer = str(sum(one.requests for one in sums))
    table.columns[5].footer = f"{sum(one.cost_usd for one in sums):.4f}"
    return table
