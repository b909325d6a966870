"""Events of a file: bodies that a sender exported, stored as if the sender had sent them again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Engine

from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.intake.inbox import NewEvent, Outcome, record
from bg_orchestration.store.database import writing
from bg_orchestration.webhooks.bodies import MAX_BODY
from bg_orchestration.webhooks.traceparent import own_context

# The scheme of an event that no signature proves: a user with the database's URL brought it.
FILE_SCHEME = "file"
_BATCH = 256


@dataclass(frozen=True, slots=True)
class FileEvent:
    """One line of the file.

    Attributes:
        number: of the line, from 1.
        outcome: of the inbox, or `invalid`: the line is no event and is not stored.
        fault: why a line is invalid.
    """

    number: int
    outcome: Outcome | str
    fault: str = ""


def store_events(engine: Engine, lines: Iterable[bytes]) -> Iterator[FileEvent]:
    """Store the events of a file, 256 in a transaction; an event that is stored is a duplicate.

    Args:
        engine: the engine of our database.
        lines: one body a line, with the sender's own id; empty lines are left out.
    """
    numbered = (
        (number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()
    )
    while batch := list(islice(numbered, _BATCH)):
        rows: dict[int, NewEvent] = {}
        faults: dict[int, str] = {}
        for number, body in batch:
            try:
                rows[number] = _row(body)
            except (UnreadableBodyError, InvalidEventError) as fault:
                faults[number] = str(fault)
        with writing(engine) as connection:
            outcomes = dict(zip(rows, record(connection, list(rows.values())), strict=True))
        for number, _body in batch:
            if number in faults:
                yield FileEvent(number, "invalid", faults[number])
            else:
                yield FileEvent(number, outcomes[number])


def _row(body: bytes) -> NewEvent:
    if len(body) > MAX_BODY:
        raise UnreadableBodyError(f"The body is larger than {MAX_BODY} bytes.")
    return NewEvent.of(
        read_event(body),
        body,
        scheme=FILE_SCHEME,
        key_fingerprint=FILE_SCHEME,
        webhook_id=None,
        traceparent=own_context(None),
    )
