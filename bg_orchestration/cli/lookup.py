"""Lookups for commands: database, company, group and person."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.domain.model import Company, Group
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.overview import (
    employees_called,
    names_of,
    titles_of,
)
from bg_orchestration.refreshes.publishing import profile_ids, published
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.company_search import (
    companies_beginning,
    companies_called,
    similar_companies,
)
from bg_orchestration.store.database import (
    SchemaError,
    check_schema,
    describe_outage,
    engine_for,
)


@contextmanager
def database(*, with_sample: bool = False) -> Iterator[Engine]:
    """Yield the engine of the configured database, with its schema checked.

    Args:
        with_sample: whether the sample is loaded where the settings want it, as a run does.

    Raises:
        click.ClickException: exit code 1 and one line on what to do, when the schema is missing
            or of another version, or the database does not answer now or during the block.
    """
    try:
        engine = engine_for(settings().url)
        check_schema(engine)
        if with_sample:
            ready_engine()
        yield engine
    except SchemaError as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None


def company_named(connection: Connection, text: str, *, beginning: bool = False) -> Company:
    """Return the company of this id, domain or unique name.

    Args:
        connection: a transaction.
        text: what a user calls the company.
        beginning: whether the beginning of one id is enough; for commands that only read.

    Raises:
        click.ClickException: no such company is stored, or several have the name; says which are
            close.
    """
    company = find_company(connection, text)
    if company is not None:
        return company
    matches = companies_called(connection, text)
    if len(matches) == 1 and (company := find_company(connection, matches[0])) is not None:
        return company
    if matches:
        raise click.ClickException(
            f"{len(matches)} companies are called {text}. Name one by id: {', '.join(matches)}"
        )
    begun = companies_beginning(connection, text) if beginning else []
    if len(begun) == 1 and (company := find_company(connection, begun[0])) is not None:
        return company
    similar = begun or similar_companies(connection, text)
    hint = f"Did you mean: {', '.join(similar)}?" if similar else "List them: bg companies"
    raise click.ClickException(f"No company {text} is known. {hint}")


def groups_named(connection: Connection, company_id: str, profile: str | None) -> list[Group]:
    """Return the published groups of a company, or only that for `profile`.

    Raises:
        click.ClickException: the company has no such group.
    """
    profiles = profile_ids(connection, company_id)
    if not profiles:
        raise click.ClickException(
            f"{company_id} has no published group yet. Make one: bg refresh {company_id}"
        )
    if profile is not None and profile not in profiles:
        raise click.ClickException(
            f"{company_id} has no group for profile {profile}; it has: {', '.join(profiles)}"
        )
    found = (published(connection, company_id, each) for each in profiles)
    return [
        group for group in found if group is not None and profile in (None, group.group.profile_id)
    ]


def group_named(connection: Connection, company_id: str, profile: str | None) -> Group:
    """Return the published group of a company; `profile` is needed if there are several.

    Raises:
        click.ClickException: the company has no such group.
        click.UsageError: it has several, and `profile` names none.
    """
    groups = groups_named(connection, company_id, profile)
    if len(groups) > 1:
        listed = ", ".join(group.group.profile_id for group in groups)
        raise click.UsageError(
            f"{company_id} has groups for several seller profiles. Name one with --profile: "
            f"{listed}"
        )
    return groups[0]


def employee_named(connection: Connection, company_id: str, person: str) -> str:
    """Return the id of a present employee, given the id or the exact name.

    Raises:
        click.ClickException: no such person, a person without a job there, or several.
    """
    if person in titles_of(connection, company_id, [person]):
        return person
    if names_of(connection, [person]):
        raise click.ClickException(
            f"{person} does not work at {company_id} as far as we know. "
            "If they do, import the job with `bg import`."
        )
    employees = employees_called(connection, company_id, person)
    if not employees:
        raise click.ClickException(
            f"No person with the id or name {person!r} is known at {company_id}. "
            f"Ids of members: bg show {company_id}; new people come with `bg import`."
        )
    if len(employees) > 1:
        raise click.ClickException(
            f"{len(employees)} people at {company_id} are called {person!r}; name one by id: "
            f"{', '.join(employees)}"
        )
    return employees[0]
