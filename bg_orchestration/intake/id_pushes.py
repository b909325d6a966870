"""Unsigned arrays of ids that data providers push: hints to look, never facts.

Coresignal sends `[{member_id, status, changed_fields}]`, People Data Labs an array of ids. Neither
signs, numbers its deliveries or sends again; both may send twice.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from bg_orchestration.intake.event_reader import FieldFault, InvalidEventError, read_json
from bg_orchestration.intake.inbox import NO_COMPANY, NO_PERSON, NewEvent

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


def fan_out(
    source: PushProvider,
    subscription_id: str,
    company_id: str | None,
    content: bytes,
    received: datetime,
    traceparent: str,
) -> tuple[list[NewEvent], int]:
    """Return the rows of a delivery, its own first, and the number of entries without a person.

    Args:
        source: the provider.
        subscription_id: our id of the subscription.
        company_id: the company that the subscription covers; `None` for a list of people.
        content: the body as received.
        received: the time of the receiver.
        traceparent: of the request.

    Raises:
        UnreadableBodyError: it is not JSON.
        InvalidEventError: it is no array, or an array of which no entry can be used.
    """
    array = read_json(content)
    if not isinstance(array, list):
        raise InvalidEventError((FieldFault("body", "must be a JSON array"),))
    entries = read_entries(source, array)
    usable = [(entry, value) for entry, value in zip(entries, array, strict=True) if entry]
    if array and not usable:
        raise InvalidEventError((FieldFault("0", "names no person: no id, no object with an id"),))
    digest = hashlib.sha256(content).hexdigest()
    day = received.date()
    parts = f"{source}:{subscription_id}:{day.isoformat()}:{digest}"
    delivery_id = f"delivery:{hashlib.sha256(parts.encode()).hexdigest()}"

    def row(event_id: str, type_: str, person_id: str, body: bytes) -> NewEvent:
        return NewEvent(
            source=source,
            event_id=event_id,
            type=type_,
            company_id=company_id or NO_COMPANY,
            person_id=person_id,
            happened_at=received,
            body=body,
            body_sha256=hashlib.sha256(body).hexdigest(),
            scheme=source,
            key_fingerprint=subscription_id,
            webhook_id=delivery_id,
            traceparent=traceparent,
        )

    def row_of(entry: Entry, value: Any) -> NewEvent:
        event_id = entry.event_id(source, subscription_id, day)
        return row(event_id, entry.type, f"{source}:{entry.source_id}", json.dumps(value).encode())

    rows = [row(delivery_id, DELIVERY, NO_PERSON, content)]
    rows += [row_of(entry, value) for entry, value in usable]
    return rows, len(array) - len(usable)


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
