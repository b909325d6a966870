import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from bg_orchestration.intake.inbox import (
    NewEvent,
    Outcome,
    record,
)
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import webhook_events as events

FIRST = NewEvent(
    source="crm",
    event_id="evt-1",
    type="person.promotion",
    company_id="example.com",
    person_id="p-1",
    happened_at=datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
    body=b'{"id": "evt-1", "note": "\x00\xff"}',
    body_sha256="a" * 64,
    scheme="hex",
    key_fingerprint="12345678",
    webhook_id=None,
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


def numbered(*numbers: int) -> list[NewEvent]:
    return [replace(FIRST, event_id=f"evt-{number}") for number in numbers]


def store(engine: Engine, batch: list[NewEvent]) -> list[Outcome]:
    with writing(engine) as connection:
        return record(connection, batch)


def test_stores_exactly_what_came_by_the_databases_clock(engine: Engine) -> None:
    with reading(engine) as connection:
        before = clock(connection)
    assert store(engine, [FIRST]) == ["accepted"]
    with reading(engine) as connection:
        row = connection.execute(select(events)).one()
        after = clock(connection)
    assert before <= row.received_at <= after
    for field in NewEvent.__slots__:
        assert getattr(row, field) == getattr(FIRST, field)
    assert (row.state, row.conflicts, row.reason) == ("received", 0, None)


def test_tells_new_known_and_conflicting_apart_in_order(engine: Engine) -> None:
    other = replace(FIRST, body=b"{}", body_sha256="b" * 64)
    assert store(engine, [FIRST, FIRST, other, *numbered(2)]) == [
        "accepted",
        "duplicate",
        "conflict",
        "accepted",
    ]
    assert store(engine, [other, FIRST, other, *numbered(3)]) == [
        "conflict",
        "duplicate",
        "conflict",
        "accepted",
    ]
    with reading(engine) as connection:
        row = connection.execute(select(events).where(events.c.event_id == "evt-1")).one()
    assert (row.body, row.body_sha256, row.conflicts) == (FIRST.body, FIRST.body_sha256, 3)


def test_ids_differ_by_source_and_by_case(engine: Engine) -> None:
    batch = [
        FIRST,
        replace(FIRST, source="hr"),
        replace(FIRST, event_id="EVT-1"),
        replace(FIRST, event_id="evt-1 "),
        replace(FIRST, event_id="e\u0301"),
        replace(FIRST, event_id="\u00e9"),
        replace(FIRST, event_id="'; DROP TABLE webhook_events; --"),
    ]
    assert store(engine, batch) == ["accepted"] * len(batch)
    assert store(engine, batch) == ["duplicate"] * len(batch)


def test_an_emptied_body_stays_known(engine: Engine) -> None:
    store(engine, [FIRST])
    with writing(engine) as connection:
        connection.execute(events.update().values(body=None))
    assert store(engine, [FIRST]) == ["duplicate"]


@pytest.mark.parametrize("poison", [{"person_id": "\ud800"}, {"type": None}])
def test_a_poison_row_fails_alone(engine: Engine, poison: dict[str, str]) -> None:
    good = numbered(1, 2)
    bad = replace(FIRST, event_id="bad", **poison)
    assert store(engine, [good[0], bad, good[1], good[0]]) == [
        "accepted",
        "unstorable",
        "accepted",
        "duplicate",
    ]
    assert store(engine, [bad, *good]) == ["unstorable", "duplicate", "duplicate"]


@pytest.mark.parametrize(("commits", "expected"), [(False, "accepted"), (True, "duplicate")])
def test_a_twin_waits_for_the_first_and_wins_if_that_is_rolled_back(
    engine: Engine, commits: bool, expected: Outcome
) -> None:
    answers: list[list[Outcome]] = []
    inserted = threading.Event()
    finish = threading.Event()

    def first() -> None:
        with suppress(KeyError), writing(engine) as connection:
            record(connection, [FIRST])
            inserted.set()
            finish.wait(10)
            if not commits:
                raise KeyError

    one = threading.Thread(target=first)
    two = threading.Thread(target=lambda: answers.append(store(engine, [FIRST])))
    one.start()
    inserted.wait(10)
    two.start()
    two.join(0.2)
    assert answers == []
    finish.set()
    one.join(10)
    two.join(10)
    assert answers == [[expected]]


def test_batches_in_opposite_order_do_not_deadlock(engine: Engine) -> None:
    numbers = list(range(100))
    outcomes: list[Outcome] = []

    def write(batch: list[NewEvent]) -> None:
        for _ in range(5):
            outcomes.extend(store(engine, batch))

    threads = [
        threading.Thread(target=write, args=(numbered(*order),))
        for order in (numbers, numbers[::-1], numbers[50:] + numbers[:50])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count("accepted") == 100
    assert outcomes.count("duplicate") == 1400


def test_a_full_batch_fits_one_statement(engine: Engine) -> None:
    batch = numbered(*range(1_000))
    assert store(engine, batch) == ["accepted"] * 1_000
    assert store(engine, batch) == ["duplicate"] * 1_000
