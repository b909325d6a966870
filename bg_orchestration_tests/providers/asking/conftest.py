"""A provider on a real socket, and askers as processes of their own would be."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from bg_orchestration.ledger.operations import Asker
from bg_orchestration.providers import asking as asking_module
from bg_orchestration.providers.asking import asking
from bg_orchestration.providers.protocols import (
    Answer,
    Call,
)
from bg_orchestration.settings import read_settings
from bg_orchestration_tests.providers.asking.asked import (
    AskedAdapter,
    AskedProvider,
    call,
    provider_running,
)


@pytest.fixture(scope="module")
def _provider() -> Iterator[AskedProvider]:
    with provider_running() as made:
        yield made


@pytest.fixture
def provider(_provider: AskedProvider) -> AskedProvider:
    """The running provider, its counts at zero."""
    port = _provider.port
    _provider.__init__()  # type: ignore[misc]
    _provider.port = port
    return _provider


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_module, "_WAITS", (0.01, 0.02, 0.04))
    monkeypatch.setattr(asking_module, "_POLL_SECONDS", 0.01)
    monkeypatch.setenv("BG_ZEROBOUNCE_USD_PER_CREDIT", "0.01")


@pytest.fixture
def ask(engine: Engine, provider: AskedProvider) -> Callable[..., Answer]:
    """Asks as a process of its own would: nothing is remembered between two calls."""

    def ask_once(question: Call | None = None, asker: Asker | None = None, **of: Any) -> Answer:
        adapter = AskedAdapter(provider.url, **of)
        with asking(engine, [adapter], read_settings(), asker or Asker()) as one:
            return one(question or call())

    return ask_once
