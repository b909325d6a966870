"""Trying a provider out: its cheapest call that needs the key, whatever its circuit says."""

import time
from typing import Final

from sqlalchemy import Engine

from bg_orchestration.ledger.rate_limit import close_circuit, leave
from bg_orchestration.providers.endings import Ending, ending_of
from bg_orchestration.providers.http import Http
from bg_orchestration.providers.protocols import Adapter
from bg_orchestration.providers.turns import take_turn
from bg_orchestration.store.database import writing

# A fault that passes within seconds is none that a person has to mend.
_WAITS: Final = (2.0, 4.0)


def try_out(engine: Engine, adapter: Adapter) -> Ending:
    """Ask for something free; faults that may pass are repeated twice.

    A person has just mended something, so the provider's circuit is closed, and others may ask
    again, too. If it fails as before, it is left alone again.

    Raises:
        ProviderAwayError: its turn does not come soon.
    """
    with writing(engine) as connection:
        close_circuit(connection, adapter.name)
    http = Http()
    try:
        for wait in _WAITS:
            ending = _try_once(engine, adapter, http, wait)
            if not ending.may_pass:
                return ending
            time.sleep(wait)
        return _try_once(engine, adapter, http, _WAITS[-1])
    finally:
        http.close()


def _try_once(engine: Engine, adapter: Adapter, http: Http, backoff: float) -> Ending:
    call = adapter.check()
    assert call.credits == 0, "a check that costs would have to be booked"
    entered = take_turn(engine, adapter, call)
    ending = ending_of(adapter, call, http.send(adapter, call), usd_per_credit=0.0)
    with writing(engine) as connection:
        leave(connection, entered, ending.left(backoff))
    return ending
