"""Alembic's entry point: runs the migrations on the engine of `upgrade_schema`."""

from alembic import context

from bg_orchestration.store.database import writing
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import metadata

with writing(context.config.attributes["engine"]) as connection:
    acquire_lock(connection, Lock.MIGRATION)
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
