"""What the ledger tells, on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from bg_orchestration.ledger import rate_limit
from bg_orchestration.ledger.reports import (
    OperationFilter,
    operation_lines,
    operation_sums,
    provider_figures,
)
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration_tests.ledger.paid import fail, reserve, settle
from bg_orchestration_tests.store.rows import HOUR, rows

DAY = timedelta(days=1)


def row(now: datetime, **values: Any) -> dict[str, Any]:
    return {
        "key": "k1", "attempt": 1, "capability": "people", "provider": "pdl",
        "endpoint": "person/enrich", "company_id": "acme", "refresh_id": None,
        "state": "answered", "outcome": "ok", "why": None, "asked_at": now,
        "claimed_until": now, "fresh_until": now + DAY, "credits": 1.0, "cost_usd": 0.25,
        "cost_basis": "listed",
    } | values  # fmt: skip


@pytest.fixture
def booked(engine: Engine) -> Engine:
    with writing(engine) as connection:
        now = clock(connection)
        connection.execute(
            insert(operations),
            [
                row(now - 2 * HOUR),
                row(now - HOUR, key="k2", state="ambiguous", outcome="transient"),
                row(now - HOUR / 2, key="k2", attempt=2),
                # Whoever asked was killed, and nobody has booked it yet.
                row(now - 40 * DAY, key="k3", state="started", provider="apollo", company_id=None,
                    claimed_until=now - 39 * DAY, cost_usd=0.2),
                row(now, key="k4", state="started", claimed_until=now + HOUR),
            ],
        )  # fmt: skip
    return engine


def test_operations_are_found_newest_first_and_by_what_they_are(booked: Engine) -> None:
    with reading(booked) as connection:
        now = clock(connection)

        def found(**which: Any) -> list[tuple[str, int, str]]:
            lines = operation_lines(connection, OperationFilter(**which), 10)
            return [(line.key, line.attempt, line.state) for line in lines]

        assert found() == [
            ("k4", 1, "started"),
            ("k2", 2, "answered"),
            ("k2", 1, "ambiguous"),
            ("k1", 1, "answered"),
            ("k3", 1, "ambiguous"),
        ]
        assert found(provider="apollo") == found(state="ambiguous")[1:] == [("k3", 1, "ambiguous")]
        assert len(found(company_id="acme")) == len(found(since=now - DAY)) == 4
        assert found(endpoint="nothing") == []
        assert len(operation_lines(connection, OperationFilter(), 2)) == 2


def test_sums_count_requests_and_questions(booked: Engine) -> None:
    with reading(booked) as connection:
        sums = {
            (one.provider, one.state): (one.requests, one.questions, one.cost_usd)
            for one in operation_sums(connection, OperationFilter())
        }
        assert operation_sums(connection, OperationFilter(company_id="nobody")) == []
    assert sums == {
        ("apollo", "ambiguous"): (1, 1, 0.2),
        ("pdl", "ambiguous"): (1, 1, 0.25),
        ("pdl", "answered"): (2, 2, 0.5),
        ("pdl", "started"): (1, 1, 0.25),
    }


def test_figures_tell_how_each_provider_does(booked: Engine) -> None:
    with writing(booked) as connection:
        rate_limit.count_calls(connection, "pdl", "person/enrich", calls=3, errors=1)
        rate_limit.count_calls(connection, "pdl", "person/search", calls=2, ledger_hits=4)
    fail(booked, "lusha", "no_credit", "HTTP 402")
    with reading(booked) as connection:
        apollo, lusha, pdl = provider_figures(connection)
        now = clock(connection)
    assert (pdl.provider, pdl.calls, pdl.errors, pdl.ledger_hits) == ("pdl", 5, 1, 4)
    assert (pdl.cost_usd, pdl.ambiguous, pdl.resting_until) == (1.0, 1, None)
    assert (apollo.cost_usd, apollo.today_usd, apollo.ambiguous) == (0.2, 0.0, 1)
    assert (lusha.calls, lusha.errors, lusha.why) == (1, 1, "no_credit: HTTP 402")
    assert lusha.resting_until is not None
    assert lusha.resting_until > now


def test_an_answer_after_its_claim_expired_is_no_longer_ambiguous(engine: Engine) -> None:
    late = reserve(engine, "k")
    with writing(engine) as connection:
        connection.execute(operations.update().values(claimed_until=clock(connection) - HOUR))
    assert reserve(engine, "k").attempt == 2
    assert [one["state"] for one in rows(engine, operations)] == ["ambiguous", "started"]
    settle(engine, late)
    assert [one["state"] for one in rows(engine, operations)] == ["answered", "started"]
