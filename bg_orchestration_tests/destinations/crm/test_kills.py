"""The writer is killed between request and record: a short run of `make crm-kills`."""

from pathlib import Path

import pytest

from bg_orchestration.store.database import engine_for
from bg_orchestration_tests.destinations.crm.kills import run
from bg_orchestration_tests.stubs.server import Stubs


def test_kills_lose_and_double_nothing(
    fresh_sqlite: Path, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BG_HUBSPOT_URL", "BG_HUBSPOT_TOKEN"):
        monkeypatch.setenv(name, "set by the run")
    url = f"sqlite:///{fresh_sqlite}"
    engine = engine_for(url)
    assert run(engine, url, stubs, kills=6, seed=3).total() == 6
    engine.dispose()
