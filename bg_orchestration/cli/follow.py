"""`bg follow`, `unfollow`, `rename`, `merge`, `partitions`: the life of a company's key."""

from collections.abc import Sequence
from typing import Final

import click

from bg_orchestration.cli.dagster_access import dagster_instance
from bg_orchestration.cli.lookup import company_named, database
from bg_orchestration.cli.printing import as_json, print_json
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.intake.company_merges import (
    MergeError,
    merge_companies,
    rename_company,
    set_followed,
)
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.report.terminal import echo
from bg_orchestration.store.companies import followed_ids
from bg_orchestration.store.database import reading, writing

_COMPANY: Final = ("company", "companies")


@click.command()
@click.argument("companies", nargs=-1, required=True)
def follow(companies: tuple[str, ...]) -> None:
    """Follow COMPANIES again: events and their tier refresh them from now on.

    \b
    bg follow acme globex
    """
    echo(f"Followed again: {quantity(_set_followed(companies, followed=True), *_COMPANY)}.")


@click.command()
@click.argument("companies", nargs=-1, required=True)
def unfollow(companies: tuple[str, ...]) -> None:
    """Archive COMPANIES: nothing refreshes them; group and history stay.

    A planned refresh ends, a running refresh publishes nothing, and pending events are ignored. The
    key stays in Dagit, because deleting a key fails a backfill in progress; see `bg partitions`.

    \b
    bg unfollow acme
    """
    echo(f"Archived: {quantity(_set_followed(companies, followed=False), *_COMPANY)}.")


@click.command()
@click.argument("company")
@click.argument("name")
def rename(company: str, name: str) -> None:
    """Give COMPANY another display NAME; its key and its history stay.

    \b
    bg rename acme "Acme Corporation"
    """
    if not name.strip():
        raise click.UsageError("NAME must not be blank.")
    with database() as engine, writing(engine) as connection:
        known = company_named(connection, company)
        rename_company(connection, known.company_id, name.strip())
    echo(f"{known.company_id} is called {name.strip()} now.")


@click.command()
@click.argument("company")
@click.argument("into")
def merge(company: str, into: str) -> None:
    """Merge COMPANY into the company INTO, because both are the same.

    People, decisions, changes and history move; where both have a group, that of INTO stays and is
    refreshed. From then on the key COMPANY means INTO. This cannot be undone.

    \b
    bg merge acme-inc acme
    """
    with database() as engine, writing(engine) as connection:
        try:
            merge_companies(connection, company, into)
        except MergeError as error:
            raise click.ClickException(str(error)) from None
        kept = company_named(connection, into).company_id
        plan_manual(connection, [kept])
    echo(f"{company} is part of {kept} now, which is refreshed next.")


@click.command()
@click.option(
    "--delete-archived",
    is_flag=True,
    help="Delete the keys of companies that are not followed; Dagit forgets their status.",
)
@as_json
def partitions(delete_archived: bool, json_: bool) -> None:
    """Compare the partition keys in Dagit with the followed companies.

    Missing keys come back at the next tick of the sensor. Keys are deleted only here, and not while
    a backfill runs: a deleted key fails the whole backfill.

    \b
    bg partitions
    bg partitions --delete-archived
    """
    from bg_orchestration import names
    from bg_orchestration.automation.backfills import unfinished_backfills

    with database() as engine, dagster_instance() as instance:
        keys = set(instance.get_dynamic_partitions(names.PARTITIONS))
        with reading(engine) as connection:
            followed = set(followed_ids(connection))
        archived, missing = sorted(keys - followed), sorted(followed - keys)
        if not json_:
            echo(
                f"{quantity(len(keys), 'key')} in Dagit, {quantity(len(followed), *_COMPANY)} "
                f"followed. Keys missing: {len(missing):,}. Keys of no followed company: "
                f"{len(archived):,}."
            )
        if delete_archived:
            if running := unfinished_backfills(instance):
                raise click.ClickException(
                    f"Backfill {running[0]} is not finished: a deleted key would fail it. Wait for "
                    "its end, or cancel it in Dagit."
                )
            for key in archived:
                instance.delete_dynamic_partition(names.PARTITIONS, key)
    if json_:
        print_json(
            {
                "keys": len(keys),
                "followed": len(followed),
                "missing": missing,
                "archived": archived,
                "deleted": delete_archived,
            }
        )
    elif delete_archived:
        echo(f"Deleted: {quantity(len(archived), 'key')}.")


def _set_followed(companies: Sequence[str], *, followed: bool) -> int:
    with database() as engine, writing(engine) as connection:
        ids = [company_named(connection, name).company_id for name in dict.fromkeys(companies)]
        return set_followed(connection, ids, followed=followed)
