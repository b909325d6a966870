"""`bg correct`: corrected addresses and numbers, which outrank every provider and file."""

from dataclasses import asdict

import click
from sqlalchemy import Connection

from bg_orchestration.cli.decide import by_option, plan_refresh, why_option
from bg_orchestration.cli.lookup import company_named, database, employee_named
from bg_orchestration.cli.printing import as_json, print_json, print_table
from bg_orchestration.domain.model import Correction
from bg_orchestration.importing.cells import read_email, read_phones
from bg_orchestration.refreshes.corrections import (
    CorrectionLine,
    listing,
)
from bg_orchestration.refreshes.corrections import (
    correct as store_correction,
)
from bg_orchestration.refreshes.corrections import (
    take_back as withdraw_correction,
)
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.store.database import writing


@click.command()
@click.argument("company")
@click.argument("person")
@click.option("--email", help="The right address.")
@click.option("--phone", help="The right number, with its country code: +49 30 ...")
@click.option("--wrong", multiple=True, help="An address or number that is wrong.")
@click.option("--take-back", "ends", is_flag=True, help="End the named corrections.")
@by_option
@why_option("The reason, such as: she said so on the phone.", required=False)
@as_json
def correct(
    company: str,
    person: str,
    email: str | None,
    phone: str | None,
    wrong: tuple[str, ...],
    ends: bool,
    by: str,
    why: str | None,
    json_: bool,
) -> None:
    """Correct the email address or phone number of PERSON (id or name) at COMPANY.

    Without options it lists the corrections. A right value is the only published one, and no
    provider is called for another. A wrong value never comes back from any source. Both outlive
    every import and refresh.

    \b
    bg correct acme p-12 --email ada@example.com --wrong a.example@example.com --why "she said so"
    bg correct acme p-12 --email ada@example.com --take-back --why "she has moved"
    """
    with database() as engine, writing(engine) as connection:
        company = company_named(connection, company).company_id
        person_id = employee_named(connection, company, person)
        corrections = list(_corrections(person_id, email, phone, wrong))
        if corrections and not ends and why is None:
            raise click.UsageError("Say how you know it: --why")
        changed = [_apply(connection, correction, ends, by, why) for correction in corrections]
        when = plan_refresh(connection, company) if any(changed) else "Nothing changed"
        lines = listing(connection, person_id)
    if json_:
        result = {"person_id": person_id, "changed": any(changed), "takes_effect": when}
        print_json(result | {"corrections": [asdict(correction) for correction in lines]})
        return
    if corrections:
        echo(f"{when}.")
    if lines:
        print_table(_table(lines), whole=("Right", "Wrong"), optional=("By",))
    else:
        echo(f"There is no correction of {person_id}.")


def _corrections(
    person_id: str, email: str | None, phone: str | None, wrong: tuple[str, ...]
) -> list[Correction]:
    corrections = []
    if email is not None:
        corrections.append(Correction(person_id=person_id, kind="email", value=_email(email)))
    if phone is not None:
        corrections.append(Correction(person_id=person_id, kind="phone", value=_phone(phone)))
    for value in wrong:
        if "@" in value:
            corrections.append(Correction(person_id=person_id, kind="email", wrong=_email(value)))
        else:
            corrections.append(Correction(person_id=person_id, kind="phone", wrong=_phone(value)))
    return corrections


def _apply(
    connection: Connection, correction: Correction, ends: bool, by: str, why: str | None
) -> bool:
    if ends:
        if not withdraw_correction(connection, correction, by, why):
            raise click.ClickException(
                f"There is nothing to take back: no such correction of {correction.person_id}. "
                "Without options the command lists the corrections."
            )
        return True
    return store_correction(connection, correction, by, why or "")


def _email(text: str) -> str:
    try:
        address = read_email(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    if address is None:
        raise click.BadParameter(f"{text!r} is no email address")
    return address


def _phone(text: str) -> str:
    phones = read_phones(text)
    if len(phones) != 1 or phones[0].status is not None:
        raise click.BadParameter(
            f"{text!r} is no phone number with its country code, such as +49 30 123456"
        )
    return phones[0].value


def _table(lines: list[CorrectionLine]) -> Table:
    table = Table("Right", "Wrong", "By", "Why", "Since (UTC)", box=None)
    for line in lines:
        table.add_row(
            line.value or "",
            line.wrong or "",
            line.corrected_by,
            line.why,
            f"{line.corrected_at:%Y-%m-%d %H:%M}",
        )
    return table
