"""Runs, daemons and sensor in Dagster's storage, read without Dagster.

Importing Dagster takes 1.6 s and 30 MB, too much for counting rows. This module reads the tables
`runs`, `daemon_heartbeats`, `instigators` and `job_ticks` by their indexes. A test writes them with
the installed Dagster.
"""

import json
import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

import yaml
from sqlalchemy import URL, Connection, Engine, NullPool, bindparam, create_engine, make_url, text

from bg_orchestration import names
from bg_orchestration.observability.metric_families import ENDED_RUNS, OPEN_RUNS
from bg_orchestration.ops.dagster_home import storage_folder
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading_within

_SECONDS: Final = 3.0
_DAY: Final = timedelta(days=1)
_ERROR_CHARACTERS: Final = 300
# Our storage classes, by the Dagster storage with the same configuration.
_OURS: Final = {"SqliteStorage": "sqlite", "PostgresStorage": "postgres"}


class NoDagsterStorageError(Exception):
    """Dagster's storage is missing or of an unsupported kind; the message says which."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Dagster's runs and daemons.

    Attributes:
        unfinished: runs without an end, by status.
        last_day: runs that ended in the last 24 hours, by status.
        heartbeats: seconds since the last heartbeat of each daemon.
    """

    unfinished: dict[str, int]
    last_day: dict[str, int]
    heartbeats: dict[str, float]


@dataclass(frozen=True, slots=True)
class Instigators:
    """The sensor and the schedules.

    Attributes:
        stopped: the sensors and schedules that a person switched off.
        sensor_error: why the sensor's last finished tick failed; `None` if it did not.
        ahead_seconds: how far the sensor's last tick lies in the future, or 0.
    """

    stopped: tuple[str, ...]
    sensor_error: str | None
    ahead_seconds: float = 0.0


def read_runs(home: Path) -> Runs:
    """Return the counts of runs, and the ages of the daemons' heartbeats.

    Raises:
        NoDagsterStorageError: see there.
        SQLAlchemyError: the storage does not answer in time.
    """
    with reading_within(_engine(home, "history/runs.db"), _SECONDS) as connection:
        since = (datetime.now(UTC) - _DAY).replace(tzinfo=None)
        return Runs(
            unfinished=_count(connection, OPEN_RUNS, None),
            last_day=_count(connection, ENDED_RUNS, since),
            heartbeats=_heartbeats(connection),
        )


def read_instigators(home: Path) -> Instigators:
    """Return which sensors and schedules are off, and the error of the sensor's last tick.

    Raises:
        NoDagsterStorageError: see there.
        SQLAlchemyError: the storage does not answer in time.
    """
    with reading_within(_engine(home, "schedules/schedules.db"), _SECONDS) as connection:
        rows = connection.execute(
            text("SELECT selector_id, status, instigator_body FROM instigators")
        ).all()
        ours = {name: row for row in rows if (name := _name(row.instigator_body)) is not None}
        stopped = sorted(name for name, row in ours.items() if row.status == "STOPPED")
        sensor = ours.get(names.SENSOR)
        error = None if sensor is None else _last_error(connection, sensor.selector_id)
    ahead = 0.0 if sensor is None else _ahead(sensor.instigator_body)
    return Instigators(tuple(stopped), error, ahead)


def storage_kind(home: Path) -> Literal["sqlite", "postgresql"]:
    """Return the kind of database that holds the storage.

    Raises:
        NoDagsterStorageError: see there.
    """
    return "sqlite" if isinstance(_storage(home), Path) else "postgresql"


def _count(
    connection: Connection, statuses: Sequence[str], since: datetime | None
) -> dict[str, int]:
    # Dagster stores times as text in SQLite, so the comparison is one of texts.
    later = "" if since is None else "AND update_timestamp > :since "
    query = text(
        "SELECT status, count(*) FROM runs "  # noqa: S608 - the parts are our own words
        f"WHERE status IN :statuses {later}GROUP BY status"
    ).bindparams(bindparam("statuses", expanding=True))
    values: dict[str, Any] = {"statuses": [status.upper() for status in statuses]}
    if since is not None:
        sqlite = connection.dialect.name == "sqlite"
        values["since"] = since.isoformat(" ") if sqlite else since
    counts: dict[str, int] = dict(connection.execute(query, values).all())
    return {status: counts.get(status.upper(), 0) for status in statuses}


