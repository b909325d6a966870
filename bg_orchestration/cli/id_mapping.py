"""`bg external-ids`: the ids by which other tools know our companies and people."""

from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import Connection

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, print_json, print_table
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.importing.headers import FileError
from bg_orchestration.importing.id_matching import IdMatches, match_companies, match_people
from bg_orchestration.importing.record_keys import read_record_keys
from bg_orchestration.refreshes.overview import names_of
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import (
    ExternalId,
    IdKind,
    id_conflicts,
    id_lines,
    remove_id,
    set_id,
)

_COMPANIES = frozenset({"company", "account", "organization"})
_PEOPLE = frozenset({"person", "contact", "lead"})
_LISTED = 10


def _system(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    tool, colon, record = value.partition(":")
    if not colon or not tool or record not in _COMPANIES | _PEOPLE or len(value) > 64:
        raise click.BadParameter(
            f"{value!r} is no TOOL:RECORD such as hubspot:contact or salesforce:account; RECORD is "
            f"one of {', '.join(sorted(_COMPANIES | _PEOPLE))}"
        )
    return value


def _kind(system: str) -> IdKind:
    return "company" if system.partition(":")[2] in _COMPANIES else "person"


_system_argument = click.argument("system", callback=_system)


@click.group(name="external-ids")
def external_ids() -> None:
    """List and map the ids by which other tools know our companies and people.

    Imports, matching and users fill them. An id of a tool means at most one of ours.
    """


@external_ids.command(name="list")
@click.argument("ours", nargs=-1, metavar="[COMPANY|PERSON]...")
@click.option("--system", callback=_system, help="Only ids of this system: hubspot:contact ...")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
def list_ids(ours: tuple[str, ...], system: str | None, limit: int, json_: bool) -> None:
    """List the ids, of all or of some COMPANY or PERSON.

    \b
    bg external-ids list acme --system hubspot:company
    """
    with database() as engine, reading(engine) as connection:
        lines = id_lines(connection, ours=ours or None, system=system, limit=limit)
    if json_:
        print_json([asdict(line) for line in lines])
        return
    table = Table("System", "Id there", "Ours", "From", "First seen", "Last seen", box=None)
    for line in lines:
        table.add_row(
            line.system,
            line.external_id,
            line.our_id,
            line.source,
            f"{line.first_seen:%Y-%m-%d}",
            f"{line.last_seen:%Y-%m-%d}",
        )
    if not lines:
        echo("No external id is known.")
        return
    print_table(
        table,
        whole=("System", "Id there", "Ours"),
        optional=("Last seen", "First seen", "From"),
    )


@external_ids.command()
@as_json
def conflicts(json_: bool) -> None:
    """List the ids that do not fit together, and how to settle them.

    claimed: one id there was found for several of ours; it means the first of them.
    several: several ids there mean one of ours, so that tool may hold duplicates.

    \b
    bg external-ids conflicts
    """
    with database() as engine, reading(engine) as connection:
        found = id_conflicts(connection)
    if json_:
        print_json([asdict(conflict) for conflict in found])
        return
    table = Table("System", "Problem", "Ids there", "Ours", "What to do", box=None)
    for conflict in found:
        first = conflict.external_ids[0]
        table.add_row(
            conflict.system,
            conflict.problem,
            ", ".join(conflict.external_ids),
            ", ".join(conflict.our_ids),
            f"bg external-ids set {conflict.system} {first} {conflict.our_ids[0]}"
            if conflict.problem == "claimed"
            else "merge them there, then: bg external-ids remove SYSTEM ID",
        )
    if found:
        print_table(table, whole=("System", "Problem"))
    else:
        echo("No conflicts.")


@external_ids.command(name="set")
@_system_argument
@click.argument("external_id", metavar="ID")
@click.argument("ours", metavar="COMPANY|PERSON")
def set_command(system: str, external_id: str, ours: str) -> None:
    """Map ID of SYSTEM to one of ours; this outranks imports and matching.

    \b
    bg external-ids set salesforce:account 0015g00000XyZaBAAV example.com
    """
    mapping = ExternalId(system, external_id, _kind(system), ours)
    with database() as engine, writing(engine) as connection:
        _require_ours(connection, mapping)
        set_id(connection, mapping)
    echo(f"{system} {mapping.external_id} means {ours}.")


def _require_ours(connection: Connection, mapping: ExternalId) -> None:
    if mapping.kind == "company":
        found = find_company(connection, mapping.our_id) is not None
        hint = "List companies: bg companies"
    else:
        found = mapping.our_id in names_of(connection, [mapping.our_id])
        hint = "Ids of members: bg show COMPANY"
    if not found:
        raise click.ClickException(f"No {mapping.kind} {mapping.our_id} is known. {hint}")


@external_ids.command()
@_system_argument
@click.argument("external_id", metavar="ID")
def remove(system: str, external_id: str) -> None:
    """Delete ID of SYSTEM; a later import may find it again.

    \b
    bg external-ids remove hubspot:contact 501
    """
    with database() as engine, writing(engine) as connection:
        rows = remove_id(connection, system, external_id)
    if not rows:
        raise click.ClickException(
            f"{system} {external_id} is not known. List the ids: bg external-ids list"
        )
    echo(f"{system} {external_id} is removed.")


@external_ids.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--system", callback=_system, required=True, help="Such as hubspot:contact.")
@click.option("--id", "id_header", required=True, metavar="HEADER", help="The column of the ids.")
@click.option("--encoding", help="The encoding of FILE, such as cp1250.  [default: by its bytes]")
@as_json
def match(file: Path, system: str, id_header: str, encoding: str | None, json_: bool) -> None:
    """Map the records of FILE to ours: companies by domain, people by email. It adds no person.

    \b
    bg external-ids match contacts.csv --system hubspot:contact --id "Record ID"
    """
    kind = _kind(system)
    with database() as engine:
        try:
            keys = read_record_keys(file, kind, id_header, encoding=encoding)
        except FileError as error:
            raise click.ClickException(f"{file}: {error}") from None
        with writing(engine) as connection:
            matches = (match_companies if kind == "company" else match_people)(
                connection, system, keys
            )
    if json_:
        print_json(asdict(matches) | {"records": len(keys)})
    else:
        _show(matches, len(keys))


def _show(matches: IdMatches, records: int) -> None:
    unmatched = records - len(matches.matched) - len(matches.ambiguous)
    echo(
        f"{records:,} records: {len(matches.matched):,} mapped, {len(matches.ambiguous):,} "
        f"ambiguous, {unmatched:,} without a match"
    )
    for record, ours in list(matches.ambiguous.items())[:_LISTED]:
        echo(f"  {record} may be {' or '.join(ours)}: bg external-ids set")
    if matches.conflicts:
        echo(f"{quantity(len(matches.conflicts), 'conflict')}; see bg external-ids conflicts")
