"""Records of JSON and Parquet files as rows of text, nested objects flattened with `.`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

from bg_orchestration.importing.headers import FileError

# A record's number and its cells, or why it cannot be read.
Records = Iterator[tuple[int, list[str] | str]]
# Reads the file's records from the start: objects, or why one is none.
_Source = Callable[[], Iterator[tuple[int, dict[str, Any] | str]]]

_BATCH = 1_000


def is_json(path: Path) -> bool:
    """Whether a file's name says JSON, array or lines."""
    return Path(path.name.removesuffix(".gz")).suffix in {".json", ".jsonl", ".ndjson"}


def is_parquet(path: Path) -> bool:
    """Whether a file's name says Parquet."""
    return path.suffix in {".parquet", ".pq"}


def flatten(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """A JSON value as names and text: `{"a": {"b": 1}}` gives `("a.b", "1")`.

    A list of plain values is one text, separated by `;`; the objects in a list are numbered
    from 0.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for at, inner in enumerate(value):
            yield from flatten(inner, f"{name}.{at}")
    elif isinstance(value, list):
        yield name, ";".join(_plain(one) for one in value)
    else:
        yield name, _plain(value)


def json_table(text: IO[str]) -> tuple[list[str], Records]:
    """The headers and rows of a JSON array of objects, or of JSON lines.

    Lines need not fit in memory: they are read twice, first for the names they use.

    Raises:
        FileError: it is neither, or empty.
    """
    start = next((line.strip() for line in text if line.strip()), "")
    text.seek(0)
    if not start:
        raise FileError("the file is empty: it must hold an array of objects, or one a line")
    if not start.startswith("["):
        return _table(lambda: _json_lines(text))
    try:
        found = json.load(text)
    except (ValueError, RecursionError) as error:
        raise FileError(f"is not JSON: {error}") from None
    return _table(lambda: ((at, _object(one)) for at, one in enumerate(found, 1)))


def parquet_table(stream: BinaryIO) -> tuple[list[str], Records]:
    """The headers and rows of a Parquet file, in batches.

    Raises:
        FileError: pyarrow is not installed, or the file is not Parquet.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise FileError("Parquet needs pyarrow: pip install bg_orchestration[parquet]") from None
    try:
        file = parquet.ParquetFile(stream)
    except ArrowException as error:
        raise FileError(f"is not Parquet: {error}") from None

    def records() -> Iterator[tuple[int, dict[str, Any] | str]]:
        batches = (batch.to_pylist() for batch in file.iter_batches(_BATCH))
        return enumerate((record for batch in batches for record in batch), 1)

    return _table(records)


def _table(source: _Source) -> tuple[list[str], Records]:
    flat = (flatten(one) for _, one in source() if isinstance(one, dict))
    header = list(dict.fromkeys(name for pairs in flat for name, _ in pairs))

    def rows() -> Records:
        for at, one in source():
            if isinstance(one, str):
                yield at, one
            else:
                cells = dict(flatten(one))
                yield at, [cells.get(name, "") for name in header]

    return header, rows()


def _json_lines(text: IO[str]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    text.seek(0)
    for at, line in enumerate(text, 1):
        if line.strip():
            try:
                yield at, _object(json.loads(line))
            except (ValueError, RecursionError) as error:
                yield at, f"is not JSON: {error}"


def _object(value: Any) -> dict[str, Any] | str:
    return value if isinstance(value, dict) else "is not a JSON object"


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
