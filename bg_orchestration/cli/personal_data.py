"""`bg forget` and `bg suppressions`: erase and suppress people."""

import csv
import sys
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import Connection, Engine

from bg_orchestration import names
from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, print_json
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.privacy.erasure import (
    STILL_READ,
    Eraser,
    Erasure,
    Progress,
    erase,
    scrub,
)
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.privacy.suppression import (
    SuppressionKeyError,
    Suppressions,
)
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.people_search import search_people

_IDS = ("person_id", "id")
_EMAILS = ("email", "e-mail", "email address")
_PAGES = ("linkedin_url", "linkedin url", "linkedin", "linkedin profile", "profile url")
_PROVIDERS = ("coresignal", "pdl", "apollo", "lusha")
_DONE = {"webhook_events": "emptied", "pipeline_operations": "emptied or cut"}
_MOST_CANDIDATES = 10
_BEYOND = (
    "Out of reach: files you imported or exported, reports you saved, backups of the database, "
    "and what providers hold, their lists of whom you subscribed to included. Dagster's history "
    "and the ledger's keys hold ids and hashes only."
)


@click.command()
@click.argument("people", nargs=-1, metavar="ID|EMAIL|PAGE|NAME...")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A do-not-contact list: CSV with columns such as email, linkedin_url, person_id or "
    "coresignal_id, a person a row; or one a line.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be erased and keep it.")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@as_json
def forget(
    people: tuple[str, ...], file: Path | None, dry_run: bool, yes: bool, json_: bool
) -> None:
    """Erase people from every table, stored asset, received event and provider's answer.

    Only keyed hashes of their ids, addresses and profile pages stay, so that no import, event or
    refresh brings them back. Their companies are refreshed next. It cannot be undone, so the
    command asks first on a terminal.

    An id is ours or a provider's, such as coresignal:900001. The address of a LinkedIn profile
    will do, and a name that only one stored person has; of several it lists the ids. An unknown
    id, address or page is suppressed as well. `--file` erases the people of a do-not-contact list.

    \b
    One:   bg forget p-17
    Many:  bg forget --file do-not-contact.csv
    """
    listed = _listed_people(file) if file else []
    if not people and not listed:
        raise click.UsageError("Give the id, address, page or name of a person, or --file.")
    config = settings()
    suppressions = Suppressions.configured(config)
    try:
        with database() as engine:
            with reading(engine) as connection:
                found = [_meant(connection, text) for text in people]
            subjects = list(dict.fromkeys([*(subject for subject, _ in found), *listed]))
            if not (dry_run or yes) and _on_terminal():
                for _, description in found:
                    echo(description, err=True)
                question = f"Erase {_people(len(subjects))} for ever?"
                click.confirm(question, abort=True, err=True)
            with writing(engine) as connection:
                # The first of all locks, as in the planner.
                acquire_lock(connection, Lock.ADMISSION)
                if dry_run:
                    erasure = erase(connection, subjects, suppressions)
                    planned = plan_manual(connection, sorted(erasure.companies))
                    connection.rollback()
                else:
                    request = request_erasure(connection, subjects, suppressions)
                    planned = plan_manual(connection, sorted(request.companies))
            if not dry_run:
                eraser = Eraser.of(engine, suppressions, _rewrite_values)
                erasure = eraser.finish(request, _report)
                with writing(engine) as connection:
                    planned += plan_manual(connection, sorted(erasure.stale_companies))
                if not scrub(engine):
                    echo(STILL_READ, err=True)
                _export_again(engine)
    except SuppressionKeyError as error:
        raise click.ClickException(str(error)) from None
    if json_:
        result = asdict(erasure) | {
            "people": sorted(erasure.people),
            "companies": sorted(erasure.companies),
        }
        result["stored_values"] = result.pop("values")
        del result["stale_companies"]
        print_json(result | {"refreshes": planned, "dry_run": dry_run})
        return
    echo("\n".join(_sentences(erasure, planned, dry_run=dry_run)))


def _on_terminal() -> bool:
    return sys.stdin.isatty()


def _people(count: int) -> str:
    return quantity(count, "person", "people")


def _meant(connection: Connection, text: str) -> tuple[DataSubject, str]:
    """Return the person that `text` means, with a line about the person.

    Raises:
        click.ClickException: it is a name of no stored person or of several.
    """
    found = search_people(connection, text)
    matches = {person.person_id: person for person in reversed(found) if person.exact}
    if text.strip() in matches or _is_identifier(text):
        known = next(iter(matches.values()), None)
        return DataSubject.parse(text), known.description if known else f"{text}: not stored"
    if len(matches) == 1:
        [(person_id, person)] = matches.items()
        return DataSubject.parse(person_id), person.description
    if matches:
        lines = [f"{len(matches)} people are called {text}. Name one by id:"]
    else:
        lines = [f"No stored person has the id, address, page or name {text}."]
        lines += ["No person was erased. Did you mean:"] if found else ["No person was erased."]
    shown = [person for person in found if person.exact or not matches][:_MOST_CANDIDATES]
    raise click.ClickException(
        "\n  ".join([" ".join(lines), *(each.description for each in shown)])
    )


