"""Published groups of three companies, and how to publish more."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.model import Group
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.database import engine_for, writing
from bg_orchestration.store.external_ids import ExternalId, claim_ids
from bg_orchestration_tests.refreshes.test_publishing import email, group, member
from bg_orchestration_tests.store.rows import HOUR, STAFF, follow
from bg_orchestration_tests.stubs.bucket import bucket as bucket

WIDE = Limits(HOUR, starts_per_minute=1000, concurrency=50, max_attempts=1)
COMPANIES = ("acme", "b-corp", "Acme.io")

Publish = Callable[..., None]


@pytest.fixture
def published_groups(engine: Engine) -> Publish:
    """Three companies with a group each; returns how to publish other groups of a company."""
    return _publish(engine)


@pytest.fixture
def published_sqlite(fresh_sqlite: Path) -> Iterator[tuple[Engine, Publish]]:
    """The same in a SQLite file, for tests that need no second database."""
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    yield engine, _publish(engine)
    engine.dispose()


def _publish(engine: Engine) -> Publish:
    def put(company_id: str, *groups: Group) -> None:
        with writing(engine) as connection:
            refresh = start(connection, company_id, "run", WIDE)
            assert isinstance(refresh, Refresh), refresh
            publish(connection, refresh, groups)

    follow(engine, *COMPANIES, staff=STAFF)
    for company_id in COMPANIES:
        put(company_id, first_group(company_id))
    with writing(engine) as connection:
        ids = [
            ExternalId("salesforce:account", "001A", "company", "acme"),
            ExternalId("hubspot:contact", "51", "person", "p-ann"),
        ]
        claim_ids(connection, ids, "file:contacts.csv")
    return put


def first_group(company_id: str) -> Group:
    return group(
        member("p-ann", "decision", title="Chief Revenue Officer"),
        member("p-bob"),
        contacts=(email("p-ann", "ann@acme.example"), email("p-ann", "a.lee@mail.example")),
        company_id=company_id,
    )
