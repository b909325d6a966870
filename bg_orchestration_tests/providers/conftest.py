"""A database and stub providers of its own for each test: starting them takes a while."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from bg_orchestration.ledger.calls import Adapter
from bg_orchestration_tests.stubs.books import Books
from bg_orchestration_tests.stubs.faults import Faults
from bg_orchestration_tests.stubs.plain_request import PlainRequest
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site
from bg_orchestration_tests.stubs.world import World


@pytest.fixture(scope="session")
def running_stubs() -> Iterator[Stubs]:
    with serving(Site()) as stubs:
        yield stubs


@pytest.fixture
def stubs(running_stubs: Stubs) -> Stubs:
    """The stubs of all providers, with a new world, empty books and no faults."""
    site = running_stubs.site
    site.world, site.books, site.faults = World(), Books(), Faults()
    site.latency, site.limited = 0.0, False
    site.suppressed.clear()
    return running_stubs


@pytest.fixture
def plain_ask() -> Iterator[Callable[[Adapter], PlainRequest]]:
    """Asks a stub without remembering or repeating anything."""
    with httpx.Client(trust_env=False) as client:
        yield lambda adapter: PlainRequest(adapter, client)
