"""`bg exporter`: the pipeline's metrics for Prometheus, as a process of its own."""

import signal
from threading import Event

import click

from bg_orchestration.settings import settings


@click.command("exporter")
def command() -> None:
    """Serve the pipeline's metrics until Ctrl-C, for Prometheus to scrape.

    Listens on BG_EXPORTER_HOST and BG_EXPORTER_PORT, path /metrics. Reads the database and
    Dagster's storage at each scrape and keeps nothing: one is enough for any number of workers.
    The receiver serves its own metrics.
    """
    from bg_orchestration.observability.logs import configure_logs
    from bg_orchestration.ops.metrics_exporter import serve
    from bg_orchestration.store.database import SchemaError

    config = settings()
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
