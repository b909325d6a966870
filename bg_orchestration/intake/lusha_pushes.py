"""The signed pushes of Lusha: a person moved, was promoted, or opts out.

Documentation: https://docs.lusha.com/webhooks/overview and
https://docs.lusha.com/api-reference/webhooks/create-opt-out-subscription.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bg_orchestration.domain.events import COMPANY_CHANGE, PROMOTION
from bg_orchestration.domain.web_domains import registrable_domain
from bg_orchestration.intake.id_pushes import read_id

SOURCE: Final = "lusha"
OPT_OUT: Final = "lusha.opt_out"

_TYPES: Mapping[str, str] = {"promotion": PROMOTION, "companyChange": COMPANY_CHANGE}
_WORD = re.compile(r"[A-Za-z0-9_.]{1,64}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Employer:
    """A company as Lusha names it, by at least one field; `domain` is the registrable one."""

    name: str | None
    domain: str | None
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A push about a change of a person or of a company.

    Attributes:
        event_id: Lusha's id of the push, the same in a repetition.
        type: an event type of the contract, or `lusha.` and Lusha's word for other changes.
        source_id: Lusha's id of the person; `None` in a push about a company.
        happened_at: UTC; `None` if it does not say.
        title: the new title.
        department: the new department.
        current: the current employer.
        previous: the previous employer.
    """

    event_id: str
    type: str
    source_id: str | None
    happened_at: datetime | None
    title: str | None
    department: str | None
    current: Employer | None
    previous: Employer | None


@dataclass(frozen=True, slots=True)
class OptOut:
    """A push about a person who asked Lusha to delete their data.

    Attributes:
        event_id: made of the person's id and the day, because Lusha gives none.
        source_id: Lusha's id of the person.
        emails: the person's addresses from Lusha.
        linkedin_url: the person's profile page.
        happened_at: UTC; `None` if it does not say.
    """

    event_id: str
    source_id: str
    emails: tuple[str, ...]
    linkedin_url: str | None
    happened_at: datetime | None


def read_push(document: Any) -> Signal | OptOut:
    """Read a push from a JSON document.

    Raises:
        ValueError: it is no push; the message names the field.
    """
    if not isinstance(document, dict):
        raise ValueError("body: must be a JSON object")
    if "contactOptOutDate" in document or ("contactId" in document and "type" not in document):
        return _read_opt_out(document)
    event_id = read_id(document.get("id"))
    if event_id is None:
        raise ValueError("id: is missing or no id")
    kind = document.get("type")
    word = kind if isinstance(kind, str) and _WORD.fullmatch(kind) else "unknown"
    data = document.get("data")
    facts: dict[str, Any] = data if isinstance(data, dict) else {}
    departments = facts.get("currentDepartments")
    return Signal(
        event_id=event_id,
        type=_TYPES.get(word, f"lusha.{word}"),
        source_id=read_id(facts.get("personId")),
        happened_at=_instant(document.get("timestamp")),
        title=_text(facts.get("currentTitle")),
        department=_department(departments),
        current=_employer(facts, "current"),
        previous=_employer(facts, "previous"),
    )


def _read_opt_out(document: dict[str, Any]) -> OptOut:
    source_id = read_id(document.get("contactId"))
    if source_id is None:
        raise ValueError("contactId: is missing or no id")
    points = document.get("datapoints")
    values = [
        text
        for point in (points if isinstance(points, list) else [])
        if isinstance(point, dict)
        and (text := _text(point.get("datapointId"))) is not None
        and "@" in text
    ]
    when = _instant(document.get("contactOptOutDate"))
    day = when.date().isoformat() if when else ""
    digest = hashlib.sha256(json.dumps([source_id, day]).encode()).hexdigest()
    return OptOut(
        event_id=f"opt-out:{digest}",
        source_id=source_id,
        emails=tuple(dict.fromkeys(values)),
        linkedin_url=_text(document.get("linkedinUrl")),
        happened_at=when,
    )


def _employer(facts: dict[str, Any], key: str) -> Employer | None:
    name = _text(facts.get(f"{key}CompanyName"))
    address = _text(facts.get(f"{key}Domain"))
    domain = registrable_domain(address) if address else None
    source_id = read_id(facts.get(f"{key}CompanyId"))
    if name is None and domain is None and source_id is None:
        return None
    return Employer(name, domain, source_id)


def _department(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) and value else None
    return _text(first.get("value")) if isinstance(first, dict) else None


def _text(value: Any) -> str | None:
    return _UNSTORABLE.sub("", value).strip() or None if isinstance(value, str) else None


def _instant(value: Any) -> datetime | None:
    """Read an instant in ISO 8601, with a space or a T; without a zone it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(value.strip())
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
