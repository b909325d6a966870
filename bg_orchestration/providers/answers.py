"""Reads the JSON of providers field by field: tolerant of forms, strict about promised fields.

Null and missing are the same. Unknown fields are ignored. An id may be a number or a string, and a
number may be a string. A promised field that is missing, or a field of an unreadable type, raises
`SchemaDriftError` with the names of provider, endpoint and field. It never has a value, which may
be personal.
"""

import math
import re
from typing import Any

from bg_orchestration.domain.web_domains import registrable_domain
from bg_orchestration.importing import cells, dates
from bg_orchestration.ledger.calls import Answer, Call, parse_json
from bg_orchestration.ledger.errors import SchemaDriftError

# Valid in JSON, but no database stores them.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read(answer: Answer, call: Call) -> "Fields":
    """Read an answer that is an object.

    Raises:
        SchemaDriftError: it has another type.
    """
    return Fields(_content(answer, call), call.provider, call.endpoint)


def read_objects(answer: Answer, call: Call) -> "list[Fields]":
    """Read an answer that is an array of objects.

    Raises:
        SchemaDriftError: it has another type.
    """
    return [
        Fields(item, call.provider, call.endpoint, f"[{at}]")
        for at, item in enumerate(_array(answer, call))
    ]


def read_ids(answer: Answer, call: Call) -> list[str]:
    """Read an answer that is an array of ids, numbers or strings.

    Raises:
        SchemaDriftError: it has another type.
    """
    ids = [read_id(item) for item in _array(answer, call)]
    if None in ids:
        raise _drift(call.provider, call.endpoint, f"[{ids.index(None)}]", "is no id")
    return [source_id for source_id in ids if source_id]


def read_id(value: object) -> str | None:
    """Read an id, a number or a string; `None` for any other type."""
    if isinstance(value, str):
        return _clean(value) or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None
    return str(value)


def _array(answer: Answer, call: Call) -> list[Any]:
    content = _content(answer, call)
    if not isinstance(content, list):
        raise _drift(call.provider, call.endpoint, "the answer", f"is {_kind(content)}, no array")
    return content


def _content(answer: Answer, call: Call) -> Any:
    try:
        return parse_json(answer.body)
    except ValueError:
        raise _drift(call.provider, call.endpoint, "the answer", "is no JSON") from None


