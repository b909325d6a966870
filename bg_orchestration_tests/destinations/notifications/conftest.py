"""A company with people, its published groups, and receivers of what is told about them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.admission import Limits
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store.database import writing
from bg_orchestration_tests.destinations.notifications.receiving import (
    SECRET,
    Receiver,
    receiver,
)
from bg_orchestration_tests.refreshes.test_publishing import group, member
from bg_orchestration_tests.store.rows import HOUR, STAFF, follow

WIDE = Limits(HOUR, starts_per_minute=1000, concurrency=50, max_attempts=1)

Configure = Callable[..., Settings]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Set variables of notifications, and read the settings anew."""

    def change(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(f"BG_NOTIFY_{name.upper()}", value)
        settings.cache_clear()
        return settings()

    return change


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def sales() -> Iterator[Receiver]:
    """The receiver that the address `sales` means, once `told` has set it."""
    with receiver() as made:
        yield made


@pytest.fixture
def told(engine: Engine, sales: Receiver, configure: Configure) -> Engine:
    """A database with companies whose changes go to `sales`."""
    configure(urls=f"sales={sales.url}", secrets=f"sales={SECRET}")
    follow(engine, "acme", "globex", staff=STAFF)
    return engine


@pytest.fixture
def receivers() -> Iterator[Callable[[], Receiver]]:
    """Starts further receivers."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(receiver())


def change(engine: Engine, company_id: str = "acme", *people: str, role: str = "decision") -> str:
    """Publish a group of these people; returns the refresh's id."""
    with writing(engine) as connection:
        refresh = start(connection, company_id, f"run-{company_id}", WIDE)
        assert isinstance(refresh, Refresh)
        members = [member(one, role) for one in people]
        publish(connection, refresh, [group(*members, company_id=company_id)])
    return refresh.refresh_id


def die(engine: Engine, company_id: str = "acme", error: str = "Boom") -> str:
    """Give a refresh of the company up; returns its id."""
    with writing(engine) as connection:
        refresh = start(connection, company_id, f"run-{company_id}", WIDE)
        assert isinstance(refresh, Refresh)
        assert fail(connection, refresh.refresh_id, 1, error, WIDE) == "dead"
    return refresh.refresh_id
