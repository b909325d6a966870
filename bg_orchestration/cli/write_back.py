"""`bg crm`: propose, apply and undo buying roles in HubSpot and Salesforce."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from sqlalchemy import Engine

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, print_json, print_table
from bg_orchestration.crm_settings import CRM_FIELDS
from bg_orchestration.destinations.crm.opening import open_crm
from bg_orchestration.destinations.crm.proposals import CrmConflict, Differences, propose
from bg_orchestration.destinations.crm.protocol import Crm, CrmError
from bg_orchestration.destinations.crm.writes import Applied, apply_proposals, undo_writes
from bg_orchestration.report.terminal import Table, echo, one_line
from bg_orchestration.settings import settings
from bg_orchestration.store.crm_outbox import CrmWrite, ended_writes, open_counts
from bg_orchestration.store.database import reading

_SHOWN = 200


@click.group()
def crm() -> None:
    """Write buying roles back into HubSpot and Salesforce: diff, apply, undo.

    \b
    1. export BG_HUBSPOT_TOKEN=...     or BG_SALESFORCE_URL and BG_SALESFORCE_TOKEN
    2. bg crm diff                     reads the CRM, shows what would change and why
    3. bg crm apply                    writes what diff showed, and nothing else
    4. bg crm undo                     takes the last apply back

    A value that a person set or changed in the CRM is never overwritten: diff shows it as a
    conflict. Nothing is written without apply, except the fields of BG_CRM_AUTOMATIC. Contacts are
    matched by their id (bg external-ids) or address; new ones are created only with
    apply --create. See docs/destinations.md.
    """


_named = click.option(
    "--crm", "name", type=click.Choice(sorted(CRM_FIELDS)), help="Default: the one with a key."
)


@contextmanager
def _opened(name: str | None) -> Iterator[tuple[Engine, Crm]]:
    config = settings()
    names = [name] if name else list(config.crms)
    if not names:
        raise click.ClickException(
            "No CRM is set. Set BG_HUBSPOT_TOKEN, or BG_SALESFORCE_URL and BG_SALESFORCE_TOKEN; "
            "how to start: bg crm --help"
        )
    if len(names) > 1:
        raise click.UsageError(f"Several CRMs are set: add --crm {' or --crm '.join(names)}")
    try:
        with database() as engine, open_crm(names[0], engine, config) as opened:
            yield engine, opened
    except CrmError as error:
        raise click.ClickException(one_line(f"{error}.")) from None


@crm.command()
@_named
@click.option("--again", is_flag=True, help="Propose again what was undone.")
@as_json
def diff(name: str | None, again: bool, json_: bool) -> None:
    """Show what apply would write and why; the CRM is only read.

    \b
    bg crm diff
    bg crm diff --json
    """
    with _opened(name) as (engine, opened):
        found = propose(engine, opened, again=again)
    if json_:
        print_json(asdict(found))
        return
    _show_changes(found)
    _show_conflicts(found.conflicts, found.names)
    kept = [f"{found.same:,} values are right already"]
    kept += [f"{found.undone:,} were undone (--again proposes them)"] if found.undone else []
    kept += (
        [f"{found.unreachable:,} members have no contact there and no address to create one"]
        if found.unreachable
        else []
    )
    echo(f"{'; '.join(kept)}.")
    if found.changes:
        echo(f"Write these {len(found.changes):,} changes: bg crm apply")
    if found.missing:
        echo(f"Create these {len(found.missing):,} contacts too: bg crm apply --create")


def _show_changes(found: Differences) -> None:
    table = Table("Person", "Contact", "Field", "Now", "Then", "Why", box=None)
    for write in (*found.changes, *found.missing)[:_SHOWN]:
        table.add_row(
            found.names.get(write.person_id, write.person_id),
            write.cell.record or "none",
            _place(write),
            write.before or "-",
            write.after or "-",
            write.reason,
        )
    rows = len(found.changes) + len(found.missing)
    if rows:
        print_table(table, whole=("Contact",), optional=("Field",), prose=("Why",))
    else:
        echo("Nothing to write.")
    if rows > _SHOWN:
        echo(f"... and {rows - _SHOWN:,} more; all of them: bg crm diff --json")


def _place(write: CrmWrite) -> str:
    is_link = write.cell.target and write.cell.record
    return f"{write.cell.field} {write.cell.target}" if is_link else write.cell.field


def _show_conflicts(conflicts: list[CrmConflict], names: dict[str, str]) -> None:
    for conflict in conflicts[:_SHOWN]:
        who = f"{names[conflict.person_id]}: " if conflict.person_id in names else ""
        echo(one_line(f"Kept: {who}{conflict.text}."))
    if len(conflicts) > _SHOWN:
        echo(f"... and {len(conflicts) - _SHOWN:,} more conflicts.")


@crm.command()
@_named
@click.option("--create", is_flag=True, help="Create the contacts that do not exist there, too.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    type=click.Choice(sorted({field for each in CRM_FIELDS.values() for field in each})),
    help="Only this field. May be given several times.",
)
@as_json
def apply(name: str | None, create: bool, fields: tuple[str, ...], json_: bool) -> None:
    """Write what diff showed; what changed there meanwhile is kept.

    \b
    bg crm apply
    bg crm apply --crm hubspot --create
    """
    with _opened(name) as (engine, opened):
        applied = apply_proposals(engine, opened, create=create, fields=fields or None)
        with reading(engine) as connection:
            left = open_counts(connection, opened.name).get("proposed", 0)
    _show_applied(applied, json_, "Written", f"{left:,} proposals are left." if left else "")


@crm.command()
@_named
@click.option("--all", "everything", is_flag=True, help="Take back every write, not only the last.")
@as_json
def undo(name: str | None, everything: bool, json_: bool) -> None:
    """Take back the writes of the last apply; what a person changed since is kept.

    Contacts that apply created go to the CRM's recycle bin.

    \b
    bg crm undo
    """
    with _opened(name) as (engine, opened):
        applied = undo_writes(engine, opened, everything=everything)
    is_stuck = applied.conflicts and not applied.ends["done"]
    rest = "That was the last apply; the writes before it: bg crm undo --all" if is_stuck else ""
    _show_applied(applied, json_, "Taken back", "" if everything else rest)


def _show_applied(applied: Applied, json_: bool, did: str, rest: str) -> None:
    if json_:
        print_json(asdict(applied))
    else:
        _show_conflicts(applied.conflicts, {})
        if not applied.ends and not applied.held:
            echo("Nothing to do. See what differs: bg crm diff")
        else:
            failed = applied.ends["failed"]
            echo(f"{did}: {applied.ends['done']:,}; refused: {failed:,}. {rest}".strip())
        if applied.held:
            echo(
                f"{applied.held:,} writes are in the hands of another process, or were left by a "
                "killed one. Call it again in 5 minutes; it then reads the CRM to learn their end."
            )
    if applied.ends["failed"]:
        raise click.exceptions.Exit(1)


@crm.command()
@_named
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
def log(name: str | None, limit: int, json_: bool) -> None:
    """List the writes, the newest first: before, after, when, by which refresh.

    \b
    bg crm log --limit 100
    """
    names = [name] if name else list(settings().crms) or sorted(CRM_FIELDS)
    with database() as engine, reading(engine) as connection:
        writes = ended_writes(connection, names, limit)
    if json_:
        print_json([asdict(write) for write in writes])
        return
    table = Table("When", "Contact", "Field", "Before", "After", "State", "Refresh", box=None)
    for write in writes:
        table.add_row(
            f"{write.ended_at or write.created_at:%Y-%m-%d %H:%M}",
            write.cell.record or write.person_id,
            _place(write),
            write.before or "-",
            write.after or "-",
            f"{write.state} (undo)" if write.undoes else write.state,
            write.refresh_id or "-",
        )
    if writes:
        print_table(table, whole=("Contact", "Refresh"), optional=("Field", "Refresh"))
    else:
        echo("Nothing was written yet.")
