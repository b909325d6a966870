"""What a provider pushes, and what it says about who works where."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from bg_orchestration.domain.company_ids import fold_name, is_company_id

COMPANY_CHANGE = "person.company_change"
PROMOTION = "person.promotion"
SIGNIFICANT = frozenset(
    {"person.role_change", COMPANY_CHANGE, PROMOTION, "person.department_change"}
)


def _company_id(value: str) -> str:
    if not is_company_id(value):
        raise ValueError(
            "must be 1 to 128 letters, digits or _ : - . without '..' or a dot at the end"
        )
    return value


def _instant_text(value: Any) -> Any:
    # A number does not say its unit, and pydantic would guess one.
    is_text = isinstance(value, str) and _DATE.match(value.lstrip())
    if not is_text and not isinstance(value, datetime):
        raise ValueError("must be ISO 8601 text, such as 2026-01-31T09:30:00Z")
    return value


def _with_zone(value: datetime) -> datetime:
    # A provider that leaves the zone out means UTC, as every documented one says.
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be an instant between the years 1 and 9999") from None


def _storable(value: Any) -> Any:
    # Neither database stores NUL in text, and a lone surrogate is no text at all.
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise ValueError("must not hold NUL or half of a surrogate pair")
    return value


def _visible(value: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in value):
        raise ValueError("must not be blank")
    return value


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_Text = Annotated[str, AfterValidator(_storable)]
_Id = Annotated[
    str,
    StringConstraints(max_length=255, strict=True),
    AfterValidator(_visible),
    AfterValidator(_storable),
]


class _Incoming(BaseModel):
    # Other fields stay in the raw bytes, which are stored whole.
    model_config = ConfigDict(extra="ignore", frozen=True)


class EventPerson(_Incoming):
    """The person whom the event is about; titles and companies as the provider writes them."""

    id: _Id
    name: _Text
    email: _Text | None = None
    oldTitle: _Text | None = None  # noqa: N815 - the contract's spelling
    newTitle: _Text | None = None  # noqa: N815
    oldCompany: _Text | None = None  # noqa: N815
    newCompany: _Text | None = None  # noqa: N815


class EventCompany(_Incoming):
    """The company under which the provider files the event."""

    id: Annotated[str, Field(strict=True), AfterValidator(_company_id)]
    name: _Text


class FieldChange(_Incoming):
    """The value of one field before and after; text in it can be stored."""

    old: Annotated[Any, AfterValidator(_storable)] = None
    new: Annotated[Any, AfterValidator(_storable)] = None


class PersonChangeEvent(_Incoming):
    """One event of the webhook contract.

    `timestamp` is when it happened, as ISO 8601 text. Without a zone it is UTC. A number is
    refused, because it does not say its unit.
    """

    id: _Id
    source: _Id
    type: _Id
    timestamp: Annotated[datetime, BeforeValidator(_instant_text), AfterValidator(_with_zone)]
    person: EventPerson
    company: EventCompany
    changes: dict[str, FieldChange] = {}

    def changed(self, field: str) -> FieldChange:
        """The change of `field`, empty when the event does not name it."""
        return self.changes.get(field, FieldChange())


@dataclass(frozen=True, slots=True)
class CompanyRef:
    """A company as an event names it: by an id, or only by a name of its provider's choice."""

    name: str
    company_id: str | None = None


@dataclass(frozen=True, slots=True)
class EmploymentFact:
    """What an event says of one person at one company.

    `title` and `department` are `None` where the event does not say.
    """

    kind: Literal["works_at", "left"]
    company: CompanyRef
    title: str | None = None
    department: str | None = None


def employment_facts(event: PersonChangeEvent) -> tuple[EmploymentFact, ...]:
    """What `event` says about who works where: leavings first, at most one of each kind.

    A `person.company_change` is filed under one of its two companies and names both as free text,
    the new one, the old one or both: a company without a counterpart is one end of the move that
    the provider does not know. An insignificant event says nothing.
    """
    if event.type not in SIGNIFICANT:
        return ()
    here = CompanyRef(event.company.name, event.company.id)
    title = _text(event.person.newTitle) or _text(event.changed("title").new)
    department = _text(event.changed("department").new)
    if event.type != COMPANY_CHANGE:
        return (EmploymentFact("works_at", here, title, department),)
    old = _text(event.person.oldCompany) or _text(event.changed("company").old)
    new = _text(event.person.newCompany) or _text(event.changed("company").new)
    facts = []
    if old:
        facts.append(EmploymentFact("left", _resolve(old, here, other=new)))
    if new:
        facts.append(EmploymentFact("works_at", _resolve(new, here, other=old), title, department))
    return tuple(facts)


def concerned_companies(event: PersonChangeEvent) -> tuple[CompanyRef, ...]:
    """The companies whose buyer group `event` may change: where it is filed, and the other end."""
    here = CompanyRef(event.company.name, event.company.id)
    others = [fact.company for fact in employment_facts(event) if fact.company != here]
    return (here, *others)


def _resolve(name: str, here: CompanyRef, other: str | None) -> CompanyRef:
    """`here` if `name` means it, also when nothing else can: the other end is unknown."""
    if _means(name, here) or other is None:
        return here
    return CompanyRef(name, name if is_company_id(name) else None)


def _means(name: str, company: CompanyRef) -> bool:
    return name == company.company_id or fold_name(name) == fold_name(company.name)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
