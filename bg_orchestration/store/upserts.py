"""Writing only what differs: what a writer does not say never replaces what is known."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, bindparam, insert, select, update

_T = TypeVar("_T")

# SQLite takes 32,766 parameters a statement, and its plan for a long IN stays the same.
_CHUNK = 1_000


def chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """`items` in parts that a statement can take."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def rows_where(connection: Connection, key: Column[Any], values: set[str]) -> list[dict[str, Any]]:
    """The rows of a table whose `key` is one of `values`."""
    rows = connection.execute(select(key.table).where(key.in_(values)))
    return [row._asdict() for row in rows]


def news(row: dict[str, Any], said: dict[str, Any]) -> dict[str, Any] | None:
    """`said`, completed from `row` where it says nothing; `None` if `row` holds all of it."""
    facts = {name: row[name] if value is None else value for name, value in said.items()}
    return facts if any(row[name] != value for name, value in facts.items()) else None


def missing(row: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What `said` knows and `row` does not."""
    return {name: value if row[name] is None else None for name, value in said.items()}


def write_rows(
    connection: Connection,
    table: Table,
    added: Sequence[dict[str, Any]],
    changed: Sequence[dict[str, Any]],
    key: str,
) -> None:
    """Insert the rows `added`, and update those in `changed`, told by their `key`."""
    if added:
        connection.execute(insert(table), added)
    if changed:
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in changed[0] if name != key}
        connection.execute(
            update(table).where(table.c[key] == bindparam(f"new_{key}")).values(new),
            [{f"new_{name}": value for name, value in row.items()} for row in changed],
        )
