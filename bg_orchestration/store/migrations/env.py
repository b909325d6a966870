"""Alembic's entry point: runs migrations in one transaction on the engine of `upgrade`."""

from alembic import context

from bg_orchestration.store import upgrade
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import metadata

attributes = context.config.attributes
with writing(attributes["engine"]) as connection:
    upgrade.prepare(connection, attributes.get("say", lambda _line: None))
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
    upgrade.note_oldest_code(connection, context.script)
