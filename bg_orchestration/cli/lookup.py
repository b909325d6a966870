"""Lookups for commands: database, company, group and person."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.domain.model import Company, Group
from bg_orchestration.refreshes.overview import (
    employees_called,
    names_of,
    titles_of,
)
from bg_orchestration.refreshes.publishing import profile_ids, published
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.database import (
    SchemaError,
    check_schema,
    describe_outage,
    engine_for,
)


@contextmanager
def database() -> Iterator[Engine]:
    """Yield the engine of the configured database, with its schema checked.

    Raises:
        click.ClickException: exit code 1 and one line on what to do, when the schema is missing
            or of another version, or the database does not answer now or during the block.
    """
    try:
        engine = engine_for(settings().url)
        check_schema(engine)
        yield engine
    except SchemaError as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None


def company_named(connection: Connection, company_id: str) -> Company:
    """Return the company with this id.

    Raises:
        click.ClickException: no such company is stored.
    """
    company = find_company(connection, company_id)
    if company is None:
        raise click.ClickException(f"No company {company_id} is known. List them: bg companies")
    return company


def group_named(connection: Connection, company_id: str, profile: str | None) -> Group:
    """Return the published group for `profile`, else for `default` or the first profile.

    Raises:
        click.ClickException: the company is not known or has no such group.
    """
    company_named(connection, company_id)
    profiles = profile_ids(connection, company_id)
    if not profiles:
        raise click.ClickException(
            f"{company_id} has no published group yet. Make one: bg refresh {company_id}"
        )
    if profile is None:
        profile = "default" if "default" in profiles else profiles[0]
    group = published(connection, company_id, profile)
    if group is None:
        raise click.ClickException(
            f"{company_id} has no group for profile {profile}; it has: {', '.join(profiles)}"
        )
    return group


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
            f"Nobody with the id or name {person!r} is known at {company_id}. "
            f"Ids of members: bg show {company_id}; new people come with `bg import`."
        )
    if len(employees) > 1:
        raise click.ClickException(
            f"{len(employees)} people at {company_id} are called {person!r}; name one by id: "
            f"{', '.join(employees)}"
        )
    return employees[0]
