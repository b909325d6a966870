"""`bg refresh`: bring groups up to date now, in this process."""

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from rich.progress import track

from bg_orchestration.cli.dagster_access import dagster_instance
from bg_orchestration.cli.lookup import company_named, database
from bg_orchestration.cli.printing import as_json, console, print_json, print_table
from bg_orchestration.cli.selection import (
    all_option,
    chosen_companies,
    keys_of_profiles,
    stale_option,
)
from bg_orchestration.domain.freshness import starts_an_hour
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.ledger.budget import allow_over_budget
from bg_orchestration.refreshes.explanations import explain
from bg_orchestration.refreshes.failed_attempts import cancel
from bg_orchestration.refreshes.open_work import CANCELLED, mean_seconds, open_refreshes
from bg_orchestration.refreshes.overview import RefreshLine, refresh_of_run
from bg_orchestration.refreshes.planning import plan_backlog
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.settings import format_duration, settings
from bg_orchestration.store.database import reading, writing

if TYPE_CHECKING:
    from dagster import DagsterInstance, ExecuteInProcessResult

# Dagit shows the steps of the run; the terminal shows its faults only.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@click.command()
@click.argument("companies", nargs=-1)
@stale_option
@all_option
@click.option(
    "--why", is_flag=True, help="Refresh nothing; print why each company was refreshed or not."
)
@click.option(
    "--accept-empty",
    is_flag=True,
    help="Publish an empty group too, if the people of the company have left.",
)
@click.option(
    "--over-budget",
    is_flag=True,
    help="Let COMPANIES pass BG_DAILY_BUDGET_USD for the rest of the day (UTC).",
)
@as_json
def refresh(
    companies: tuple[str, ...],
    stale: bool,
    all_: bool,
    why: bool,
    accept_empty: bool,
    over_budget: bool,
    json_: bool,
) -> None:
    """Bring the groups of COMPANIES up to date, one after the other, and wait for the result.

    Each is a run of the job refresh_buyer_group with reason `manual`: the cool-down does not delay
    it; the starts per minute and the concurrency do. So does the day's budget for providers, unless
    --over-budget is set. The caps of single providers always hold.

    With --stale or --all the companies are only marked as due: `bg up` starts them in the
    background, behind every event, and this command does not wait.

    \b
    bg refresh acme globex
    bg refresh --stale
    """
    if stale or all_:
        if why or accept_empty or over_budget:
            raise click.UsageError("--why, --accept-empty and --over-budget need named COMPANIES.")
        _mark_due(companies, stale=stale, all_=all_, json_=json_)
        return
    if not companies:
        raise click.UsageError("Name companies, or choose --stale or --all.")
    companies = _ids_of(companies, only_read=why)
    if why:
        _explain(companies, json_)
        return
    results = _refresh_named(companies, accept_empty=accept_empty, over_budget=over_budget)
    if json_:
        print_json([_as_dict(company_id, *result) for company_id, result in results.items()])
    else:
        print_table(_as_table(results), whole=("Company", "Run"), optional=("Run",))
    if faults := _faults(companies, results):
        raise click.ClickException("\n".join(faults))


def _faults(
    companies: tuple[str, ...], results: dict[str, tuple[str, bool, RefreshLine | None]]
) -> list[str]:
    faults = []
    failures = [name for name, (_, succeeded, _) in results.items() if not succeeded]
    cancelled = [
        name for name in failures if (each := results[name][2]) and each.error == CANCELLED
    ]
    left = [name for name in dict.fromkeys(companies) if name not in results]
    if cancelled or left:
        not_begun = f" Not begun: {', '.join(left)}." if left else ""
        faults.append(f"Stopped by Ctrl-C: {', '.join(cancelled or failures)}.{not_begun}")
    elif failures:
        faults.append(f"Failed: {', '.join(failures)}. The run's log in Dagit says why: bg up")
    if late := [name for name, (*_, refresh) in results.items() if refresh and refresh.deferred]:
        faults.append(
            f"Deferred to another day: {', '.join(late)}. To spend more for them today: "
            f"bg refresh {' '.join(late)} --over-budget"
        )
    return faults


def _ids_of(companies: tuple[str, ...], *, only_read: bool) -> tuple[str, ...]:
    """Return the ids of companies that are named by id, domain or name."""
    with database(with_sample=not only_read) as engine, reading(engine) as connection:
        return tuple(
            company_named(connection, name, beginning=only_read).company_id for name in companies
        )


