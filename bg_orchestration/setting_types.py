"""The types of settings that hold more than one value, or a checked one."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, SecretStr
from pydantic_settings import NoDecode

Port = Annotated[int, Field(ge=0, le=65_535)]
LogLevel = Literal["debug", "info", "warning", "error"]


def _pairs(value: str) -> list[tuple[str, str]]:
    """Split `name=value,name=value` into pairs, each at its first `=`, and strip spaces."""
    pairs = [pair.partition("=")[::2] for pair in value.split(",") if pair.strip()]
    return [(name.strip(), text.strip()) for name, text in pairs]


def _as_pairs(value: dict[str, str] | tuple[tuple[str, str | SecretStr], ...]) -> str:
    """Write `value` as the setting would be written, secrets masked."""
    pairs = value.items() if isinstance(value, dict) else value
    return ",".join(f"{name}={text}" for name, text in pairs)


def parse_levels(value: Any) -> Any:
    """Read `room=level,room=level`; the rooms are the folders of this package."""
    if not isinstance(value, str):
        return value
    pairs = _pairs(value)
    rooms = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))
    if not all(room in rooms and level for room, level in pairs):
        raise ValueError(f"room=level,room=level; the rooms are {', '.join(rooms)}")
    return {room: level.lower() for room, level in pairs}


LogLevels = Annotated[
    dict[str, LogLevel], NoDecode, BeforeValidator(parse_levels), PlainSerializer(_as_pairs)
]


_ADDRESS = re.compile(r"[A-Za-z0-9_-]{1,64}")


def parse_named(value: Any) -> Any:
    """Read `name=value,name=value`; a name may occur several times."""
    if not isinstance(value, str):
        return value
    named = _pairs(value)
    if not all(_ADDRESS.fullmatch(name) and text for name, text in named):
        raise ValueError("name=value,name=value; a name is letters, digits, _ and -")
    return tuple(named)


_READ_NAMED = (NoDecode, BeforeValidator(parse_named), PlainSerializer(_as_pairs))
NamedSecrets = Annotated[tuple[tuple[str, SecretStr], ...], *_READ_NAMED]
NamedMessages = Annotated[
    tuple[tuple[str, Literal["group.changed", "refresh.dead", "digest"]], ...], *_READ_NAMED
]


_OWNER = re.compile(r"team:[A-Za-z0-9_-]+|[^@\s,]+@[^@\s,]+")


def parse_owners(value: Any) -> Any:
    """Read `team:name,ada@example.com` as Dagster takes owners: teams and email addresses."""
    if not isinstance(value, str):
        return value
    owners = [owner.strip() for owner in value.split(",") if owner.strip()]
    if not owners or not all(map(_OWNER.fullmatch, owners)):
        raise ValueError("teams and email addresses: team:data,ada@example.com")
    return tuple(owners)


Owners = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(parse_owners), PlainSerializer(",".join)
]


def parse_address_pattern(value: Any) -> Any:
    """Check an address with places in braces; Dagit shows it as a link."""
    if isinstance(value, str):
        if not value.startswith(("https://", "http://")):
            raise ValueError("an address that begins with https:// or http://")
        places = set(re.findall(r"{(\w*)}", value))
        if not places or places - {"trace_id", "refresh_id", "company_id", "report_file"}:
            raise ValueError(
                "the places are {trace_id}, {refresh_id}, {company_id} and {report_file}"
            )
    return value


AddressPattern = Annotated[str, BeforeValidator(parse_address_pattern)]
