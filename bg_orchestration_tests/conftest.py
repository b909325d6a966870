"""Fixtures for what every room needs: settings of its own, and both databases for real."""

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, make_url

from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration_tests.postgres_server import MigratedDatabases, new_database, running_server

_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 4 * 2**30


def _write_to_memory() -> None:
    """Make a folder in memory the temporary one: waiting for disks takes half of the suite.

    A `TMPDIR` that is set stays, and so does the disk where memory is scarce.
    """
    usable = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    if "TMPDIR" in os.environ or not usable or shutil.disk_usage(_MEMORY).free < _ENOUGH_BYTES:
        return
    # No folder in it: the path of a socket has 107 characters at most.
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None


_write_to_memory()
# A process that a test starts need not compile the package again, which takes half a second.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Files that run for long come first and short ones last: no worker is left alone at the end.
_FIRST = ("crash", "end_to_end", "production")
_LAST = ("domain", "importing", "profiles", "report")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests by room, and in a room as they stand."""

    def place(item: pytest.Item) -> int:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        return (room in _LAST) - (room in _FIRST)

    items.sort(key=place)


# A busy machine is no fault of the code: no example has a deadline, and generating may be slow.
hypothesis_settings.register_profile(
    "any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("any_machine")


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has its own BG_HOME and none of the machine's settings."""
    for name in list(os.environ):
        if name.startswith(("BG_", "DAGSTER_", "OTEL_", "WEBHOOK_SECRET")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "1")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """A run sets up the logs of its process; the next test begins without."""
    yield
    structlog.reset_defaults()
    ours = logging.getLogger("bg_orchestration")
    ours.handlers.clear()
    ours.setLevel(logging.NOTSET)
    ours.propagate = True


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL 18, started for the session in a folder of its own."""
    with running_server("bg-pg-") as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database on the real server."""
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database without tables: each test runs on both kinds."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        assert isinstance(url, str)
        return url
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with our tables, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = engine_for(f"sqlite:///{path}")
    upgrade_schema(engine)
    engine.dispose()
    return path


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path) -> Path:
    """The file of an empty SQLite database with our tables."""
    return Path(shutil.copy(sqlite_template, tmp_path / "fresh.sqlite3"))


@pytest.fixture
def sqlite_engine(fresh_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The engine of an empty SQLite database of ours, which is also the configured one."""
    url = f"sqlite:///{fresh_sqlite}"
    monkeypatch.setenv("BG_DATABASE_URL", url)
    settings.cache_clear()
    made = engine_for(url)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database with our tables on the real server, to be copied."""
    with new_database(postgres_server) as url:
        upgrade_schema(engine_for(url))
        engine_for(url).dispose()
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_databases(postgres_server: str, postgres_template: str) -> Iterator[MigratedDatabases]:
    """Databases with our tables on the real server."""
    with closing(MigratedDatabases(postgres_server, postgres_template)) as databases:
        yield databases


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The engine of an empty database of ours, which is also the configured one: both kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_engine")
        return
    with request.getfixturevalue("migrated_databases").empty() as url:
        monkeypatch.setenv("BG_DATABASE_URL", url)
        settings.cache_clear()
        yield engine_for(url)
