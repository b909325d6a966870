"""What the commands share by which people outrank the machine: options, and what they tell."""

import getpass
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import click
from sqlalchemy import Connection

from bg_orchestration.cli.output import print_json
from bg_orchestration.domain.changes import role_words
from bg_orchestration.domain.model import Decision
from bg_orchestration.refreshes.decisions import (
    DecisionLine,
    decide,
    listing,
    plan_to_apply,
)
from bg_orchestration.store.database import clock


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: the decision as stored, whether it is new, and when it takes effect."""

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
) -> Outcome:
    """Store a decision and plan the refresh that applies it."""
    changed = decide(connection, company_id, profile_id, decision, by, why)
    [line] = listing(connection, company_id, profile_id=profile_id, person_id=decision.person_id)
    return Outcome(line, changed, applied(connection, company_id) if changed else "Nothing changed")


def applied(connection: Connection, company_id: str) -> str:
    """Plan the refresh that applies what was decided, and say when that will be."""
    due_at = plan_to_apply(connection, company_id)
    if due_at is None:
        return "It takes effect with the refresh that follows the one running now"
    if due_at > clock(connection):
        return (
            f"It takes effect with the refresh due at {due_at:%H:%M:%S} UTC, "
            f"or at once with `bg refresh {company_id}`"
        )
    return (
        "It takes effect with the refresh planned for now, "
        f"which `bg refresh {company_id}` starts where no system runs"
    )


def tell(outcome: Outcome, json_: bool) -> None:
    """Print the outcome: JSON for programs, else what was decided and when it takes effect."""
    line = outcome.decision
    if json_:
        others = {"changed": outcome.changed, "takes_effect": outcome.takes_effect}
        print_json(asdict(line) | others)
        return
    preposition = "from" if line.role is None else "in"
    where = f"{preposition} the group of {line.company_id} for profile {line.profile_id}"
    if line.taken_back_at is not None:
        said = f"no longer {decision_words(line)} {where}: the rules judge again"
    elif outcome.changed:
        said = f"{decision_words(line)} {where}"
    else:
        said = f"already {decision_words(line)} {where}, {because(line)}"
    click.echo(f"{line.name} ({line.person_id}) is {said}. {outcome.takes_effect}.")


def decision_words(line: DecisionLine) -> str:
    """What was decided: `confirmed as decision maker`, `dismissed`."""
    return line.kind if line.role is None else f"{line.kind} as {role_words(line.role)}"


def because(line: DecisionLine) -> str:
    """Who decided it and why."""
    return f"by {line.decided_by}: {line.why}"
