"""`bg backfill`: refresh many companies as a backfill that Dagit shows."""

from datetime import timedelta
from typing import Final

import click

from bg_orchestration.cli.costs import cost_estimate
from bg_orchestration.cli.dagster_access import dagster_instance
from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, print_json
from bg_orchestration.cli.selection import (
    all_option,
    chosen_companies,
    stale_option,
    where_option,
)
from bg_orchestration.domain.freshness import starts_an_hour
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.refreshes.open_work import mean_seconds
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import format_duration, settings
from bg_orchestration.store.database import reading

# Dagster's daemon reads the whole queue for each start, so a longer queue delays every run.
_MANY: Final = 1_000


@click.command()
@click.argument("companies", nargs=-1)
@stale_option
@all_option
@where_option
@click.option("--dry-run", is_flag=True, help="Start nothing; print count, cost and time.")
@as_json
def backfill(
    companies: tuple[str, ...],
    stale: bool,
    all_: bool,
    where: tuple[str, ...],
    dry_run: bool,
    json_: bool,
) -> None:
    """Refresh COMPANIES, or those that an option chooses, as a backfill that Dagit shows.

    Each company is a run of its own: one that fails fails alone. The runs leave a part of the
    limits to events, and the day's budget holds. `bg up` must run; Dagit can cancel the backfill.

    \b
    bg backfill --where tier=red --dry-run
    bg backfill --stale
    bg backfill acme globex
    """
    config = settings()
    with database() as engine, reading(engine) as connection:
        chosen = chosen_companies(
            connection, config, companies, stale=stale, all_=all_, where=where
        )
        ids = [each.company_id for each in chosen]
        cost = cost_estimate(connection, config, ids)
        rate = starts_an_hour(config.limits, mean_seconds(connection))
    hours = len(ids) / rate
    plan = {"companies": len(ids), "cost_usd": round(cost.total, 2), "hours": round(hours, 2)}
    backfill_id = None
    if ids and not dry_run:
        from bg_orchestration.automation.backfills import launch_backfill

        with dagster_instance() as instance:
            backfill_id = launch_backfill(instance, ids, _title(companies, where, stale=stale))
    if json_:
        print_json(plan | {"backfill_id": backfill_id, "budget_left_usd": cost.budget_left})
        return
    took = format_duration(timedelta(minutes=max(1, round(hours * 60))))
    echo(
        f"{quantity(len(ids), 'company', 'companies')}, about ${cost.total:,.2f} and "
        f"{took} at {rate:,.0f} an hour."
        if ids
        else "No company is chosen."
    )
    if cost.budget_left is not None and cost.total > cost.budget_left:
        echo(
            f"${cost.budget_left:,.2f} of the day's budget is left: the rest waits for other days."
        )
    if len(ids) > _MANY:
        click.echo(
            "So many runs fill Dagster's queue. `bg refresh --all` or `--stale` refreshes as many "
            "without them, at the same rate."
        )
    if backfill_id is not None:
        echo(f"Backfill {backfill_id} is requested. In Dagit: Runs, Backfills.")


def _title(companies: tuple[str, ...], where: tuple[str, ...], *, stale: bool) -> str:
    chosen = ", ".join(where) or ("stale" if stale else "named" if companies else "all")
    # Dagster refuses these characters, and longer titles.
    return f"bg backfill: {chosen}".translate(str.maketrans("", "", '%*"'))[:100]
