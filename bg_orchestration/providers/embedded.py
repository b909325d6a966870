"""The embedded default database: it needs no setup."""

from functools import cache

from sqlalchemy import Engine

from bg_orchestration.settings import settings
from bg_orchestration.store.database import SchemaError, check_schema, engine_for, upgrade_schema


def ready_engine() -> Engine:
    """Return the engine of the configured database, with a checked schema.

    The embedded default is created or upgraded on first use, and given the sample companies:
    `dagster dev` must work without any command of `bg`.

    Raises:
        SchemaError: a configured database lacks our tables; says what to do.
    """
    config = settings()
    engine = engine_for(config.url)
    try:
        check_schema(engine)
    except SchemaError:
        if not config.embedded:
            raise
        upgrade_schema(engine)
    if config.wants_sample:
        _load_sample_once(engine)
    return engine


@cache
def _load_sample_once(engine: Engine) -> None:
    from bg_orchestration.providers.sample import load_sample

    load_sample(engine)
