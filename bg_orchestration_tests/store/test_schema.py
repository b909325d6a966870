import json
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, text

from bg_orchestration.domain.model import Gap
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.store import database
from bg_orchestration.store.schema.tables import metadata

MIGRATIONS = str(database.Path(database.__file__).parent / "migrations")


# SQLite does not say what an index of an expression is made of.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_migrations_give_exactly_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_schema_version_is_the_newest_migration() -> None:
    script = ScriptDirectory(MIGRATIONS)
    assert script.get_current_head() == database.SCHEMA_VERSION


def test_missing_older_and_newer_schemas_are_told_apart(database_url: str) -> None:
    engine = database.engine_for(database_url)
    with pytest.raises(database.SchemaError, match="bg db upgrade"):
        database.check_schema(engine)
    database.upgrade_schema(engine)
    database.check_schema(engine)
    for version, hint in (("0000", "bg db upgrade"), ("9999", "newer")):
        with database.writing(engine) as connection:
            values = f"version_num = '{version}', oldest_code = '{version}'"
            connection.execute(text(f"UPDATE alembic_version SET {values}"))
        with pytest.raises(database.SchemaError, match=hint):
            database.check_schema(engine)


def test_groups_of_the_first_schema_are_read_after_the_upgrade(database_url: str) -> None:
    engine = database.engine_for(database_url)
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["engine"] = engine
    command.upgrade(config, "0001")
    sentences = (
        "no decision maker known; look for a Vertriebsleiter für Öl",
        "no champion known; look for a Sales Manager or somebody senior in Sales",
        "1 of at least 3 members known; look for more people in sales",
        "nobody is known at this company; import people or ask a provider, first in sales",
    )
    at = datetime(2026, 3, 1, tzinfo=UTC)
    old = MetaData()
    old.reflect(engine)
    with database.writing(engine) as connection:
        for table, row in (
            ("companies", {"company_id": "acme", "name": "Acme", "folded_name": "acme",
                           "source": "test", "created_at": at}),
            ("people", {"person_id": "p1", "name": "Ada", "source": "test", "created_at": at}),
            ("buyer_groups", {"company_id": "acme", "profile_id": "default", "company_size": 9,
                              "size_low": 1, "size_high": 4, "completeness": 0.5, "cohesion": 0.7,
                              "gaps": json.dumps(sentences), "created_at": at, "changed_at": at}),
            ("buyer_group_members", {"company_id": "acme", "profile_id": "default",
                                     "person_id": "p1", "title": "CEO", "seniority": "c_suite",
                                     "function": "executive", "role": "decision", "score": 0.9,
                                     "reasons": '["decides"]', "contacts": "[]",
                                     "changed_at": at}),
        ):  # fmt: skip
            connection.execute(old.tables[table].insert().values(row))
    database.upgrade_schema(engine)
    with database.reading(engine) as connection:
        group = published(connection, "acme", "default")
    assert group is not None
    needs = ("decision", "champion", "members", "members")
    assert group.group.gaps == tuple(
        Gap(need=need, look_for=sentence) for need, sentence in zip(needs, sentences, strict=True)
    )
    assert (group.group.people_known, group.group.covered, group.group.confidence) == (0, (), 0.0)
    [member] = group.group.members
    assert (member.person_id, member.started_on, member.decided) == ("p1", None, None)
