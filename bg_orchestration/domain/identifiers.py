"""Personal identifiers in received JSON: find them, and remove a person's records.

Every provider's JSON has its own shape. The code assumes only this: a person's record is an object
with a person's name, or else an element of a list. An id, an address, a profile page, or a name
that the caller accepts identifies the person.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from bg_orchestration.domain.profile_links import find_profile

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
        """Return the identifiers of both sets."""
        return IdentifierSet(
            self.ids & other.ids,
            self.emails & other.emails,
            self.pages & other.pages,
            self.names & other.names,
        )


class _NothingLeft:
    """The result for a value of which nothing remains."""


NOTHING_LEFT: Final = _NothingLeft()


def page_slug(url: str) -> str:
    """Return the last part of a profile page's address, in comparable form."""
    slug, member = find_profile(url.strip())
    return slug or unquote(member or url.strip(" /").rpartition("/")[2]).casefold()


def identifiers_in_text(text: str) -> IdentifierSet:
    """Return the addresses and pages in a text."""
    # A pattern with an @ would try every position of a text without an @.
    words = _WORD.findall(text) if "@" in text else ()
    emails = {word.strip(".").casefold() for word in words if "@" in word[1:-1]}
    pages = {unquote(match).casefold() for match in _PAGE.findall(text)}
    return IdentifierSet(emails=emails, pages=pages)


def names_in(text: str, names: Set[str]) -> bool:
    """Whether a text has one of these names (in lower case) as words."""
    folded = text.casefold()
    return any(re.search(rf"\b{re.escape(name)}\b", folded) for name in names if " " in name)


def identifiers_in_value(value: Any) -> Iterator[IdentifierSet]:
    """Yield the identifiers of each object in a JSON value, at any depth."""
    if isinstance(value, dict):
        yield _of(value)
        for part in value.values():
            yield from identifiers_in_value(part)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, dict | list):
                yield from identifiers_in_value(part)
            else:
                yield IdentifierSet(ids=_ids(part))


def without_people(value: Any, people: IdentifierSet) -> Any:
    """Return `value` without the records of `people`.

    Returns `NOTHING_LEFT` if it is about no other person. A value without them comes back equal.
    """
    rest, hit = _cut(value, people, inside=False)
    if hit or rest is NOTHING_LEFT:
        return NOTHING_LEFT
    return rest if rest == value or _names_person(rest) else NOTHING_LEFT


def _cut(value: Any, people: IdentifierSet, *, inside: bool) -> tuple[Any, bool]:
    """Return `value` without records of `people`, and whether the rest still identifies them.

    `inside` says that the value is part of a person's record, which is removed as a whole.
    """
    if isinstance(value, dict):
        return _cut_object(value, people, inside=inside)
    if isinstance(value, list):
        return _cut_list(value, people, inside=inside)
    return value, False


def _cut_object(value: dict[str, Any], people: IdentifierSet, *, inside: bool) -> tuple[Any, bool]:
    person = _is_person(value)
    hit = bool(_of(value) & people)
    fields: dict[str, Any] = {}
    for name, field in value.items():
        rest, inner_hit = _cut(field, people, inside=inside or person)
        fields[name] = None if rest is NOTHING_LEFT else rest
        hit = hit or inner_hit
    return (NOTHING_LEFT, False) if hit and person else (fields, hit)


def _cut_list(value: list[Any], people: IdentifierSet, *, inside: bool) -> tuple[Any, bool]:
    items: list[Any] = []
    hit = False
    for item in value:
        if not isinstance(item, dict | list):
            # A search answers with a bare array of ids; inside a record the test of the record has
            # covered them.
            if inside or not (_ids(item) & people.ids):
                items.append(item)
            continue
        rest, inner_hit = _cut(item, people, inside=inside)
        if rest is NOTHING_LEFT:
            continue
        if inner_hit and not inside:
            continue
        hit = hit or inner_hit
        items.append(rest)
    return items, hit


def _of(value: Mapping[str, Any]) -> IdentifierSet:
    """Return the identifiers in an object's own fields, without its inner objects."""
    ids: set[str] = set()
    emails: set[str] = set()
    pages: set[str] = set()
    for name, field in value.items():
        key = name.casefold()
        for item in field if isinstance(field, list) else (field,):
            if key in _ID_KEYS:
                ids |= _ids(item)
            if isinstance(item, str):
                identifiers = identifiers_in_text(item)
                emails |= identifiers.emails
                pages |= identifiers.pages
                if "company" not in key and any(part in key for part in _SLUG_PARTS):
                    pages.add(page_slug(item))
    return IdentifierSet(ids, emails, pages, _names(value))


def _ids(value: Any) -> set[str]:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return set()
    return {str(value)}


def _names(value: Mapping[str, Any]) -> set[str]:
    fields = {name.casefold().replace("_", ""): field for name, field in value.items()}
    parts = (fields.get("firstname"), fields.get("lastname"))
    full_names = [
        field for field in (fields.get("fullname"), fields.get("name")) if isinstance(field, str)
    ]
    if all(isinstance(part, str) for part in parts):
        full_names.append(f"{parts[0]} {parts[1]}")
    return {" ".join(field.split()).casefold() for field in full_names}


def _is_person(value: Mapping[str, Any]) -> bool:
    return any(name.casefold().endswith(_NAME_ENDINGS) for name in value)


def _names_person(value: Any, *, listed: bool = False) -> bool:
    if isinstance(value, dict):
        if listed or _is_person(value):
            return True
        return any(_names_person(part) for part in value.values())
    if isinstance(value, list):
        return any(_names_person(part, listed=True) for part in value)
    return listed
