"""The file of role words: ours in the words of each CRM."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from bg_orchestration.destinations.crm.protocol import CrmError
from bg_orchestration.domain.crm_cells import ROLES, Vocabulary

_OF_PACKAGE = Path(__file__).with_name("roles.yaml")


def read_vocabulary(path: Path | None, system: str) -> Vocabulary:
    """Read the words of a CRM from `path`, else from the file of the package.

    Raises:
        CrmError: the file cannot be read, or maps what is no role of ours.
    """
    path = path or _OF_PACKAGE
    try:
        content = yaml.safe_load(path.read_text())
        words = content[system]
        write, read = _words(words.get("write")), _words(words.get("read"))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise CrmError(
            f"{path} has no readable roles of {system}. It needs `{system}:` with `write:`, "
            f"our role: their value. Compare it with {_OF_PACKAGE}"
        ) from None
    if wrong := sorted({*write, *read.values()} - set(ROLES)):
        raise CrmError(f"{path}: {', '.join(wrong)}: no role of ours. Roles: {', '.join(ROLES)}")
    if len(set(write.values())) < len(write):
        raise CrmError(
            f"{path}: {system}: two roles are written as the same value, which cannot be read "
            "back. Give each role a value of its own, or leave one out"
        )
    return Vocabulary(write, read)


def _words(mapping: Any) -> dict[str, str]:
    if mapping is None:
        return {}
    if not isinstance(mapping, Mapping):
        raise TypeError(mapping)
    return {str(key): str(value) for key, value in mapping.items() if value is not None}


def check_vocabulary(vocabulary: Vocabulary, place: str, values: Collection[str]) -> None:
    """Compare the words with the CRM's own definition of the field.

    Raises:
        CrmError: a role would be written as a value that the CRM does not have.
    """
    missing = [
        f"{theirs!r} for {role}"
        for role, theirs in vocabulary.write.items()
        if theirs not in values
    ]
    if missing:
        raise CrmError(
            f"{place} has no value {', '.join(missing)}. It has: {', '.join(values) or 'none'}. "
            "Map the roles to these in a copy of destinations/crm/roles.yaml and set BG_CRM_ROLES "
            "to it, or add the value there"
        )
