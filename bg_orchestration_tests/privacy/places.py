"""Where it is searched: files, rows of databases, and what is packed in them."""

import base64
import binascii
import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Where people rightly are: our database, and the values of the assets.
_DATABASE = "bg.sqlite3"
_PEOPLE = {"artifacts"}
# The tables of ours that must hold nobody.
_WITHOUT_PEOPLE = (
    "trace_spans",
    "buyer_group_refresh_logs",
    "refresh_attempts",
    "pipeline_counters",
)
_SQLITE = b"SQLite format 3\x00"


def contents(home: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file of `home` that must not name anybody, with everything that it holds.

    Databases are read twice: by rows, since a long value is spread over pages, and as bytes, since
    what was deleted lingers. Of our own database, only the tables without people, by rows.
    """
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home)
        if not path.is_file() or inside.parts[0] in _PEOPLE:
            continue
        if inside.name.startswith(_DATABASE):
            if inside.name == _DATABASE:
                yield str(inside), _rows(path, _WITHOUT_PEOPLE)
            continue
        yield str(inside), _all_of(path)


def _all_of(path: Path) -> Iterator[bytes]:
    raw = path.read_bytes()
    yield from _unpacked(raw)
    if raw.startswith(_SQLITE):
        yield from _rows(path)


def _rows(path: Path, only: tuple[str, ...] | None = None) -> Iterator[bytes]:
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    try:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in named.fetchall():
            if only is None or table in only:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        yield from _value(value)
    finally:
        connection.close()


def _value(value: Any) -> Iterator[bytes]:
    if isinstance(value, str):
        yield from _unpacked(value.encode(errors="surrogateescape"))
    elif isinstance(value, bytes):
        yield from _unpacked(value)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    """`raw`, and what is compressed in it or, in a message of Celery's, encoded."""
    yield raw
    if raw[:1] == b"\x78" or raw[:2] == b"\x1f\x8b":
        try:
            yield from _unpacked(zlib.decompress(raw, wbits=47))
        except zlib.error:
            return
    if raw[:1] == b"{" and b'"body"' in raw:
        try:
            body = json.loads(raw)["body"]
            yield from _unpacked(base64.b64decode(body, validate=True))
        except (ValueError, KeyError, TypeError, binascii.Error):
            return
