"""Who asked to be forgotten: a list that recognizes them and tells nobody who they are.

It holds keyed hashes (HMAC-SHA256) of what a person may come back under: our id, providers' ids,
email addresses, the profile page. Without the key nobody can try out who stands in it.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import Connection, insert, select

from bg_orchestration.domain.identifiers import page_slug
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.tables import suppressions

_CHUNK = 1_000
# Our ids of people who are known by a provider's id alone, see `providers.identity`.
_MADE_OF_A_PROVIDERS = re.compile(r"(coresignal|pdl|apollo|lusha)-(.+)", re.DOTALL)
# What is hashed in the row that tells whether a key is the one that made the list.
_CHECK = ("key", "check")


class SuppressionKeyError(Exception):
    """The key is not the one that the list was made with: nobody on it would be recognized."""


class Mark(NamedTuple):
    """One thing that a person may be recognized by; a provider's id is `coresignal:900001`."""

    kind: Literal["person", "email", "page"]
    value: str


def marks(
    person_id: str | None = None,
    emails: Iterable[str] = (),
    linkedin_url: str | None = None,
    ids: Iterable[tuple[str, str]] = (),
) -> list[Mark]:
    """What a person with these facts may be recognized by; `ids` are pairs of provider and id."""
    found = [Mark("person", person_id)] if person_id else []
    if person_id and (made := _MADE_OF_A_PROVIDERS.fullmatch(person_id)):
        found.append(Mark("person", f"{made[1]}:{made[2]}"))
    found += [Mark("person", f"{provider}:{source_id}") for provider, source_id in ids]
    found += [Mark("email", email.strip().casefold()) for email in emails if email.strip()]
    if linkedin_url and linkedin_url.strip(" /"):
        found.append(Mark("page", page_slug(linkedin_url)))
    return found


def suppression_key(config: Settings, *, create: bool = False) -> bytes | None:
    """BG_SUPPRESSION_KEY, else what BG_HOME/suppression.key holds; `None` if there is neither.

    With `create` a missing file is written, readable for its owner only.
    """
    if config.suppression_key is not None:
        return config.suppression_key.get_secret_value().encode()
    path = config.home / "suppression.key"
    if create and not path.exists():
        _create(path)
    return path.read_bytes() if path.exists() else None


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all, and never over another: two processes may come here at once.
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.touch(0o600)
    beside.write_text(secrets.token_hex(32))
    with suppress(FileExistsError):
        path.hardlink_to(beside)
    beside.unlink()


class Suppressions:
    """The list, as whoever holds its key reads it; without a key it must be empty."""

    def __init__(self, key: bytes | None) -> None:
        self._key = key or b""

    def suppress(self, connection: Connection, found: Iterable[Mark]) -> int:
        """Put these marks on the list; returns how many were not on it.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not self._key:
            raise SuppressionKeyError("There is no key to suppress anybody with.")
        wanted = {self._hash(*mark) for mark in found}
        if not self._begun(connection):
            wanted.add(self._hash(*_CHECK))
        new = sorted(wanted - self._listed(connection, wanted))
        if new:
            now = clock(connection)
            connection.execute(
                insert(suppressions), [{"mark": mark, "created_at": now} for mark in new]
            )
        return len(set(new) - {self._hash(*_CHECK)})

    def listed(self, connection: Connection, found: Collection[Mark]) -> set[Mark]:
        """Which of these marks are on the list.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not found or not self._begun(connection):
            return set()
        hashes = {self._hash(*mark): mark for mark in found}
        return {hashes[mark] for mark in self._listed(connection, hashes)}

    def exported(self, connection: Connection) -> list[tuple[str, datetime]]:
        """The hashes and when each was put on the list, the oldest first.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not self._begun(connection):
            return []
        check = self._hash(*_CHECK)
        rows = connection.execute(
            select(suppressions.c.mark, suppressions.c.created_at)
            .where(suppressions.c.mark != check)
            .order_by(suppressions.c.created_at, suppressions.c.mark)
        )
        return [(row.mark, row.created_at) for row in rows]

    def _begun(self, connection: Connection) -> bool:
        """Whether anybody is on the list; if so, the key must be the list's own."""
        if connection.execute(select(suppressions.c.mark).limit(1)).first() is None:
            return False
        check = self._hash(*_CHECK)
        if not self._listed(connection, [check]):
            raise SuppressionKeyError(
                "BG_SUPPRESSION_KEY is not the key that the list of forgotten people was made "
                "with. Set it to the one used before: BG_HOME/suppression.key where it was first "
                "used, if it was not set."
            )
        return True

    def _listed(self, connection: Connection, hashes: Collection[str]) -> set[str]:
        wanted = sorted(hashes)
        return {
            mark
            for at in range(0, len(wanted), _CHUNK)
            for mark in connection.scalars(
                select(suppressions.c.mark).where(suppressions.c.mark.in_(wanted[at : at + _CHUNK]))
            )
        }

    def _hash(self, kind: str, value: str) -> str:
        return hmac.new(self._key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
