"""Waiting for one's turn to ask a provider, no longer than somebody would."""

import random
import time
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine

from bg_orchestration.domain.token_bucket import Pace
from bg_orchestration.ledger.rate_limit import (
    Entered,
    Full,
    Queued,
    Refused,
    enter,
)
from bg_orchestration.providers.http import longest
from bg_orchestration.providers.protocols import (
    Adapter,
    Call,
    ProviderAwayError,
    ProviderStoppedError,
)
from bg_orchestration.store.database import writing

# A provider whose turn comes later than this is away; so is one that asks to wait longer.
PATIENCE: Final = timedelta(seconds=60)
_POLL_SECONDS: Final = (0.05, 0.25)


def take_turn(engine: Engine, adapter: Adapter, call: Call) -> Entered:
    """Wait for a turn; it has come when this returns. End it with `store.pace.leave`.

    Raises:
        ProviderAwayError: it does not come in time, or the provider is left alone for a while.
        ProviderStoppedError: the provider answers nobody until a person acts.
    """
    pace = Pace(*adapter.pace(call.endpoint))
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while True:
        with writing(engine) as connection:
            found = enter(connection, call.provider, call.endpoint, pace, PATIENCE, longest(call))
        if isinstance(found, Entered):
            time.sleep(found.wait)
            return found
        if isinstance(found, Full) and time.monotonic() < deadline:
            time.sleep(random.uniform(*_POLL_SECONDS))  # noqa: S311 - no secret
            continue
        raise _refusal(call, found)


def _refusal(
    call: Call, found: Refused | Queued | Full
) -> ProviderAwayError | ProviderStoppedError:
    if isinstance(found, Full):
        return ProviderAwayError(
            call.provider, f"{call.endpoint}: as many requests as it allows are under way"
        )
    if isinstance(found, Queued):
        return ProviderAwayError(
            call.provider, f"{call.endpoint}: its turn would come in {found.wait:.0f} s only"
        )
    until = f"{found.until:%H:%M:%S} UTC"
    if found.stopped:
        return ProviderStoppedError(
            call.provider,
            f"{found.why}. Mend it, then `bg providers check`; it is not asked before {until}",
        )
    return ProviderAwayError(
        call.provider, f"failed again and again ({found.why}); rests to {until}"
    )
