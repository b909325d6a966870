"""`bg receiver`: the webhook receiver as a process of its own."""

import click

from bg_orchestration.settings import settings


@click.command("receiver")
def command() -> None:
    """Receive signed person changes until Ctrl-C.

    Listens on BG_RECEIVER_HOST and BG_RECEIVER_PORT; needs BG_WEBHOOK_SECRETS or WEBHOOK_SECRET.
    With BG_ADMIN_PORT set, /metrics and /readyz answer there only.
    """
    from bg_orchestration.observability.logs import configure_logs
    from bg_orchestration.store.database import SchemaError
    from bg_orchestration.webhooks.server import ListenError, serve
    from bg_orchestration.webhooks.signatures import SecretsError

    configure_logs(settings().log_level, settings().log_levels)
    try:
        serve(settings())
    except SecretsError as error:
        raise click.UsageError(str(error)) from None
    except (ListenError, SchemaError) as error:
        raise click.ClickException(str(error)) from None
