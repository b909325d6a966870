"""`bg up`, `receiver`, `exporter`, `db` and `settings`: the parts of the system."""

import os
import signal
import sys
import time
from threading import Event
from typing import Any

import click
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bg_orchestration.cli.printing import as_json, console, print_json, print_table
from bg_orchestration.profiles import ProfileError
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.settings import (
    Settings,
    SettingsError,
    file_variable_of,
    settings,
    unknown_variables,
    variable_of,
)
from bg_orchestration.store.database import (
    SCHEMA_VERSION,
    SchemaError,
    check_schema,
    describe_outage,
    engine_for,
    schema_version,
)
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.signatures import SecretsError


@click.command()
def up() -> None:
    """Start receiver, exporter, daemon, Dagit and warm workers; stop them all on Ctrl-C.

    Creates or upgrades the database first. A part that ends is started again. Needs
    BG_WEBHOOK_SECRETS or WEBHOOK_SECRET; listens on loopback unless
    BG_RECEIVER_HOST says otherwise. Dagit has no login: publish it only behind a proxy that
    has one.

    \b
    export BG_WEBHOOK_SECRETS="*=$(openssl rand -hex 32)"
    bg up
    """
    from bg_orchestration.ops.supervisor import SystemStartError, running

    # SIGTERM, the signal of supervisors, ends the system like Ctrl-C. Both handlers are set: a
    # background job of a script inherits an ignored SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    config = settings()
    out = console()
    try:
        out.print("Starting receiver, exporter, code server, daemon, Dagit and workers ...")
        with running(config, out.print) as system:
            out.print(f"Receiver  {system.receiver}{PATH}")
            out.print(f"Dagit     {system.dagit}")
            out.print(f"Metrics   {system.running.metrics} of the receiver")
            out.print(f"          {system.running.exporter} of the pipeline")
            out.print(f"Logs      {system.logs}")
            out.print("Ctrl-C stops everything.")
            while True:
                time.sleep(0.5)
                system.look_after()
    except KeyboardInterrupt:
        out.print("Stopped.")
    except SecretsError as error:
        raise click.UsageError(str(error)) from None
    except (SystemStartError, SchemaError, ProfileError) as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None


@click.command("receiver")
def receiver() -> None:
    """Receive signed person changes until Ctrl-C.

    Listens on BG_RECEIVER_HOST and BG_RECEIVER_PORT; needs BG_WEBHOOK_SECRETS or WEBHOOK_SECRET.
    With BG_ADMIN_PORT set, /metrics and /readyz answer there only.

    \b
    BG_WEBHOOK_SECRETS=vendor=... BG_RECEIVER_PORT=8080 bg receiver
    """
    from bg_orchestration.observability.logs import configure_logs
    from bg_orchestration.ops.private_files import keep_private
    from bg_orchestration.store.database import SchemaError
    from bg_orchestration.webhooks.server import ListenError, serve
    from bg_orchestration.webhooks.signatures import SecretsError

    keep_private(settings())
    configure_logs(settings().log_level, settings().log_levels)
    try:
        serve(settings())
    except SecretsError as error:
        raise click.UsageError(str(error)) from None
    except (ListenError, SchemaError) as error:
        raise click.ClickException(str(error)) from None


@click.command("worker")
@click.option(
    "--processes",
    type=click.IntRange(1, 100),
    help="Runs at once on this machine. Default: BG_REFRESH_CONCURRENCY.",
)
def worker(processes: int | None) -> None:
    """Execute runs from the broker until Ctrl-C, on any number of machines.

    Needs DAGSTER_HOME with the same dagster.yaml as the daemon, BG_CELERY_BROKER, BG_DATABASE_URL,
    DAGSTER_POSTGRES_URL and BG_ARTIFACTS. BG_REFRESH_CONCURRENCY limits the runs of all machines
    together, whatever --processes says. SIGTERM lets the present runs end.

    \b
    DAGSTER_HOME=/etc/dagster bg worker --processes 2
    """
    from bg_orchestration.ops.dagster_home import dagster_home, uses_celery
    from bg_orchestration.ops.extras import unmet_needs
    from bg_orchestration.ops.private_files import keep_private
    from bg_orchestration.ops.processes import worker_command

    keep_private(settings())
    config, home = settings(), dagster_home(settings())
    if not uses_celery(home):
        raise click.ClickException(
            f"{home / 'dagster.yaml'} names no Celery launcher, so no worker is needed. Set "
            "DAGSTER_HOME to the daemon's folder; deploy/dagster.yaml is an example."
        )
    if needs := unmet_needs(config, home):
        raise click.ClickException("\n".join(map(str, needs)))
    # A worker of `bg up` has the same command line.
    os.environ["DAGSTER_HOME"] = str(home)
    command = worker_command(processes or config.refresh_concurrency)
    os.execv(sys.executable, [sys.executable, "-P", "-m", *command])  # noqa: S606 - our own program


