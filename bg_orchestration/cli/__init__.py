"""The command `bg`. A command's module is imported only when the command is called."""

import errno
import sys
import warnings
from importlib import import_module
from typing import Any

import click

from bg_orchestration.settings import SettingsError

# name: (module below this package and function, one line for `bg --help`), in order of use.
_COMMANDS = {
    "demo": ("demo.demo", "Run the whole path on sample companies and show the result."),
    "up": ("system.up", "Start receiver, daemon, Dagit and workers until Ctrl-C."),
    "receiver": ("system.receiver", "Start only the webhook receiver."),
    "worker": ("system.worker", "Execute runs from the broker, on any number of machines."),
    "exporter": ("system.exporter", "Serve the pipeline's metrics for Prometheus."),
    "db": ("system.db", "Create or upgrade the tables of the database."),
    "settings": ("system.settings_command", "Show the effective settings, secrets masked."),
    "import": ("import_files.import_", "Import companies or people from CSV, Parquet or JSON."),
    "export": ("export_tables.export", "Write the groups as Parquet or DuckDB for a warehouse."),
    "crm": ("write_back.crm", "Write buying roles into HubSpot or Salesforce; undo it."),
    "external-ids": ("id_mapping.external_ids", "Map the ids of other tools to our ids."),
    "send-event": ("send_event.send_event", "Sign person changes and post them like a provider."),
    "refresh": ("refresh.refresh", "Refresh the buyer groups of companies now."),
    "backfill": ("backfill.backfill", "Refresh many companies as a backfill that Dagit shows."),
    "companies": ("directory.companies", "List the companies with size, age and gaps."),
    "people": ("directory.people", "Search people by name, id or address."),
    "follow": ("follow.follow", "Follow archived companies again."),
    "unfollow": ("follow.unfollow", "Archive companies: no refreshes, history kept."),
    "rename": ("follow.rename", "Give a company another display name."),
    "merge": ("follow.merge", "Merge a company into another, because both are the same."),
    "partitions": ("follow.partitions", "Compare Dagit's partition keys with the companies."),
    "show": ("groups.show", "Show a company's buyer group: members, roles and reasons."),
    "report": ("group_pages.report", "Write the groups as HTML pages with an index."),
    "changes": ("groups.changes", "List what changed in published groups."),
    "digest": ("week_digest.digest", "Sum up a week for each seller profile and owner."),
    "inbox": ("event_inbox.inbox", "List received events and their state."),
    "trace": ("event_inbox.trace", "Show where the time went between an event and its group."),
    "notifications": ("notification_messages.notifications", "List, send again or test messages."),
    "replay": ("event_inbox.replay", "Make events pending again, such as dead ones."),
    "confirm": ("decide.confirm", "Confirm the present role of a person."),
    "dismiss": ("decide.dismiss", "Keep a person out of a group."),
    "assign": ("decide.assign", "Give a person a role in a group."),
    "take-back": ("decide.take_back", "End a decision; the rules judge the person again."),
    "correct": ("correct.correct", "Correct the email address or phone number of a person."),
    "decisions": ("decide.decisions", "List the decisions of people, which outrank the rules."),
    "replay-judgement": (
        "replay_judgement.replay_judgement",
        "Judge stored people under other rules and show the differences.",
    ),
    "assess": ("assess.assess", "Judge the people of a file and print the group; store nothing."),
    "titles": ("job_titles.titles", "Read seniority and function from a column of job titles."),
    "profile": ("profile.profile", "Check and explain seller profiles; print their JSON schema."),
    "subscriptions": ("data_providers.subscriptions", "Manage what data providers push."),
    "forget": ("personal_data.forget", "Erase people everywhere and suppress them."),
    "providers": ("data_providers.providers", "Check the keys of the data providers in use."),
    "operations": ("costs.operations", "List paid requests to data providers and their cost."),
    "estimate": ("costs.estimate_command", "Estimate the cost of refreshes without a paid call."),
    "suppressions": ("personal_data.suppressions", "Count or export suppressed identifiers."),
    "status": ("health.status", "Show the state of the system on one screen."),
    "doctor": ("health.doctor", "Find faults and the commands that mend them."),
    "stats": ("health.stats_command", "Count companies, events and refreshes."),
}  # fmt: skip


class _WrongSettingError(click.ClickException):
    exit_code = 2


class _LazyGroup(click.Group):
    """Imports a command's module when it is called: `bg receiver` must not import Dagster."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, function = _COMMANDS[cmd_name][0].split(".")
        command = getattr(import_module(f"{__name__}.{module}"), function)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a program: warnings of libraries are for developers, see `python -W`."""
        if not sys.warnoptions:
            warnings.simplefilter("ignore")
        return super().__call__(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise _WrongSettingError(str(error)) from None
        except OSError as error:
            # A pipe that another program closed is click's own case.
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(_file_fault(error)) from None


def _file_fault(error: OSError) -> str:
    """Return one sentence on a file or folder that cannot be used, and what to do."""
    if error.errno == errno.ENOSPC:
        return "The disk is full. Free space, or set BG_HOME to a folder on another disk."
    if error.errno is None:
        return str(error)
    if error.filename is None:
        return f"The system refused: {error.strerror or error}."
    return (
        f"{error.filename} cannot be used: {error.strerror}. BG_HOME must be a folder that you may "
        "write to; `bg settings` shows it."
    )


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bg_orchestration")
def bg() -> None:
    """Buyer groups that stay right: from a person change to a published group.

    Start with `bg demo`. Settings come from variables BG_...: `bg settings` lists them.
    Exit codes: 0 done, 1 it failed, 2 wrong use.
    """
