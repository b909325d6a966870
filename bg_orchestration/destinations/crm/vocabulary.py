"""The file of role words: ours in the words of each CRM."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from bg_orchestration.destinations.crm.protocol import CrmError
from bg_orchestration.domain.crm_cells import ROLES, RoleWords, Vocabulary

_OF_PACKAGE = Path(__file__).with_name("roles.yaml")


def read_words(path: Path | None, system: str) -> RoleWords:
    """Read the words of a CRM from `path`, else from the file of the package.

    Raises:
        CrmError: the file cannot be read, or maps what is no role of ours.
    """
    path = path or _OF_PACKAGE
    try:
        words = yaml.safe_load(path.read_text())[system]
        write = {
            str(role): tuple(map(str, theirs if isinstance(theirs, list) else [theirs]))
            for role, theirs in _mapping(words, "write").items()
            if theirs is not None
        }
        read = {str(theirs): str(role) for theirs, role in _mapping(words, "read").items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise CrmError(
            f"{path} has no readable roles of {system}. It needs `{system}:` with `write:`, "
            f"our role: their value. Compare it with {_OF_PACKAGE}"
        ) from None
    if wrong := sorted({*write, *read.values()} - set(ROLES)):
        raise CrmError(f"{path}: {', '.join(wrong)}: no role of ours. Roles: {', '.join(ROLES)}")
    values = [value for theirs in write.values() for value in theirs]
    if len(set(values)) < len(values):
        raise CrmError(
            f"{path}: {system}: two roles are written as the same value, which cannot be read "
            "back. Give each role a value of its own, or leave one out"
        )
    return RoleWords(write, read)


def _mapping(words: Mapping[str, Any], name: str) -> Mapping[Any, Any]:
    found: Mapping[Any, Any] = words.get(name) or {}
    return found


def choose_words(words: RoleWords, place: str, values: Collection[str]) -> Vocabulary:
    """Choose for each role the best word that the CRM's own definition of a field has.

    Raises:
        CrmError: the CRM has no word for a role.
    """
    chosen = {
        role: [each for each in theirs if each in values] for role, theirs in words.write.items()
    }
    missing = [
        f"{' or '.join(map(repr, words.write[role]))} for {role}"
        for role, found in chosen.items()
        if not found
    ]
    if missing:
        raise CrmError(
            f"{place} has no value {', '.join(missing)}. It has: {', '.join(values) or 'none'}. "
            "Map the roles to these in a copy of destinations/crm/roles.yaml and set BG_CRM_ROLES "
            "to it, or add the value there"
        )
    return Vocabulary({role: found[0] for role, found in chosen.items()})
