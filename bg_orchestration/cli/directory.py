"""`bg companies` and `bg people`: the stored companies and people."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import ago, as_json, duration, print_json, print_table
from bg_orchestration.cli.selection import keys_of_profiles
from bg_orchestration.domain.change_words import role_words
from bg_orchestration.domain.freshness import Freshness
from bg_orchestration.refreshes.staleness import freshness
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.settings import settings
from bg_orchestration.store.company_search import ListedCompany, listing
from bg_orchestration.store.database import clock, reading
from bg_orchestration.store.people_search import FoundPerson, fold, search_people


@click.command()
@click.argument("text", required=False)
@click.option("--followed/--not-followed", default=None, help="Only these.  [default: both]")
@click.option("--missing", help="Only with a gap of this need, such as decision; any for any gap.")
@click.option("--older-than", callback=duration, help="Only without a refresh for 7d, 12h ...")
@click.option("--limit", type=click.IntRange(1), help="At most.  [default: all]")
@as_json
def companies(
    text: str | None,
    followed: bool | None,
    missing: str | None,
    older_than: timedelta | None,
    limit: int | None,
    json_: bool,
) -> None:
    """List the stored companies: size, people, age of the group, members, gaps and tier.

    TEXT selects companies with it in id, name or domain. A company of tier red is refreshed daily,
    orange weekly, green monthly; see `bg settings`.

    \b
    bg companies bank --missing decision
    bg companies --followed --older-than 7d --json
    """
    config = settings()
    keys = keys_of_profiles(config)
    with database() as engine, reading(engine) as connection:
        now = clock(connection)
        stored = listing(connection)
        tiers = {each.company_id: each for each in freshness(connection, config.freshness, keys)}
    before = now if older_than is None else now - older_than
    found = [
        line
        for line in stored
        if followed in (None, line.followed)
        and (missing is None or missing in line.gaps or (missing == "any" and line.gaps))
        and (line.refreshed_at is None or line.refreshed_at <= before)
        and (text is None or _is_named(line, fold(text).strip()))
    ][:limit]
    if json_:
        print_json(
            [
                asdict(company) | {"size": company.size} | _freshness_dict(tiers, company)
                for company in found
            ]
        )
    elif found:
        _print_companies(found, tiers, now)
    elif stored:
        echo("No company fits. List all: bg companies")
    else:
        echo("No companies yet. Import some: bg import FILE, or try the sample: bg demo")


def _is_named(line: ListedCompany, folded: str) -> bool:
    spellings = (line.company_id, line.name, line.domain or "")
    return any(folded in fold(spelling) for spelling in spellings)


def _freshness_dict(tiers: Mapping[str, Freshness], company: ListedCompany) -> dict[str, object]:
    found = tiers.get(company.company_id)
    fields = ("tier", "reason", "due_at")
    return {name: None if found is None else getattr(found, name) for name in fields}


def _print_companies(
    found: list[ListedCompany], tiers: Mapping[str, Freshness], now: datetime
) -> None:
    table = Table("id", "name", box=None)
    for heading in ("employees", "people", "members"):
        table.add_column(heading, justify="right")
    for heading in ("refreshed", "tier", "gaps", "followed", "domain", "why"):
        table.add_column(heading)
    for line in found:
        at = line.refreshed_at
        cells = (
            line.company_id,
            line.name,
            "unknown" if line.employee_count is None else f"{line.employee_count:,}",
            f"{line.people:,}",
            "" if line.members is None else f"{line.members:,}",
            "never" if at is None else f"{ago(now - at)} ago",
            tier.tier if (tier := tiers.get(line.company_id)) else "",
            ", ".join(map(role_words, line.gaps)),
            "yes" if line.followed else "no",
            line.domain or "",
            tier.reason if tier else "",
        )
        table.add_row(*cells)
    optional = (
        "gaps", "refreshed", "members", "name", "people", "tier", "employees", "followed", "domain",
        "why",
    )  # fmt: skip
    print_table(table, whole=("id",), optional=optional)


@click.command()
@click.argument("text")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
def people(text: str, limit: int, json_: bool) -> None:
    """Search people by TEXT: a name or its beginnings, an id, an email address or a LinkedIn page.

    \b
    bg people "ada ex"
    bg people ada@example.com
    """
    with database() as engine, reading(engine) as connection:
        found = search_people(connection, text, limit)
    if json_:
        print_json([asdict(person) for person in found])
        return
    if not found:
        echo(f"No stored person has the id, address, page or name {text}.")
        return
    table = Table("id", "name", "title", "company", "job", box=None)
    for person in found:
        table.add_row(*_cells(person))
    print_table(table, whole=("id", "company"), optional=("title", "job"))


def _cells(person: FoundPerson) -> tuple[Any, ...]:
    job = {True: "present", False: "ended", None: "none"}[person.current]
    return (person.person_id, person.name, person.title or "", person.company_id or "", job)
