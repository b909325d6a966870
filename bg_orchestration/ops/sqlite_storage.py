"""Dagster's storage in SQLite: kept connections, one file for all events.

    storage:
      custom:
        module: bg_orchestration.ops.sqlite_storage
        class: SqliteStorage

Dagster's SQLite storage has an event file for each run. For every event it opens an engine and a
connection, and checks the schema.
"""

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from dagster import AssetKey, EventLogEntry, EventLogRecord, EventRecordsFilter, Field, StringSource
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log import (
    AssetKeyTable,
    SqlEventLogStorage,
    SqliteEventLogStorage,
)
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects.sqlite import insert

from bg_orchestration.ops.dagster_home import storage_folder
from bg_orchestration.ops.kept_connections import kept_engine, transaction
from bg_orchestration.ops.terminal_runs import RunsOfTerminals
from bg_orchestration.settings import settings

_EVENTS: Final = "index"


class SqliteStorage(DagsterStorage[Any], ConfigurableClass):
    """Runs, events, sensors and schedules in files under `base_dir`, as Dagster lays them out.

    Files of Dagster's SQLite storage stay readable, with their history.
    """

    def __init__(
        self, base_dir: str | None = None, inst_data: ConfigurableClassData | None = None
    ) -> None:
        """Create missing files in one process; the others wait."""
        base = Path(base_dir or storage_folder(settings())).absolute()
        _create_files(base)
        self._inst_data = inst_data
        self._runs = SqliteRuns(_url(base / "history", "runs"))
        self._events = SqliteEvents(str(base / "history" / "runs"))
        self._schedules = SqliteSchedules(_url(base / "schedules", "schedules"))
        super().__init__()  # type: ignore[no-untyped-call]

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """The configuration in `dagster.yaml`."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """The folder; by default the one of `bg up`."""
        return {"base_dir": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "SqliteStorage":
        """Create the storage from `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)

    @property
    def run_storage(self) -> "SqliteRuns":
        """The runs."""
        return self._runs

    @property
    def event_log_storage(self) -> "SqliteEvents":
        """The events."""
        return self._events

    @property
    def schedule_storage(self) -> "SqliteSchedules":
        """The states and ticks of sensors and schedules."""
        return self._schedules

    def dispose(self) -> None:
        """End the threads that watch events."""
        self._events.dispose()


class SqliteRuns(RunsOfTerminals, SqliteRunStorage):
    """Runs, on kept connections."""

    def connect(self) -> AbstractContextManager[Connection]:  # type: ignore[override]
        """A transaction."""
        return transaction(kept_engine(self._conn_string))


class SqliteSchedules(SqliteScheduleStorage):
    """Sensors and schedules, on kept connections."""

    def connect(self) -> AbstractContextManager[Connection]:  # type: ignore[override]
        """A transaction."""
        return transaction(kept_engine(self._conn_string))


class SqliteEvents(SqliteEventLogStorage):
    """Events of all runs in one file: the index file of Dagster's storage.

    An older run has a file of its own, which keeps all its events.
    """

    def __init__(self, base_dir: str) -> None:
        """Open the file in `base_dir`."""
        self._engine = kept_engine(_url(Path(base_dir), _EVENTS))
        self._secondary_indexes: dict[str, bool] = {}
        self._watcher = SqlPollingEventWatcher(self)
        super().__init__(base_dir)

    @property
    def is_run_sharded(self) -> bool:
        """Return whether a cursor belongs to a run."""
        return False

    def index_connection(self) -> AbstractContextManager[Connection]:
        """Open a transaction on all events."""
        return transaction(self._engine)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[Connection]:
        """Open a transaction on the events of a run."""
        if self._has_own_file(run_id):
            return super().run_connection(run_id)  # type: ignore[no-any-return]
        return self.index_connection()

    def has_table(self, table_name: str) -> bool:
        """Return whether the file has this table; Dagster calls this very often."""
        return table_name in _tables(str(self._engine.url))

    def has_secondary_index(self, name: str) -> bool:
        """Return whether Dagster's migration ran."""
        if not self._secondary_indexes.get(name):
            self._secondary_indexes[name] = super().has_secondary_index(name)
        return self._secondary_indexes[name]

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event."""
        if self._has_own_file(event.run_id):
            super().store_event(event)
        else:
            SqlEventLogStorage.store_event(self, event)

    def _store_asset_event(self, conn: Connection, event: EventLogEntry, event_id: int) -> None:
        """Write the newest event of an asset, without Dagster's extra read and insert."""
        key = event.dagster_event and event.dagster_event.asset_key
        values = key and self._get_asset_entry_values(event, event_id, True)
        if key and values:
            row = insert(AssetKeyTable).values(asset_key=key.to_string(), **values)
            conn.execute(row.on_conflict_do_update(index_elements=["asset_key"], set_=values))

    def get_event_records(
        self,
        event_records_filter: EventRecordsFilter,
        limit: int | None = None,
        ascending: bool = False,
    ) -> Sequence[EventLogRecord]:
        """Events of any run."""
        return SqlEventLogStorage.get_event_records(self, event_records_filter, limit, ascending)

    def delete_events(self, run_id: str) -> None:
        """Delete the events of a run, and the file if it has one."""
        super().delete_events(run_id)
        if self._has_own_file(run_id):
            for ending in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(self.path_for_shard(run_id) + ending).unlink()

    def wipe_asset(self, asset_key: AssetKey) -> None:
        """Remove an asset; its events stay in the runs."""
        SqlEventLogStorage.wipe_asset(self, asset_key)

    def watch(self, run_id: str, cursor: str | None, callback: Any) -> None:
        """Call `callback` for new events of a run.

        Dagster watches the file for changes. With a kept connection the changes stay in the
        write-ahead log for a long time.
        """
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: Any) -> None:
        """Stop calling `handler`."""
        self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        """End the threads that watch."""
        self._watcher.close()

    def _has_own_file(self, run_id: str | None) -> bool:
        return run_id not in (None, _EVENTS) and Path(self.path_for_shard(str(run_id))).exists()


def _url(folder: str | Path, name: str) -> str:
    return f"sqlite:///{quote(str(Path(folder).absolute() / f'{name}.db'))}"


# Dagster pastes the folder into the URL: behind `?` it would be options, and `%41` would be `A`.
for _module in (sqlite_run_storage, sqlite_event_log, sqlite_schedule_storage):
    _module.create_db_conn_string = _url  # type: ignore[attr-defined]


@cache
def _tables(url: str) -> frozenset[str]:
    return frozenset(inspect(kept_engine(url)).get_table_names())


@cache
def _create_files(base: Path) -> None:
    """Create or upgrade the files once a process, under a lock of the folder.

    Two concurrent processes would each write the schema's version, and the file could not be opened
    again.
    """
    base.mkdir(parents=True, exist_ok=True)
    with _alone(base / "storage.lock"):
        SqliteRunStorage.from_local(str(base / "history"))
        SqliteEventLogStorage(str(base / "history" / "runs"))
        SqliteScheduleStorage.from_local(str(base / "schedules"))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
