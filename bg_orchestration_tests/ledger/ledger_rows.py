"""What the tables say was asked, and how time passes there."""

from datetime import timedelta

from sqlalchemy import Engine, update

from bg_orchestration.observability.metric_families import PROVIDER_SECONDS
from bg_orchestration.store.counters import histogram, read
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration.store.schema.tables import (
    provider_circuits,
    provider_endpoints,
    provider_requests,
)
from bg_orchestration_tests.store.rows import rows

# Ten credits a call, at a cent each.
PRICE = 0.1


def booked(engine: Engine) -> list[tuple[int, str, str | None, float, str]]:
    """Attempt, state, outcome, cost and its basis of each row, oldest first."""
    return [
        (row["attempt"], row["state"], row["outcome"], round(row["cost_usd"], 6), row["cost_basis"])
        for row in sorted(
            rows(engine, operations), key=lambda row: (row["asked_at"], row["attempt"])
        )
    ]


def let_pass(engine: Engine, span: timedelta) -> None:
    """Let time pass for the ledger and for circuits."""
    with writing(engine) as connection:
        for table, names in (
            (operations, ("asked_at", "claimed_until", "answered_at", "fresh_until")),
            (provider_circuits, ("open_until", "trying_until")),
            (provider_requests, ("expires_at",)),
        ):
            for row in connection.execute(table.select()).mappings().all():
                moved = {name: row[name] - span for name in names if row[name] is not None}
                key = [column == row[column.name] for column in table.primary_key]
                if moved:
                    connection.execute(update(table).where(*key).values(moved))


def timed(engine: Engine) -> tuple[int, float]:
    """How many requests were timed, and for how many seconds together."""
    with reading(engine) as connection:
        buckets, seconds = histogram(read(connection), PROVIDER_SECONDS, {"provider": "zerobounce"})
    return int(buckets[-1][1]), seconds


def counts(engine: Engine) -> dict[str, tuple[int, int, int]]:
    return {
        row["endpoint"]: (row["calls"], row["errors"], row["ledger_hits"])
        for row in rows(engine, provider_endpoints)
    }
