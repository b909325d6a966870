"""The resources of a run: configuration and trace."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg
from sqlalchemy import Engine

from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store.database import engine_for

if TYPE_CHECKING:
    from bg_orchestration.assets.run_trace import RunTrace


class Configuration(dg.ConfigurableResource["Configuration"]):
    """Settings, database, seller profiles and policy of the process that executes a run.

    They come from the environment (`BG_...`) and the folder `BG_PROFILES`, so a run in Dagit and
    one of `bg refresh` behave the same. The config of the op `refresh` changes them for one run.
    """

    @property
    def settings(self) -> Settings:
        """The settings of this process."""
        return settings()

    @property
    def engine(self) -> Engine:
        """The database's engine."""
        return engine_for(settings().url)

    @property
    def profiles(self) -> tuple[SellerProfile, ...]:
        """The seller profiles as their files are now.

        Raises:
            ProfileError: see `load_profiles`.
        """
        return load_profiles(settings().profiles)

    @property
    def policy(self) -> Policy:
        """The rules of judgement as their file is now.

        Raises:
            ProfileError: see `load_policy`.
        """
        return load_policy(settings().profiles)


@dg.resource(description="The trace of the run, see `bg trace`.")
def trace(context: dg.InitResourceContext) -> Iterator["RunTrace"]:
    """Open the run's trace; it ends when the run gives its resources back."""
    # Here and not above: a process that only loads the definitions needs no logs and no traces.
    from bg_orchestration.assets.run_trace import RunTrace
    from bg_orchestration.observability.logs import configure_hosted_logs

    config = settings()
    configure_hosted_logs(config.log_level, config.log_levels)
    assert context.run is not None, "only runs have this resource"
    run_trace = RunTrace(context.run)
    try:
        yield run_trace
    finally:
        run_trace.end()
