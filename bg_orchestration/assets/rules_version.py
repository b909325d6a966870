"""The version of the rules: the judgement's code, the policy and the seller profiles.

Dagit compares it with the version that made a group, and so shows groups of older rules.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import dagster as dg
from dagster._core.definitions.data_version import (
    CODE_VERSION_TAG,
    DATA_VERSION_TAG,
    NULL_EVENT_POINTER,
    get_input_data_version_tag,
    get_input_event_pointer_tag,
)

import bg_orchestration
from bg_orchestration.settings import settings

_PACKAGE: Final = Path(bg_orchestration.__file__).parent
_CODE: Final = ("domain/judgement", "domain/titles")
_SUFFIXES: Final = frozenset((".py", ".yaml", ".csv", ".json"))
_CHARACTERS: Final = 12


def rules_version() -> str:
    """Return 12 characters that change with the files of judgement, policy and profiles.

    An edit of a comment changes it too: the files are compared byte for byte.
    """
    folder = settings().profiles
    profiles = _files(folder) if folder is not None else []
    return _hash([_code_hash().encode(), *_content(profiles)])[:_CHARACTERS]


def provenance_tags(spec: dg.AssetSpec, run_id: str) -> dict[str, str] | None:
    """Return the tags by which Dagit compares a materialization with the present rules.

    They state the code version; the parents' versions are those of the same run, because Dagit
    would otherwise report each parent as new. `None` for an asset that no rules make.
    """
    if spec.code_version is None:
        return None
    tags = {CODE_VERSION_TAG: rules_version(), DATA_VERSION_TAG: run_id}
    for parent in spec.deps:
        tags[get_input_data_version_tag(parent.asset_key)] = run_id
        tags[get_input_event_pointer_tag(parent.asset_key)] = NULL_EVENT_POINTER
    return tags


@cache
def _code_hash() -> str:
    """Return the hash of the installed rules, which do not change while a process runs."""
    files = [file for room in _CODE for file in sorted((_PACKAGE / room).rglob("*"))]
    files += _files(_PACKAGE / "profiles")
    return _hash(_content(file for file in files if file.suffix in _SUFFIXES))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))


def _content(files: Iterable[Path]) -> Iterable[bytes]:
    for file in files:
        yield file.name.encode()
        yield file.read_bytes()


def _hash(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()
