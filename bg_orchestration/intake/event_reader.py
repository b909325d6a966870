"""The only reader of received bytes, for the receiver and for the planner.

Both callers get the same result whatever their stack: nesting is limited by count, well below
Python's own limit.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bg_orchestration.domain.events import PersonChangeEvent

# The most levels of arrays and objects. Python's limit of 1,000 counts the caller's frames too.
MAX_DEPTH: Final = 200

# A body may have a fault in every field; the first faults are enough.
_MAX_FAULTS: Final = 20
_MAX_PATH: Final = 200
# These messages replace pydantic's, which name our classes.
_MESSAGES: Final = {
    "missing": "is missing",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "string_type": "must be text",
    "string_unicode": "must not hold NUL or half of a surrogate pair",
}
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[\]{}]")


class UnreadableBodyError(Exception):
    """The body is not an unambiguous JSON document in UTF-8."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A fault of one field, with its path but without the sender's value."""

    field: str
    message: str


class InvalidEventError(Exception):
    """The body is JSON, but not an event of the contract."""

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = faults


def read_event(body: bytes) -> PersonChangeEvent:
    """Read the event of the contract in `body`.

    Half of a surrogate pair is legal JSON but not text. The fields of the contract, which are
    stored as text, must not hold it; other fields may.

    Raises:
        UnreadableBodyError: the body is not JSON, or parsers would disagree on it.
        InvalidEventError: a field is missing or wrong, or the document is no object.
    """
    document = read_json(body)
    if not isinstance(document, dict):
        raise InvalidEventError((FieldFault("body", "must be a JSON object"),))
    try:
        return PersonChangeEvent.model_validate(document)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False, include_context=False)
    raise InvalidEventError(tuple(_fault(fault) for fault in errors[:_MAX_FAULTS]))


def _fault(fault: ErrorDetails) -> FieldFault:
    message = _MESSAGES.get(fault["type"]) or fault["msg"].removeprefix("Value error, ")
    path = ".".join(map(str, fault["loc"]))[:_MAX_PATH]
    # The sender chooses the keys of `changes`, and the path goes to logs and to the inbox.
    return FieldFault(
        "".join(character if character.isprintable() else "\ufffd" for character in path), message
    )


def read_json(body: bytes) -> Any:
    """Read `body` as one JSON document in UTF-8, without a byte order mark.

    Raises:
        UnreadableBodyError: it is no JSON, is nested deeper than `MAX_DEPTH`, has a key twice in
            one object, or an integer with more than 4,300 digits.
    """
    try:
        # json.loads would accept bytes in UTF-16 and UTF-32 too.
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableBodyError("The body is not UTF-8.") from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise UnreadableBodyError(f"The body is nested more than {MAX_DEPTH} levels deep.")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise UnreadableBodyError("The body is not JSON.") from None
    except ValueError:
        raise UnreadableBodyError("The body holds a number that is too long.") from None


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableBodyError(f"The body is not JSON: {name} is no number.")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Parsers differ in which of two equal keys counts, so the signed meaning would be unclear.
    members = dict(pairs)
    if len(members) != len(pairs):
        raise UnreadableBodyError("The body holds the same key twice in one object.")
    return members


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
