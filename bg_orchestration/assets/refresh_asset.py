"""An asset of a refresh: its description in Dagit, and its function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets.code_references import code_references
from bg_orchestration.assets.column_metadata import column_lineage, column_schema
from bg_orchestration.assets.rules_version import rules_version
from bg_orchestration.settings import settings

if TYPE_CHECKING:
    from bg_orchestration.assets.artifacts import ArtifactType
    from bg_orchestration.assets.refresh_step import RefreshStep

Materialize = Callable[["RefreshStep"], dg.MaterializeResult[Any]]


@dataclass(frozen=True, slots=True)
class RefreshAsset:
    """One of the assets that a refresh makes, in the order of their lineage.

    Attributes:
        spec: its name, lineage, owners and description.
        checks: the checks that its function answers.
        artifact: how its value is stored; `None` for the one that is published.
        materialize: makes the asset of the step's company.
    """

    spec: dg.AssetSpec
    checks: tuple[dg.AssetCheckSpec, ...]
    artifact: "ArtifactType[Any] | None"
    materialize: Materialize

    @property
    def name(self) -> str:
        """The asset's name."""
        return self.spec.key.to_user_string()


def refresh_asset(
    name: str,
    *,
    deps: Sequence[str | dg.AssetKey] = (),
    kind: str = "json",
    checks: Sequence[dg.AssetCheckSpec] = (),
    artifact: "ArtifactType[Any] | None" = None,
    by_rules: bool = False,
    tags: Sequence[str] = (),
) -> Callable[[Materialize], RefreshAsset]:
    """Make an asset of a refresh from a function; its docstring is the description in Dagit.

    Args:
        name: the asset's name.
        deps: the assets upstream.
        kind: how the value is stored, beside the kind `python`.
        checks: the checks that the function answers.
        artifact: how the value is stored; `None` if it is published.
        by_rules: whether the rules of judgement make it; its code version is then theirs.
        tags: `personal_data` or `paid`, by which Dagit's catalog filters.
    """

    def decorate(function: Materialize) -> RefreshAsset:
        lineage = column_lineage(name)
        spec = dg.AssetSpec(
            name,
            deps=deps,
            description=cleandoc(function.__doc__ or ""),
            group_name=names.ASSET_GROUP,
            kinds={"python", kind},
            owners=list(settings().owners),
            tags={f"bg/{tag}": "true" for tag in tags},
            metadata={
                "dagster/column_schema": column_schema(name),
                **({} if lineage is None else {"dagster/column_lineage": lineage}),
                "dagster/code_references": code_references(function),
            },
            code_version=rules_version() if by_rules else None,
            # A run that has nothing to do, or no budget left, makes none of them.
            skippable=True,
        )
        return RefreshAsset(spec, tuple(checks), artifact, function)

    return decorate
