"""`bg up`: the whole system on this machine."""

import signal
import threading

import click
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.cli.common import console
from bg_orchestration.settings import settings
from bg_orchestration.store.database import SchemaError, describe_outage
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.signatures import SecretsError


@click.command()
def command() -> None:
    """Start receiver, daemon, Dagit and a pool of warm workers; stop them all on Ctrl-C.

    Creates or upgrades the database first. What dies is started again. Needs BG_WEBHOOK_SECRETS
    or WEBHOOK_SECRET; listens on loopback unless BG_RECEIVER_HOST says otherwise. Dagit has no
    login: publish it only behind a proxy that has one.
    """
    from bg_orchestration.automation.system import SystemStartError, running

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    out = console()
    try:
        out.print("Starting receiver, code server, daemon, Dagit and workers ...")
        with running(settings(), out.print) as system:
            out.print(f"Receiver  {system.receiver}{PATH}")
            out.print(f"Dagit     {system.dagit}")
            out.print(f"Metrics   {system.receiver}/metrics")
            out.print(f"Logs      {system.logs}")
            out.print("Ctrl-C stops everything.")
            while not stop.wait(0.5):
                system.look_after()
            out.print("Stopping.")
    except SecretsError as error:
        raise click.UsageError(str(error)) from None
    except (SystemStartError, SchemaError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None
