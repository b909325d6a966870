"""Which companies a command is about: named, stale, all, or by a condition."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click
from sqlalchemy import ColumnElement, Connection

from bg_orchestration.cli.lookup import company_named
from bg_orchestration.domain.freshness import TIERS, Freshness
from bg_orchestration.profiles import ProfileError, key_companies
from bg_orchestration.refreshes.staleness import due_companies, freshness, freshness_by_id
from bg_orchestration.settings import Settings
from bg_orchestration.store.schema.tables import companies

_F = TypeVar("_F", bound=Callable[..., Any])
_COLUMNS: Final = {"country": companies.c.country, "industry": companies.c.industry}

stale_option = click.option(
    "--stale", is_flag=True, help="Companies whose group is older than the age of its tier."
)
all_option = click.option("--all", "all_", is_flag=True, help="All followed companies.")
where_option = click.option(
    "--where",
    metavar="KEY=VALUE",
    multiple=True,
    help="Followed companies by tier, country or industry: tier=red, tier=red,orange, country=DE. "
    "Several conditions must all hold.",
)


def keys_of_profiles(config: Settings) -> frozenset[str]:
    """Return the key companies of the seller profiles.

    Raises:
        click.ClickException: a profile is wrong; one line says which.
    """
    try:
        return key_companies(config.profiles)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None


def chosen_companies(
    connection: Connection,
    config: Settings,
    company_ids: Sequence[str],
    *,
    stale: bool,
    all_: bool,
    where: Sequence[str] = (),
) -> list[Freshness]:
    """Return the followed companies that the options name, in the order in which they are due.

    Raises:
        click.UsageError: not exactly one way of choosing, or a condition that cannot be read.
        click.ClickException: a named company is not known.
    """
    ways = {"COMPANIES": bool(company_ids), "--stale": stale, "--all": all_, "--where": bool(where)}
    if list(ways.values()).count(True) != 1:
        raise click.UsageError(f"Choose companies in one way: {', '.join(ways)}.")
    keys = keys_of_profiles(config)
    if stale:
        return due_companies(connection, config.freshness, keys)
    if company_ids:
        names = [company_named(connection, name).company_id for name in dict.fromkeys(company_ids)]
        found = freshness_by_id(connection, config.freshness, keys, names)
        if archived := [name for name in names if name not in found]:
            raise click.ClickException(
                f"Not followed: {', '.join(archived)}. Follow them: bg follow {' '.join(archived)}"
            )
        return list(found.values())
    conditions, tiers = _conditions(where)
    chosen = freshness(connection, config.freshness, keys, *conditions)
    return sorted(
        (each for each in chosen if each.tier in tiers),
        key=lambda each: (each.due_at, each.company_id),
    )


def _conditions(where: Sequence[str]) -> tuple[list[ColumnElement[bool]], set[str]]:
    """Return conditions on `companies`, and the tiers."""
    conditions: list[ColumnElement[bool]] = []
    tiers = set[str](TIERS)
    for text in where:
        name, _, values = text.partition("=")
        wanted = {value.strip() for value in values.split(",") if value.strip()}
        if name == "tier" and wanted and wanted <= set(TIERS):
            tiers &= wanted
        elif name in _COLUMNS and wanted:
            conditions.append(_COLUMNS[name].in_(sorted(wanted)))
        else:
            allowed = ", ".join([f"tier={'|'.join(TIERS)}", *(f"{key}=..." for key in _COLUMNS)])
            raise click.UsageError(f"--where {text}: allowed are {allowed}.")
    return conditions, tiers
