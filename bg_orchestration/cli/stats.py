"""`bg stats`: counts."""

from dataclasses import asdict

import click
from rich.table import Table

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.domain.budget import left
from bg_orchestration.ledger.reports import ProviderFigures, provider_figures
from bg_orchestration.provider_settings import PROVIDERS
from bg_orchestration.refreshes.overview import stats
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading


@click.command()
@as_json
def command(json_: bool) -> None:
    """Count companies, people, events, refreshes, members by role; sum up what providers cost."""
    with database() as engine, reading(engine) as connection:
        found = stats(connection)
        figures = provider_figures(connection)
    found["budget_left_usd"] = left(settings().daily_budget_usd, found["spent_today_usd"])
    if json_:
        print_json(found | {"providers": [asdict(one) for one in figures]})
        return
    table = Table(show_header=False, box=None)
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {count}" for key, count in value.items())
        elif isinstance(value, float):
            value = f"{value:.4f}"
        table.add_row(name.replace("_", " "), "none" if value in (None, "") else str(value))
    console().print(table)
    if figures:
        console().print()
        console().print(_providers(figures))


def _providers(figures: list[ProviderFigures]) -> Table:
    columns = ("Calls", "Errors", "Ledger hits", "Left open", "USD today", "USD", "Cap left")
    table = Table("Provider", *columns, "", box=None)
    for one in figures:
        cap = settings().daily_cap(one.provider) if one.provider in PROVIDERS else None
        rest = left(cap, one.today_usd)
        table.add_row(
            one.provider,
            str(one.calls),
            str(one.errors),
            str(one.ledger_hits),
            str(one.ambiguous),
            f"{one.today_usd:.4f}",
            f"{one.cost_usd:.4f}",
            "none" if rest is None else f"{rest:.4f}",
            f"rests until {one.resting_until:%H:%M:%S} UTC: {one.why}" if one.resting_until else "",
        )
    return table