def _refresh_named(
    companies: tuple[str, ...], *, accept_empty: bool, over_budget: bool
) -> dict[str, tuple[str, bool, RefreshLine | None]]:
    """Run the job for each company; returns run id, success and refresh of each.

    Ctrl-C cancels the present run, and those after it are not begun.
    """
    if over_budget:
        with database() as engine, writing(engine) as connection:
            for company_id in dict.fromkeys(companies):
                allow_over_budget(connection, company_id)
    results = {}
    with dagster_instance() as instance, database() as engine:
        for company_id in track(
            list(dict.fromkeys(companies)),
            "Refreshing",
            console=console(stderr=True),
            transient=True,
            disable=len(companies) < 2,
        ):
            run = _run(instance, company_id, accept_empty=accept_empty)
            run_id, interrupted = run.run_id, _is_interrupted(run)
            with writing(engine) if interrupted else reading(engine) as connection:
                refresh = refresh_of_run(connection, run_id)
                # An interrupt just after the start of the refresh leaves its lease behind.
                if interrupted and refresh is not None and refresh.state == "running":
                    cancel(connection, refresh.refresh_id, refresh.attempt, settings().limits)
                    refresh = refresh_of_run(connection, run_id)
            results[company_id] = (run_id, run.success, refresh)
            if interrupted:
                break
    return results


def _mark_due(companies: tuple[str, ...], *, stale: bool, all_: bool, json_: bool) -> None:
    config = settings()
    with database() as engine:
        with reading(engine) as connection:
            chosen = chosen_companies(connection, config, companies, stale=stale, all_=all_)
        marked = plan_backlog(engine, chosen, config.limits)
        with reading(engine) as connection:
            waiting = open_refreshes(connection).stale
            rate = starts_an_hour(config.limits, mean_seconds(connection))
    hours = waiting / rate
    if json_:
        print_json(
            {"chosen": len(chosen), "marked": marked, "waiting": waiting, "hours": round(hours, 2)}
        )
        return
    echo(
        f"Marked as due: {quantity(marked, 'company', 'companies')}. A refresh was planned "
        f"already for {len(chosen) - marked:,}. {waiting:,} wait in all; `bg up` starts about "
        f"{rate:,.0f} an hour, so they take "
        f"{format_duration(timedelta(minutes=max(1, round(hours * 60))))}. `bg status` shows how "
        "far it is."
    )


def _explain(companies: tuple[str, ...], json_: bool) -> None:
    config = settings()
    with database() as engine, reading(engine) as connection:
        results = {
            company_id: explain(
                connection, company_id, config.limits, config.freshness, keys_of_profiles(config)
            )
            for company_id in companies
        }
    if json_:
        print_json({company_id: asdict(result) for company_id, result in results.items()})
        return
    for company_id, result in results.items():
        echo("\n  ".join([company_id, *result.now, *result.history]))


def _run(
    instance: "DagsterInstance", company_id: str, *, accept_empty: bool
) -> "ExecuteInProcessResult":
    from bg_orchestration import names
    from bg_orchestration.assets.asset_checks import EMPTY_GROUP, TAG_ACCEPT
    from bg_orchestration.assets.partitions import add_partitions
    from bg_orchestration.definitions import defs

    add_partitions(instance, [company_id])
    return defs.resolve_job_def(names.JOB).execute_in_process(
        instance=instance,
        run_config=_QUIET,
        tags={
            "dagster/partition": company_id,
            names.TAG_COMPANY: company_id,
            **({TAG_ACCEPT: EMPTY_GROUP} if accept_empty else {}),
        },
        raise_on_error=False,
    )


def _is_interrupted(run: "ExecuteInProcessResult") -> bool:
    """Whether Ctrl-C ended a run, which Dagster notes as a failure."""
    faults = (event.step_failure_data.error for event in run.all_events if event.is_step_failure)
    return any(fault and fault.cls_name == "DagsterExecutionInterruptedError" for fault in faults)


def _as_dict(
    company_id: str, run_id: str, succeeded: bool, refresh: RefreshLine | None
) -> dict[str, object]:
    return {
        "company_id": company_id,
        "run_id": run_id,
        "succeeded": succeeded,
        "refresh": None if refresh is None else asdict(refresh),
    }


def _as_table(results: dict[str, tuple[str, bool, RefreshLine | None]]) -> Table:
    table = Table("Company", "Result", "Run", box=None)
    for company_id, (run_id, succeeded, refresh) in results.items():
        table.add_row(company_id, _in_words(succeeded, refresh), run_id)
    return table


def _in_words(succeeded: bool, refresh: RefreshLine | None) -> str:
    if refresh is None:
        return "already being refreshed by another run" if succeeded else "failed or cancelled"
    if refresh.deferred:
        return f"deferred until {refresh.due_at:%Y-%m-%d %H:%M} UTC: {refresh.deferred}"
    if refresh.summary is None:
        return f"{refresh.state}: {refresh.error or 'see the run'}"
    cost = f", {refresh.cost_usd:.2f} USD" if refresh.cost_usd else ""
    return (
        f"{quantity(refresh.summary['members'], 'member')}, "
        f"{quantity(refresh.summary['changes'], 'change')}, "
        f"{quantity(refresh.summary['events'], 'event')} handled{cost}"
    )
