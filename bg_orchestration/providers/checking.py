"""Trying a provider out: its cheapest call that needs the key, whatever its circuit says."""

from sqlalchemy import Engine

from bg_orchestration.providers.endings import Ending, ending_of
from bg_orchestration.providers.http import Http
from bg_orchestration.providers.protocols import Adapter
from bg_orchestration.providers.turns import take_turn
from bg_orchestration.store.database import writing
from bg_orchestration.store.pace import close_circuit, leave

_BACKOFF_SECONDS = 2.0


def try_out(engine: Engine, adapter: Adapter) -> Ending:
    """Ask once, free of charge. A person has just mended something: others may ask again, too.

    If it fails as before, the provider is left alone again.

    Raises:
        ProviderAwayError: its turn does not come soon.
    """
    call = adapter.check()
    assert call.credits == 0, "a check that costs would have to be booked"
    with writing(engine) as connection:
        close_circuit(connection, adapter.name)
    entered = take_turn(engine, adapter, call)
    http = Http()
    try:
        ending = ending_of(adapter, call, http.send(adapter, call), usd_per_credit=0.0)
    finally:
        http.close()
    with writing(engine) as connection:
        leave(connection, entered, ending.left(_BACKOFF_SECONDS))
    return ending
