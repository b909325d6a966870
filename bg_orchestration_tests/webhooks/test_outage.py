"""The database is away, hangs or is busy: no 202 without a row, and no repair by hand."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from bg_orchestration.store.database import engine_for, upgrade_schema, writing
from bg_orchestration.webhooks.commits import GroupCommit
from bg_orchestration.webhooks.shared_query import SharedQuery
from bg_orchestration_tests.webhooks.conftest import Receiver, body, running


@contextmanager
def busy(engine: Engine) -> Iterator[None]:
    """Somebody else holds what a writer needs."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE webhook_events IN ACCESS EXCLUSIVE MODE"))
        yield


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def queued(receiver: Receiver) -> float:
    return receiver.metric("bg_webhook_queued_events")


def test_a_hanging_database_is_answered_503_in_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GroupCommit, "patience", 0.3)
    monkeypatch.setattr(GroupCommit, "last_patience", 0.3)
    with running(engine) as receiver, ThreadPoolExecutor(8) as pool:
        with busy(engine):
            began = time.monotonic()
            begun = pool.submit(receiver.post, body("begun"))
            time.sleep(0.1)
            rest = [pool.submit(receiver.post, body(f"queued-{n}")) for n in range(5)]
            responses = [each.result() for each in (begun, *rest)]
            assert time.monotonic() - began < 60
            assert {each.status_code for each in responses} == {503}
            assert all(each.headers["retry-after"].isdigit() for each in responses)
            assert receiver.client.get("/healthz").status_code == 200
        # What had begun is stored now, and the next try is told so; what was queued was dropped.
        wait_until(lambda: receiver.stored() == ["begun"])
        assert receiver.post(body("begun")).status_code == 200
        assert [receiver.post(body(f"queued-{n}")).status_code for n in range(5)] == [202] * 5


@pytest.mark.parametrize("limit", ["max_requests", "max_bytes"])
def test_a_full_queue_is_answered_503_at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    most = 3 if limit == "max_requests" else 3 * len(body("evt-10"))
    monkeypatch.setattr(GroupCommit, limit, most)
    with running(engine) as receiver, ThreadPoolExecutor(8) as pool:
        with busy(engine):
            posted: list[Future[int]] = []

            def post(number: int) -> int:
                return receiver.post(body(f"evt-{number}")).status_code

            posted.append(pool.submit(post, 10))
            wait_until(lambda: queued(receiver) == 0 and len(posted) == 1)
            time.sleep(0.1)
            posted += [pool.submit(post, number) for number in (11, 12, 13)]
            wait_until(lambda: queued(receiver) == 3)
            began = time.monotonic()
            assert post(14) == 503
            assert time.monotonic() - began < 0.5
        assert [each.result() for each in posted] == [202] * 4
        assert receiver.stored() == ["evt-10", "evt-11", "evt-12", "evt-13"]
        assert queued(receiver) == 0
        assert post(14) == 202


def test_postgres_stopped_under_load_and_back(
    postgres_url: str, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SharedQuery, "seconds", 0.0)
    engine = engine_for(postgres_url)
    upgrade_schema(engine)
    name = make_url(postgres_url).database
    admin = create_engine(
        make_url(postgres_server).set(drivername="postgresql+psycopg2"),
        isolation_level="AUTOCOMMIT",
    )

    def connections(allowed: bool) -> None:
        with admin.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}"))
            if not allowed:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        f"WHERE datname = '{name}'"
                    )
                )

    answers: dict[str, list[int]] = {f"evt-{number}": [] for number in range(40)}

    def deliver(receiver: Receiver, event_id: str) -> None:
        """As a sender does: again after a 503, until the event is stored."""
        while not answers[event_id] or answers[event_id][-1] == 503:
            answers[event_id].append(receiver.post(body(event_id)).status_code)
            time.sleep(0.05)

    with running(engine) as receiver, ThreadPoolExecutor(8) as pool:
        pending = [pool.submit(deliver, receiver, event_id) for event_id in answers]
        wait_until(lambda: any(answers.values()))
        connections(allowed=False)
        wait_until(lambda: any(503 in each for each in answers.values()))
        assert receiver.client.get("/readyz").status_code == 503
        assert receiver.client.get("/healthz").status_code == 200
        connections(allowed=True)
        for each in pending:
            each.result(20)
        assert receiver.client.get("/readyz").status_code == 200
        assert {each[-1] for each in answers.values()} <= {200, 202}
        assert receiver.stored() == sorted(answers)
    admin.dispose()


def test_an_unreachable_database_at_start() -> None:
    engine = engine_for("postgresql://nobody@127.0.0.1:9/nothing")
    with running(engine) as receiver:
        assert receiver.client.get("/healthz").status_code == 200
        ready = receiver.client.get("/readyz")
        assert (ready.status_code, ready.json()["detail"]) == (
            503,
            "The database cannot be reached.",
        )
        response = receiver.post(body())
        assert response.status_code == 503
        assert "127.0.0.1" not in response.text + ready.text


def test_a_read_only_database_takes_nothing(engine: Engine) -> None:
    with running(engine) as receiver:
        assert receiver.post(body("evt-1")).status_code == 202
        if engine.dialect.name == "postgresql":
            assert engine.url.database
            statement = f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only ="
            with engine.connect() as connection, connection.begin():
                connection.execute(text(f"{statement} on"))
            engine.dispose()
        else:
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA query_only = ON")
        assert receiver.post(body("evt-2")).status_code == 503
        ready = receiver.client.get("/readyz")
        assert (ready.status_code, ready.json()["detail"]) == (
            503,
            "The database cannot be written.",
        )
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection, connection.begin():
                connection.execute(text("SET TRANSACTION READ WRITE"))
                connection.execute(text(f"{statement} off"))
        engine.dispose()
        assert receiver.post(body("evt-2")).status_code == 202
        assert receiver.stored() == ["evt-1", "evt-2"]


def test_a_row_that_the_database_refuses_fails_alone(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        check = "ALTER TABLE webhook_events ADD CHECK (event_id <> 'poison')"
    else:
        check = (
            "CREATE TRIGGER poison BEFORE INSERT ON webhook_events WHEN NEW.event_id = 'poison' "
            "BEGIN SELECT RAISE(ABORT, 'poison'); END"
        )
    with writing(engine) as connection:
        connection.execute(text(check))
    with running(engine) as receiver, ThreadPoolExecutor(8) as pool:
        ids = ["poison" if number == 7 else f"evt-{number}" for number in range(40)]
        statuses = list(pool.map(lambda each: receiver.post(body(each)).status_code, ids))
        assert [status for status in statuses if status != 202] == [503]
        assert receiver.stored() == sorted(each for each in ids if each != "poison")
