"""What the commands share: a checked database, and output for people and for programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.settings import settings
from bg_orchestration.store.database import (
    SchemaError,
    check_schema,
    describe_outage,
    engine_for,
)

as_json = click.option("--json", "json_", is_flag=True, help="Print JSON for programs.")


def console(*, stderr: bool = False) -> Console:
    """Where tables and sentences for people go; progress goes to `stderr`."""
    return Console(highlight=False, stderr=stderr)


def print_json(value: Any) -> None:
    """Print `value` as JSON; instants as ISO 8601."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@contextmanager
def database() -> Iterator[Engine]:
    """The engine of the configured database, its schema checked.

    Raises:
        click.ClickException: exit code 1 and one line on what to do, when the schema is missing
            or of another version, or the database does not answer now or during the block.
    """
    try:
        engine = engine_for(settings().url)
        check_schema(engine)
        yield engine
    except SchemaError as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None
