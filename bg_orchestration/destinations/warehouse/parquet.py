"""Write the warehouse tables as Parquet and as a DuckDB database. The same rows, the same bytes."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from bg_orchestration.destinations.warehouse.warehouse_rows import WarehouseRow
from bg_orchestration.domain.warehouse_tables import (
    VERSION,
    ColumnType,
    WarehouseColumn,
    WarehouseTable,
)

# Readers skip whole row groups. The rows of one group are in memory as Python objects.
_ROW_GROUP: Final = 20_000
_INSTANT: Final = pa.timestamp("us", tz="UTC")
_TYPES: Final[dict[ColumnType, pa.DataType]] = {
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "instant": _INSTANT,
    "texts": pa.list_(pa.string()),
    "gaps": pa.list_(
        pa.struct({"need": pa.string(), "look_for": pa.string(), "nearest": pa.list_(pa.string())})
    ),
    "gatekeepers": pa.list_(pa.struct({"person_id": pa.string(), "guards": pa.string()})),
    "contacts": pa.list_(
        pa.struct(
            {
                "kind": pa.string(),
                "value": pa.string(),
                "source": pa.string(),
                "type": pa.string(),
                "status": pa.string(),
                "seen_on": pa.string(),
                "verified_on": pa.string(),
                "do_not_contact": pa.bool_(),
            }
        )
    ),
}


@dataclass(frozen=True, slots=True)
class TableFile:
    """A written table: its Parquet file, number of rows, size in bytes, and hash of the bytes."""

    file: str
    rows: int
    size: int
    sha256: str


def write_table(
    table: WarehouseTable, batches: Iterable[list[WarehouseRow]], folder: Path
) -> TableFile:
    """Write a table to `folder/TABLE.parquet`, a row group of memory at a time."""
    schema = pa.schema(
        [_field(column) for column in table.columns],
        metadata={"bg_schema_version": str(VERSION), "description": table.description},
    )
    path = folder / f"{table.name}.parquet"
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in _row_groups(batches):
            writer.write_table(pa.Table.from_pylist(rows, schema))
            count += len(rows)
    with path.open("rb+") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
        os.fsync(written.fileno())
    return TableFile(path.name, count, path.stat().st_size, digest)


def _row_groups(batches: Iterable[list[WarehouseRow]]) -> Iterator[list[WarehouseRow]]:
    """Yield the rows in groups of `_ROW_GROUP`, so that batches leave no mark in the file."""
    pending: list[WarehouseRow] = []
    for rows in batches:
        pending += rows
        while len(pending) >= _ROW_GROUP:
            yield pending[:_ROW_GROUP]
            pending = pending[_ROW_GROUP:]
    if pending:
        yield pending


def _field(column: WarehouseColumn) -> pa.Field:
    return pa.field(
        column.name,
        _TYPES[column.type],
        nullable=not column.required,
        metadata={"description": column.description},
    )


def write_duckdb(path: Path, folder: Path, tables: Iterable[str], facts: dict[str, str]) -> None:
    """Write a DuckDB database of the Parquet files in `folder`, with `facts` in `export_facts`."""
    import duckdb

    path.unlink(missing_ok=True)
    options: dict[str, Any] = {"threads": 1, "memory_limit": "1GB", "temp_directory": str(folder)}
    with duckdb.connect(str(path), config=options) as database:
        for table in tables:
            file = str(folder / f"{table}.parquet").replace("'", "''")
            database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608
        database.execute("CREATE TABLE export_facts (name VARCHAR, value VARCHAR)")
        database.executemany("INSERT INTO export_facts VALUES (?, ?)", sorted(facts.items()))
        database.execute("CHECKPOINT")
    with path.open("rb+") as written:
        os.fsync(written.fileno())
