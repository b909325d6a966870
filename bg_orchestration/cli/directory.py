"""`bg companies` and `bg people`: the stored companies and people."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import ago, as_json, duration, print_json, print_table
from bg_orchestration.domain.change_words import role_words
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
    """List the stored companies: size, people, age of the group, members and gaps.

    TEXT selects companies with it in id, name or domain.

    \b
    bg companies bank --missing decision
    bg companies --followed --older-than 7d --json
    """
    with database() as engine, reading(engine) as connection:
        now = clock(connection)
        stored = listing(connection)
    before = now if older_than is None else now - older_than
    found = [
        line
        for line in stored
        if followed in (None, line.followed)
        and (missing is None or missing in line.gaps or (missing == "any" and line.gaps))
        and (
            older_than is None or line.refreshed_at is None or line.refreshed_at < now - older_than
        )
        and (text is None or _is_named(line, fold(text).strip()))
    ][:limit]
    if json_:
        print_json([asdict(company) | {"size": company.size} for company in found])
    elif found:
        _print_companies(found, now)
    elif stored:
        click.echo("No company fits. List all: bg companies")
    else:
        click.echo("No companies yet. Import some: bg import FILE, or try the sample: bg demo")


def _is_named(line: ListedCompany, folded: str) -> bool:
    spellings = (line.company_id, line.name, line.domain or "")
    return any(folded in fold(spelling) for spelling in spellings)


def _print_companies(found: list[ListedCompany], now: datetime) -> None:
    table = Table("id", "name", box=None)
    for heading in ("employees", "people", "members"):
        table.add_column(heading, justify="right")
    for heading in ("refreshed", "gaps", "followed", "domain"):
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
            ", ".join(map(role_words, line.gaps)),
            "yes" if line.followed else "no",
            line.domain or "",
        )
        table.add_row(*map(Text, cells))
    optional = ("gaps", "refreshed", "members", "name", "people", "employees", "followed", "domain")
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
        raise click.ClickException(f"No stored person has the id, address, page or name {text}.")
    table = Table("id", "name", "title", "company", "job", box=None)
    for person in found:
        table.add_row(*map(Text, _cells(person)))
    print_table(table, whole=("id",), optional=("company", "title", "job"))


def _cells(person: FoundPerson) -> tuple[Any, ...]:
    job = {True: "present", False: "ended", None: "none"}[person.current]
    return (person.person_id, person.name, person.title or "", person.company_id or "", job)
