"""Asset values as typed JSON: one file for each asset and company, in a folder or in S3.

JSON rather than pickles: any tool can read a value, and reading it runs no code.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

import dagster as dg
from pydantic import TypeAdapter, ValidationError

from bg_orchestration import names
from bg_orchestration.domain.company_ids import report_file_of
from bg_orchestration.domain.model import BuyerGroup, Company, ContactPoint, Person, ScoredPerson
from bg_orchestration.settings import settings

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ArtifactType(Generic[_T]):
    """The values of one asset.

    Attributes:
        asset: the asset's name, which is also the name of the folder.
        adapter: reads and writes the values' Python type.
    """

    asset: str
    adapter: TypeAdapter[_T]

    def path(self, company_id: str) -> str:
        """Return where a company's value stands, relative to the storage's root."""
        return f"{self.asset}/{company_id}.json"


COMPANY: Final = ArtifactType(names.COMPANY, TypeAdapter(Company))
PEOPLE: Final = ArtifactType(names.PEOPLE, TypeAdapter(list[Person]))
SCORED_PEOPLE: Final = ArtifactType(names.SCORED_PEOPLE, TypeAdapter(list[ScoredPerson]))
BUYER_GROUP: Final = ArtifactType(names.BUYER_GROUP, TypeAdapter(list[BuyerGroup]))
CONTACTS: Final = ArtifactType(names.CONTACTS, TypeAdapter(list[ContactPoint]))
_TYPES: Final[dict[str, ArtifactType[Any]]] = {
    kind.asset: kind for kind in (COMPANY, PEOPLE, SCORED_PEOPLE, BUYER_GROUP, CONTACTS)
}


class ArtifactStorage(Protocol):
    """Bytes under relative paths; a reader never sees half a value."""

    def read(self, path: str) -> bytes:
        """Return the content; FileNotFoundError if there is none."""

    def write(self, path: str, content: bytes, writer: str) -> None:
        """Replace the content; `writer` distinguishes processes that write at the same time."""

    def address(self, path: str) -> str:
        """Return what a person needs to find the content: a file's path or a URL."""


class ArtifactFolder:
    """An `ArtifactStorage` on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes:
        """See `ArtifactStorage`."""
        return (self._folder / path).read_bytes()

    def write(self, path: str, content: bytes, writer: str) -> None:
        """Write a file beside the old one and rename it."""
        file = self._folder / path
        beside = file.with_name(f"{file.name}.{writer}")
        try:
            beside.write_bytes(content)
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(content)
        beside.rename(file)

    def address(self, path: str) -> str:
        """Return the file's path."""
        return str(self._folder / path)


class Artifacts:
    """The stored values of all assets."""

    def __init__(self, storage: ArtifactStorage) -> None:
        self._storage = storage

    def read(self, kind: ArtifactType[_T], company_id: str) -> _T:
        """Return the stored value of a company.

        Raises:
            FileNotFoundError: the asset was never materialized for this company.
            Failure: another version stored the value, or it was edited by hand; says what to do
                and quotes nothing of it, because it is personal.
        """
        content = self._storage.read(kind.path(company_id))
        try:
            return kind.adapter.validate_json(content)
        except ValidationError:
            raise dg.Failure(
                f"This version cannot read the stored value of {kind.asset}: materialize "
                f"{kind.asset} again for this company.",
                allow_retries=False,
            ) from None

    def write(self, kind: ArtifactType[_T], company_id: str, value: _T, writer: str) -> str:
        """Store the value of a company; returns its address."""
        path = kind.path(company_id)
        self._storage.write(path, kind.adapter.dump_json(value), writer)
        return self._storage.address(path)

    def erase(self, company_ids: Collection[str], person_ids: Collection[str]) -> int:
        """Remove people from the values of these companies; returns how many values had them."""
        return sum(
            self._erase(kind.path(company_id), person_ids)
            for company_id in sorted(company_ids)
            for kind in _TYPES.values()
        )

    def _erase(self, path: str, person_ids: Collection[str]) -> bool:
        try:
            value = json.loads(self._storage.read(path))
        except FileNotFoundError:
            return False
        rest = _without(value, person_ids)
        if rest == value:
            return False
        self._storage.write(path, json.dumps(rest, ensure_ascii=False).encode(), "erase")
        return True


def _without(value: Any, person_ids: Collection[str]) -> Any:
    """Return `value` without the objects of these people, and without their ids in lists."""
    if isinstance(value, dict):
        return {name: _without(inner, person_ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, person_ids) for inner in value if not _is_of(inner, person_ids)]
    return value


def _is_of(value: Any, person_ids: Collection[str]) -> bool:
    if not isinstance(value, dict):
        return isinstance(value, str) and value in person_ids
    person = value.get("person_id") or value.get("person")
    return (person.get("person_id") if isinstance(person, dict) else person) in person_ids


def artifacts_at(url: str) -> Artifacts:
    """Return the values stored at `url`; boto3 is imported only for an s3:// URL."""
    if url.startswith("s3://"):
        from bg_orchestration.assets.artifacts_s3 import ArtifactBucket

        return Artifacts(ArtifactBucket(url))
    return Artifacts(ArtifactFolder(Path(url)))


def erase_from_artifacts(company_ids: Collection[str], person_ids: Collection[str]) -> int:
    """Remove people from the stored values of these companies; returns how many values had them.

    The pages of the companies in `BG_REPORTS` are removed; the next refresh writes them again. A
    run in progress may still write what it has read: refresh the companies afterwards.
    """
    if (folder := settings().reports) is not None:
        for company_id in company_ids:
            (folder / report_file_of(company_id)).unlink(missing_ok=True)
    return artifacts_at(settings().artifacts_url).erase(company_ids, person_ids)


class ArtifactIOManager(dg.ConfigurableIOManager):
    """Gives the stored values to other assets, and to `load_asset_value`."""

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        """Refuse: the step of a refresh stores its own values."""
        raise dg.Failure(
            f"{context.asset_key.to_user_string()} is no asset of a refresh: give it an IO "
            "manager of its own.",
            allow_retries=False,
        )

    def load_input(self, context: dg.InputContext) -> Any:
        """Return the value of one company, or a dictionary of those of several.

        Raises:
            FileNotFoundError: the asset was never materialized for the one company.
        """
        kind = _TYPES[context.asset_key.to_user_string()]
        stored = artifacts_at(settings().artifacts_url)
        keys = list(context.asset_partition_keys)
        if len(keys) == 1:
            return stored.read(kind, keys[0])
        return {key: stored.read(kind, key) for key in keys}
