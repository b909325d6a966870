"""The suppression list: it recognizes erased people and reveals none of them.

It holds keyed hashes (HMAC-SHA256) of a person's identifiers: our id, providers' ids, email
addresses and the profile page. Without the key no identifier can be tested against them.
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
from bg_orchestration.settings import Settings, SettingsError
from bg_orchestration.store.database import clock
from bg_orchestration.store.schema.identity_tables import external_ids
from bg_orchestration.store.schema.provider_tables import provider_records
from bg_orchestration.store.schema.tables import contact_points, people, suppressions
from bg_orchestration.store.upserts import chunks

_T = TypeVar("_T")

# Our ids of people who have only a provider's id, see `importing.identity`.
_ID_OF_A_PROVIDER = re.compile(r"(coresignal|pdl|apollo|lusha)-(.+)", re.DOTALL)
# The identifier whose hash proves that a key is the list's own.
_CHECK = ("key", "check")
# The kind of identifier whose hash says how many keys the list was made with, up to the limit.
_KEYS = "keys"
_MOST_KEYS = 16


class SuppressionKeyError(SettingsError):
    """The key is missing, is not a key of the suppression list, or further keys are missing."""


class Identifier(NamedTuple):
    """An identifier of a person; a provider's id is written `coresignal:900001`."""

    kind: Literal["person", "email", "page"]
    value: str


def identifiers_of(
    person_id: str | None = None,
    emails: Iterable[str] = (),
    linkedin_url: str | None = None,
    ids: Iterable[tuple[str, str]] = (),
) -> list[Identifier]:
    """Return a person's identifiers from facts; `ids` are pairs of provider and id."""
    person_id = person_id.strip() if person_id else None
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
    """Return the key: BG_SUPPRESSION_KEY, else BG_HOME/suppression.key, else `None`."""
    if config.suppression_key is not None:
        return config.suppression_key.get_secret_value().encode()
    path = config.home / "suppression.key"
    return path.read_bytes() if path.exists() else None


