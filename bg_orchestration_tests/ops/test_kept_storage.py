"""Our storages of Dagster: what they keep, what they read on, and what they replace in Dagster."""

import inspect
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import sqlalchemy as db
import yaml
from dagster import DagsterEventType, EventLogEntry
from dagster._core.events import DagsterEvent, EngineEventData
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster_postgres.event_log import PostgresEventLogStorage
from dagster_postgres.run_storage import PostgresRunStorage
from dagster_postgres.schedule_storage import PostgresScheduleStorage

from bg_orchestration.ops.kept_connections import POOL_SIZE, kept_engine, transaction
from bg_orchestration.ops.sqlite_storage import SqliteStorage
from bg_orchestration.settings import Settings
from bg_orchestration_tests.ops.test_dagster_home import ROOT

_FORK = multiprocessing.get_context("fork")


def _url(database_url: str) -> str:
    url = db.make_url(database_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg2")
    return url.render_as_string(hide_password=False)


@pytest.fixture
def engine_of_dagster(database_url: str) -> db.Engine:
    engine = kept_engine(_url(database_url))
    with transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE lines (word VARCHAR)")
    return engine


def _write(engine: db.Engine, word: str) -> None:
    with transaction(engine) as connection:
        connection.execute(db.text("INSERT INTO lines VALUES (:word)"), {"word": word})


def _words(engine: db.Engine) -> list[str]:
    with transaction(engine) as connection:
        return sorted(connection.scalars(db.text("SELECT word FROM lines")))


def test_a_connection_is_kept(engine_of_dagster: db.Engine) -> None:
    opened: list[object] = []
    db.event.listen(engine_of_dagster, "connect", lambda *_: opened.append(1))
    for number in range(20):
        _write(engine_of_dagster, str(number))
    assert opened == []


def test_no_more_than_three_are_held_however_many_threads_ask(
    engine_of_dagster: db.Engine,
) -> None:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: _write(engine_of_dagster, str(number)), range(120)))
    assert len(_words(engine_of_dagster)) == 120
    assert engine_of_dagster.pool.checkedin() <= POOL_SIZE  # type: ignore[attr-defined]


def test_a_second_transaction_in_the_same_thread_joins_the_first(
    engine_of_dagster: db.Engine,
) -> None:
    # On SQLite it would otherwise wait for the first one, for ever.
    with transaction(engine_of_dagster), transaction(engine_of_dagster):
        _write(engine_of_dagster, "inner")
    assert _words(engine_of_dagster) == ["inner"]


def _in_child(work: Callable[[], None]) -> int:
    child = _FORK.Process(target=work)
    child.start()
    child.join()
    assert child.exitcode is not None
    return child.exitcode


def test_a_forked_process_has_connections_of_its_own(engine_of_dagster: db.Engine) -> None:
    _write(engine_of_dagster, "before")
    with transaction(engine_of_dagster) as connection:
        session = connection.connection.dbapi_connection

        def child() -> None:
            with transaction(engine_of_dagster) as own:
                assert own.connection.dbapi_connection is not session
            _write(engine_of_dagster, "child")

        # A transaction is open here meanwhile, and goes on as if nothing were.
        assert _in_child(child) == 0
        connection.exec_driver_sql("SELECT 1")
    _write(engine_of_dagster, "after")
    assert _words(engine_of_dagster) == ["after", "before", "child"]


def test_a_server_that_dropped_its_sessions_is_asked_anew(postgres_url: str) -> None:
    engine = kept_engine(_url(postgres_url))
    with transaction(engine) as connection:
        connection.exec_driver_sql("SELECT 1")
    killer = db.create_engine(_url(postgres_url), isolation_level="AUTOCOMMIT")
    with killer.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    killer.dispose()
    with transaction(engine) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


@dg.asset(partitions_def=dg.DynamicPartitionsDefinition(name="places"))
def place(context: dg.AssetExecutionContext) -> int:
    context.log.info("a line")
    return 1


def _instance(home: Path, storage: dict[str, Any]) -> dg.DagsterInstance:
    home.mkdir(exist_ok=True)
    (home / "dagster.yaml").write_text(yaml.safe_dump({"storage": storage}))
    return dg.DagsterInstance.from_config(str(home))


def _ours(base: Path) -> dict[str, Any]:
    return {
        "custom": {
            "module": SqliteStorage.__module__,
            "class": SqliteStorage.__name__,
            "config": {"base_dir": str(base)},
        }
    }


def _materialize(instance: dg.DagsterInstance, key: str) -> str:
    instance.add_dynamic_partitions("places", [key])
    return dg.materialize([place], instance=instance, partition_key=key).run_id


def _engine_event(run_id: str, words: str) -> EventLogEntry:
    event = DagsterEvent(
        DagsterEventType.ENGINE_EVENT.value, "a job", event_specific_data=EngineEventData()
    )
    return EventLogEntry(None, "info", words, run_id, 1.0, dagster_event=event)


