"""One faulty event never stops the inbox, and an outage never kills an event: on both databases."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DBAPIError

from bg_orchestration.intake import routing
from bg_orchestration.intake.inbox import NewEvent, record
from bg_orchestration.intake.replay import replay_dead
from bg_orchestration.intake.routing import route_received
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.refreshes.planning import plan
from bg_orchestration.store.database import clock, engine_for, is_outage, writing
from bg_orchestration.store.schema.tables import companies, employments, webhook_events
from bg_orchestration_tests.intake.test_push_routing import deliver_lusha
from bg_orchestration_tests.intake.test_pushes import OPT_OUT
from bg_orchestration_tests.store.rows import (
    HAPPENED,
    LIMITS,
    POLICY,
    STAFF,
    event_states,
    follow,
    jobs,
    push,
    rows,
)

Fault = Callable[[Connection], object]


def _raise(error: BaseException) -> Fault:
    def fault(_connection: Connection) -> None:
        raise error

    return fault


def _unknown_company(connection: Connection) -> None:
    # Both databases check this foreign key at once.
    job = {"company_id": "nowhere", "person_id": "p-ann", "source": "x", "current": True}
    connection.execute(insert(employments).values(job))


def _missing_name(connection: Connection) -> None:
    connection.execute(insert(companies).values(company_id="odd", name=None))


def _nul(connection: Connection) -> None:
    # PostgreSQL's driver refuses it; SQLite stores it, and the statement after it fails.
    connection.execute(text("SELECT :value"), {"value": "a\x00"})
    _missing_name(connection)


def _bad_sql(connection: Connection) -> None:
    connection.execute(text("SELECT nothing FROM nowhere"))


def _swallowed(connection: Connection) -> None:
    # The code goes on after a refused statement; PostgreSQL then refuses everything.
    try:
        _missing_name(connection)
    except DBAPIError:
        raise KeyError("p-ann") from None


FAULTS: dict[str, tuple[Fault, str]] = {
    "any error": (_raise(RuntimeError("Ann Lee")), "RuntimeError"),
    "a missing key": (_raise(KeyError("x")), "KeyError"),
    "too deep": (_raise(RecursionError()), "RecursionError"),
    "no memory": (_raise(MemoryError()), "MemoryError"),
    "foreign key": (_unknown_company, "IntegrityError"),
    "null": (_missing_name, "IntegrityError"),
    "swallowed": (_swallowed, "KeyError"),
}


def fail_for(monkeypatch: pytest.MonkeyPatch, person_id: str, fault: Fault) -> None:
    """Let the routing of this person's events fail after it has written."""
    real = routing.apply_event

    def apply_event(connection: Connection, event: Any, *args: Any) -> None:
        real(connection, event, *args)
        if event.person.id == person_id:
            fault(connection)

    monkeypatch.setattr(routing, "apply_event", apply_event)


def route(engine: Engine) -> int:
    with writing(engine) as connection:
        return route_received(connection, POLICY, clock(connection))


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_event_is_dead_and_the_others_go_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fault, error = FAULTS[name]
    follow(engine, "acme", staff=STAFF)
    first = push(engine, id="p-bob", newTitle="CFO")
    faulty = push(engine, newTitle="Chief of Everything")
    last = push(engine, id="p-cyd", newTitle="CTO")
    with monkeypatch.context() as patch:
        fail_for(patch, "p-ann", fault)
        assert route(engine) == 3
    assert event_states(engine) == {
        first: ("pending", None),
        faulty: ("dead", f"could not be taken: {error}"),
        last: ("pending", None),
    }
    titles = {who: title for (who, _), (title, _, _) in jobs(engine).items()}
    assert titles["p-ann"] == "Chief Revenue Officer", "nothing of the faulty event stays"
    assert (titles["p-bob"], titles["p-cyd"]) == ("CFO", "CTO")
    # Its cause mended, it is taken like any other.
    with writing(engine) as connection:
        assert replay_dead(connection) == 1
    route(engine)
    assert event_states(engine)[faulty] == ("pending", None)