@click.command("exporter")
def exporter() -> None:
    """Serve the pipeline's metrics until Ctrl-C, for Prometheus to scrape.

    Listens on BG_EXPORTER_HOST and BG_EXPORTER_PORT, path /metrics. Reads the database and
    Dagster's storage at each scrape and keeps nothing: one is enough for any number of workers.
    The receiver serves its own metrics.

    \b
    BG_EXPORTER_PORT=9480 bg exporter
    """
    from bg_orchestration.observability.logs import configure_logs
    from bg_orchestration.ops.metrics_exporter import serve
    from bg_orchestration.ops.private_files import keep_private
    from bg_orchestration.store.database import SchemaError

    config = settings()
    keep_private(settings())
    configure_logs(config.log_level)
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        stop = serve(config)
    except SchemaError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {config.exporter_host}:{config.exporter_port}: {error.strerror}. "
            "Set BG_EXPORTER_HOST and BG_EXPORTER_PORT."
        ) from None
    ended.wait()
    stop()


@click.group()
def db() -> None:
    """Create or upgrade the database's tables."""


@db.command()
@click.option("--before", is_flag=True, help="Only what runs before the new code: it only adds.")
@click.option("--after", is_flag=True, help="The rest, when no process of the old version is left.")
def upgrade(before: bool, after: bool) -> None:
    """Bring the tables to this version, a migration at a time. Safe to interrupt and to repeat.

    Several processes may run it at once. Without an option it runs all migrations, for a system
    that is stopped. Without downtime:

    \b
    1. bg db upgrade --before      with the new version, while the old one works
    2. replace receivers, code server, daemon and workers, one after the other
    3. bg db upgrade --after       when no process of the old version is left
    """
    from bg_orchestration.store.upgrade import Phase
    from bg_orchestration.store.upgrade import upgrade as run_migrations

    if before and after:
        raise click.UsageError("Give --before or --after; without both, all migrations run.")
    phase: Phase | None = "before" if before else "after" if after else None
    try:
        engine = engine_for(settings().url)
        run_migrations(engine, phase, echo)
        check_schema(engine)
        version = schema_version(engine)
    except SchemaError as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None
    echo(f"The database is at schema {version}.")
    if before and version != SCHEMA_VERSION:
        echo("When no process of the old version is left: bg db upgrade --after")


@click.command("settings")
@as_json
def settings_command(json_: bool) -> None:
    """Show the effective settings with their meaning, and check them; secrets are masked.

    Exit code 2 when a value cannot be used: secrets, addresses, folders, profiles, keys.

    \b
    bg settings
    BG_HOME=/data bg settings --json
    """
    from bg_orchestration.cli.settings_check import setting_faults

    config = settings()
    plain = config.model_dump(mode="json")
    rows = {variable_of(name): _display(config, name, plain[name]) for name in plain}
    if json_:
        print_json(rows)
    else:
        table = Table("Variable", "Value", "Set", "Meaning", box=None)
        for field, info in Settings.model_fields.items():
            variable = variable_of(field)
            here = "yes" if variable in os.environ else ""
            here = "file" if file_variable_of(field) in os.environ else here
            table.add_row(variable, _text(rows[variable]), here, info.description)
        print_table(table, whole=("Variable",), optional=("Set",), prose=("Meaning",))
    for name in unknown_variables():
        echo(f"Warning: {name} is set, but no setting of that name exists.", err=True)
    if faults := list(setting_faults(config)):
        raise SettingsError("\n".join(faults))


def _display(config: Settings, name: str, plain: Any) -> Any:
    value = getattr(config, name)
    if name == "database_url":
        return _without_password(config.url)
    return "********" if isinstance(value, SecretStr) else plain


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "not a database URL"


def _text(value: Any) -> str:
    return "" if value is None else str(value)
