"""The fault of a field in words: its value, the allowed values, the likely one."""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_AMOUNT = re.compile(
    r"(?:usd|[$€£])?\s*(\d+(?:[,.' _]\d{3})*(?![,.' _]?\d)|\d+[.,]\d+)\s*([km])?"
    r"\s*(?:usd|[$€£])?",
    re.I,
)
_ZEROS = {"": 1, "k": 1_000, "m": 1_000_000}


def in_words(fault: ErrorDetails, model: type[BaseModel]) -> str:
    """Return the sentence on a `fault` in the fields of a `model`."""
    given, context = fault["input"], fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return "Field required"
        case "extra_forbidden":
            fields = _fields(model, fault["loc"][:-1])
            meant = did_you_mean(str(fault["loc"][-1]), fields)
            return f"no such field{meant} There are: {', '.join(fields)}"
        case _ if given is None:
            return "is empty; give it a value, or leave the line out"
        case "literal_error":
            allowed = re.findall(r"'([^']*)'", context["expected"])
            meant = did_you_mean(given, allowed)
            return f"{given!r} is unknown{meant} Allowed: {', '.join(allowed)}"
        case "tuple_type" | "list_type":
            return f"must be a list; write [{given}]"
        case "string_type":
            return f"must be text, but YAML reads {given!r} here; put it in quotes"
        case "float_parsing" | "float_type" | "int_parsing" | "int_type":
            return f"{given!r} is no number{_as_number(given)}"
        case "model_type" | "dict_type" | "model_attributes_type":
            fields = _fields(model, fault["loc"])
            return f"must hold fields, not {given!r}. There are: {', '.join(fields)}"
    plain = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return plain if isinstance(given, dict) else f"{plain}, not {given!r}"


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return `. Did you mean 'sales'?` if a `known` word is close to `word`, else `.`."""
    close = get_close_matches(str(word).strip().lower(), list(known), n=1)
    return f". Did you mean {close[0]!r}?" if close else "."


def _as_number(given: object) -> str:
    amount = _AMOUNT.fullmatch(str(given).strip())
    if amount is None:
        return "; write digits alone, such as 50000"
    number, zeros = amount[1], (amount[2] or "").lower()
    # Three digits behind a sign are thousands, as in 50.000, but not in 1.5k.
    if zeros or not re.search(r"\D\d{3}$", number):
        worth = float(number.replace(",", "."))
    else:
        worth = float(re.sub(r"\D", "", number))
    return f"; write {worth * _ZEROS[zeros]:.15g}"


def _fields(model: type[BaseModel], loc: Collection[int | str]) -> list[str]:
    """Return the names of the fields at `loc` below `model`."""
    for part in loc:
        field = model.model_fields.get(str(part))
        if field is None or not (
            isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        ):
            return []
        model = field.annotation
    return list(model.model_fields)
