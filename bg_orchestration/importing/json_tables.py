"""Records of JSON and Parquet files as rows of text, nested objects flattened with `.`."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

from bg_orchestration.importing.headers import FileError

# A record's number and its cells, or the reason that it is unreadable.
Records = Iterator[tuple[int, list[str] | str]]
# Reads the file's records from the start: objects, or the reason for no object.
_Source = Callable[[], Iterator[tuple[int, dict[str, Any] | str]]]

_BATCH = 1_000
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:(?:\[\s*){0,2}\{\s*(?:"[^"]*"\s*:|\}|$)|\[\s*\[\s*")')
# The names under which providers and CRMs put the records of an answer.
_WRAPPERS = (
    "data", "people", "persons", "contacts", "employees", "results", "records", "items", "hits",
    "companies", "organizations", "accounts", "leads", "rows", "matches", "profiles", "members",
    "elements", "entries", "list", "value",
)  # fmt: skip
# A person's or company's own fields: what has one is a record, no wrapper.
_RECORD = frozenset({
    "name", "full_name", "fullname", "first_name", "firstname", "last_name", "lastname", "title",
    "job_title", "jobtitle", "company", "company_name", "email", "domain", "properties", "person",
})  # fmt: skip
# A person's fields, and the lists of people that a company's record may hold.
_PERSONAL = _RECORD - {"name", "company", "company_name", "domain", "properties", "person"}
_PEOPLE = ("people", "persons", "employees", "contacts", "members", "leads", "prospects", "staff",
           "profiles", "team", "emails")  # fmt: skip
_JOBS = (
    "experience",
    "experiences",
    "work_experience",
    "positions",
    "member_experience_collection",
)
_DEPTH = 6


def is_json(path: Path, head: bytes) -> bool:
    """Return whether a file's name or beginning means JSON, array or lines."""
    return path.suffix.lower() in {".json", ".jsonl", ".ndjson"} or bool(_JSON.match(head))


def is_parquet(path: Path, head: bytes) -> bool:
    """Return whether a file's name or beginning means Parquet."""
    return path.suffix.lower() in {".parquet", ".pq"} or head.startswith(b"PAR1")