def _heartbeats(connection: Connection) -> dict[str, float]:
    rows = connection.execute(text("SELECT daemon_type, body FROM daemon_heartbeats"))
    # The other time column is a wall clock in the server's own zone.
    return {
        row.daemon_type: max(0.0, time.time() - float(json.loads(row.body)["timestamp"]))
        for row in rows
        if row.body
    }


def _name(body: str) -> str | None:
    """Return the name of a sensor or schedule of our code location; others may share names."""
    origin = json.loads(body)["origin"]
    location = origin["external_repository_origin"]["repository_location_origin"]
    return str(origin["job_name"]) if location["location_name"] == names.LOCATION else None


def _ahead(body: str) -> float:
    """Return by how many seconds Dagster skips a sensor: its last tick lies in the future."""
    data = json.loads(body).get("job_specific_data") or {}
    ticks = [data.get(name) or 0.0 for name in ("last_tick_timestamp", "last_tick_start_timestamp")]
    return max(0.0, max(ticks) - time.time())


def _last_error(connection: Connection, selector_id: str) -> str | None:
    """Return the error of the newest finished tick."""
    ticks = connection.execute(
        text(
            "SELECT status, tick_body FROM job_ticks WHERE selector_id = :selector "
            "ORDER BY timestamp DESC LIMIT 5"
        ),
        {"selector": selector_id},
    ).all()
    over = next((tick for tick in ticks if tick.status != "STARTED"), None)
    if over is None or over.status != "FAILURE":
        return None
    error = json.loads(over.tick_body).get("error") or {}
    # The cause is our error; Dagster's wrapper adds nothing.
    while error.get("cause"):
        error = error["cause"]
    return " ".join(str(error.get("message", "")).split())[:_ERROR_CHARACTERS]


def _engine(home: Path, file: str) -> Engine:
    """Return an engine without a pool; on SQLite it cannot write or create a file."""
    location = _storage(home)
    if isinstance(location, Path):
        path = location / file
        if not path.is_file():
            raise NoDagsterStorageError(f"{path} is not there: Dagster has never run here.")
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        connect = partial(sqlite3.connect, address, uri=True, timeout=_SECONDS)
        return create_engine("sqlite://", creator=connect, poolclass=NullPool)
    return create_engine(
        location.set(drivername="postgresql+psycopg2"),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": int(_SECONDS), "options": "-c timezone=UTC"},
    )


def _storage(home: Path) -> Path | URL:
    """Return the folder or the database URL of the storage in `dagster.yaml`."""
    file = home / "dagster.yaml"
    if not file.is_file():
        raise NoDagsterStorageError(f"{file} is not there: Dagster has never run here.")
    storage = (yaml.safe_load(file.read_text()) or {}).get("storage") or {}
    if not storage:
        return home
    if (custom := storage.get("custom") or {}).get("class") in _OURS:
        storage = {_OURS[custom["class"]]: custom.get("config") or {}}
    if "sqlite" in storage:
        folder = storage["sqlite"].get("base_dir")
        return Path(_value(folder)) if folder else storage_folder(settings())
    if "postgres" not in storage:
        raise NoDagsterStorageError(f"{file} names a storage that is neither SQLite nor PostgreSQL")
    postgres = storage["postgres"]
    if "postgres_url" in postgres:
        return make_url(_value(postgres["postgres_url"]))
    if "postgres_db" not in postgres:
        if (url := settings().dagster_postgres_url) is None:
            raise NoDagsterStorageError(f"{file} needs DAGSTER_POSTGRES_URL: set it")
        return make_url(url.get_secret_value())
    parts = {
        name: _value(postgres["postgres_db"][name])
        for name in ("username", "password", "hostname", "db_name", "port")
        if name in postgres["postgres_db"]
    }
    return URL.create(
        "postgresql",
        username=parts["username"],
        password=parts.get("password"),
        host=parts.get("hostname") or None,
        port=int(parts.get("port", 5432)),
        database=parts.get("db_name"),
        query={
            name: str(value) for name, value in postgres["postgres_db"].get("params", {}).items()
        },
    )


def _value(written: str | int | Mapping[str, str]) -> str:
    """Return a value of `dagster.yaml`, which may name a variable instead."""
    if not isinstance(written, Mapping):
        return str(written)
    name = written["env"]
    if name not in os.environ:
        raise NoDagsterStorageError(f"dagster.yaml takes {name} from the environment: set it")
    return os.environ[name]
