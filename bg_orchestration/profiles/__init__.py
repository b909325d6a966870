"""Seller profiles and the policy as files: shipped ones, and a folder's own."""

from collections.abc import Iterator, Mapping
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path
from typing import Any

from bg_orchestration.domain.judgement.categories import CATEGORIES, department
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.profiles.wording import did_you_mean
from bg_orchestration.profiles.yaml_reader import (
    Loc,
    ProfileError,
    ProfileFault,
    read_model,
)

__all__ = [
    "ProfileError",
    "ProfileFault",
    "key_companies",
    "load_policy",
    "load_profile",
    "load_profiles",
]

_POLICY = "policy.yaml"


def load_profile(path: Path) -> SellerProfile:
    """Return the profile in the file `path`, or the shipped example of that name.

    Raises:
        ProfileError: there is no such file, it cannot be read, or a field is wrong.
    """
    if not path.is_file() and path.parent == Path() and (example := _shipped_example(path.stem)):
        return _read_profile(example, example.name)
    return _read_profile(path, str(path))


def load_policy(folder: Path | None = None) -> Policy:
    """Return the rules of judgement: `policy.yaml` of `folder`, else the shipped one.

    Raises:
        ProfileError: the file cannot be read, or a field is missing, misspelt or wrong.
    """
    own = folder / _POLICY if folder is not None else None
    file = own if own is not None and own.exists() else files(__name__) / _POLICY
    return read_model(file, file.name, Policy)


def load_profiles(folder: Path | None = None) -> tuple[SellerProfile, ...]:
    """Return the profiles in the `*.yaml` files of `folder`, by id; the shipped one by default.

    Raises:
        ProfileError: the folder is missing or empty, a file cannot be read, a field is wrong, or
            an id stands twice.
    """
    place: Traversable = files(__name__) if folder is None else folder
    if not place.is_dir():
        raise ProfileError(f"{place}: no such folder; name one that holds *.yaml in BG_PROFILES")
    names = sorted(
        (
            each
            for each in place.iterdir()
            if each.name.endswith((".yaml", ".yml")) and each.name != _POLICY
        ),
        key=lambda each: each.name,
    )
    if not names:
        raise ProfileError(
            f"{place}: no seller profile (*.yaml) here; add a file with `id` and `category`, or "
            "unset BG_PROFILES to use the shipped one"
        )
    loaded: dict[str, tuple[str, SellerProfile]] = {}
    for file in names:
        profile = _read_profile(file, file.name)
        if profile.id in loaded:
            other = loaded[profile.id][0]
            raise ProfileError(f"{file.name}: id {profile.id!r} is also that of {other}")
        loaded[profile.id] = (file.name, profile)
    return tuple(profile for _, (_, profile) in sorted(loaded.items()))


def _shipped_example(name: str) -> Traversable | None:
    folders = (files(__name__) / "examples", files(__name__))
    found = (folder / f"{name}.yaml" for folder in folders if name != Path(_POLICY).stem)
    return next((file for file in found if file.is_file()), None)


def key_companies(folder: Path | None = None) -> frozenset[str]:
    """Return the ids and web domains that the profiles of `load_profiles` name as key companies."""
    return frozenset(key for profile in load_profiles(folder) for key in profile.key_companies)


def _read_profile(file: Traversable, name: str) -> SellerProfile:
    return read_model(file, name, SellerProfile, _faults_of_profile)


def _faults_of_profile(given: Mapping[str, Any]) -> Iterator[tuple[Loc, str]]:
    """Yield the faults that the model cannot report beside others, or not plainly."""
    categories = ", ".join(sorted(CATEGORIES))
    category = given.get("category")
    if "id" not in given:
        yield ("id",), "Field required: a name for this profile, such as security"
    if "category" not in given:
        yield ("category",), f"Field required: the kind of product, such as one of {categories}"
    if not isinstance(category, str) or not category.strip() or given.get("target_departments"):
        return
    word = category.strip().lower()
    if word not in CATEGORIES and department(word) is None:
        yield (
            ("category",),
            (
                f"{category!r} is none of the known{did_you_mean(word, CATEGORIES)} "
                f"Known: {categories}. With another word, name the functions that use the product "
                "in target_departments"
            ),
        )
    elif given.get("target_departments") == []:
        yield ("target_departments",), "names no function; leave it out to use the category's"
