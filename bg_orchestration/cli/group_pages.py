"""`bg report`: published groups as HTML pages with an index."""

from pathlib import Path

import click
from rich.progress import Progress

from bg_orchestration.cli.lookup import company_named, database, groups_named
from bg_orchestration.cli.printing import as_json, console, print_json
from bg_orchestration.cli.selection import keys_of_profiles
from bg_orchestration.domain.company_ids import report_file_of
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.refreshes.report_reading import companies_with_groups
from bg_orchestration.report.page_files import write_index, write_pages
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading


@click.command()
@click.argument("companies", nargs=-1, metavar="COMPANY...")
@click.option("--all", "all_", is_flag=True, help="Every company with a published group.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of index.html and companies/; it is made if it is missing.  [default: BG_REPORTS]",
)
@as_json
def report(companies: tuple[str, ...], all_: bool, out: Path | None, json_: bool) -> None:
    """Write the published groups as HTML pages, for readers who do not open Dagit.

    A page for each company, and index.html with search and filters over all pages in DIR. The
    pages need no server and no other file. They hold names and contacts: keep them where readers
    must sign in, and write them again after an erasure. --all also removes pages of companies that
    have no group any more.

    \b
    bg report acme --out pages
    bg report --all --out /var/www/buyer-groups
    """
    config = settings()
    if (out := out or config.reports) is None:
        raise click.UsageError("Name a folder with --out, or set BG_REPORTS.")
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
        keys_of_profiles(config)
        try:
            with _progress() as progress:
                task = progress.add_task("Writing", total=len(company_ids))
                for number in write_pages(engine, config, out, company_ids):
                    progress.advance(task, number)
            write_index(engine, config, out, complete=all_)
        except OSError as error:
            raise click.ClickException(
                f"{out} cannot be written: {error}. Name another folder with --out."
            ) from None
    if json_:
        pages = {company_id: out / report_file_of(company_id) for company_id in company_ids}
        print_json({"index": out / "index.html", "pages": pages})
    else:
        echo(f"{quantity(len(company_ids), 'page')} written. Open {out / 'index.html'}")


def _progress() -> Progress:
    terminal = console(stderr=True)
    return Progress(console=terminal, transient=True, disable=not terminal.is_terminal)
