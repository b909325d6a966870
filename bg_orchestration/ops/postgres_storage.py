"""Dagster's storage in PostgreSQL, on kept connections.

    storage:
      custom:
        module: bg_orchestration.ops.postgres_storage
        class: PostgresStorage

The URL is that of `DAGSTER_POSTGRES_URL`, unless the configuration has `postgres_url`. Tables and
configuration are those of `DagsterPostgresStorage`, which opens a connection for every statement
outside the webserver.
"""

from collections.abc import Mapping
from typing import Any

from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.config import pg_config
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from dagster_postgres.event_log import PostgresEventLogStorage
from dagster_postgres.run_storage import PostgresRunStorage
from dagster_postgres.schedule_storage import PostgresScheduleStorage
from dagster_postgres.utils import pg_url_from_config
from sqlalchemy import Engine, make_url

from bg_orchestration.ops.kept_connections import kept_engine
from bg_orchestration.ops.terminal_runs import RunsOfTerminals
from bg_orchestration.settings import SettingsError, settings

_URLS_WITH_TABLES: set[str] = set()


def configured_url() -> str:
    """Return the URL of Dagster's storage.

    Raises:
        SettingsError: `DAGSTER_POSTGRES_URL` is not set.
    """
    url = settings().dagster_postgres_url
    if url is None:
        raise SettingsError(
            "DAGSTER_POSTGRES_URL: not set, but dagster.yaml names the PostgreSQL storage. Set it "
            "to postgresql://user:password@host/database, not the database of BG_DATABASE_URL."
        )
    return url.get_secret_value()


class _KeptConnections:
    """Mixin: the storage uses the process's engine instead of Dagster's."""

    postgres_url: str
    _statement_milliseconds: int | None = None

    @property
    def _engine(self) -> Engine:
        return kept_engine(self.postgres_url, self._statement_milliseconds)

    @_engine.setter
    def _engine(self, _connection_for_each_statement: Engine) -> None:
        pass

    def optimize_for_webserver(
        self, statement_timeout: int, pool_recycle: int, max_overflow: int
    ) -> None:
        """Cancel a statement after `statement_timeout` milliseconds: a person waits for it."""
        self._statement_milliseconds = statement_timeout


class PostgresRuns(_KeptConnections, RunsOfTerminals, PostgresRunStorage):
    """Runs, on kept connections."""


class PostgresEvents(_KeptConnections, PostgresEventLogStorage):
    """Events, on kept connections."""


class PostgresSchedules(_KeptConnections, PostgresScheduleStorage):
    """Sensors and schedules, on kept connections."""


class PostgresStorage(DagsterStorage[Any], ConfigurableClass):
    """Runs, events, sensors and schedules in one PostgreSQL database."""

    def __init__(
        self,
        postgres_url: str,
        should_autocreate_tables: bool = True,
        inst_data: ConfigurableClassData | None = None,
    ) -> None:
        """Create missing tables; a process checks them once.

        Raises:
            SQLAlchemyError: the database cannot be reached.
        """
        url = make_url(postgres_url).set(drivername="postgresql+psycopg2")
        driver = url.render_as_string(hide_password=False)
        create = should_autocreate_tables and driver not in _URLS_WITH_TABLES
        if create:
            # Dagster would try six times and hide the reason.
            kept_engine(driver).connect().close()
        self._inst_data = inst_data
        self._runs = PostgresRuns(driver, create)
        self._events = PostgresEvents(driver, create)
        self._schedules = PostgresSchedules(driver, create)
        _URLS_WITH_TABLES.add(driver)
        super().__init__()  # type: ignore[no-untyped-call]

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """The configuration in `dagster.yaml`."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> Mapping[str, Any]:
        """`postgres_url` or `postgres_db` with a password, as in Dagster's storage."""
        fields: dict[str, Any] = pg_config()  # type: ignore[assignment]
        return {name: field for name, field in fields.items() if name != "auth_provider"}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "PostgresStorage":
        """Create the storage from `dagster.yaml`.

        Raises:
            SettingsError: neither `dagster.yaml` nor the environment has a URL.
        """
        configured = "postgres_url" in config_value or "postgres_db" in config_value
        return cls(
            pg_url_from_config(config_value) if configured else configured_url(),
            config_value.get("should_autocreate_tables", True),
            inst_data,
        )

    @property
    def run_storage(self) -> PostgresRuns:
        """The runs."""
        return self._runs

    @property
    def event_log_storage(self) -> PostgresEvents:
        """The events."""
        return self._events

    @property
    def schedule_storage(self) -> PostgresSchedules:
        """The states and ticks of sensors and schedules."""
        return self._schedules

    def dispose(self) -> None:
        """End the threads that watch events."""
        self._events.dispose()
