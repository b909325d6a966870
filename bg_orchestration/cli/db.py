"""`bg db`: the tables."""

import click
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.settings import settings
from bg_orchestration.store.database import (
    SCHEMA_VERSION,
    SchemaError,
    check_schema,
    describe_outage,
    engine_for,
    upgrade_schema,
)


@click.group()
def command() -> None:
    """Create or upgrade the database's tables."""


@command.command()
def upgrade() -> None:
    """Bring the tables to this version. Safe to repeat, and to run from several places at once."""
    try:
        engine = engine_for(settings().url)
        upgrade_schema(engine)
        check_schema(engine)
    except SchemaError as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(describe_outage(error)) from None
    click.echo(f"The database is at schema {SCHEMA_VERSION}.")