class Fields:
    """One object of an answer.

    Raises:
        SchemaDriftError: it is no object.
    """

    def __init__(self, value: object, provider: str, endpoint: str, path: str = "") -> None:
        self._provider = provider
        self._endpoint = endpoint
        self._path = path
        if not isinstance(value, dict):
            raise _drift(provider, endpoint, path or "the answer", f"is {_kind(value)}, no object")
        self._values: dict[str, Any] = value

    def raw(self, name: str) -> Any:
        """Return a field without conversion."""
        return self._values.get(name)

    def has(self, *names: str) -> bool:
        """Whether one of the fields exists, even as null."""
        return any(name in self._values for name in names)

    def text(self, *names: str) -> str | None:
        """Return the first text among the fields, with single spaces."""
        for name in names:
            value = self._values.get(name)
            if isinstance(value, bool | dict | list):
                raise self.drift(name, f"is {_kind(value)}, no text")
            if value is not None and (text := cells.read_text(_clean(str(value)))):
                return text
        return None

    def code(self, name: str) -> str:
        """Return a word of the provider's own, such as `unknown`, in lower case; or no text."""
        value = self._values.get(name)
        if isinstance(value, bool | dict | list):
            raise self.drift(name, f"is {_kind(value)}, no text")
        return _clean(str(value or "")).casefold()

    def date(self, *names: str) -> str | None:
        """Return the first date among the fields, as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
        for name in names:
            try:
                if date := dates.read_start(self.text(name) or ""):
                    return date
            except ValueError:
                continue
        return None

    def id(self, *names: str) -> str | None:
        """Return the first id among the fields."""
        for name in names:
            value = self._values.get(name)
            if value is not None and (found := read_id(value)) is None and value != "":
                raise self.drift(name, f"is {_kind(value)}, no id")
            if value is not None and found:
                return found
        return None

    def need_id(self, *names: str) -> str:
        """Return an id that is promised."""
        found = self.id(*names)
        if found is None:
            raise self.drift(names[0], "is missing")
        return found

    def need_text(self, *names: str) -> str:
        """Return a text that is promised."""
        found = self.text(*names)
        if found is None:
            raise self.drift(names[0], "is missing")
        return found

    def number(self, name: str) -> float | None:
        """Return a finite number, which may be a string."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, bool | dict | list):
                raise ValueError
            number = float(value)
        except (ValueError, OverflowError):
            raise self.drift(name, f"is {_kind(value)}, no number") from None
        if not math.isfinite(number):
            raise self.drift(name, "is no finite number")
        return number

    def count(self, name: str) -> int | None:
        """Return a whole number from 0, such as a head count, a year or a month."""
        number = self.number(name)
        return int(number) if number is not None and 0 <= number < 1e9 else None

    def flag(self, name: str) -> bool | None:
        """Return a truth value, which may be 0, 1 or a word."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, dict | list):
            raise self.drift(name, f"is {_kind(value)}, no truth value")
        return cells.read_flag(str(value).removesuffix(".0"))

    def child(self, name: str) -> "Fields | None":
        """Return the object in a field."""
        value = self._values.get(name)
        return None if value is None else Fields(value, *self._below(name))

    def children(self, name: str) -> "list[Fields]":
        """Return the objects of the array in a field, without nulls."""
        return [
            Fields(item, *self._below(f"{name}[{at}]"))
            for at, item in enumerate(self._array(name))
            if item is not None
        ]

    def need_children(self, name: str) -> "list[Fields]":
        """Return the objects of an array that is promised."""
        if self._values.get(name) is None:
            raise self.drift(name, "is missing")
        return self.children(name)

    def texts(self, name: str) -> list[str]:
        """Return the texts of the array in a field, or of its single text."""
        value = self._values.get(name)
        items = [value] if isinstance(value, str) else self._array(name)
        return [text for item in items if isinstance(item, str) and (text := _text(item))]

    def person_name(self) -> str | None:
        """Return a person's whole name, or its known part.

        Raises:
            SchemaDriftError: all fields with names are missing.
        """
        if not self.has("full_name", "fullName", "name", "first_name", "firstName"):
            raise self.drift("full_name", "is missing")
        parts = (self.text("first_name", "firstName"), self.text("last_name", "lastName"))
        whole = self.text("full_name", "fullName", "name")
        return whole or " ".join(part for part in parts if part) or None

    def profile(self, *names: str) -> str | None:
        """Return the first LinkedIn profile link with a public slug, in one form."""
        for name in names:
            text = self.text(name)
            slug = cells.read_profile(text)[0] if text else None
            if slug:
                return f"https://www.linkedin.com/in/{slug}"
        return None

    def company_page(self, *names: str) -> str | None:
        """Return the first LinkedIn company link, in one form."""
        for name in names:
            text = self.text(name)
            page = cells.read_company_page(text) if text else None
            if page:
                return f"https://www.linkedin.com/company/{page}"
        return None

    def domain(self, *names: str) -> str | None:
        """Return the first registrable domain; a shared host is none."""
        for name in names:
            text = self.text(name)
            domain = registrable_domain(text) if text else None
            if domain:
                return domain
        return None

    def drift(self, name: str, fault: str) -> SchemaDriftError:
        """Return the error about a field."""
        return _drift(self._provider, self._endpoint, self._full(name), fault)

    def _array(self, name: str) -> list[Any]:
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.drift(name, f"is {_kind(value)}, no array")
        return value

    def _below(self, name: str) -> tuple[str, str, str]:
        return self._provider, self._endpoint, self._full(name)

    def _full(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


def _drift(provider: str, endpoint: str, field: str, fault: str) -> SchemaDriftError:
    return SchemaDriftError(
        provider,
        f"{endpoint}: {field} {fault}. The provider changed its answers: its adapter must follow.",
    )


def _text(value: str) -> str | None:
    return cells.read_text(_clean(value))


def _clean(value: str) -> str:
    return _UNSTORABLE.sub("", value).strip()


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "an array", str: "text", bool: "a truth value"}
    return kinds.get(type(value), "null" if value is None else "a number")
