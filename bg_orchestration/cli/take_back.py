"""`bg take-back`: what a person decided holds no longer."""

import click
from sqlalchemy import Connection

from bg_orchestration.cli.common import database
from bg_orchestration.cli.deciding import (
    Outcome,
    applied,
    by_option,
    profile_option,
    tell,
    why_option,
)
from bg_orchestration.cli.lookup import company_named
from bg_orchestration.cli.output import as_json
from bg_orchestration.refreshes.decisions import (
    DecisionLine,
    listing,
    take_back,
)
from bg_orchestration.store.database import writing


@click.command("take-back")
@click.argument("company")
@click.argument("person")
@profile_option
@by_option
@why_option("What has changed, such as: they moved to another team.", required=False)
@as_json
def command(
    company: str, person: str, profile: str | None, by: str, why: str | None, json_: bool
) -> None:
    """Take back what was confirmed, dismissed or assigned about PERSON at COMPANY.

    From the next refresh on the rules judge them again. It stays known who decided what, and
    until when: bg decisions COMPANY --all

    \b
    bg take-back acme p-12 --why "moved to another team"
    """
    with database() as engine, writing(engine) as connection:
        company_named(connection, company)
        found = _in_force(connection, company, person, profile)
        where = (company, found.profile_id, found.person_id)
        take_back(connection, *where, by, why)
        *_, line = listing(
            connection, company, profile_id=where[1], person_id=where[2], history=True
        )
        outcome = Outcome(line, changed=True, takes_effect=applied(connection, company))
    tell(outcome, json_)


def _in_force(
    connection: Connection, company: str, person: str, profile: str | None
) -> DecisionLine:
    """The one decision that is meant, also about somebody who does not work there any more."""
    found = [
        line
        for line in listing(connection, company, profile_id=profile)
        if person in (line.person_id, line.name)
    ]
    if not found:
        about = f"for profile {profile} " if profile else ""
        raise click.ClickException(
            f"There is nothing to take back: no decision about {person} {about}is in force at "
            f"{company}. List them: bg decisions {company}"
        )
    if len({line.person_id for line in found}) > 1:
        ids = ", ".join(sorted({line.person_id for line in found}))
        raise click.ClickException(f"Several people are called {person}; name one by id: {ids}")
    if len(found) > 1:
        profiles = ", ".join(sorted(line.profile_id for line in found))
        raise click.ClickException(
            f"Decisions about {person} are in force for several profiles. "
            f"Name one with --profile: {profiles}"
        )
    return found[0]