def more_keys(config: Settings) -> tuple[bytes, ...]:
    """Return the further keys of BG_MORE_SUPPRESSION_KEYS."""
    if config.more_suppression_keys is None:
        return ()
    keys = config.more_suppression_keys.get_secret_value().split(",")
    return tuple(key.strip().encode() for key in keys if key.strip())


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may create the file at once: it appears whole and replaces no other.
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.touch(0o600)
    with beside.open("w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        # Rows depend on the key: it must survive a power cut that they survive.
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(beside)
    beside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def stored_identifiers(
    connection: Connection, person_ids: Sequence[str]
) -> Iterator[tuple[str, Identifier]]:
    """Yield pages, addresses and other tools' ids with our id, of at most 1,000 people."""
    pages = select(people.c.person_id, people.c.linkedin_url).where(
        people.c.person_id.in_(person_ids), people.c.linkedin_url.is_not(None)
    )
    points = select(contact_points.c.person_id, contact_points.c.value).where(
        contact_points.c.person_id.in_(person_ids), contact_points.c.kind == "email"
    )
    records = select(
        provider_records.c.our_id, provider_records.c.provider, provider_records.c.source_id
    ).where(provider_records.c.kind == "person", provider_records.c.our_id.in_(person_ids))
    mappings = select(
        external_ids.c.our_id, external_ids.c.system, external_ids.c.external_id
    ).where(external_ids.c.kind == "person", external_ids.c.our_id.in_(person_ids))
    for person_id, page in connection.execute(pages):
        yield from ((person_id, identifier) for identifier in identifiers_of(linkedin_url=page))
    for person_id, email in connection.execute(points):
        yield from ((person_id, identifier) for identifier in identifiers_of(emails=[email]))
    # A system is a provider with its kind of record: `hubspot:contact`.
    for person_id, provider, source_id in (
        *connection.execute(records),
        *connection.execute(mappings),
    ):
        yield from (
            (person_id, identifier) for identifier in identifiers_of(ids=[(provider, source_id)])
        )


class Suppressions:
    """The suppression list with its keys; without a key the list must be empty.

    New entries are hashed with `key`. The list is also read with the keys in `more`: hashes cannot
    be made anew, so the former keys stay after a rotation.
    """

    def __init__(self, key: bytes | None, more: Sequence[bytes] = ()) -> None:
        self._key = key or b""
        self._keys = tuple(dict.fromkeys((self._key, *more)))

    @classmethod
    def configured(cls, config: Settings) -> Self:
        """Create the list with the configured key, and a missing key file with mode 600.

        If BG_HOME cannot be written, there is no key until BG_SUPPRESSION_KEY is set.
        """
        if config.suppression_key is None and not (config.home / "suppression.key").exists():
            with suppress(OSError):
                _create(config.home / "suppression.key")
        return cls(suppression_key(config), more_keys(config))

    def check(self, connection: Connection) -> None:
        """Check that the key can read the list.

        Raises:
            SuppressionKeyError: see the class.
        """
        self._has_entries(connection)

    def suppress(self, connection: Connection, identifiers: Iterable[Identifier]) -> int:
        """Add these identifiers to the list; return how many are new.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not self._key:
            raise SuppressionKeyError(
                "There is no suppression key, and BG_HOME cannot be written. Set "
                "BG_SUPPRESSION_KEY to at least 32 random characters."
            )
        # Letter case is no part of an id: `P-Z` is the person `p-z`.
        marks = {self._hash(kind, value.casefold()) for kind, value in identifiers}
        marks |= self._marks_of_key(connection)
        new_marks = sorted(marks - self._stored(connection, marks))
        if new_marks:
            now = clock(connection)
            connection.execute(
                insert(suppressions), [{"mark": mark, "created_at": now} for mark in new_marks]
            )
        return len(set(new_marks) - self._marks_of_keys())

    def listed(
        self, connection: Connection, identifiers: Collection[Identifier]
    ) -> set[Identifier]:
        """Return the identifiers among these that are on the list.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not identifiers or not self._has_entries(connection):
            return set()
        of_mark: defaultdict[str, set[Identifier]] = defaultdict(set)
        for identifier in identifiers:
            # Lists made before have the id as it was written.
            for value in {identifier.value, identifier.value.casefold()}:
                for key in self._keys:
                    of_mark[self._hash(identifier.kind, value, key)].add(identifier)
        return {found for mark in self._stored(connection, of_mark) for found in of_mark[mark]}

    def suppressed(
        self, connection: Connection, identifiers: Mapping[_T, Iterable[Identifier]]
    ) -> set[_T]:
        """Return the people with an identifier on the list; people may share an identifier.

        `identifiers` holds the identifiers of each person, under any key.

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
        """Return the ids among these whose person has a stored identifier on the list.

        Raises:
            SuppressionKeyError: see the class.
        """
        sorted_ids = sorted(set(person_ids))
        if not sorted_ids or not self._has_entries(connection):
            return set()
        identifiers = {person_id: identifiers_of(person_id) for person_id in sorted_ids}
        for chunk in chunks(sorted_ids):
            for person_id, identifier in stored_identifiers(connection, chunk):
                identifiers[person_id].append(identifier)
        return self.suppressed(connection, identifiers)

    def exported(self, connection: Connection) -> list[tuple[str, datetime]]:
        """Return each hash with the time of its entry, the oldest first.

        Raises:
            SuppressionKeyError: see the class.
        """
        if not self._has_entries(connection):
            return []
        rows = connection.execute(
            select(suppressions.c.mark, suppressions.c.created_at)
            .where(suppressions.c.mark.not_in(self._marks_of_keys()))
            .order_by(suppressions.c.created_at, suppressions.c.mark)
        )
        return [(row.mark, row.created_at) for row in rows]

    def _has_entries(self, connection: Connection) -> bool:
        """Whether the list has entries; if so, the keys must be the list's own."""
        if connection.execute(select(suppressions.c.mark).limit(1)).first() is None:
            return False
        stored = self._stored(connection, self._marks_of_keys())
        own_keys = [key for key in self._keys if self._hash(*_CHECK, key) in stored]
        counts = [
            count
            for count in range(2, _MOST_KEYS + 1)
            for key in own_keys
            if self._hash(_KEYS, str(count), key) in stored
        ]
        if own_keys and len(own_keys) < max(counts, default=1):
            raise SuppressionKeyError(
                f"The suppression list was made with {max(counts)} keys, and {len(own_keys)} of "
                "them are set. Add the former keys to BG_MORE_SUPPRESSION_KEYS."
            )
        if not own_keys:
            raise SuppressionKeyError(
                "BG_SUPPRESSION_KEY is not the key that the suppression list was made with. Set "
                "it to the one used before: BG_HOME/suppression.key where it was first used, if it "
                "was not set. For a new key put the former one into BG_MORE_SUPPRESSION_KEYS."
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

    def _marks_of_key(self, connection: Connection) -> set[str]:
        """Return the hashes that prove the key; the first entry with a new key adds them."""
        check = self._hash(*_CHECK)
        if not self._has_entries(connection):
            return {check}
        checks = {self._hash(*_CHECK, key) for key in self._keys}
        stored = self._stored(connection, checks)
        return set() if check in stored else {check, self._hash(_KEYS, str(len(stored) + 1))}

    def _marks_of_keys(self) -> set[str]:
        """Return the hashes that prove keys and are no identifiers of people."""
        return {
            self._hash(*proof, key)
            for key in self._keys
            for proof in (_CHECK, *((_KEYS, str(count)) for count in range(2, _MOST_KEYS + 1)))
        }

    def _hash(self, kind: str, value: str, key: bytes | None = None) -> str:
        key = self._key if key is None else key
        return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
