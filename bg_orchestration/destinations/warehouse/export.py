"""Export the warehouse tables: read one snapshot, stage files, then switch to them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine

from bg_orchestration.destinations.warehouse.targets import (
    ExportError,
    ExportTarget,
    Manifest,
    bucket_staging,
    discard_staging,
    staging_folder,
    target_of,
)
from bg_orchestration.destinations.warehouse.warehouse_rows import (
    WarehouseRow,
    batches,
    erasure_state,
    source_state,
)
from bg_orchestration.domain.warehouse_tables import TABLES, VERSION
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import reading


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The result of an export.

    Attributes:
        address: the folder, bucket or file.
        version: the hash of the content.
        changed: whether the content differs from the export before.
        rows: the number of rows of each table.
        sizes: the size of each table's file in bytes.
    """

    address: str
    version: str
    changed: bool
    rows: dict[str, int]
    sizes: dict[str, int]


def configured_target(config: Settings) -> ExportTarget:
    """Return the target of the settings: `BG_WAREHOUSE`, else `BG_HOME/warehouse`."""
    return target_of(config.warehouse_address, config.home)


def export(
    engine: Engine,
    target: ExportTarget,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> ExportReport:
    """Export all tables to `target`. Readers see the former export until the new one is whole.

    Args:
        engine: the database.
        target: where to.
        progress: called after each batch with the table and the rows so far.

    Raises:
        ExportError: another export writes there, or the target cannot be used.
        SQLAlchemyError: the database failed; the former export stays.
    """
    with staging_folder(target) as folder:
        before = target.current()
        with reading(engine) as connection:
            state = source_state(connection)
            manifest = _stage(connection, folder, before, state, progress)
        target.publish(manifest)
    return ExportReport(
        target.address,
        manifest.version,
        before is None or before.version != manifest.version,
        {name: table["rows"] for name, table in manifest.tables.items()},
        {name: table["size"] for name, table in manifest.tables.items()},
    )


def is_current(connection: Connection, target: ExportTarget) -> bool:
    """Whether the source tables have the same figures as at the last export."""
    manifest = target.current()
    return (
        manifest is not None
        and manifest.schema_version == VERSION
        and manifest.state == source_state(connection)
    )


def export_without_erased(engine: Engine, config: Settings) -> ExportReport | None:
    """Export again if the configured target has an export from before the newest erasure.

    What killed exports left there, and in the staging folder of buckets, is removed.

    Raises:
        ExportError: another export writes there, or the target cannot be used.
    """
    target = configured_target(config)
    with suppress(ExportError):
        # An export at work there removes its own.
        discard_staging(bucket_staging(config.home), "a bucket")
    was_begun = discard_staging(target.staging, target.address)
    before = target.current()
    if before is None:
        if was_begun:
            target.discard_rest()
        return None
    with reading(engine) as connection:
        if before.state.get("erasures") == erasure_state(connection):
            return None
    return export(engine, target)


def _stage(
    connection: Connection,
    folder: Path,
    before: Manifest | None,
    state: dict[str, str],
    progress: Callable[[str, int], None],
) -> Manifest:
    # Imported here: pyarrow is slow to import.
    from bg_orchestration.destinations.warehouse.parquet import write_table

    files = {}
    for table in TABLES:
        rows = _reported(batches(connection, table.name), partial(progress, table.name))
        files[table.name] = asdict(write_table(table, rows, folder))
    hashes = "".join(f"{name} {file['sha256']}\n" for name, file in sorted(files.items()))
    version = sha256(f"{VERSION}\n{hashes}".encode()).hexdigest()[:16]
    for file in files.values():
        file["file"] = f"versions/{version}/{file['file']}"
    return Manifest(version, files, state, _former(before, version, state))


def _reported(
    read: Iterator[list[WarehouseRow]], progress: Callable[[int], None]
) -> Iterator[list[WarehouseRow]]:
    count = 0
    for rows in read:
        yield rows
        count += len(rows)
        progress(count)


def _former(before: Manifest | None, version: str, state: dict[str, str]) -> str | None:
    """Return the version that may stay: the one before, if nobody was erased since."""
    if before is None or before.state.get("erasures") != state["erasures"]:
        return None
    return before.former if before.version == version else before.version
