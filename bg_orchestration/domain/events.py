"""The event contract, and the employment facts of an event."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from bg_orchestration.domain.company_ids import fold_name, is_company_id

COMPANY_CHANGE = "person.company_change"
PROMOTION = "person.promotion"
# Two companies are the same: `company` is the one that stays, `changes.company_id.old` the key that
# ends. It names no person.
COMPANY_MERGED = "company.merged"
SIGNIFICANT = frozenset(
    {"person.role_change", COMPANY_CHANGE, PROMOTION, "person.department_change"}
)


def _company_id(value: str) -> str:
    if not is_company_id(value):
        raise ValueError(
            "must be 1 to 128 letters, digits or _ : - . without '..' or a dot at the end"
        )
    return value


def _id_text(value: Any) -> Any:
    # Many tools number their records; a whole number has one spelling.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _stripped(value: str) -> str:
    # Spaces around an id are no part of it: the same person would be two.
    return value.strip()


def _text_or_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _changes(value: Any) -> Any:
    # Languages without maps write an empty one as an array or as null.
    return {} if value is None or value == [] else value


def _require_indexable(value: str) -> str:
    if len(fold_name(value).encode()) > _INDEXED_BYTES:
        raise ValueError(f"must not have more than {_INDEXED_BYTES} bytes in its folded form")
    return value


def _instant_text(value: Any) -> Any:
    if isinstance(value, str) and len(value) <= _INSTANT_CHARACTERS:
        value = value.strip()
        if _MAIL_DATE.match(value):
            with suppress(ValueError):
                return parsedate_to_datetime(value)
        value = _HOURS.sub(r"\1:00", _ZONE.sub(lambda match: match[1] or "Z", value))
    # A number does not say its unit, and pydantic would guess it.
    is_text = isinstance(value, str) and _DATE.match(value)
    if not is_text and not isinstance(value, datetime):
        raise ValueError("must be ISO 8601 text, such as 2026-01-31T09:30:00Z")
    return value


def _with_zone(value: datetime) -> datetime:
    # A missing zone means UTC, as every provider documents.
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be an instant between the years 1 and 9999") from None


def _require_storable(value: Any) -> Any:
    # No database stores NUL in text, and a lone surrogate is not text.
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise ValueError("must not hold NUL or half of a surrogate pair")
    return value


def _require_visible(value: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in value):
        raise ValueError("must not be blank")
    return value


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT_CHARACTERS = 64
# A zone after a space, or by its name: `2026-11-28 13:00:00 UTC`, `... +0200`; `+0000 UTC` as Go
# writes it, `Z[UTC]` as Java does.
_ZONE = re.compile(
    r"\s{0,4}(?:(?:Z|[+-]00:?00)?\s?\[?(?:UTC|GMT)\]?|Z|\s([+-]\d\d:?\d\d))$",
    re.ASCII | re.IGNORECASE,
)
# Hours alone: `13:00:00+01`. A date without time ends alike.
_HOURS = re.compile(r"(:\d\d(?:[.,]\d{1,9})?\s?[+-]\d\d)$", re.ASCII)
_MAIL_DATE = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} ", re.ASCII)  # RFC 5322
# PostgreSQL's index rows have at most 2,704 bytes, and SQLite takes what PostgreSQL takes.
_INDEXED_BYTES = 2_000
_NAME_CHARACTERS = 1_000
# RFC 5321: 64 before the @, 255 after it.
_EMAIL_CHARACTERS = 320
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_Name = Annotated[
    str, StringConstraints(max_length=_NAME_CHARACTERS), AfterValidator(_require_storable)
]
_Email = Annotated[
    str, StringConstraints(max_length=_EMAIL_CHARACTERS), AfterValidator(_require_storable)
]
_Id = Annotated[
    str,
    BeforeValidator(_id_text),
    StringConstraints(max_length=255, strict=True),
    AfterValidator(_require_visible),
    AfterValidator(_require_storable),
]


_PersonId = Annotated[_Id, AfterValidator(_stripped)]


class _Incoming(BaseModel):
    # Other fields stay in the stored raw bytes.
    model_config = ConfigDict(extra="ignore", frozen=True)


class EventPerson(_Incoming):
    """The person of the event, with titles and companies in the provider's words.

    A provider that does not know the name sends null; the name is then the id.
    """

    id: _PersonId
    name: Annotated[_Name | None, BeforeValidator(_text_or_none)]
    email: _Email | None = None
    oldTitle: _Name | None = None  # noqa: N815 - the contract's spelling
    newTitle: _Name | None = None  # noqa: N815
    oldCompany: _Name | None = None  # noqa: N815
    newCompany: _Name | None = None  # noqa: N815

    @property
    def label(self) -> str:
        """The name, or the id where no name is known."""
        return self.name or self.id


class EventCompany(_Incoming):
    """The company under which the provider files the event."""

    id: Annotated[
        str,
        Field(strict=True),
        BeforeValidator(_id_text),
        AfterValidator(_stripped),
        AfterValidator(_company_id),
    ]
    name: Annotated[
        Annotated[_Name, AfterValidator(_require_indexable)] | None, BeforeValidator(_text_or_none)
    ]

    @property
    def label(self) -> str:
        """The name, or the id where no name is known."""
        return self.name or self.id


class FieldChange(_Incoming):
    """The value of one field before and after; text in it can be stored."""

    old: Annotated[Any, AfterValidator(_require_storable)] = None
    new: Annotated[Any, AfterValidator(_require_storable)] = None


class PersonChangeEvent(_Incoming):
    """An event of the webhook contract.

    `timestamp` is the time of the change, as ISO 8601 text. Without a zone it is UTC. A number is
    refused, because it does not say its unit.
    """

    id: _Id
    source: _Id
    type: _Id
    timestamp: Annotated[datetime, BeforeValidator(_instant_text), AfterValidator(_with_zone)]
    person: EventPerson
    company: EventCompany
    changes: Annotated[dict[str, FieldChange], BeforeValidator(_changes)] = {}

    @model_validator(mode="before")
    @classmethod
    def _without_person(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("type") == COMPANY_MERGED:
            return {"person": {"id": "-", "name": "-"}, **given}
        return given

    @property
    def merged_id(self) -> str | None:
        """The key that ends, of an event `company.merged`; `None` if it names no usable key."""
        old = self.changed("company_id").old
        return old if isinstance(old, str) and is_company_id(old) else None

    def changed(self, field: str) -> FieldChange:
        """Return the change of `field`, empty if the event does not name it."""
        return self.changes.get(field, FieldChange())


@dataclass(frozen=True, slots=True)
class CompanyRef:
    """A company reference of an event: an id, or only the provider's name for it."""

    name: str
    company_id: str | None = None