def flatten(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Flatten a JSON value to names and text: `{"a": {"b": 1}}` gives `("a.b", "1")`.

    A list of plain values is one text, separated by `;`; the objects in a list are numbered
    from 0.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and any(isinstance(element, dict | list) for element in value):
        for at, inner in enumerate(value):
            yield from flatten(inner, f"{name}.{at}")
    elif isinstance(value, list):
        yield name, ";".join(_plain(element) for element in value)
    else:
        yield name, _plain(value)


def json_table(text: IO[str]) -> tuple[list[str], Records]:
    """Return the headers and rows of a JSON document, or of JSON lines.

    A document is an array of objects, one object, or the answer of a provider: an object that
    holds the array under a name such as `data` or `people`. Lines need not fit in memory: they
    are read twice, first for the names they use.

    Raises:
        FileError: it is none of these, or empty.
    """
    filled = (line for line in text if line.strip())
    first, more = next(filled, ""), next(filled, None) is not None
    text.seek(0)
    if not first:
        raise FileError("the file is empty: it must hold an array of objects, or one a line")
    if more and _is_object(first):
        return _table(lambda: _json_lines(text))
    try:
        documents = _documents(text.read().strip())
    except (ValueError, RecursionError) as error:
        if first.lstrip().startswith("{") and more:
            return _table(lambda: _json_lines(text))
        raise FileError(f"is not JSON: {error}") from None
    records = _records(documents[0]) if len(documents) == 1 else documents
    people = [person for record in records if record is not None for person in _people(record)]
    return _table(lambda: ((at, _object(person)) for at, person in enumerate(people, 1)))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _records(document: Any, depth: int = _DEPTH) -> list[Any]:
    """Return the records of a document: elements, those that it wraps, or itself."""
    if isinstance(document, list):
        if len(document) == 1 and isinstance(document[0], list):
            return _records(document[0])
        if document and all(isinstance(row, list) for row in document):
            return [dict(zip(map(str, document[0]), row, strict=False)) for row in document[1:]]
        return document
    if isinstance(document, dict) and (rows := _by_columns(document)):
        return rows
    if not isinstance(document, dict) or _RECORD & {name.casefold() for name in document}:
        # A record may have such a list, too.
        return [document]
    lists = {name: value for name, value in document.items() if _is_list_of_objects(value)}
    for name in (*_WRAPPERS, *(lists if len(lists) == 1 else ())):
        if isinstance(document.get(name), list):
            return _records(document[name])
    objects = [value for value in document.values() if isinstance(value, dict)]
    if len(objects) > 1 and len(objects) == len(document):
        return objects  # by their id
    if depth and len(objects) >= 1:
        inner = next((document[name] for name in _WRAPPERS if name in document), objects[0])
        return _records(inner, depth - 1)
    return [document]


def _by_columns(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the records of a document that lists its columns, empty if it does not."""
    for names in ("columns", "header", "headers"):
        rows = document.get("rows", document.get("data"))
        if isinstance(document.get(names), list) and isinstance(rows, list):
            header = [str(name) for name in document[names]]
            return [dict(zip(header, row, strict=False)) for row in rows if isinstance(row, list)]
    columns = [
        [*column.values()] if isinstance(column, dict) and "0" in column else column
        for column in document.values()
    ]
    plain = all(
        isinstance(column, list) and not any(isinstance(cell, dict | list) for cell in column)
        for column in columns
    )
    if len(columns) < 2 or not plain or len({len(column) for column in columns}) != 1:
        return []
    return [dict(zip(document, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _people(record: Any) -> list[Any]:
    """Return the people that a company's record lists, with the company; else the record."""
    if not isinstance(record, dict) or _PERSONAL & {name.casefold() for name in record}:
        return [record]
    name = next((name for name in _PEOPLE if _is_list_of_people(record.get(name))), None)
    if name is None:
        return [record]
    rest = {field: value for field, value in record.items() if field != name}
    named = rest.keys() & {"company", "organization", "account", "employer"}
    return [(rest if named else {"company": rest}) | person for person in record[name]]


def _is_list_of_people(value: Any) -> bool:
    return _is_list_of_objects(value) and bool(
        (_PERSONAL - {"email"} | {"name"}) & {name.casefold() for name in value[0]}
    )


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _documents(text: str) -> list[Any]:
    """Return the documents that follow one another in a text.

    Raises:
        ValueError: it holds something else.
    """
    documents, at = [], 0
    decoder = json.JSONDecoder()
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        documents.append(document)
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
    return documents


def parquet_table(stream: BinaryIO) -> tuple[list[str], Records]:
    """Return the headers and rows of a Parquet file, in batches.

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
    flat = (flatten(record) for _, record in source() if isinstance(record, dict))
    header = list(dict.fromkeys(name for pairs in flat for name, _ in pairs))

    def rows() -> Records:
        for at, record in source():
            if isinstance(record, str):
                yield at, record
            else:
                cells = dict(flatten(record))
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
    if not isinstance(value, dict):
        return "is not a JSON object"
    inner = value.get("_source")  # the form of search engines
    return _current_job_first(inner if isinstance(inner, dict) else value)


def _current_job_first(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with its jobs in `experience`, the present one first, for the headers."""
    name = next((name for name in _JOBS if _is_list_of_objects(record.get(name))), None)
    if name is None:
        return record
    jobs = record[name]
    rest = {field: value for field, value in record.items() if field != name}
    return rest | {"experience": sorted(jobs, key=lambda job: not _is_current(job))}


def _is_current(job: dict[str, Any]) -> bool:
    for name in ("active_experience", "is_primary", "is_current", "current"):
        if name in job:
            return bool(job[name])
    return not any(job.get(name) for name in ("date_to", "end_date", "ends_at", "endDate"))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
