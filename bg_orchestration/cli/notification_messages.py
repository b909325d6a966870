"""`bg notifications`: sent, pending and dead messages."""

from dataclasses import asdict
from typing import Any

import click

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, print_json, print_table
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.outbox import Message, messages, replay

_OFF = "Notifications are off. Set BG_NOTIFY_URLS or BG_NOTIFY_SLACK_URLS: docs/notifications.md"


@click.command()
@click.argument("message_ids", nargs=-1, metavar="[MESSAGE]...")
@click.option(
    "--state",
    type=click.Choice(["pending", "sent", "dead", "dropped"]),
    help="Only messages in this state.",
)
@click.option("--to", "address", help="Only messages to the address of this name.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most.")
@click.option(
    "--replay", "again", is_flag=True, help="Send dead messages again, all or the named ones."
)
@click.option("--test", "tried", metavar="NAME", help="Send a test message to this address now.")
@as_json
def notifications(
    message_ids: tuple[str, ...],
    state: str | None,
    address: str | None,
    limit: int,
    again: bool,
    tried: str | None,
    json_: bool,
) -> None:
    """List the messages to other systems, newest first, with their state.

    \b
    bg notifications --state dead
    bg notifications --replay          # once their address works again
    bg notifications --test sales
    """
    if message_ids and not again:
        raise click.UsageError("Messages are named with --replay.")
    if tried is not None:
        _try(tried, json_=json_)
    elif again:
        _replay(message_ids, json_=json_)
    else:
        _list(state, address, limit, json_=json_)


def _list(state: str | None, address: str | None, limit: int, *, json_: bool) -> None:
    with database() as engine, reading(engine) as connection:
        lines = messages(connection, state=state, address=address, limit=limit)
    if json_:
        print_json(
            [{"message_id": message.message_id, **_message_dict(message)} for message in lines]
        )
        return
    table = Table("Happened (UTC)", "To", "Message", "Company", "State", "Tries", "", box=None)
    for message in lines:
        table.add_row(
            f"{message.happened_at:%Y-%m-%d %H:%M:%S}",
            message.address,
            message.type,
            message.company_id,
            message.state,
            str(message.attempts),
            _outcome(message),
        )
    if lines:
        print_table(table, whole=("Happened (UTC)", "Message", "Company"), optional=("To", "Tries"))
    else:
        echo("No messages.")
    if not settings().notify_urls and not settings().notify_slack_urls:
        echo(_OFF)


def _message_dict(message: Message) -> dict[str, Any]:
    return {name: value for name, value in asdict(message).items() if name != "key"}


def _outcome(message: Message) -> str:
    """Return the reason for the message's state, in a few words."""
    config = settings()
    configured = {name for name, _ in (*config.notify_urls, *config.notify_slack_urls)}
    if message.state == "dropped":
        return "its people asked to be forgotten"
    if message.state == "pending" and message.address not in configured:
        return "waits: no address of this name is set"
    if message.state == "pending" and message.error:
        return f"{message.error}, again at {message.due_at:%Y-%m-%d %H:%M:%S}"
    return message.error or ""


def _replay(message_ids: tuple[str, ...], *, json_: bool) -> None:
    with database() as engine, writing(engine) as connection:
        count = replay(connection, message_ids)
    if json_:
        print_json({"replayed": count})
    elif count:
        echo(f"Pending again: {quantity(count, 'message')}.")
    else:
        echo("Nothing to replay: no such message is dead.")


def _try(name: str, *, json_: bool) -> None:
    # Imported here: the client is slow to import, and a list needs none.
    from bg_orchestration.destinations.notifications.dispatch import send_test
    from bg_orchestration.destinations.notifications.recipients import read_addresses

    addresses = read_addresses(settings())
    if name not in addresses:
        hint = f"The addresses are: {', '.join(addresses)}" if addresses else _OFF
        raise click.BadParameter(f"no address is called {name}. {hint}", param_hint="--test")
    reply = send_test(addresses[name])
    if json_:
        print_json({"address": name, "taken": reply.accepted, "outcome": reply.summary})
    else:
        echo(f"{name}: {reply.summary}, {'taken' if reply.accepted else 'not taken'}")
    if not reply.accepted:
        raise click.exceptions.Exit(1)
