"""Personal identifiers in received JSON: find them, and cut a person's records out.

Received JSON has a provider's own shape. So nothing is asked of its shape but this: a person's
record is an object with a person's name in it, or else an element of a list; and who it is about
shows in an id, an address, a profile page, or a name where the caller knows that one is enough.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

_WORD = re.compile(r"[^\s\"'<>()\[\]{},;:\\/]+")
_PAGE = re.compile(r"/in/([^\s\"'<>/?#\\]+)", re.IGNORECASE)
_ID_KEYS: Final = frozenset(
    {
        "id",
        "pdl_id",
        "person_id",
        "personid",
        "member_id",
        "contact_id",
        "contactid",
        "employee_id",
        "entityid",
        "parent_id",
        "historical_ids",
    }
)
_NAME_ENDINGS: Final = ("full_name", "fullname", "first_name", "firstname", "last_name", "lastname")
# Fields that hold the last part of a profile page alone.
_SLUG_PARTS: Final = ("linkedin", "shorthand", "network")


@dataclass(frozen=True, slots=True)
class IdentifierSet:
    """Identifiers found in a text or a value; all in lower case but `ids`."""

    ids: Set[str] = frozenset()
    emails: Set[str] = frozenset()
    pages: Set[str] = frozenset()
    names: Set[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ids or self.emails or self.pages or self.names)

    def __and__(self, other: "IdentifierSet") -> "IdentifierSet":
        """What both have."""
        return IdentifierSet(
            self.ids & other.ids,
            self.emails & other.emails,
            self.pages & other.pages,
            self.names & other.names,
        )


class _NothingLeft:
    """In place of a value of which nothing may stay."""


NOTHING_LEFT: Final = _NothingLeft()


def page_slug(url: str) -> str:
    """The last part of a profile page's address, in the form in which it is compared."""
    match = _PAGE.search(url)
    return unquote(match[1] if match else url.strip(" /").rpartition("/")[2]).casefold()


def identifiers_in_text(text: str) -> IdentifierSet:
    """The addresses and pages that a text holds."""
    # Not one pattern with an @ in it: without an @ that would try every place again.
    words = _WORD.findall(text) if "@" in text else ()
    emails = {word.strip(".").casefold() for word in words if "@" in word[1:-1]}
    pages = {unquote(match).casefold() for match in _PAGE.findall(text)}
    return IdentifierSet(emails=emails, pages=pages)


def names_in(text: str, names: Set[str]) -> bool:
    """Whether one of these names, in lower case, stands in a text as words."""
    folded = text.casefold()
    return any(re.search(rf"\b{re.escape(name)}\b", folded) for name in names if " " in name)


def identifiers_in_value(value: Any) -> Iterator[IdentifierSet]:
    """What each object of a JSON value may give away, at any depth."""
    if isinstance(value, dict):
        yield _of(value)
        for one in value.values():
            yield from identifiers_in_value(one)
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, dict | list):
                yield from identifiers_in_value(one)
            else:
                yield IdentifierSet(ids=_ids(one))


def without_people(value: Any, who: IdentifierSet) -> Any:
    """`value` without the records of `who`; `NOTHING_LEFT` if it is about nobody else.

    A value of which nothing is about them comes back equal.
    """
    left, hit = _cut(value, who, inside=False)
    if hit or left is NOTHING_LEFT:
        return NOTHING_LEFT
    return left if left == value or _holds_somebody(left) else NOTHING_LEFT


def _cut(value: Any, who: IdentifierSet, *, inside: bool) -> tuple[Any, bool]:
    """`value` without records of `who`, and whether what is left gives them away all the same.

    `inside` tells that the value is part of a person's record: that is cut as a whole.
    """
    if isinstance(value, dict):
        return _cut_object(value, who, inside=inside)
    if isinstance(value, list):
        return _cut_list(value, who, inside=inside)
    return value, False


def _cut_object(value: dict[str, Any], who: IdentifierSet, *, inside: bool) -> tuple[Any, bool]:
    person = _is_person(value)
    hit = bool(_of(value) & who)
    left: dict[str, Any] = {}
    for name, one in value.items():
        kept, inner = _cut(one, who, inside=inside or person)
        left[name] = None if kept is NOTHING_LEFT else kept
        hit = hit or inner
    return (NOTHING_LEFT, False) if hit and person else (left, hit)


def _cut_list(value: list[Any], who: IdentifierSet, *, inside: bool) -> tuple[Any, bool]:
    left: list[Any] = []
    hit = False
    for one in value:
        if not isinstance(one, dict | list):
            # A bare array of ids is what a search answers; inside a record the record's own test
            # has looked at it.
            if inside or not (_ids(one) & who.ids):
                left.append(one)
            continue
        kept, inner = _cut(one, who, inside=inside)
        if kept is NOTHING_LEFT:
            continue
        if inner and not inside:
            continue
        hit = hit or inner
        left.append(kept)
    return left, hit


def _of(value: Mapping[str, Any]) -> IdentifierSet:
    """What an object's own fields give away, without the objects in it."""
    ids: set[str] = set()
    emails: set[str] = set()
    pages: set[str] = set()
    for name, one in value.items():
        key = name.casefold()
        for item in one if isinstance(one, list) else (one,):
            if key in _ID_KEYS:
                ids |= _ids(item)
            if isinstance(item, str):
                found = identifiers_in_text(item)
                emails |= found.emails
                pages |= found.pages
                if "company" not in key and any(part in key for part in _SLUG_PARTS):
                    pages.add(page_slug(item))
    return IdentifierSet(ids, emails, pages, _names(value))


def _ids(value: Any) -> set[str]:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return set()
    return {str(value)}


def _names(value: Mapping[str, Any]) -> set[str]:
    fields = {name.casefold().replace("_", ""): one for name, one in value.items()}
    parts = (fields.get("firstname"), fields.get("lastname"))
    whole = [one for one in (fields.get("fullname"), fields.get("name")) if isinstance(one, str)]
    if all(isinstance(part, str) for part in parts):
        whole.append(f"{parts[0]} {parts[1]}")
    return {" ".join(one.split()).casefold() for one in whole}


def _is_person(value: Mapping[str, Any]) -> bool:
    return any(name.casefold().endswith(_NAME_ENDINGS) for name in value)


def _holds_somebody(value: Any, *, listed: bool = False) -> bool:
    if isinstance(value, dict):
        if listed or _is_person(value):
            return True
        return any(_holds_somebody(one) for one in value.values())
    if isinstance(value, list):
        return any(_holds_somebody(one, listed=True) for one in value)
    return listed
