"""`bg report`: published groups as HTML pages with an index."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import click
from rich.progress import Progress

from bg_orchestration.cli.lookup import company_named, database, groups_named
from bg_orchestration.cli.printing import as_json, console, print_json
from bg_orchestration.cli.selection import keys_of_profiles
from bg_orchestration.domain.company_ids import report_file_of
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.profiles import load_profiles
from bg_orchestration.refreshes.report_reading import (
    companies_with_groups,
    company_facts,
    group_lines,
    hidden_people,
)
from bg_orchestration.refreshes.staleness import freshness_by_id
from bg_orchestration.report.group_index import group_index
from bg_orchestration.report.published_page import published_page
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, reading

# The companies of one transaction: a long one would keep old rows in the database.
_AT_ONCE: Final = 100
_MARK: Final = '<meta name="generator" content="bg report">'


@click.command()
@click.argument("companies", nargs=-1, metavar="COMPANY...")
@click.option("--all", "all_", is_flag=True, help="Every company with a published group.")
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of index.html and companies/; it is made if it is missing.",
)
@as_json
def report(companies: tuple[str, ...], all_: bool, out: Path, json_: bool) -> None:
    """Write the published groups as HTML pages, for readers who do not open Dagit.

    A page for each company, and index.html with search and filters over all pages in DIR. The
    pages need no server and no other file. They hold names and contacts: keep them where readers
    must sign in, and write them again after an erasure. --all also removes pages of companies that
    have no group any more.

    \b
    bg report acme --out pages
    bg report --all --out /var/www/buyer-groups
    """
    if bool(companies) == all_:
        raise click.UsageError("Name companies, or give --all: bg report --all --out DIR")
    with database() as engine:
        with reading(engine) as connection:
            if all_:
                company_ids = companies_with_groups(connection)
            else:
                found = [company_named(connection, name, beginning=True) for name in companies]
                company_ids = list(dict.fromkeys(company.company_id for company in found))
                for company_id in company_ids:
                    groups_named(connection, company_id, None)
        keys = keys_of_profiles(config := settings())
        profiles = {profile.id: profile for profile in load_profiles(config.profiles)}
        try:
            with _progress() as progress:
                for start in progress.track(range(0, len(company_ids), _AT_ONCE)):
                    chunk = company_ids[start : start + _AT_ONCE]
                    with reading(engine) as connection:
                        hidden = hidden_people(connection)
                        tiers = freshness_by_id(connection, config.freshness, keys, chunk)
                        for company_id in chunk:
                            facts = company_facts(
                                connection, company_id, hidden, tiers.get(company_id)
                            )
                            if facts is not None:
                                page = published_page(facts, profiles, config)
                                _write(out / report_file_of(company_id), page)
            with reading(engine) as connection:
                lines = list(group_lines(connection))
                now = clock(connection)
            if all_:
                _remove_others(out, {report_file_of(line.company_id) for line in lines})
            lines = [line for line in lines if (out / report_file_of(line.company_id)).is_file()]
            _write(out / "index.html", group_index(lines, profiles, now))
        except OSError as error:
            raise click.ClickException(
                f"{out} cannot be written: {error}. Name another folder with --out."
            ) from None
    if json_:
        pages = {company_id: out / report_file_of(company_id) for company_id in company_ids}
        print_json({"index": out / "index.html", "pages": pages})
    else:
        echo(f"{quantity(len(company_ids), 'page')} written. Open {out / 'index.html'}")


def _write(path: Path, text: str) -> None:
    """Write a file whole: a reader sees the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(text, "utf-8")
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _remove_others(out: Path, names: Iterable[str]) -> None:
    """Remove the pages of this command that are not among `names`, and no other file."""
    kept = {out / name for name in names}
    for path in (out / "companies").glob("*.html"):
        if path not in kept and _MARK in path.read_text("utf-8", errors="replace"):
            path.unlink()


def _progress() -> Progress:
    terminal = console(stderr=True)
    return Progress(console=terminal, transient=True, disable=not terminal.is_terminal)
