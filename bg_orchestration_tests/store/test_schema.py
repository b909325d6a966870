import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from bg_orchestration.store import database
from bg_orchestration.store.tables import metadata


def test_migrations_give_exactly_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_schema_version_is_the_newest_migration() -> None:
    script = ScriptDirectory(str(database.Path(database.__file__).parent / "migrations"))
    assert script.get_current_head() == database.SCHEMA_VERSION


def test_missing_older_and_newer_schemas_are_told_apart(database_url: str) -> None:
    engine = database.engine_for(database_url)
    with pytest.raises(database.SchemaError, match="bg db upgrade"):
        database.check_schema(engine)
    database.upgrade_schema(engine)
    database.check_schema(engine)
    for version, hint in (("0000", "bg db upgrade"), ("9999", "newer")):
        with database.writing(engine) as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))
        with pytest.raises(database.SchemaError, match=hint):
            database.check_schema(engine)
