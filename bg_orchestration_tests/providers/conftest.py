"""A database of its own for each test that does not care which kind: migrating takes a while."""

import shutil
from pathlib import Path

import pytest

from bg_orchestration.store.database import engine_for, upgrade_schema


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    engine = engine_for(f"sqlite:///{path}")
    upgrade_schema(engine)
    engine.dispose()
    return path


@pytest.fixture
def fresh_sqlite(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """The file of an empty database with our tables."""
    return Path(shutil.copy(migrated_sqlite, tmp_path / "fresh.sqlite3"))