def test_what_the_last_version_stored_is_read_on_with_its_history(tmp_path: Path) -> None:
    base = tmp_path / "storage"
    with _instance(tmp_path / "home", {"sqlite": {"base_dir": str(base)}}) as before:
        old = _materialize(before, "rome")
        lines = [entry.user_message for entry in before.all_logs(old)]
        steps = before.get_run_step_stats(old)
    assert (base / "history" / "runs" / f"{old}.db").is_file()
    with _instance(tmp_path / "home", _ours(base)) as instance:
        new = _materialize(instance, "oslo")
        assert {run.run_id for run in instance.get_runs()} == {old, new}
        assert [entry.user_message for entry in instance.all_logs(old)] == lines
        assert instance.get_run_step_stats(old) == steps
        assert instance.get_dynamic_partitions("places") == ["rome", "oslo"]
        assert instance.get_materialized_partitions(place.key) == {"rome", "oslo"}
        materializations = instance.fetch_materializations(place.key, limit=10).records
        assert [record.run_id for record in materializations] == [new, old]
        # A run of before may still say something, and end.
        instance.event_log_storage.store_event(_engine_event(old, "late"))
        assert instance.all_logs(old)[-1].user_message == "late"
        assert "late" not in [entry.user_message for entry in instance.all_logs(new)]
        # New runs get no file of their own, and an old run takes its file along.
        assert [path.name for path in (base / "history" / "runs").glob("*-*.db")] == [f"{old}.db"]
        instance.delete_run(old)
        assert list((base / "history" / "runs").glob("*-*.db*")) == []
        assert [run.run_id for run in instance.get_runs()] == [new]
        assert instance.get_materialized_partitions(place.key) == {"oslo"}


def test_processes_that_create_the_storage_at_once_leave_one_that_works(tmp_path: Path) -> None:
    gate = _FORK.Barrier(4)

    def create() -> None:
        gate.wait()
        SqliteStorage(str(tmp_path / "storage"))

    children = [_FORK.Process(target=create) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * 4
    with _instance(tmp_path / "home", _ours(tmp_path / "storage")) as instance:
        _materialize(instance, "rome")


def test_a_watcher_hears_of_events_that_stand_in_the_write_ahead_log(tmp_path: Path) -> None:
    storage = SqliteStorage(str(tmp_path / "storage")).event_log_storage
    heard = threading.Event()
    storage.watch("a run", None, lambda *_: heard.set())
    storage.store_event(_engine_event("a run", "something"))
    # Without a time-out: the test's own would tell.
    heard.wait()
    storage.dispose()


def test_the_folder_is_that_of_bg_up_unless_dagster_has_a_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStorage()
    assert (Settings().home / "dagster" / "storage" / "history" / "runs.db").is_file()
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "set"))
    SqliteStorage()
    assert (tmp_path / "set" / "history" / "runs.db").is_file()


def test_an_instance_opens_no_second_pool(tmp_path: Path) -> None:
    """A worker makes an instance for each run."""
    with _instance(tmp_path / "home", _ours(tmp_path / "storage")) as first:
        _materialize(first, "rome")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with _instance(tmp_path / "home", _ours(tmp_path / "storage")) as instance:
            assert instance.get_runs_count() == 1
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_the_repositorys_dagster_yaml_names_the_storage() -> None:
    storage = yaml.safe_load((ROOT / "dagster.yaml").read_text())["storage"]["custom"]
    assert (storage["module"], storage["class"]) == (SqliteStorage.__module__, "SqliteStorage")


def test_the_private_names_that_the_storages_rely_on_are_still_there() -> None:
    """If one moves, statements would go to connections that are opened for each of them.

    SQLite: runs and schedules take their address from `_conn_string` and their connection from
    `connect`; the events of an old run stand in the file `path_for_shard` names. PostgreSQL: each
    storage takes its connection from `_engine`. `_store_asset_event`: called for each event of an
    asset, in a transaction.
    """
    assert "self._store_asset_event(conn, event, event_id)" in inspect.getsource(
        SqlEventLogStorage.store_event
    )
    assert list(inspect.signature(SqlEventLogStorage._get_asset_entry_values).parameters) == [
        "self",
        "event",
        "event_id",
        "has_asset_key_index_cols",
    ]
    for storage in (SqliteRunStorage, SqliteScheduleStorage):
        assert "_conn_string" in inspect.getsource(storage.connect)
    assert "INDEX_SHARD_NAME" in inspect.getsource(SqliteEventLogStorage.index_connection)
    assert callable(SqliteEventLogStorage.path_for_shard)
    for kept in (PostgresRunStorage, PostgresScheduleStorage):
        assert "self._engine" in inspect.getsource(kept.connect)
    assert "self._engine" in inspect.getsource(PostgresEventLogStorage._connect)