@pytest.mark.parametrize("fault", [_nul, _bad_sql])
def test_what_only_one_database_refuses_kills_one_event_at_most(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    follow(engine, "acme", staff=STAFF)
    faulty = push(engine)
    good = push(engine, id="p-bob")
    fail_for(monkeypatch, "p-ann", fault)
    assert route(engine) == 2
    states = event_states(engine)
    assert (states[faulty][0], states[good][0]) == ("dead", "pending")


def test_a_name_that_an_index_refuses_stops_nothing(engine: Engine) -> None:
    # PostgreSQL's B-tree takes 2,704 bytes; the driver raises an `OperationalError`.
    name = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz0123456789 ", k=9_000))
    follow(engine, "acme")
    odd = push(engine)
    with writing(engine) as connection:
        body = rows(engine, webhook_events)[0]["body"].replace(b"acme Inc", name.encode())
        body = body.replace(b'"id": "acme"', b'"id": "newco"')
        connection.execute(webhook_events.update().values(body=body))
    good = push(engine)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    states = event_states(engine)
    assert states[good] == ("pending", None)
    # The same on both databases: the reader refuses what PostgreSQL's index could not hold.
    state, reason = states[odd]
    assert (state, "company.name" in str(reason)) == ("dead", True)


def test_an_opt_out_without_any_key_is_dead_and_stops_nothing(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    deliver_lusha(engine, OPT_OUT)
    good = push(engine)
    with writing(engine) as connection:
        plan(connection, replace(POLICY, suppressions=Suppressions(None)), LIMITS)
    states = event_states(engine)
    [opt_out] = states.keys() - {good}
    assert states[opt_out] == ("dead", "could not be taken: SuppressionKeyError")
    assert states[good] == ("pending", None)


def _outage(engine: Engine, connection: Connection) -> None:
    """Take the database away from the transaction that routes, for real."""
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only=ON")
        return
    pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with engine_for(str(engine.url.render_as_string(hide_password=False))).connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def _time_out(engine: Engine, connection: Connection) -> None:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only=ON")
    else:
        connection.execute(text("SET LOCAL statement_timeout = 1"))
        connection.execute(text("SELECT pg_sleep(60)"))


@pytest.mark.parametrize("outage", [_outage, _time_out])
def test_an_outage_fails_the_tick_and_kills_no_event(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, outage: Callable[[Engine, Connection], None]
) -> None:
    follow(engine, "acme", staff=STAFF)
    events = [push(engine, id=person.person_id, newTitle="CFO") for person in STAFF]

    def fault(connection: Connection) -> None:
        outage(engine, connection)
        _missing_name(connection)

    with monkeypatch.context() as patch:
        fail_for(patch, "p-cyd", fault)
        with pytest.raises(DBAPIError) as caught:
            route(engine)
    assert is_outage(caught.value)
    engine.dispose()
    assert event_states(engine) == dict.fromkeys(events, ("received", None))
    assert route(engine) == len(events)
    assert event_states(engine) == dict.fromkeys(events, ("pending", None))


def _unreadable(engine: Engine, number: int, source: str = "crm", content: bytes = b"") -> None:
    digest = hashlib.sha256(content or str(number).encode()).hexdigest()
    event = NewEvent(
        source=source,
        event_id=f"unreadable:{digest}",
        type="unreadable",
        company_id="-",
        person_id="",
        happened_at=HAPPENED,
        body=content or b'{"no": "event", "number": %d}' % number,
        body_sha256=digest,
        scheme="hex",
        key_fingerprint="12345678",
        webhook_id=None,
        traceparent="",
    )
    with writing(engine) as connection:
        record(connection, [event])


def _route(engine: Engine) -> None:
    with writing(engine) as connection:
        route_received(connection, POLICY, clock(connection))


@pytest.mark.parametrize(("most", "size"), [(3, 10**9), (100, 120)], ids=["rows", "bytes"])
def test_unreadable_bodies_are_bounded_and_the_newest_stay(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, most: int, size: int
) -> None:
    monkeypatch.setattr(routing, "UNREADABLE_ROWS", most)
    monkeypatch.setattr(routing, "UNREADABLE_BYTES", size)
    for number in range(10):
        _unreadable(engine, number)
        _route(engine)
    bodies = [row["body"] for row in rows(engine, webhook_events) if row["body"]]
    assert len(bodies) == 3 if most == 3 else 1 < len(bodies) <= 4
    assert json.loads(bodies[-1])["number"] == 9
    dropped = {
        (row["state"], row["reason"]) for row in rows(engine, webhook_events) if not row["body"]
    }
    assert dropped == {("ignored", "unreadable, and dropped for newer ones")}


@pytest.mark.parametrize(
    ("key_of", "state"), [("crm", "pending"), ("*", "pending"), ("hr", "dead")]
)
def test_a_replayed_body_counts_for_the_source_of_its_key_only(
    engine: Engine, key_of: str, state: str
) -> None:
    follow(engine, "acme", staff=STAFF)
    person = {"id": "p-ann", "name": "Ann Lee"}
    content = json.dumps(
        {
            "id": "evt-1",
            "source": "crm",
            "type": "person.promotion",
            "timestamp": HAPPENED.isoformat(),
            "person": person,
            "company": {"id": "acme", "name": "Acme"},
        }
    ).encode()
    _unreadable(engine, 1, source=key_of, content=content)
    _route(engine)
    assert [found for found, _ in event_states(engine).values()] == [state]
