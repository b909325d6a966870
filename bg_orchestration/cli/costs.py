"""`bg estimate` and `bg operations`: future and past costs of data providers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

import click
from sqlalchemy import Connection

from bg_orchestration.cli.lookup import company_named, database
from bg_orchestration.cli.printing import as_json, console, duration, print_json, print_table
from bg_orchestration.cli.selection import all_option, chosen_companies, stale_option
from bg_orchestration.domain import estimates
from bg_orchestration.domain.estimates import Estimate, Prices, estimate
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.ledger.budget import remaining, spent_today
from bg_orchestration.ledger.prices import SHOW_FIRST, question_prices
from bg_orchestration.ledger.reports import (
    OperationFilter,
    OperationLine,
    OperationSum,
    operation_lines,
    operation_sums,
)
from bg_orchestration.provider_settings import CAPABILITIES
from bg_orchestration.refreshes.estimate_facts import (
    facts_of,
    recent_costs,
    recent_prices,
)
from bg_orchestration.report.terminal import Table
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store.database import clock, reading


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """The estimates to print, one for each company, and their assumptions."""

    estimates: Sequence[Estimate]
    assumptions: Sequence[str]
    budget_left: float | None

    @property
    def total(self) -> float:
        """The sum in USD."""
        return sum(estimate.total_usd for estimate in self.estimates)


@click.command("estimate")
@click.argument("companies", nargs=-1)
@stale_option
@all_option
@as_json
def estimate_command(companies: tuple[str, ...], stale: bool, all_: bool, json_: bool) -> None:
    """Estimate the cost of refreshing COMPANIES; no provider is called, nothing is written.

    Fresh answers in the ledger cost nothing. The other requests are estimated from the stored
    people and the dates of their records; the assumptions are printed with the result.

    \b
    bg estimate acme globex
    bg estimate --stale
    """
    config = settings()
    with database() as engine, reading(engine) as connection:
        chosen = chosen_companies(connection, config, companies, stale=stale, all_=all_)
        result = cost_estimate(connection, config, [each.company_id for each in chosen])
    if json_:
        print_json(_estimate_dict(result))
        return
    if not result.estimates:
        console().print("No company is stale." if stale else "No company is followed.")
        return
    print_table(_estimate_table(result), whole=("Company",))
    for line in result.assumptions:
        console().print(f"- {line}")


def cost_estimate(connection: Connection, config: Settings, ids: Sequence[str]) -> CostEstimate:
    """Estimate the cost of refreshing these companies; no provider is called."""
    lister = next(iter(config.providers_for("people")), None)
    finder = next(
        (provider for provider in config.providers_for("contact")[:1] if provider in SHOW_FIRST),
        None,
    )
    prices = question_prices(config, recent_prices(connection))
    facts = (
        facts_of(connection, company_id, lister, finder, config.fresh_for("contact"))
        for company_id in ids
    )
    costs = [estimate(fact, prices) for fact in facts]
    cost = spent_today(connection)
    return CostEstimate(
        costs,
        _assumptions(config, recent_costs(connection), prices),
        remaining(config.daily_budget_usd, cost),
    )


def _assumptions(config: Settings, recent: tuple[int, float], prices: Prices) -> list[str]:
    if not config.providers_in_use:
        return [f"No call is paid: BG_PROVIDER is {config.provider}."]
    refreshes, mean = recent
    first = [
        f"{capability} {config.providers_for(capability)[0]}"
        for capability in CAPABILITIES
        if config.providers_for(capability)
    ]
    share, changed = f"{estimates.LIKELY_SHARE:.0%}", f"{estimates.CHANGED_A_MONTH:.0%}"
    history = "No refresh has paid for anything in the last 90 days."
    if refreshes:
        history = f"Refreshes of the last 90 days: {refreshes}, ${mean:.2f} on average."
    most = f", at most {estimates.RECORDS}" if prices.shown_first else ""
    return [
        f"Asked first, the others of a waterfall are not counted: {', '.join(first)}.",
        f"Of a company that was never listed {share} of the people are worth a record{most}.",
        f"A company without a head count has {estimates.EMPLOYEES} people.",
        f"In a month {changed} of the people change, and as many are new.",
        f"A company without a group gets one of {estimates.MEMBERS}.",
        "Prices: the mean of the last 90 days where 20 answers came, else BG_..._USD_PER_CREDIT.",
        history,
    ]


def _estimate_dict(result: CostEstimate) -> dict[str, object]:
    return {
        "companies": [
            {
                "company_id": company.company_id,
                "questions": dict(company.questions),
                "usd": dict(company.usd),
                "total_usd": company.total_usd,
            }
            for company in result.estimates
        ],
        "total_usd": result.total,
        "budget_left_usd": result.budget_left,
        "assumptions": list(result.assumptions),
    }


def _estimate_table(result: CostEstimate) -> Table:
    kinds = list(result.estimates[0].questions)
    table = Table("Company", box=None, show_footer=True)
    for kind in kinds:
        table.add_column(kind, justify="right")
    table.add_column("USD", justify="right", footer=f"{result.total:.2f}")
    for company in result.estimates:
        counts = [str(company.questions[kind]) for kind in kinds]
        table.add_row(company.company_id, *counts, f"{company.total_usd:.2f}")
    table.columns[
        0
    ].footer = f"{quantity(len(result.estimates), 'company', 'companies')}; {_rest(result)}"
    for at, kind in enumerate(kinds, 1):
        table.columns[at].footer = str(sum(company.questions[kind] for company in result.estimates))
    return table


def _rest(result: CostEstimate) -> str:
    if result.budget_left is None:
        return "no daily budget"
    days = "" if result.total <= result.budget_left else ", so it takes more than today"
    return f"${result.budget_left:.2f} left today{days}"


@click.command()
@click.option("--provider", help="Only requests to this provider.")
@click.option("--endpoint", help="Only requests to this endpoint, such as person/search.")
@click.option(
    "--state",
    type=click.Choice(["started", "answered", "not_found", "failed", "ambiguous"]),
    help="Only requests in this state; ambiguous: perhaps charged, without an answer.",
)
@click.option("--company", help="Only requests for this company.")
@click.option("--since", callback=duration, help="Only the last 7d, 12h, 30m ...")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(0), help="Rows at most."
)
@as_json
def operations(
    provider: str | None,
    endpoint: str | None,
    state: str | None,
    company: str | None,
    since: timedelta | None,
    limit: int,
    json_: bool,
) -> None:
    """List paid requests to data providers, newest first, with the sums of all matches.

    \b
    bg operations --since 1d
    bg operations --company acme --state ambiguous
    """
    with database() as engine, reading(engine) as connection:
        after = None if since is None else clock(connection) - since
        if company is not None:
            company = company_named(connection, company, beginning=True).company_id
        selection = OperationFilter(provider, endpoint, state, company, after)
        lines = operation_lines(connection, selection, limit)
        sums = operation_sums(connection, selection)
    if json_:
        print_json(
            {
                "operations": [asdict(line) for line in lines],
                "sums": [asdict(row) for row in sums],
                "cost_usd": sum(row.cost_usd for row in sums),
            }
        )
        return
    if not sums:
        console().print("Nothing was paid for.")
        return
    if lines:
        print_table(_operation_table(lines))
        console().print()
    print_table(_sum_table(sums))


def _operation_table(lines: list[OperationLine]) -> Table:
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


def _sum_table(sums: list[OperationSum]) -> Table:
    table = Table(box=None, show_footer=True)
    table.add_column("What", overflow="fold", min_width=22)
    table.add_column("State", no_wrap=True)
    for name in ("Requests", "Questions", "Credits", "USD"):
        table.add_column(name, justify="right")
    for line in sums:
        table.add_row(
            f"{line.provider} {line.endpoint}",
            line.state,
            str(line.requests),
            str(line.questions),
            f"{line.credits:g}",
            f"{line.cost_usd:.4f}",
        )
    table.columns[0].footer = "all"
    table.columns[2].footer = str(sum(line.requests for line in sums))
    table.columns[5].footer = f"{sum(line.cost_usd for line in sums):.4f}"
    return table
