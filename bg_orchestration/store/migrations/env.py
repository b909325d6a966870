"""Alembic's entry point: runs the migrations on the engine that `upgrade_schema` hands over."""

from alembic import context

from bg_orchestration.store.database import serialize, writing
from bg_orchestration.store.schema.tables import metadata

_LOCK = 7_266_001

with writing(context.config.attributes["engine"]) as connection:
    serialize(connection, _LOCK)
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
