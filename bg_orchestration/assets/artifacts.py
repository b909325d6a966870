"""Asset values as typed JSON, one file for each asset and company, in a folder or in S3.

JSON rather than pickles: a value can be read by anything, and reading one runs no code.
"""

import json
from collections.abc import Collection
from typing import Any

from dagster import (
    Failure,
    InitResourceContext,
    InputContext,
    OutputContext,
    UPathIOManager,
    io_manager,
)
from pydantic import TypeAdapter, ValidationError
from upath import UPath

from bg_orchestration import names
from bg_orchestration.domain.model import (
    BuyerGroup,
    Company,
    ContactPoint,
    Person,
    ScoredPerson,
)
from bg_orchestration.settings import settings

_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    names.COMPANY: TypeAdapter(Company),
    names.PEOPLE: TypeAdapter(list[Person]),
    names.SCORED_PEOPLE: TypeAdapter(list[ScoredPerson]),
    names.BUYER_GROUP: TypeAdapter(list[BuyerGroup]),
    names.CONTACTS: TypeAdapter(list[ContactPoint]),
}


class JsonIOManager(UPathIOManager):
    """Keeps each value in a folder as JSON."""

    extension = ".json"

    def dump_to_path(self, context: OutputContext, obj: Any, path: UPath) -> None:
        """Write `obj`."""
        self._write(path, value_adapter(context).dump_json(obj), context.run_id)

    def forget(self, asset: str, company_id: str, person_ids: Collection[str]) -> bool:
        """Take these people out of a stored value; whether anything of them was in it."""
        path = self._base_path / asset / f"{company_id}{self.extension}"
        try:
            value = json.loads(self._read(path))
        except FileNotFoundError:
            return False
        left = _without(value, person_ids)
        if left == value:
            return False
        self._write(path, json.dumps(left, ensure_ascii=False).encode(), "forget")
        return True

    def _read(self, path: UPath) -> bytes:
        return path.read_bytes()

    def _write(self, path: UPath, content: bytes, writer: str) -> None:
        """Write whole or not at all: a reader never sees half a file."""
        beside = path.with_name(f"{path.name}.{writer}")
        beside.write_bytes(content)
        beside.rename(path)

    def load_partitions(self, context: InputContext) -> Any:
        """Read the value of one partition, or a dictionary of those of several."""
        paths = self._get_paths_for_partitions(context)
        if len(paths) > 1:
            return super().load_partitions(context)
        # Dagster's own way logs two lines, which are two events of the run's log, for each input.
        [path] = paths.values()
        return self.load_from_path(context, path)

    def load_from_path(self, context: InputContext, path: UPath) -> Any:
        """Read and validate a value; FileNotFoundError if it was never materialized."""
        return read_value(context, self._read(path))


def _without(value: Any, person_ids: Collection[str]) -> Any:
    """`value` without the objects of these people, and without their ids in lists."""
    if isinstance(value, dict):
        return {name: _without(one, person_ids) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, person_ids) for one in value if not _is_of(one, person_ids)]
    return value


def _is_of(value: Any, person_ids: Collection[str]) -> bool:
    if not isinstance(value, dict):
        return isinstance(value, str) and value in person_ids
    who = value.get("person_id") or value.get("person")
    return (who.get("person_id") if isinstance(who, dict) else who) in person_ids


def read_value(context: InputContext, content: bytes) -> Any:
    """The value that `content` holds.

    Raises:
        Failure: it was stored by another version or changed by hand; says what to do and quotes
            nothing of it, because it is personal.
    """
    try:
        return value_adapter(context).validate_json(content)
    except ValidationError:
        asset = context.asset_key.to_user_string()
        raise Failure(
            f"The stored value of {asset} cannot be read by this version: materialize {asset} "
            "again for this company.",
            allow_retries=False,
        ) from None


def value_adapter(context: InputContext | OutputContext) -> TypeAdapter[Any]:
    """Reads and writes the type of the asset's value."""
    return _ADAPTERS[context.asset_key.to_user_string()]


@io_manager
def artifacts(_context: InitResourceContext) -> JsonIOManager:
    """The IO manager of the runs, see `store_of`."""
    return store_of(settings().artifacts_url)


def store_of(url: str) -> JsonIOManager:
    """What keeps asset values at `url`; boto3 is imported only when that is an s3:// URL."""
    if url.startswith("s3://"):
        from bg_orchestration.assets.artifacts_s3 import S3JsonIOManager

        return S3JsonIOManager(url)
    return JsonIOManager(base_path=UPath(url))


def forget_in_artifacts(company_ids: Collection[str], person_ids: Collection[str]) -> int:
    """Take people out of the stored values of these companies; returns how many values held them.

    A run under way may still write what it has read: refresh the companies afterwards.
    """
    kept = store_of(settings().artifacts_url)
    return sum(
        kept.forget(asset, company_id, person_ids)
        for company_id in sorted(company_ids)
        for asset in _ADAPTERS
    )
