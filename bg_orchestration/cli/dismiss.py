"""`bg dismiss`: a person stays out of a group."""

import click

from bg_orchestration.cli.common import database
from bg_orchestration.cli.deciding import (
    by_option,
    profile_option,
    put_in_force,
    tell,
    why_option,
)
from bg_orchestration.cli.lookup import employee_named, group_named
from bg_orchestration.cli.output import as_json
from bg_orchestration.domain.model import Decision
from bg_orchestration.store.database import writing


@click.command()
@click.argument("company")
@click.argument("person")
@profile_option
@by_option
@why_option("How you know, such as: told us that purchasing is not theirs.")
@as_json
def command(company: str, person: str, profile: str | None, by: str, why: str, json_: bool) -> None:
    """Keep PERSON out of COMPANY's buyer group.

    No refresh makes them a member, whatever the rules say, until it is taken back: bg take-back.
    PERSON is an id, or the name of somebody who works there.

    \b
    bg dismiss acme p-12 --why "told us that purchasing is not theirs"
    """
    with database() as engine, writing(engine) as connection:
        group = group_named(connection, company, profile).group
        decision = Decision(person_id=employee_named(connection, company, person), kind="dismissed")
        outcome = put_in_force(connection, company, group.profile_id, decision, by, why)
    tell(outcome, json_)
