"""Reading what providers answer: JSON field by field, tolerant of forms, strict about promises.

Null and missing are the same, fields that we do not know are passed over, an id may be a number or
a string, a number may come as a string. What is lacking although it is promised, or has a shape
from which nothing can be read, raises `SchemaDriftError` with the names of provider, endpoint and
field: never with a value, which may be somebody's.
"""

import math
import re
from typing import Any

from bg_orchestration.domain.web_domains import registrable_domain
from bg_orchestration.importing import cells
from bg_orchestration.ledger.calls import Answer, Call, parse_json
from bg_orchestration.ledger.errors import SchemaDriftError

# Valid in JSON, stored by no database.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read(answer: Answer, call: Call) -> "Fields":
    """The object that an answer is.

    Raises:
        SchemaDriftError: it is something else.
    """
    return Fields(_content(answer, call), call.provider, call.endpoint)


def read_objects(answer: Answer, call: Call) -> "list[Fields]":
    """The array of objects that an answer is.

    Raises:
        SchemaDriftError: it is something else.
    """
    return [
        Fields(item, call.provider, call.endpoint, f"[{at}]")
        for at, item in enumerate(_array(answer, call))
    ]


def read_ids(answer: Answer, call: Call) -> list[str]:
    """The array of ids, numbers or strings, that an answer is.

    Raises:
        SchemaDriftError: it is something else.
    """
    ids = [read_id(item) for item in _array(answer, call)]
    if None in ids:
        raise _drift(call.provider, call.endpoint, f"[{ids.index(None)}]", "is no id")
    return [one for one in ids if one]


def read_id(value: object) -> str | None:
    """An id, which may be a number or a string; `None` for anything else."""
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
        """A field as it came."""
        return self._values.get(name)

    def has(self, *names: str) -> bool:
        """Whether one of the fields is there, be it null."""
        return any(name in self._values for name in names)

    def text(self, *names: str) -> str | None:
        """The first of the fields that says something, with single spaces."""
        for name in names:
            value = self._values.get(name)
            if isinstance(value, bool | dict | list):
                raise self.drift(name, f"is {_kind(value)}, no text")
            if value is not None and (text := cells.read_text(_clean(str(value)))):
                return text
        return None

    def date(self, *names: str) -> str | None:
        """The first of the fields that holds a date, as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
        for name in names:
            try:
                if date := cells.read_start(self.text(name) or ""):
                    return date
            except ValueError:
                continue
        return None

    def id(self, *names: str) -> str | None:
        """The first of the fields that holds an id."""
        for name in names:
            value = self._values.get(name)
            if value is not None and (found := read_id(value)) is None and value != "":
                raise self.drift(name, f"is {_kind(value)}, no id")
            if value is not None and found:
                return found
        return None

    def need_id(self, *names: str) -> str:
        """As `id`, where one is promised."""
        found = self.id(*names)
        if found is None:
            raise self.drift(names[0], "is missing")
        return found

    def need_text(self, *names: str) -> str:
        """As `text`, where one is promised."""
        found = self.text(*names)
        if found is None:
            raise self.drift(names[0], "is missing")
        return found

    def number(self, name: str) -> float | None:
        """A finite number, which may come as a string."""
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
        """A number of people, a year, a month: a whole number that is not negative."""
        number = self.number(name)
        return int(number) if number is not None and 0 <= number < 1e9 else None

    def flag(self, name: str) -> bool | None:
        """A truth, which may come as 0 or 1 or in words."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, dict | list):
            raise self.drift(name, f"is {_kind(value)}, no truth value")
        return cells.read_flag(str(value).removesuffix(".0"))

    def child(self, name: str) -> "Fields | None":
        """The object in a field."""
        value = self._values.get(name)
        return None if value is None else Fields(value, *self._below(name))

    def children(self, name: str) -> "list[Fields]":
        """The objects of the array in a field; nulls among them are passed over."""
        return [
            Fields(item, *self._below(f"{name}[{at}]"))
            for at, item in enumerate(self._array(name))
            if item is not None
        ]

    def need_children(self, name: str) -> "list[Fields]":
        """As `children`, where the array is promised."""
        if self._values.get(name) is None:
            raise self.drift(name, "is missing")
        return self.children(name)

    def texts(self, name: str) -> list[str]:
        """The texts of the array in a field, or the one text that stands there instead."""
        value = self._values.get(name)
        items = [value] if isinstance(value, str) else self._array(name)
        return [text for item in items if isinstance(item, str) and (text := _text(item))]

    def person_name(self) -> str | None:
        """A person's whole name, or what there is of it.

        Raises:
            SchemaDriftError: none of the fields that hold names is there.
        """
        if not self.has("full_name", "fullName", "name", "first_name", "firstName"):
            raise self.drift("full_name", "is missing")
        parts = (self.text("first_name", "firstName"), self.text("last_name", "lastName"))
        whole = self.text("full_name", "fullName", "name")
        return whole or " ".join(part for part in parts if part) or None

    def profile(self, *names: str) -> str | None:
        """The first LinkedIn profile link with a public slug, always in the same form."""
        for name in names:
            text = self.text(name)
            slug = cells.read_profile(text)[0] if text else None
            if slug:
                return f"https://www.linkedin.com/in/{slug}"
        return None

    def company_page(self, *names: str) -> str | None:
        """The first LinkedIn company link, always in the same form."""
        for name in names:
            text = self.text(name)
            page = cells.read_company_page(text) if text else None
            if page:
                return f"https://www.linkedin.com/company/{page}"
        return None

    def domain(self, *names: str) -> str | None:
        """The first registrable domain; hosts that many companies share are none."""
        for name in names:
            text = self.text(name)
            domain = registrable_domain(text) if text else None
            if domain:
                return domain
        return None

    def drift(self, name: str, fault: str) -> SchemaDriftError:
        """What to raise about a field."""
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
