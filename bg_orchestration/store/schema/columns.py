"""Parts of tables: metadata, instants in UTC, automatic keys, allowed words."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    TextClause,
    TypeDecorator,
)


class Utc(TypeDecorator[datetime]):
    """A UTC instant to the microsecond: `timestamptz` on PostgreSQL, naive UTC on SQLite.

    SQLite drops time zones, so the type stores UTC and returns UTC. It refuses a naive value,
    which does not say its zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime; give SQLite the UTC wall clock."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Mark SQLite's value as UTC; convert PostgreSQL's value to UTC."""
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives an automatic key only to a column of exactly the type INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return the constraint that `column` holds one of `values`, or null where allowed."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def partial_index(
    name: str, *columns: Column[Any], where: TextClause | ColumnElement[bool], unique: bool = False
) -> Index:
    """Return an index of the rows for which `where` holds, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
