"""`bg assign`: a person gets a role."""

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
from bg_orchestration.domain.model import ROLES, Decision, Role
from bg_orchestration.store.database import writing


@click.command()
@click.argument("company")
@click.argument("person")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they are from now on.")
@profile_option
@by_option
@why_option("How you know, such as: drives the evaluation.")
@as_json
def command(
    company: str, person: str, role: Role, profile: str | None, by: str, why: str, json_: bool
) -> None:
    """Give PERSON a role in COMPANY's buyer group, be they a member already or not.

    They keep it in every refresh, whatever the rules say, until it is taken back: bg take-back.
    PERSON is an id, or the name of somebody who works there.

    \b
    bg assign acme p-12 --role champion --why "drives the evaluation"
    """
    with database() as engine, writing(engine) as connection:
        group = group_named(connection, company, profile).group
        person_id = employee_named(connection, company, person)
        decision = Decision(person_id=person_id, kind="assigned", role=role)
        outcome = put_in_force(connection, company, group.profile_id, decision, by, why)
    tell(outcome, json_)
