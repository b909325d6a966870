"""Seller profiles as files: the one that ships, and those of a folder."""

from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import ValidationError

from bg_orchestration.domain.profiles import SellerProfile


class ProfileError(Exception):
    """A profile cannot be used; the message names the file, the line and the field."""


def load_profiles(folder: Path | None = None) -> tuple[SellerProfile, ...]:
    """The profiles in the `*.yaml` files of `folder`, sorted by id; without it, the shipped one.

    Raises:
        ProfileError: the folder is missing or empty, a file cannot be read, a field is wrong, or
            an id stands twice.
    """
    place: Traversable = files(__name__) if folder is None else folder
    if not place.is_dir():
        raise ProfileError(f"{place}: no such folder; name one that holds *.yaml in BG_PROFILES")
    names = sorted(
        (each for each in place.iterdir() if each.name.endswith((".yaml", ".yml"))),
        key=lambda each: each.name,
    )
    if not names:
        raise ProfileError(
            f"{place}: no seller profile (*.yaml) here; add a file with `id` and `category`, or "
            "unset BG_PROFILES to use the one that ships"
        )
    loaded: dict[str, tuple[str, SellerProfile]] = {}
    for file in names:
        profile = _read(file)
        if profile.id in loaded:
            other = loaded[profile.id][0]
            raise ProfileError(f"{file.name}: id {profile.id!r} is also that of {other}")
        loaded[profile.id] = (file.name, profile)
    return tuple(profile for _, (_, profile) in sorted(loaded.items()))


def _read(file: Traversable) -> SellerProfile:
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        given = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{file.name}: cannot be read as UTF-8 text: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise ProfileError(f"{file.name}{line}: not YAML: {problem}") from None
    if not isinstance(given, dict) or not isinstance(node, yaml.MappingNode):
        raise ProfileError(f"{file.name}: must hold fields, at least `id` and `category`")
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    try:
        return SellerProfile.model_validate(given)
    except ValidationError as error:
        faults = [
            _fault(file.name, lines, fault["loc"], fault["msg"])
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise ProfileError("\n".join(faults)) from None


def _fault(name: str, lines: dict[str, int], loc: tuple[int | str, ...], message: str) -> str:
    line = f":{lines[str(loc[0])]}" if loc and str(loc[0]) in lines else ""
    field = ".".join(str(part) for part in loc)
    return f"{name}{line}: {field}: {message}" if field else f"{name}: {message}"
