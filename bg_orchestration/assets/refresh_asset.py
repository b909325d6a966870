"""An asset of a refresh: its description in Dagit, and its function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import dagster as dg

from bg_orchestration import names

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
    deps: Sequence[str] = (),
    kind: str = "python",
    checks: Sequence[dg.AssetCheckSpec] = (),
    artifact: "ArtifactType[Any] | None" = None,
) -> Callable[[Materialize], RefreshAsset]:
    """Make an asset of a refresh from a function; its docstring is the description in Dagit."""

    def decorate(function: Materialize) -> RefreshAsset:
        spec = dg.AssetSpec(
            name,
            deps=deps,
            description=cleandoc(function.__doc__ or ""),
            group_name=names.ASSET_GROUP,
            kinds={kind},
            owners=["team:data"],
            # A run that has nothing to do, or no budget left, makes none of them.
            skippable=True,
        )
        return RefreshAsset(spec, tuple(checks), artifact, function)

    return decorate
