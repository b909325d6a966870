"""From verified bytes to an event: strict where JSON parsers disagree."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import ValidationError

from bg_orchestration.domain.events import PersonChangeEvent

# A body may hold as many faults as it has fields; the first ones tell enough.
_MAX_FAULTS = 20


class UnreadableBodyError(Exception):
    """The body is not one JSON document in UTF-8 that every parser reads alike."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, by its path; the sender's value is not repeated."""

    field: str
    message: str


class InvalidEventError(Exception):
    """The body is JSON, but not an event of the contract."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = faults


def parse_event(body: bytes) -> PersonChangeEvent:
    """The event that `body` holds.

    Raises:
        UnreadableBodyError: see there; also nested too deep, or a number too long for Python.
        InvalidEventError: a field is missing or wrong, or the document is no object.
    """
    document = read_json(body)
    if not isinstance(document, dict):
        raise InvalidEventError((Fault("body", "must be a JSON object"),))
    try:
        return PersonChangeEvent.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        faults = [
            Fault(".".join(str(part) for part in fault["loc"]) or "body", fault["msg"])
            for fault in found[:_MAX_FAULTS]
        ]
        raise InvalidEventError(tuple(faults)) from None
    except OverflowError:
        # The year 1 or 9999 with a zone that leads out of the calendar.
        raise InvalidEventError((Fault("timestamp", "must lie in the years 1 to 9999"),)) from None
    except UnicodeEncodeError:
        fault = Fault("body", "a field's name holds half of a surrogate pair")
        raise InvalidEventError((fault,)) from None


def read_json(body: bytes) -> Any:
    """The one JSON document in UTF-8 that `body` is.

    Raises:
        UnreadableBodyError: it is none, or parsers would disagree on what it says.
    """
    try:
        # json.loads would take bytes in UTF-16 and UTF-32 too.
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableBodyError("The body is not UTF-8.") from None
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_distinct)
    except RecursionError:
        raise UnreadableBodyError("The body is nested too deep.") from None
    except json.JSONDecodeError:
        raise UnreadableBodyError("The body is not JSON.") from None
    except ValueError:
        # Python converts integers of at most 4,300 digits.
        raise UnreadableBodyError("The body holds a number that is too long.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableBodyError(f"The body is not JSON: {name} is no number.")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Which of two equal keys counts differs from parser to parser, and one of them is signed.
    members = dict(pairs)
    if len(members) != len(pairs):
        raise UnreadableBodyError("The body holds the same key twice in one object.")
    return members
