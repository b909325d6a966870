"""`bg status`, `bg doctor` and `bg stats`: the state of the system."""

import platform
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import click

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, console, print_json, print_table
from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.diagnosis.facts import (
    Database,
    Facts,
    Finding,
    ProviderHealth,
    span,
)
from bg_orchestration.domain.freshness import starts_an_hour
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.ledger.budget import remaining
from bg_orchestration.ledger.reports import ProviderFigures, provider_figures
from bg_orchestration.provider_settings import PROVIDERS
from bg_orchestration.refreshes.overview import stats
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading


@click.command()
@as_json
def status(json_: bool) -> None:
    """Show the state of the system: parts, database, daemon, pending and dead work, versions.

    Exit code 1 when a fault needs a person; `bg doctor` says what to do. Waits for each part a few
    seconds at most.

    \b
    bg status
    bg status --json
    """
    from bg_orchestration.domain.diagnosis.causes import diagnose
    from bg_orchestration.ops.inspection import inspect

    facts = inspect(settings())
    findings = diagnose(facts)
    if json_:
        print_json(asdict(facts) | {"versions": _versions(), "findings": findings_json(findings)})
    else:
        _show(facts, findings)
    raise click.exceptions.Exit(exit_code(findings))


def findings_json(findings: list[Finding]) -> list[dict[str, str]]:
    """Return the findings as dictionaries for JSON."""
    return [asdict(finding) for finding in findings]


def exit_code(findings: list[Finding]) -> int:
    """Return 1 if a fault needs a person, else 0."""
    return int(any(finding.severity == "problem" for finding in findings))


def _show(facts: Facts, findings: list[Finding]) -> None:
    table = Table(show_header=False, box=None)
    for name, value in _lines(facts):
        table.add_row(name, value)
    print_table(table)
    out = console()
    out.print()
    problems = [each for each in findings if each.severity == "problem"]
    for finding in problems:
        out.print("[red]![/red]", end=" ")
        out.print(finding.what, markup=False, soft_wrap=True)
    more = len(findings) - len(problems)
    if findings:
        needs = f"Needs a person: {len(problems)}" if problems else "Nothing needs a person"
        out.print(f"{needs}; advice: {more}. What to do: bg doctor", soft_wrap=True)
    else:
        out.print("[green]All is well.[/green]")


def _lines(facts: Facts) -> list[tuple[str, str]]:
    database = facts.database_fault or facts.schema_fault
    lines = [
        ("database", database or f"{facts.database_kind} answers, schema {facts.schema_version}"),
        ("receiver", _at(facts.receiver, facts.receiver_fault or facts.not_ready)),
        ("daemon", _daemon(facts)),
        ("workers", facts.parts.get("workers", "not started from this folder")),
        ("code location", _code_location(facts)),
        ("Dagit", _at(facts.dagit, facts.dagit_fault)),
    ]
    down = [f"{name} {state}" for name, state in facts.parts.items() if state != "running"]
    if down:
        lines.append(("parts", ", ".join(down)))
    if facts.database is not None:
        lines += _work(facts.database)
        lines.append(("groups", _progress(facts.database, facts.limits)))
        lines += _dependencies(facts, facts.database)
    lines.append(
        ("versions", ", ".join(f"{name} {version}" for name, version in _versions().items()))
    )
    return lines


def _work(database: Database) -> list[tuple[str, str]]:
    waits = {_word(name): stage for name, stage in database.stages.items() if stage.events}
    oldest = [f"{span(stage.oldest_seconds)} ({name})" for name, stage in waits.items()]
    open_ = database.refreshes
    refreshes = (
        f"{open_.running} running, {open_.handed_over} handed over, "
        f"{open_.held_back} over the limits, {open_.deferred} deferred"
    )
    last = database.last_completed
    dead_companies = quantity(len(database.dead_refreshes), "company", "companies")
    return [
        (
            "pending events",
            ", ".join(f"{stage.events} {name}" for name, stage in waits.items()) or "0",
        ),
        ("oldest pending", ", ".join(oldest) or "none"),
        ("refreshes", refreshes),
        ("last success", "never" if last is None else f"{_ago(last)} ago"),
        ("dead", f"{quantity(database.dead_events, 'event')}, {dead_companies}"),
        ("unreadable", f"{database.unreadable_events} of the dead events"),
    ]


def _progress(database: Database, limits: Limits) -> str:
    """How many companies have a group, and when the schedule has worked off its backlog."""
    made = f"{database.refreshed:,} of {database.followed:,} followed companies were refreshed"
    waiting = database.refreshes.stale
    if not waiting:
        return made
    rate = starts_an_hour(limits, database.refresh_seconds)
    until = datetime.now(UTC) + timedelta(hours=waiting / rate)
    return (
        f"{made}; {waiting:,} wait for the schedule, about {rate:,.0f} an hour: done about "
        f"{until:%Y-%m-%d %H:%M} UTC"
    )


