"""The suppression list: it recognizes erased people and reveals none of them.

It holds keyed hashes (HMAC-SHA256) of what a person may come back under: our id, providers' ids,
email addresses, the profile page. Without the key they cannot be tried out.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, Self, TypeVar

from sqlalchemy import Connection, insert, select

from bg_orchestration.domain.identifiers import page_slug
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.provider_tables import provider_records
from bg_orchestration.store.schema.tables import contact_points, people, suppressions
from bg_orchestration.store.upserts import chunks

_T = TypeVar("_T")

# Our ids of people who have only a provider's id, see `importing.identity`.
_ID_OF_A_PROVIDER = re.compile(r"(coresignal|pdl|apollo|lusha)-(.+)", re.DOTALL)
# What is hashed in the row that proves that a key is the list's own.
_CHECK = ("key", "check")


class SuppressionKeyError(Exception):
    """There is no key, or another one than the list was made with: it recognizes no person."""


class Identifier(NamedTuple):
    """One thing that a person is recognized by; a provider's id is `coresignal:900001`."""

    kind: Literal["person", "email", "page"]
    value: str


def identifiers_of(
    person_id: str | None = None,
    emails: Iterable[str] = (),
    linkedin_url: str | None = None,
    ids: Iterable[tuple[str, str]] = (),
) -> list[Identifier]:
    """The identifiers of a person with these facts; `ids` are pairs of provider and id."""
    identifiers = [Identifier("person", person_id)] if person_id else []
    if person_id and (parts := _ID_OF_A_PROVIDER.fullmatch(person_id)):
        identifiers.append(Identifier("person", f"{parts[1]}:{parts[2]}"))
    identifiers += [Identifier("person", f"{provider}:{source_id}") for provider, source_id in ids]
    identifiers += [
        Identifier("email", email.strip().casefold()) for email in emails if email.strip()
    ]
    if linkedin_url and linkedin_url.strip(" /"):
        identifiers.append(Identifier("page", page_slug(linkedin_url)))
    return identifiers


def suppression_key(config: Settings) -> bytes | None:
    """The key: BG_SUPPRESSION_KEY, else BG_HOME/suppression.key; `None` if there is neither."""
    if config.suppression_key is not None:
        return config.suppression_key.get_secret_value().encode()
    path = config.home / "suppression.key"
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


def stored_identifiers(
    connection: Connection, person_ids: Sequence[str]
) -> Iterator[tuple[str, Identifier]]:
    """The pages, addresses and providers' ids of people, each with our id; at most 1,000 people."""
    pages = select(people.c.person_id, people.c.linkedin_url).where(
        people.c.person_id.in_(person_ids), people.c.linkedin_url.is_not(None)
    )
    points = select(contact_points.c.person_id, contact_points.c.value).where(
        contact_points.c.person_id.in_(person_ids), contact_points.c.kind == "email"
    )
    records = select(
        provider_records.c.our_id, provider_records.c.provider, provider_records.c.source_id
    ).where(provider_records.c.kind == "person", provider_records.c.our_id.in_(person_ids))
    for person_id, page in connection.execute(pages):
        yield from ((person_id, identifier) for identifier in identifiers_of(linkedin_url=page))
    for person_id, email in connection.execute(points):
        yield from ((person_id, identifier) for identifier in identifiers_of(emails=[email]))
    for person_id, provider, source_id in connection.execute(records):
        yield from (
            (person_id, identifier) for identifier in identifiers_of(ids=[(provider, source_id)])
        )


class Suppressions:
    """The list as its key reads it; without a key it must be empty."""

    def __init__(self, key: bytes | None) -> None:
        self._key = key or b""

    @classmethod
    def configured(cls, config: Settings) -> Self:
        """The list with the configured key; a missing key file is created, for its owner only.

        Where BG_HOME cannot be written there is no key until BG_SUPPRESSION_KEY is set.
        """
        if config.suppression_key is None and not (config.home / "suppression.key").exists():
            with suppress(OSError):
                _create(config.home / "suppression.key")
        return cls(suppression_key(config))

    def check(self, connection: Connection) -> None:
        """Make sure that the list can be read.

        Raises:
            SuppressionKeyError: see the class.
        """
        self._begun(connection)

    def suppress(self, connection: Connection, identifiers: Iterable[Identifier]) -> int:
        """Put these identifiers on the list; returns how many were not on it.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not self._key:
            raise SuppressionKeyError(
                "There is no suppression key, and BG_HOME cannot be written. Set "
                "BG_SUPPRESSION_KEY to at least 32 random characters."
            )
        marks = {self._hash(*identifier) for identifier in identifiers}
        if not self._begun(connection):
            marks.add(self._hash(*_CHECK))
        new_marks = sorted(marks - self._stored(connection, marks))
        if new_marks:
            now = clock(connection)
            connection.execute(
                insert(suppressions), [{"mark": mark, "created_at": now} for mark in new_marks]
            )
        return len(set(new_marks) - {self._hash(*_CHECK)})

    def listed(
        self, connection: Connection, identifiers: Collection[Identifier]
    ) -> set[Identifier]:
        """The identifiers among these that are on the list.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not identifiers or not self._begun(connection):
            return set()
        hashes = {self._hash(*identifier): identifier for identifier in identifiers}
        return {hashes[mark] for mark in self._stored(connection, hashes)}

    def suppressed(
        self, connection: Connection, identifiers: Mapping[_T, Iterable[Identifier]]
    ) -> set[_T]:
        """The people of whom any identifier is on the list; several people may share one.

        `identifiers` holds those of each person, under any key.

        Raises:
            SuppressionKeyError: see the class.
        """
        people_by_identifier: defaultdict[Identifier, set[_T]] = defaultdict(set)
        for person, of_person in identifiers.items():
            for identifier in of_person:
                people_by_identifier[identifier].add(person)
        listed = self.listed(connection, people_by_identifier)
        return {person for identifier in listed for person in people_by_identifier[identifier]}

    def suppressed_people(self, connection: Connection, person_ids: Iterable[str]) -> set[str]:
        """The ids among these whose person is on the list by anything stored of them.

        Raises:
            SuppressionKeyError: see the class.
        """
        sorted_ids = sorted(set(person_ids))
        if not sorted_ids or not self._begun(connection):
            return set()
        identifiers = {person_id: identifiers_of(person_id) for person_id in sorted_ids}
        for chunk in chunks(sorted_ids):
            for person_id, identifier in stored_identifiers(connection, chunk):
                identifiers[person_id].append(identifier)
        return self.suppressed(connection, identifiers)

    def exported(self, connection: Connection) -> list[tuple[str, datetime]]:
        """Each hash and when it was put on the list, the oldest first.

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
        """Whether the list has entries; if so, the key must be the list's own."""
        if connection.execute(select(suppressions.c.mark).limit(1)).first() is None:
            return False
        check = self._hash(*_CHECK)
        if not self._stored(connection, [check]):
            raise SuppressionKeyError(
                "BG_SUPPRESSION_KEY is not the key that the suppression list was made with. Set "
                "it to the one used before: BG_HOME/suppression.key where it was first used, if it "
                "was not set."
            )
        return True

    def _stored(self, connection: Connection, hashes: Collection[str]) -> set[str]:
        sorted_hashes = sorted(hashes)
        return {
            mark
            for chunk in chunks(sorted_hashes)
            for mark in connection.scalars(
                select(suppressions.c.mark).where(suppressions.c.mark.in_(chunk))
            )
        }

    def _hash(self, kind: str, value: str) -> str:
        return hmac.new(self._key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
