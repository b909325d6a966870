"""`bg status`: the whole system on one screen."""

import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

import click
from rich.table import Table

from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.domain.diagnosis.facts import (
    Database,
    Facts,
    Finding,
    ProviderHealth,
    span,
)
from bg_orchestration.settings import settings


@click.command()
@as_json
def command(json_: bool) -> None:
    """Tell how the system is: parts, database, daemon, what waits, what is dead, versions.

    Exit code 1 when something needs a person; `bg doctor` says what to do. Asks every part for a
    few seconds at most.
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
    """The findings for programs."""
    return [asdict(finding) for finding in findings]


def exit_code(findings: list[Finding]) -> int:
    """1 if something needs a person."""
    return int(any(finding.severity == "problem" for finding in findings))


def _show(facts: Facts, findings: list[Finding]) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in _lines(facts):
        table.add_row(name, value)
    out = console()
    out.print(table)
    out.print()
    problems = [one for one in findings if one.severity == "problem"]
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
        lines += _others(facts, facts.database)
    lines.append(("versions", ", ".join(f"{name} {one}" for name, one in _versions().items())))
    return lines


def _work(database: Database) -> list[tuple[str, str]]:
    waits = {_word(name): one for name, one in database.stages.items() if one.events}
    oldest = [f"{span(one.oldest_seconds)} ({name})" for name, one in waits.items()]
    open_ = database.refreshes
    refreshes = (
        f"{open_.running} running, {open_.handed_over} handed over, "
        f"{open_.held_back} over the limits, {open_.deferred} deferred"
    )
    last = database.last_completed
    return [
        ("pending events", ", ".join(f"{one.events} {name}" for name, one in waits.items()) or "0"),
        ("oldest pending", ", ".join(oldest) or "none"),
        ("refreshes", refreshes),
        ("last success", "never" if last is None else f"{_ago(last)} ago"),
        ("dead", f"{database.dead_events} events, {len(database.dead_refreshes)} companies"),
    ]


def _others(facts: Facts, database: Database) -> list[tuple[str, str]]:
    """Those whom we ask and those whom we tell; nothing where there are none."""
    lines = []
    if database.providers:
        spent = database.spent_today_usd
        limit = facts.daily_budget_usd
        of = "no limit" if limit is None else f"${limit:.2f}"
        lines += [
            ("providers", ", ".join(_provider(one) for one in database.providers)),
            ("spent today", f"${spent:.2f} of {of}"),
        ]
    told = database.outbox
    if told.pending or told.dead:
        oldest = f", the oldest {span(told.oldest_seconds)} old" if told.pending else ""
        dead = sum(told.dead.values())
        lines.append(("notifications", f"{told.pending} pending{oldest}, {dead} dead"))
    return lines


def _provider(one: ProviderHealth) -> str:
    if one.open_until is None:
        return f"{one.provider} answers"
    return f"{one.provider} {'stopped' if one.stopped else 'failing'}"


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
