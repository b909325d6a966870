"""Asset values as typed JSON, one file for each asset and company, in a folder or in S3.

JSON rather than pickles: a value can be read by anything, and reading one runs no code.
"""

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
        """Write `obj` whole or not at all: a reader never sees half a file."""
        beside = path.with_name(f"{path.name}.{context.run_id}")
        beside.write_bytes(value_adapter(context).dump_json(obj))
        beside.rename(path)

    def load_from_path(self, context: InputContext, path: UPath) -> Any:
        """Read and validate a value; FileNotFoundError if it was never materialized."""
        return read_value(context, path.read_bytes())


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
def artifacts(_context: InitResourceContext) -> UPathIOManager:
    """The IO manager for `BG_ARTIFACTS`; boto3 is imported only when that is an s3:// URL."""
    url = settings().artifacts_url
    if url.startswith("s3://"):
        from bg_orchestration.assets.artifacts_s3 import S3JsonIOManager

        return S3JsonIOManager(url)
    return JsonIOManager(base_path=UPath(url))
