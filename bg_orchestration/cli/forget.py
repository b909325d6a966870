"""`bg forget`: erase people everywhere, and keep them out."""

import csv
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, print_json
from bg_orchestration.settings import settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.erasure import Erasure, erase, scrub
from bg_orchestration.store.planning import plan_manual
from bg_orchestration.store.suppression import (
    SuppressionKeyError,
    Suppressions,
    suppression_key,
)

_COLUMNS = ("person_id", "id", "email", "e-mail", "email address")
_BEYOND = (
    "Out of reach: files you imported or exported, reports you saved, backups of the database, "
    "and what the provider holds. Dagster's history holds ids only."
)


@click.command()
@click.argument("people", nargs=-1, metavar="PERSON_ID|EMAIL...")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A do-not-contact list: CSV with a column person_id or email, or one a line.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be erased and keep it.")
@as_json
def command(people: tuple[str, ...], file: Path | None, dry_run: bool, json_: bool) -> None:
    """Erase people from every table, stored asset and received event, and keep them out.

    Only keyed hashes of their ids, addresses and profile pages stay, so that no import, event or
    refresh brings them back. Whoever is not known is kept out as well. Their companies are
    refreshed next. It cannot be undone.

    \b
    One:   bg forget p-17
    Many:  bg forget --file do-not-contact.csv
    """
    who = list(dict.fromkeys([*people, *(_listed(file) if file else [])]))
    if not who:
        raise click.UsageError("Give the ids or email addresses of people, or --file.")
    config = settings()
    suppressions = Suppressions(suppression_key(config, create=True))
    try:
        with database() as engine, writing(engine) as connection:
            done = erase(connection, who, suppressions)
            planned = plan_manual(connection, sorted(done.companies))
            if dry_run:
                connection.rollback()
        if not dry_run:
            scrub(engine)
    except SuppressionKeyError as error:
        raise click.ClickException(str(error)) from None
    values = 0 if dry_run else _forget_artifacts(done)
    if json_:
        told = asdict(done) | {"people": sorted(done.people), "companies": sorted(done.companies)}
        print_json(told | {"stored_values": values, "refreshes": planned, "dry_run": dry_run})
        return
    click.echo("\n".join(_sentences(done, values, planned, dry_run=dry_run)))


def _forget_artifacts(done: Erasure) -> int:
    if not done.people:
        return 0
    from bg_orchestration.assets.artifacts import forget_in_artifacts

    return forget_in_artifacts(done.companies, done.people)


def _listed(file: Path) -> list[str]:
    """The people of a do-not-contact list, one a row."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as listed:
            rows = [row for row in csv.reader(listed) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file}: not a CSV file in UTF-8: {error}") from None
    if not rows:
        return []
    header = [cell.strip().casefold() for cell in rows[0]]
    places = [header.index(name) for name in _COLUMNS if name in header]
    if places:
        return _cells(rows[1:], places)
    if len(header) > 1:
        raise click.ClickException(
            f"{file}: none of its columns is person_id or email; it has: {', '.join(rows[0])}"
        )
    return _cells(rows, [0])


def _cells(rows: Iterable[list[str]], places: Iterable[int]) -> list[str]:
    wanted = list(places)
    return [
        row[place].strip()
        for row in rows
        for place in wanted
        if place < len(row) and row[place].strip()
    ]


def _sentences(done: Erasure, values: int, planned: int, *, dry_run: bool) -> list[str]:
    would = "would be " if dry_run else ""
    lines = [f"People known: {len(done.people)}, at {len(done.companies)} companies"]
    lines += [
        f"  {table}: {count} rows {would}{'emptied' if table == 'webhook_events' else 'deleted'}"
        for table, count in done.rows.items()
        if count
    ]
    if values:
        lines.append(f"  stored asset values: {values} rewritten")
    lines.append(f"Kept out from now on: {done.suppressed} ids, addresses and pages {would}listed")
    if planned and not dry_run:
        lines.append(f"Refreshes planned: {planned}; a running system starts them at once")
    return [*lines, _BEYOND]