def _is_identifier(text: str) -> bool:
    """Whether a text is rather an id, address or page than a name: it has a digit or a sign."""
    return not any(char.isspace() for char in text.strip()) and not text.strip().isalpha()


def _rewrite_values(companies: Collection[str], people: Collection[str]) -> int:
    from bg_orchestration.assets.artifacts import erase_from_artifacts

    return erase_from_artifacts(companies, people)


def _export_again(engine: Engine) -> None:
    """Export the warehouse tables again, if an export has the people; a fault stops nothing."""
    from bg_orchestration.destinations.warehouse.export import export_without_erased
    from bg_orchestration.destinations.warehouse.targets import ExportError

    try:
        report = export_without_erased(engine, settings())
    except (ExportError, OSError, ImportError) as error:
        echo(f"The warehouse tables still hold these people: {error} Then run: bg export", err=True)
        return
    if report is not None:
        echo(f"The warehouse tables at {report.address} are without these people.", err=True)


def _report(progress: Progress) -> None:
    if sys.stderr.isatty() and progress.rows:
        echo(f"{progress.stage}: {progress.rows} looked at", err=True)


def _listed_people(file: Path) -> list[DataSubject]:
    """Return the people of a do-not-contact list, one a row."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as listed:
            rows = [row for row in csv.reader(listed) if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file}: not a CSV file in UTF-8: {error}") from None
    if not rows:
        return []
    header = [cell.strip().casefold() for cell in rows[0]]
    kinds = {place: kind for place, name in enumerate(header) if (kind := _kind(name))}
    if kinds:
        subjects = [_data_subject(row, kinds) for row in rows[1:]]
        return [person for person in subjects if person.identifiers]
    if len(header) > 1:
        raise click.ClickException(
            f"{file}: none of its columns is person_id, email, linkedin_url or the id of a "
            f"provider such as coresignal_id; it has: {', '.join(rows[0])}"
        )
    return [DataSubject.parse(row[0]) for row in rows]


def _kind(header: str) -> str | None:
    """Return the content of a column: `ids`, `emails`, `pages`, or a provider's ids."""
    for kind, headers in (("ids", _IDS), ("emails", _EMAILS), ("pages", _PAGES)):
        if header in headers:
            return kind
    provider = header.replace(" ", "_").removesuffix("_id")
    return provider if header != provider and provider in _PROVIDERS else None


def _data_subject(row: Sequence[str], kinds: Mapping[int, str]) -> DataSubject:
    values = defaultdict(list)
    for place, kind in kinds.items():
        value = row[place].strip() if place < len(row) else ""
        if not value:
            continue
        if kind in _PROVIDERS:
            values["ids"].append(f"{kind}:{value}")
        elif kind == "emails":
            # Some tools use the email address as the id.
            values["ids"].append(value)
            values["emails"].append(value)
        else:
            values[kind].append(value)
    return DataSubject(tuple(values["ids"]), tuple(values["emails"]), tuple(values["pages"]))


def _sentences(erasure: Erasure, planned: int, *, dry_run: bool) -> list[str]:
    would = "would be " if dry_run else ""
    companies = quantity(len(erasure.companies), "company", "companies")
    lines = [f"People stored: {len(erasure.people)}, at {companies}"]
    if not erasure.people:
        lines = [
            f"No stored person was found, so {'none would be' if dry_run else 'none was'} erased"
        ]
    lines += [
        f"  {table}: {quantity(count, 'row')} {would}{_DONE.get(table, 'deleted')}"
        for table, count in erasure.rows.items()
        if count
    ]
    if erasure.values:
        lines.append(f"  stored asset values: {erasure.values} rewritten")
    lines.append(
        f"Suppressed from now on: {erasure.suppressed} ids, addresses and pages {would}listed"
    )
    if planned and not dry_run:
        lines.append(f"Refreshes planned: {planned}; a running system starts them at once")
    if erasure.is_open and not dry_run:
        lines.append(
            "A refresh or an import runs and may write what it has read. The job "
            f"{names.ERASURE_JOB} erases the rest when it ends."
        )
    return [*lines, _BEYOND]


@click.command()
@click.option("--export", is_flag=True, help="Print each hash and the time when it was added.")
@as_json
def suppressions(export: bool, json_: bool) -> None:
    """Count the suppressed identifiers: ids, addresses and profile pages, several for each person.

    The list holds keyed hashes only: it recognizes a person by the key, and reveals no person
    without it. Add people with `bg forget`.

    \b
    bg suppressions
    bg suppressions --export > suppressed.csv
    """
    list_ = Suppressions.configured(settings())
    try:
        with database() as engine, reading(engine) as connection:
            marks = list_.exported(connection)
    except SuppressionKeyError as error:
        raise click.ClickException(str(error)) from None
    if json_:
        listed = [{"mark": mark, "since": since} for mark, since in marks]
        print_json({"marks": len(marks)} | ({"list": listed} if export else {}))
    elif export:
        for mark, since in marks:
            echo(f"{mark},{since.isoformat()}")
    else:
        echo(f"Suppressed: {len(marks):,} ids, addresses and pages")