@dataclass(frozen=True, slots=True)
class EmploymentFact:
    """A fact about a person at a company, from an event.

    `title` and `department` are `None` if the event does not state them.
    """

    kind: Literal["works_at", "left"]
    company: CompanyRef
    title: str | None = None
    department: str | None = None


def employment_facts(event: PersonChangeEvent) -> tuple[EmploymentFact, ...]:
    """Return the employment facts of `event`: leavings first, at most one of each kind.

    A `person.company_change` is filed under one of its two companies and names both as free text,
    the new one, the old one or both. If only one is named, the provider does not know the other end
    of the move. An insignificant event has no facts.
    """
    if event.type not in SIGNIFICANT:
        return ()
    here = CompanyRef(event.company.label, event.company.id)
    title = _text(event.person.newTitle) or _text(event.changed("title").new)
    department = _text(event.changed("department").new)
    if event.type != COMPANY_CHANGE:
        return (EmploymentFact("works_at", here, title, department),)
    old_company = _text(event.person.oldCompany) or _text(event.changed("company").old)
    new_company = _text(event.person.newCompany) or _text(event.changed("company").new)
    facts = []
    if old_company:
        facts.append(EmploymentFact("left", _resolve(old_company, here, other=new_company)))
    if new_company:
        facts.append(
            EmploymentFact(
                "works_at", _resolve(new_company, here, other=old_company), title, department
            )
        )
    return tuple(facts)


def concerned_companies(event: PersonChangeEvent) -> tuple[CompanyRef, ...]:
    """Return the companies whose groups `event` may change: its own and the other end."""
    here = CompanyRef(event.company.label, event.company.id)
    other_companies = [fact.company for fact in employment_facts(event) if fact.company != here]
    return (here, *other_companies)


def _resolve(name: str, here: CompanyRef, other: str | None) -> CompanyRef:
    """Return `here` if `name` means it, or if the other end is unknown."""
    if _means(name, here) or other is None:
        return here
    return CompanyRef(name, name if is_company_id(name) else None)


def _means(name: str, company: CompanyRef) -> bool:
    return name == company.company_id or fold_name(name) == fold_name(company.name)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
