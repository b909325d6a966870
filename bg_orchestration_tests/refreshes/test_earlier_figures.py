"""The figures of refreshes as they are read from the tables, on both databases."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, insert

from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.refreshes.history import figures_of, history
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.ledger.paid import ledger_of, paid_call
from bg_orchestration_tests.refreshes.lives import taken
from bg_orchestration_tests.refreshes.test_publishing import FIRST
from bg_orchestration_tests.store.rows import HAPPENED, STAFF, follow

SECOND = timedelta(seconds=1)


def past(
    engine: Engine,
    company_id: str,
    many: int,
    summary: dict[str, Any] | None,
    state: str = "completed",
) -> None:
    """So many refreshes of a company, of one second each, each later than the one before."""
    with writing(engine) as connection:
        connection.execute(
            insert(logs),
            [
                {
                    "refresh_id": f"{company_id}-{state}-{number}",
                    "company_id": company_id,
                    "reason": "event",
                    "state": state,
                    "planned_at": HAPPENED,
                    "due_at": HAPPENED,
                    "started_at": HAPPENED + number * SECOND,
                    "finished_at": HAPPENED + (number + 1) * SECOND,
                    "summary": None if summary is None else json.dumps(summary),
                }
                for number in range(many)
            ],
        )


def test_the_figures_of_a_refresh_are_those_of_what_it_published(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    refresh = taken(engine, "acme", "run")
    with writing(engine) as connection:
        publish(connection, refresh, [FIRST])
        found = figures_of(connection, refresh.refresh_id)
    assert 0 <= found.pop("seconds") < 60
    assert found == {"members": 2.0, "people": 5.0, "confidence": 2 / 3}


def test_what_a_refresh_cost_is_among_its_figures(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    refresh = taken(engine, "acme", "run")
    ledger_of(engine, purpose=Purpose("acme", refresh.refresh_id), usd=0.25).reserve(paid_call("k"))
    with writing(engine) as connection:
        publish(connection, refresh, [FIRST])
        assert figures_of(connection, refresh.refresh_id)["cost_usd"] == 0.25
        assert history(connection, "acme").company[0]["cost_usd"] == 0.25


def test_the_history_is_bounded_and_of_completed_refreshes_only(engine: Engine) -> None:
    follow(engine, "acme", "globex")
    past(engine, "acme", 40, {"people": 10, "cost_usd": 0.25, "events": 3})
    past(engine, "globex", 250, {"people": 900})
    past(engine, "acme", 5, {"people": 1}, state="dead")
    with reading(engine) as connection:
        found = history(connection, "acme")
        assert found.company == [{"people": 10.0, "cost_usd": 0.25, "seconds": 1.0}] * 30
        assert found.fleet == [{"people": 900.0, "seconds": 1.0}] * 200
        assert history(connection, "nobody").company == []


def test_a_refresh_of_old_lacks_what_was_not_written_then(engine: Engine) -> None:
    follow(engine, "acme")
    past(engine, "acme", 1, None)
    with reading(engine) as connection:
        assert history(connection, "acme").company == [{"seconds": 1.0}]
