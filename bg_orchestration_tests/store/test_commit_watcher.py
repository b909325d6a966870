"""Seeing cheaply that others wrote."""

from pathlib import Path

from sqlalchemy import create_engine, text

from bg_orchestration.store.database import commit_watcher, engine_for


def test_sqlite_says_when_another_connection_has_committed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    engine, other = engine_for(url), create_engine(url)
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE lines (word VARCHAR)"))
    with commit_watcher(engine) as changed:
        assert changed()
        assert not changed()
        with other.begin() as connection:
            connection.execute(text("INSERT INTO lines VALUES ('one')"))
        assert changed()
        assert not changed()
    other.dispose()


def test_postgres_is_always_asked(postgres_url: str) -> None:
    with commit_watcher(engine_for(postgres_url)) as changed:
        assert changed()
        assert changed()