def _dependencies(facts: Facts, database: Database) -> list[tuple[str, str]]:
    """Return the lines on providers and notifications; none without any."""
    lines = []
    if database.providers:
        cost = database.spent_today_usd
        limit = facts.daily_budget_usd
        of = "no limit" if limit is None else f"${limit:.2f}"
        lines += [
            ("providers", ", ".join(_provider(provider) for provider in database.providers)),
            ("spent today", f"${cost:.2f} of {of}"),
        ]
    outbox = database.outbox
    if outbox.pending or outbox.dead:
        oldest = f", the oldest {span(outbox.oldest_seconds)} old" if outbox.pending else ""
        dead = sum(outbox.dead.values())
        lines.append(("notifications", f"{outbox.pending} pending{oldest}, {dead} dead"))
    return lines


def _provider(health: ProviderHealth) -> str:
    if health.open_until is None:
        return f"{health.provider} answers"
    return f"{health.provider} {'stopped' if health.stopped else 'failing'}"


def _word(stage: str) -> str:
    return stage.replace("_", " ")


def _ago(at: datetime) -> str:
    return span(max(0.0, (datetime.now(UTC) - at).total_seconds()))


def _at(url: str, fault: str | None) -> str:
    return f"{url}: {fault}" if fault else f"{url} answers"


def _daemon(facts: Facts) -> str:
    if facts.daemons is None:
        return facts.dagster_fault or "unknown"
    ages = facts.daemons.heartbeats
    if not ages:
        return "has never run"
    return f"heartbeats {span(min(ages.values()))} to {span(max(ages.values()))} old"


def _code_location(facts: Facts) -> str:
    if facts.dagit_fault:
        return "unknown: Dagit does not answer"
    return facts.code_location_fault or "loaded"


def _versions() -> dict[str, str]:
    return {
        "bg_orchestration": version("bg_orchestration"),
        "dagster": version("dagster"),
        "python": platform.python_version(),
    }


@click.command()
@as_json
def doctor(json_: bool) -> None:
    """Find faults and print the commands that mend them, causes first.

    Exit code 1 when a fault needs a person. It only reads, and waits for each part a few seconds.

    \b
    bg doctor
    """
    from bg_orchestration.domain.diagnosis.causes import diagnose
    from bg_orchestration.ops.inspection import inspect

    findings = diagnose(inspect(settings()))
    if json_:
        print_json(findings_json(findings))
        raise click.exceptions.Exit(exit_code(findings))
    out = console()
    for finding in findings:
        colour = "red" if finding.severity == "problem" else "yellow"
        out.print(f"[{colour}]{finding.severity}[/{colour}] {finding.check}", soft_wrap=True)
        out.print(finding.what, markup=False, soft_wrap=True)
        out.print(f"  -> {finding.fix}\n", markup=False, soft_wrap=True)
    if not findings:
        out.print("Nothing is wrong.")
    raise click.exceptions.Exit(exit_code(findings))


@click.command("stats")
@as_json
def stats_command(json_: bool) -> None:
    """Count companies, people, events, refreshes, members by role; sum up what providers cost.

    \b
    bg stats --json
    """
    with database() as engine, reading(engine) as connection:
        counts = stats(connection)
        figures = provider_figures(connection)
    counts["budget_left_usd"] = remaining(settings().daily_budget_usd, counts["spent_today_usd"])
    if json_:
        print_json(counts | {"providers": [asdict(figure) for figure in figures]})
        return
    table = Table(show_header=False, box=None)
    for name, value in counts.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {count}" for key, count in value.items())
        elif isinstance(value, float):
            value = f"{value:.4f}"
        elif isinstance(value, datetime):
            value = f"{value:%Y-%m-%d %H:%M:%S} UTC"
        table.add_row(name.replace("_", " "), "none" if value in (None, "") else str(value))
    print_table(table)
    if figures:
        echo()
        print_table(_providers(figures), whole=("Provider",))


def _providers(figures: list[ProviderFigures]) -> Table:
    columns = ("Calls", "Errors", "Ledger hits", "Left open", "USD today", "USD", "Cap left")
    table = Table("Provider", *columns, "", box=None)
    for figure in figures:
        cap = settings().daily_cap(figure.provider) if figure.provider in PROVIDERS else None
        rest = remaining(cap, figure.today_usd)
        table.add_row(
            figure.provider,
            str(figure.calls),
            str(figure.errors),
            str(figure.ledger_hits),
            str(figure.ambiguous),
            f"{figure.today_usd:.4f}",
            f"{figure.cost_usd:.4f}",
            "none" if rest is None else f"{rest:.4f}",
            f"rests until {figure.resting_until:%H:%M:%S} UTC: {figure.why}"
            if figure.resting_until
            else "",
        )
    return table
