"""`bg confirm`: a person keeps the role that they have."""

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
from bg_orchestration.domain.model import Decision, Group, Role
from bg_orchestration.store.database import writing


@click.command()
@click.argument("company")
@click.argument("person")
@profile_option
@by_option
@why_option("How you know, such as: they signed the last contract.")
@as_json
def command(company: str, person: str, profile: str | None, by: str, why: str, json_: bool) -> None:
    """Confirm that PERSON has the role they have now in COMPANY's buyer group.

    They keep it in every refresh, whatever the rules say, until it is taken back: bg take-back.
    PERSON is an id, or the name of somebody who works there.

    \b
    bg confirm acme p-12 --why "signed the last contract"
    """
    with database() as engine, writing(engine) as connection:
        group = group_named(connection, company, profile)
        person_id = employee_named(connection, company, person)
        decision = Decision(person_id=person_id, kind="confirmed", role=_role(group, person_id))
        outcome = put_in_force(connection, company, group.group.profile_id, decision, by, why)
    tell(outcome, json_)


def _role(group: Group, person_id: str) -> Role:
    for member in group.group.members:
        if member.person_id == person_id:
            return member.role
    facts = group.group
    raise click.ClickException(
        f"{person_id} is not in the group of {facts.company_id} for profile {facts.profile_id}. "
        f"Give them a role: bg assign {facts.company_id} {person_id} --role ROLE"
    )
