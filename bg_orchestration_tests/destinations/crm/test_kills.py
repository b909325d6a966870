"""The writer is killed between request and record: a short run of `make crm-kills`."""

from pathlib import Path

import pytest

from bg_orchestration.store.database import engine_for
from bg_orchestration_tests.destinations.crm.kills import SUBJECTS, run
from bg_orchestration_tests.stubs.server import Stubs


@pytest.mark.parametrize("system", SUBJECTS)
def test_kills_lose_and_double_nothing(
    fresh_sqlite: Path, stubs: Stubs, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    subject = SUBJECTS[system](stubs)
    for name, value in subject.environment.items():
        monkeypatch.setenv(name, value)
    url = f"sqlite:///{fresh_sqlite}"
    engine = engine_for(url)
    run(engine, url, stubs, subject, kills=3, seed=3)
    engine.dispose()
