"""Ctrl-C in a terminal ends the whole command, and leaves no lease behind."""

import signal
import subprocess
import sys
from functools import partial

import pytest
from sqlalchemy import Engine, select

from bg_orchestration.domain.model import Company
from bg_orchestration.store.companies import save_companies
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.end_to_end.system import until


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_stops_the_present_refresh_and_those_after_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_PROVIDER", "files")
    names = [f"c-{number}" for number in range(5)]
    with writing(engine) as connection:
        companies = [Company(company_id=name, name=name) for name in names]
        save_companies(connection, companies, "test")

    def runs() -> bool:
        with reading(engine) as connection:
            return bool(connection.execute(select(logs.c.state)).first())

    command = [sys.executable, "-m", "bg_orchestration", "refresh", *names]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # Tests that a shell started in the background inherit that Ctrl-C is ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        until("a refresh", runs)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 1
    assert "Stopped by Ctrl-C" in errors or "Aborted" in errors
    assert "Traceback" not in errors
    with reading(engine) as connection:
        refreshed = set(connection.scalars(select(logs.c.company_id)))
        assert "running" not in set(connection.scalars(select(logs.c.state)))
    assert len(refreshed) < len(names)
