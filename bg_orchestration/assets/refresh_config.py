"""The configuration of one run: what a person may change under "Launch with config" in Dagit."""

from enum import Enum
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from bg_orchestration.profiles import ProfileError
from bg_orchestration.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bg_orchestration.assets.resources import Configuration


class EnrichmentLevel(Enum):
    """The levels of `BG_ENRICHMENT`; run config names the member."""

    identify = "identify"
    enrich = "enrich"
    deep_research = "deep_research"


class RefreshConfig(dg.Config):
    """What one run does differently from the settings. Empty: as all others."""

    enrichment: EnrichmentLevel | None = Field(
        None,
        description="Level of this run instead of BG_ENRICHMENT. identify: members, published "
        "without contacts; enrich: also contacts; deep_research: also research about decision "
        "makers and champions.",
    )
    force: bool = Field(
        False,
        description="Ask the providers again although the ledger has fresh answers. Every call is "
        "paid again, within the day's budget. Only for a run of all assets.",
    )
    profiles: list[str] = Field(
        [],
        description="Ids of the seller profiles to judge and publish. Empty: all. The groups of "
        "other profiles stay as published.",
    )

    @property
    def is_default(self) -> bool:
        """Whether the run does as the settings say."""
        return self.enrichment is None and not self.force and not self.profiles

    def applied_to(self, config: Settings) -> Settings:
        """Return the settings of the run."""
        if self.enrichment is None:
            return config
        return config.model_copy(update={"enrichment": self.enrichment.value})

    def fault(self, configuration: "Configuration", *, publishes: bool) -> str | None:
        """Return what is wrong with it, before anything is paid; `None` if nothing is.

        Args:
            configuration: the resource with settings and profiles.
            publishes: whether the run publishes: then a retry of it pays nothing twice.
        """
        if self.is_default:
            return None
        if self.force and not publishes:
            return "config force: only a run that publishes may force; materialize all assets."
        try:
            ids = [profile.id for profile in configuration.profiles]
            run_settings = self.applied_to(configuration.settings)
            for provider in run_settings.providers_in_use:
                run_settings.key_of(provider)
        except (ProfileError, SettingsError) as error:
            return str(error)
        unknown = sorted(set(self.profiles) - set(ids))
        if unknown:
            return f"config profiles: no profile {', '.join(unknown)}; there are {', '.join(ids)}."
        return None
