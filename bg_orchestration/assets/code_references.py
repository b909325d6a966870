"""Where an asset's code stands: its file and line, here and at the git host."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import dagster as dg

import bg_orchestration
from bg_orchestration.settings import settings

_PACKAGE: Final = Path(bg_orchestration.__file__).parent


def code_references(function: Callable[..., Any]) -> dg.CodeReferencesMetadataValue:
    """Return the references to a function; `BG_CODE_URL` adds the one at the git host."""
    file, line = Path(function.__code__.co_filename), function.__code__.co_firstlineno
    relative = f"{_PACKAGE.name}/{file.relative_to(_PACKAGE).as_posix()}"
    with warnings.catch_warnings():
        # Beta; Dagit has no other link from an asset to its code.
        warnings.simplefilter("ignore", dg.BetaWarning)
        references: list[dg.LocalFileCodeReference | dg.UrlCodeReference] = [
            dg.LocalFileCodeReference(
                file_path=str(file), line_number=line, label=f"{relative}:{line}"
            )
        ]
        if (url := settings().code_url) is not None:
            references.append(
                dg.UrlCodeReference(url=f"{url}/{relative}#L{line}", label="at the git host")
            )
        return dg.CodeReferencesMetadataValue(code_references=references)
