"""Unsigned arrays of ids that data providers push: hints to look, never facts.

Coresignal sends `[{member_id, status, changed_fields}]`, People Data Labs an array of ids. Neither
signs, numbers its deliveries or sends again; both may send twice.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

PushProvider = Literal["coresignal", "pdl"]

# The types of pushes in the inbox.
DELIVERY: Final = "provider.delivery"
_HINT: Final = "hint."

_ID = re.compile(r"[!-~]{1,64}")
_WORD = re.compile(r"[A-Za-z0-9_.]{1,64}")
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a pushed array: a person's record has changed.

    Attributes:
        source_id: the provider's id of the person.
        status: `changed`, `started_matching_query`, `stopped_matching_query` or another word of
            the provider; `unknown` if it is no word.
        changed_fields: names of fields, sorted, each once.
    """

    source_id: str
    status: str = "changed"
    changed_fields: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """The type of the event in the inbox."""
        return _HINT + self.status

    def event_id(self, source: PushProvider, subscription_id: str, day: date) -> str:
        """Return the event id: equal for equal entries of a day, so a repetition is one event."""
        parts = [
            source,
            subscription_id,
            self.source_id,
            self.status,
            list(self.changed_fields),
            day.isoformat(),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def read_entries(source: PushProvider, array: list[Any]) -> list[Entry | None]:
    """Return the entries of a pushed array in order; `None` for an entry without an id."""
    read = _READERS[source]
    return [read(value) for value in array]


def read_id(value: Any) -> str | None:
    """Return a provider's id, given as number or string; `None` for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return text if _ID.fullmatch(text) else None


def _coresignal(value: Any) -> Entry | None:
    if not isinstance(value, dict) or (source_id := read_id(value.get("member_id"))) is None:
        return None
    fields = value.get("changed_fields")
    words = {word for word in fields if _is_word(word)} if isinstance(fields, list) else set()
    status = value.get("status", "changed")
    return Entry(source_id, status if _is_word(status) else _UNKNOWN, tuple(sorted(words)))


def _pdl(value: Any) -> Entry | None:
    source_id = read_id(value)
    return None if source_id is None else Entry(source_id)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


_READERS: Mapping[PushProvider, Callable[[Any], Entry | None]] = {
    "coresignal": _coresignal,
    "pdl": _pdl,
}
