"""What the commands that need the database share."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.settings import settings
from bg_orchestration.store.database import (
    SchemaError,
    check_schema,
    describe_outage,
    engine_for,
)


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
