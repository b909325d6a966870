"""Write rows that may exist: in chunks, as an upsert, or only where they differ.

A missing value (`None`) never replaces a stored one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

_T = TypeVar("_T")

# SQLite takes 32,766 parameters a statement, and its plan for a long IN stays the same.
_CHUNK = 1_000


def chunks(items: Sequence[_T], size: int = _CHUNK) -> Iterator[Sequence[_T]]:
    """Yield the items in chunks of 1,000, which one statement can take, or of `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


def conflict_insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return the INSERT of the connection's database, with ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    replace: Collection[str] = (),
    add: Collection[str] = (),
) -> None:
    """Insert rows; update those whose primary key exists.

    Args:
        connection: a writing transaction.
        table: the table.
        rows: the rows, all with the same columns. They are locked in their order: sort them where
            two transactions may write the same ones.
        replace: columns that take the new value.
        add: columns to which the new value is added.
    """
    if not rows:
        return
    statement = conflict_insert(connection, table)
    key = list(table.primary_key)
    changes: dict[str, Any] = {name: statement.excluded[name] for name in replace}
    changes |= {name: table.c[name] + statement.excluded[name] for name in add}
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=changes)
        if changes
        else statement.on_conflict_do_nothing(index_elements=key),
        [dict(row) for row in rows],
    )


def rows_where(connection: Connection, key: Column[Any], values: set[str]) -> list[dict[str, Any]]:
    """Return the rows of a table whose `key` is one of `values`."""
    rows = connection.execute(select(key.table).where(key.in_(values)))
    return [row._asdict() for row in rows]


def changed_values(row: dict[str, Any], values: dict[str, Any]) -> dict[str, Any] | None:
    """Return `values`, completed from `row`; `None` if `row` would not change."""
    facts = {name: row[name] if value is None else value for name, value in values.items()}
    return facts if any(row[name] != value for name, value in facts.items()) else None


def missing_values(row: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that `row` lacks, and `None` for the others."""
    return {name: value if row[name] is None else None for name, value in values.items()}


def write_rows(
    connection: Connection,
    table: Table,
    added: Sequence[dict[str, Any]],
    changed: Sequence[dict[str, Any]],
    key: str,
) -> None:
    """Insert the rows `added`; update those in `changed`, which their `key` identifies."""
    if added:
        connection.execute(insert(table), added)
    if changed:
        parameters: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in changed[0] if name != key
        }
        connection.execute(
            update(table).where(table.c[key] == bindparam(f"new_{key}")).values(parameters),
            [{f"new_{name}": value for name, value in row.items()} for row in changed],
        )
