"""An upgrade without downtime: from a stored database of schema 0013 to the present one.

The files `data/schema_0013.*.sql` were dumped from databases that the code of that time had made
and filled with two fictional companies and their groups.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Engine, MetaData, inspect, make_url, select, text

from bg_orchestration.cli import bg
from bg_orchestration.settings import settings
from bg_orchestration.store import database, upgrade
from bg_orchestration.store.database import SchemaError, check_schema, engine_for, writing

DATA = Path(__file__).parents[1] / "data"
ADD = "op.add_column('companies', sa.Column('colour', sa.Text()))"
DROP = "op.drop_column('companies', 'colour')"


@pytest.fixture
def old(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The configured database, as the code of schema 0013 left it."""
    kind = make_url(database_url).get_backend_name()
    script = (DATA / f"schema_0013.{kind}.sql").read_text()
    engine = engine_for(database_url)
    if kind == "sqlite":
        # A dump has its tables in the order of their names, so without foreign keys.
        with closing(sqlite3.connect(str(make_url(database_url).database))) as connection:
            connection.executescript(script)
    else:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute(script)
            connection.commit()
            # The dump empties the search path of its session.
            connection.invalidate()
    monkeypatch.setenv("BG_DATABASE_URL", database_url)
    monkeypatch.setenv("BG_SUPPRESSION_KEY", "fixture-key-of-the-first-schema-0001")
    settings.cache_clear()
    yield engine
    engine.dispose()


def run(*words: str) -> str:
    result = CliRunner().invoke(bg, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def migrations(folder: Path, **phases: str) -> Path:
    """A copy of the migrations with further ones, named by their number."""
    shutil.copytree(upgrade.MIGRATIONS, folder / "migrations")
    before = database.SCHEMA_VERSION
    for number, (phase, body) in enumerate(
        ((name.split("_")[0], body) for name, body in phases.items()), start=1
    ):
        revision = f"{int(database.SCHEMA_VERSION) + number:04}"
        (folder / "migrations" / "versions" / f"{revision}_more.py").write_text(
            f'"""Step {revision}."""\nimport os, time\nimport sqlalchemy as sa\n'
            f'from alembic import op\nrevision = "{revision}"\ndown_revision = "{before}"\n'
            f'phase = "{phase}"\ndef upgrade():\n    {body}\n'
        )
        before = revision
    return folder / "migrations"


def colour(engine: Engine) -> bool:
    return "colour" in {column["name"] for column in inspect(engine).get_columns("companies")}


def version(number: int) -> str:
    return f"{int(database.SCHEMA_VERSION) + number:04}"


def test_every_migration_since_the_first_release_has_a_phase() -> None:
    script = ScriptDirectory(str(upgrade.MIGRATIONS))
    phases = {
        step.revision: getattr(step.module, "phase", None)
        for step in script.walk_revisions()
        if step.revision > "0013"
    }
    assert set(phases.values()) <= {"before", "after"}, phases
    assert max(key for key, phase in phases.items() if phase == "before") == database.SCHEMA_NEEDED


# SQLite does not say what an index of an expression is made of.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_old_code_reads_and_writes_its_tables_after_the_migrations_before(old: Engine) -> None:
    tables = MetaData()
    tables.reflect(old)
    with writing(old) as connection:
        rows = {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }
    assert sum(map(len, rows.values())) > 20
    upgrade.upgrade(old, "before")
    with writing(old) as connection:
        for table in reversed(rows):
            connection.execute(table.delete())
        for table, kept in rows.items():
            for row in kept:
                connection.execute(table.insert().values(row))
            again = [dict(row) for row in connection.execute(select(table)).mappings()]
            assert sorted(map(str, again)) == sorted(map(str, kept)), table.name


@pytest.mark.filterwarnings("ignore")
def test_new_code_refreshes_between_and_after_the_migrations(old: Engine, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    for phase, title in (("--before", "Chief Revenue Officer"), ("--after", "Chief Sales Officer")):
        assert "The database is at schema" in run("db", "upgrade", phase)
        people.write_text(f"company,domain,name,title\nAcme,acme.example,Eve Example,{title}\n")
        run("import", str(people))
        run("refresh", "acme.example")
        assert title in run("show", "acme.example", "--json")
    assert "Ada Example" in run("show", "acme.example", "--json")


def test_what_old_and_new_code_may_work_on(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    folder = migrations(tmp_path, before=ADD, after=DROP)
    first, second = version(1), version(2)
    upgrade.upgrade(engine, "before", lines.append, folder)
    assert colour(engine)
    assert lines[0] == f"1 of 1: {first} Step {first}."
    check_schema(engine)  # The code of the release before still works.
    upgrade.upgrade(engine)  # Its `bg up` changes nothing.
    with monkeypatch.context() as new_code:
        new_code.setattr(database, "SCHEMA_VERSION", second)
        new_code.setattr(database, "SCHEMA_NEEDED", first)
        check_schema(engine)
        upgrade.upgrade(engine, "after", folder=folder)
        check_schema(engine)
    assert not colour(engine)
    with pytest.raises(SchemaError, match="newer than"):
        check_schema(engine)


def test_a_phase_out_of_turn_says_what_comes_first(engine: Engine, tmp_path: Path) -> None:
    folder = migrations(tmp_path, before=ADD, after=DROP, before_2=ADD)
    with pytest.raises(SchemaError, match="several releases ahead"):
        upgrade.upgrade(engine, "before", folder=folder)
    with pytest.raises(SchemaError, match=f"{version(1)}, {version(3)} must run first"):
        upgrade.upgrade(engine, "after", folder=folder)
    upgrade.upgrade(engine, folder=folder)
    assert colour(engine)


def test_a_killed_upgrade_leaves_whole_migrations_and_is_repeated(
    engine: Engine, tmp_path: Path
) -> None:
    slow = f"{DROP}\n    if os.environ.get('SLOW'): print('inside', flush=True); time.sleep(600)"
    folder = migrations(tmp_path, before=ADD, after=slow)
    program = (
        "from pathlib import Path; from bg_orchestration.store import database, upgrade\n"
        f"upgrade.upgrade(database.engine_for({engine.url.render_as_string(False)!r}), "
        f"folder=Path({str(folder)!r}))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"SLOW": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "inside\n"
            process.send_signal(signal.SIGKILL)
        finally:
            process.kill()
    assert colour(engine)
    assert database.schema_version(engine) == version(1)
    upgrade.upgrade(engine, folder=folder)
    assert (colour(engine), database.schema_version(engine)) == (False, version(2))


def test_an_upgrade_waits_for_another_one(engine: Engine, tmp_path: Path) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer, and waits for it 30 s")
    folder = migrations(tmp_path, before=ADD)
    lines: list[str] = []
    holder = engine.connect()
    holder.execute(text("SELECT pg_advisory_xact_lock(7266001)"))

    def say(line: str) -> None:
        lines.append(line)
        if "waiting" in line:
            # The other upgrade ends while this one waits.
            timer.start()

    timer = threading.Timer(0.2, holder.rollback)
    began = time.monotonic()
    upgrade.upgrade(engine, say=say, folder=folder)
    holder.close()
    assert time.monotonic() - began >= 0.2
    assert colour(engine)
    assert any("waiting" in line for line in lines)
