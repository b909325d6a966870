"""A provider on a real socket, and askers as processes of their own would be."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from bg_orchestration.ledger import client as client_module
from bg_orchestration.ledger import ledger as ledger_module
from bg_orchestration.ledger.calls import Answer, Call
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.settings import read_settings
from bg_orchestration_tests.ledger.scripted_provider import (
    ScriptedAdapter,
    ScriptedProvider,
    call,
    provider_running,
)


@pytest.fixture(scope="module")
def _provider() -> Iterator[ScriptedProvider]:
    with provider_running() as made:
        yield made


@pytest.fixture
def provider(_provider: ScriptedProvider) -> ScriptedProvider:
    """The running provider, its counts at zero."""
    port = _provider.port
    _provider.__init__()  # type: ignore[misc]
    _provider.port = port
    return _provider


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_PAUSES", (0.01, 0.02, 0.04))
    monkeypatch.setattr(ledger_module, "_POLL_SECONDS", (0.01, 0.01))
    monkeypatch.setenv("BG_ZEROBOUNCE_USD_PER_CREDIT", "0.01")


@pytest.fixture
def ask(engine: Engine, provider: ScriptedProvider) -> Callable[..., Answer]:
    """Call as a process of its own would: nothing is kept between two calls."""

    def ask_once(one: Call | None = None, purpose: Purpose | None = None, **of: Any) -> Answer:
        adapter = ScriptedAdapter(provider.url, **of)
        with provider_client(engine, [adapter], read_settings(), purpose or Purpose()) as request:
            return request(one or call())

    return ask_once
