"""The sensor that sends: when it is on, what its ticks say, and that it fails visibly."""

from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration.automation.notification_sensor import notifications
from bg_orchestration.definitions import defs
from bg_orchestration.destinations.notifications.recipients import AddressError
from bg_orchestration.settings import settings
from bg_orchestration_tests.destinations.notifications.conftest import change
from bg_orchestration_tests.destinations.notifications.receiving import receiver


def tick() -> str:
    with dg.build_sensor_context() as context:
        said = notifications(context)
    assert isinstance(said, dg.SkipReason)
    return said.skip_message


def test_it_is_off_by_default_and_starts_no_run() -> None:
    sensor = defs.resolve_sensor_def("notifications")
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED
    assert sensor.targets == []
    assert "No address is set" in tick()


def test_a_tick_sends_and_says_what(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bg_orchestration.destinations.notifications.dispatch._SLACK_SECONDS", 0.0)
    with receiver() as sales:
        monkeypatch.setenv("BG_NOTIFY_SLACK_URLS", f"sales={sales.url}")
        settings.cache_clear()
        assert tick() == "Nothing to send now"
        change(database, "acme", "p-ann")
        assert tick() == "sales: 1 sent"
        assert len(sales.got) == 1


def test_a_database_that_is_away_fails_the_tick(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BG_NOTIFY_SLACK_URLS", "sales=https://hooks.example.com/x")
    monkeypatch.setenv("BG_DATABASE_URL", "postgresql://bg:secret@127.0.0.1:1/bg")
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="The database cannot be reached") as raised:
        tick()
    assert "secret" not in str(raised.value)


def test_an_address_that_cannot_be_used_fails_the_tick(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_NOTIFY_URLS", "sales=https://hooks.example.com/x")
    settings.cache_clear()
    with pytest.raises(AddressError, match="BG_NOTIFY_SECRETS=sales=whsec_"):
        tick()
