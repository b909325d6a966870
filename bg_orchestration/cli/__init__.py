"""The command `bg`. Each command is a module that is imported only when it is called."""

from importlib import import_module
from typing import Any

import click

from bg_orchestration.settings import SettingsError

# name: (module below this package, one line for `bg --help`), in the order of first use.
_COMMANDS = {
    "demo": ("demo", "Run the whole path on sample companies and show the result."),
    "up": ("up", "Start receiver, daemon, Dagit and workers until Ctrl-C."),
    "receiver": ("receiver", "Start only the webhook receiver."),
    "exporter": ("exporter", "Serve the pipeline's metrics for Prometheus."),
    "db": ("db", "Create or upgrade the database's tables."),
    "settings": ("settings", "Show the effective settings, secrets masked."),
    "import": ("import_", "Read companies or people from CSV, Parquet or JSON exports."),
    "send-event": ("send_event", "Sign person changes and post them like a provider."),
    "refresh": ("refresh", "Bring the groups of companies up to date now."),
    "companies": ("companies", "List the companies we follow."),
    "show": ("show", "Show a company's buyer group: who, in which role, and why."),
    "changes": ("changes", "Tell what changed in published groups."),
    "inbox": ("inbox", "List received events and what became of them."),
    "trace": ("trace", "Draw where the time went between an event and the published group."),
    "notifications": ("notifications", "List what was told to others; send it again; test it."),
    "replay": ("replay", "Handle events once more, such as dead ones."),
    "confirm": ("confirm", "Confirm that a person has the role they have now."),
    "dismiss": ("dismiss", "Keep a person out of a group."),
    "assign": ("assign", "Give a person a role in a group."),
    "take-back": ("take_back", "Take back what a person decided; the rules judge again."),
    "correct": ("correct", "Put right how to reach a person."),
    "decisions": ("decisions", "List what people decided, which outranks the judgement."),
    "replay-judgement": (
        "replay_judgement",
        "Judge stored people again under other rules; tell what would differ.",
    ),
    "assess": ("assess", "Judge the people of a file and print the group, storing nothing."),
    "titles": ("titles", "Read the rank and the function in a column of job titles."),
    "profile": ("profile", "Check and explain seller profiles; print their JSON schema."),
    "subscriptions": ("subscriptions", "Order, renew and end what providers push to us."),
    "forget": ("forget", "Erase people everywhere, and keep them out."),
    "providers": ("providers", "Check that the data providers in use answer."),
    "operations": ("operations", "List what was asked of data providers, and what it cost."),
    "estimate": ("estimate", "Say what refreshes would cost, asking nobody."),
    "suppressions": ("suppressions", "Count and export who is kept out, as hashes only."),
    "status": ("status", "Tell how the system is, on one screen."),
    "doctor": ("doctor", "Find what is wrong, and the command that mends it."),
    "stats": ("stats", "Count companies, events and refreshes."),
}


class _WrongSettingError(click.ClickException):
    exit_code = 2


class _LazyGroup(click.Group):
    """Imports a command's module when it is called: `bg receiver` must not import Dagster."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"{__name__}.{_COMMANDS[cmd_name][0]}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise _WrongSettingError(str(error)) from None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bg_orchestration")
def bg() -> None:
    """Buyer groups that stay right: from a person change to a published group.

    Start with `bg demo`. Settings come from variables BG_...: `bg settings` lists them.
    Exit codes: 0 done, 1 it failed, 2 wrong use.
    """
