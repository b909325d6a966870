"""`bg confirm`, `dismiss`, `assign`, `take-back` and `decisions`: people outrank the rules."""

import getpass
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import click
from rich.text import Text
from sqlalchemy import Connection

from bg_orchestration.cli.lookup import company_named, database, employee_named, group_named
from bg_orchestration.cli.printing import as_json, print_json, print_table
from bg_orchestration.domain.model import ROLES, Decision, Group, Role
from bg_orchestration.refreshes.decisions import (
    DecisionLine,
    decide,
    listing,
    plan_to_apply,
)
from bg_orchestration.refreshes.decisions import (
    take_back as withdraw_decision,
)
from bg_orchestration.report.published_group import because, decision_words
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.store.database import clock, reading, writing


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """The decision as stored, whether it is new, and when it takes effect."""

    decision: DecisionLine
    changed: bool
    takes_effect: str


def _text(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("say it in a few words")
    return value and value.strip()


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise click.UsageError("The system knows no login name: say who you are, --by") from None


profile_option = click.option(
    "--profile", help="Seller profile; needed only where a company has several groups."
)
by_option = click.option(
    "--by", default=_login_name, callback=_text, help="Who decides.  [default: your login name]"
)


def why_option(help_: str, *, required: bool = True) -> Callable[[Any], Any]:
    """The option `--why`, which is kept with the decision and shown beside it."""
    return click.option("--why", required=required, callback=_text, help=help_)


def put_in_force(
    connection: Connection, company_id: str, profile_id: str, decision: Decision, by: str, why: str
) -> DecisionOutcome:
    """Store a decision, and plan the refresh that applies it."""
    changed = decide(connection, company_id, profile_id, decision, by, why)
    [line] = listing(connection, company_id, profile_id=profile_id, person_id=decision.person_id)
    return DecisionOutcome(
        line, changed, plan_refresh(connection, company_id) if changed else "Nothing changed"
    )


def plan_refresh(connection: Connection, company_id: str) -> str:
    """Plan the refresh that applies the decision; return its time in words."""
    due_at = plan_to_apply(connection, company_id)
    if due_at is None:
        return "It takes effect with the refresh that follows the one running now"
    if due_at > clock(connection):
        return (
            f"It takes effect with the refresh due at {due_at:%H:%M:%S} UTC, "
            f"or at once with `bg refresh {company_id}`"
        )
    return (
        "It takes effect with the next refresh, which a running `bg up` starts now; without it: "
        f"bg refresh {company_id}"
    )


def tell(outcome: DecisionOutcome, json_: bool) -> None:
    """Print the outcome as JSON, or as a sentence."""
    line = outcome.decision
    if json_:
        others = {"changed": outcome.changed, "takes_effect": outcome.takes_effect}
        print_json(asdict(line) | others)
        return
    preposition = "from" if line.role is None else "in"
    where = f"{preposition} the group of {line.company_id} for profile {line.profile_id}"
    if line.taken_back_at is not None:
        sentence = f"no longer {decision_words(line)} {where}: the rules judge again"
    elif outcome.changed:
        sentence = f"{decision_words(line)} {where}"
    else:
        sentence = f"already {decision_words(line)} {where}, {because(line)}"
    echo(f"{line.name} ({line.person_id}) is {sentence}. {outcome.takes_effect}.")


@click.command()
@click.argument("company")
@click.argument("person")
@profile_option
@by_option
@why_option("How you know, such as: they signed the last contract.")
@as_json
def confirm(company: str, person: str, profile: str | None, by: str, why: str, json_: bool) -> None:
    """Confirm that PERSON has the role they have now in COMPANY's buyer group.

    The person keeps the role in every refresh, whatever the rules say, until bg take-back.
    PERSON is an id, or the name of an employee of COMPANY.

    \b
    bg confirm acme p-12 --why "signed the last contract"
    """
    with database() as engine, writing(engine) as connection:
        company = company_named(connection, company).company_id
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


@click.command()
@click.argument("company")
@click.argument("person")
@profile_option
@by_option
@why_option("How you know, such as: said that purchasing is not theirs.")
@as_json
def dismiss(company: str, person: str, profile: str | None, by: str, why: str, json_: bool) -> None:
    """Keep PERSON out of COMPANY's buyer group.

    No refresh makes the person a member, whatever the rules say, until bg take-back.
    PERSON is an id, or the name of an employee of COMPANY.

    \b
    bg dismiss acme p-12 --why "said that purchasing is not theirs"
    """
    with database() as engine, writing(engine) as connection:
        company = company_named(connection, company).company_id
        group = group_named(connection, company, profile).group
        decision = Decision(person_id=employee_named(connection, company, person), kind="dismissed")
        outcome = put_in_force(connection, company, group.profile_id, decision, by, why)
    tell(outcome, json_)


@click.command()
@click.argument("company")
@click.argument("person")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they are from now on.")
@profile_option
@by_option
@why_option("How you know, such as: drives the evaluation.")
@as_json
def assign(
    company: str, person: str, role: Role, profile: str | None, by: str, why: str, json_: bool
) -> None:
    """Give PERSON a role in COMPANY's buyer group, as a present or new member.

    The person keeps the role in every refresh, whatever the rules say, until bg take-back.
    PERSON is an id, or the name of an employee of COMPANY.

    \b
    bg assign acme p-12 --role champion --why "drives the evaluation"
    """
    with database() as engine, writing(engine) as connection:
        company = company_named(connection, company).company_id
        group = group_named(connection, company, profile).group
        person_id = employee_named(connection, company, person)
        decision = Decision(person_id=person_id, kind="assigned", role=role)
        outcome = put_in_force(connection, company, group.profile_id, decision, by, why)
    tell(outcome, json_)


@click.command("take-back")
@click.argument("company")
@click.argument("person")
@profile_option
@by_option
@why_option("What has changed, such as: they moved to another team.", required=False)
@as_json
def take_back(
    company: str, person: str, profile: str | None, by: str, why: str | None, json_: bool
) -> None:
    """Take back the decision about PERSON at COMPANY.

    From the next refresh on, the rules judge the person again. The history of decisions stays:
    bg decisions COMPANY --all

    \b
    bg take-back acme p-12 --why "moved to another team"
    """
    with database() as engine, writing(engine) as connection:
        company = company_named(connection, company).company_id
        decision = _in_force(connection, company, person, profile)
        where = (company, decision.profile_id, decision.person_id)
        withdraw_decision(connection, *where, by, why)
        *_, line = listing(
            connection, company, profile_id=where[1], person_id=where[2], history=True
        )
        outcome = DecisionOutcome(
            line, changed=True, takes_effect=plan_refresh(connection, company)
        )
    tell(outcome, json_)


def _in_force(
    connection: Connection, company: str, person: str, profile: str | None
) -> DecisionLine:
    """Return the decision in force about a person, who may have left the company."""
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


@click.command()
@click.argument("company", required=False)
@click.option("--all", "history", is_flag=True, help="Those taken back or replaced as well.")
@as_json
def decisions(company: str | None, history: bool, json_: bool) -> None:
    """List the decisions about COMPANY's buyer groups, or about all groups, newest last.

    \b
    bg decisions acme
    bg decisions --all --json
    """
    with database() as engine, reading(engine) as connection:
        if company is not None:
            company = company_named(connection, company, beginning=True).company_id
        lines = listing(connection, company, history=history)
    if json_:
        print_json([asdict(line) for line in lines])
    elif lines:
        print_table(
            _table(lines, history=history),
            whole=("When (UTC)", "Company", "Person"),
            optional=("Profile", "By", "When (UTC)", "Name"),
            prose=("Why",),
        )
    else:
        echo("No decision. Make one: bg confirm, bg dismiss, bg assign")


def _table(lines: list[DecisionLine], *, history: bool) -> Table:
    headings = ("When (UTC)", "Company", "Profile", "Person", "Name", "Decision", "By", "Why")
    table = Table(*headings, box=None)
    if history:
        table.add_column("Taken back")
    for line in lines:
        cells = [
            f"{line.decided_at:%Y-%m-%d %H:%M}",
            line.company_id,
            line.profile_id,
            line.person_id,
            line.name,
            decision_words(line),
            line.decided_by,
            line.why,
        ]
        if history:
            cells.append(_withdrawal(line))
        table.add_row(*map(Text, cells))
    return table


def _withdrawal(line: DecisionLine) -> str:
    if line.taken_back_at is None:
        return ""
    why = f": {line.taken_back_why}" if line.taken_back_why else ""
    return f"{line.taken_back_at:%Y-%m-%d %H:%M} by {line.taken_back_by}{why}"
