"""`bg up`: the whole system on this machine."""

import signal
import time

import click
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.cli.output import console
from bg_orchestration.profiles import ProfileError
from bg_orchestration.settings import settings
from bg_orchestration.store.database import SchemaError, describe_outage
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.signatures import SecretsError


@click.command()
def command() -> None:
    """Start receiver, exporter, daemon, Dagit and warm workers; stop them all on Ctrl-C.

    Creates or upgrades the database first. What dies is started again. Needs BG_WEBHOOK_SECRETS
    or WEBHOOK_SECRET; listens on loopback unless BG_RECEIVER_HOST says otherwise. Dagit has no
    login: publish it only behind a proxy that has one.
    """
    from bg_orchestration.ops.supervisor import SystemStartError, running

    # SIGTERM, as a supervisor sends it, ends it like Ctrl-C, at any time. Both are set: a job that
    # a script starts in the background inherits that SIGINT is ignored.
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
    except (SystemStartError, SchemaError, ProfileError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None
