"""Messages over real HTTP, on both databases: what arrives, in which order, after which faults."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from bg_orchestration import names
from bg_orchestration.destinations.notifications import delivery, dispatch
from bg_orchestration.destinations.notifications.dispatch import AddressReport, send_due
from bg_orchestration.domain.deliveries import MOST_ATTEMPTS
from bg_orchestration.privacy.erasure import erase
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.outbox import counts, note, replay
from bg_orchestration.store.schema.tables import notification_addresses as addresses
from bg_orchestration.store.schema.tables import notification_outbox as outbox
from bg_orchestration.webhooks.signatures import RefusedError
from bg_orchestration_tests.destinations.notifications.conftest import (
    Configure,
    change,
    die,
)
from bg_orchestration_tests.destinations.notifications.receiving import (
    OTHER_SECRET,
    SECRET,
    Receiver,
)
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS, follow, rows

MINUTE = timedelta(minutes=1)

# For what does not depend on the kind of database.
on_one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def send(engine: Engine) -> list[str]:
    return [str(one) for one in send_due(engine, settings())]


def pass_time(engine: Engine, span: timedelta) -> None:
    """Let time pass for the outbox: everything in it happened `span` earlier."""
    with writing(engine) as connection:
        for table, columns in ((outbox, ("due_at", "ended_at")),
                               (addresses, ("claimed_until", "rests_until"))):  # fmt: skip
            for row in connection.execute(table.select()).all():
                key = [column == row._mapping[column] for column in table.primary_key]
                moved = {
                    name: row._mapping[name] - span
                    for name in columns
                    if row._mapping[name] is not None
                }
                if moved:
                    connection.execute(update(table).where(*key).values(moved))


def states(engine: Engine) -> list[tuple[str, int, str | None]]:
    return [(row["state"], row["attempts"], row["error"]) for row in rows(engine, outbox)]


def test_a_changed_group_and_a_dead_refresh_arrive_signed(told: Engine, sales: Receiver) -> None:
    changed = change(told, "acme", "p-ann")
    died = die(told)
    assert send(told) == ["sales: 2 sent"]
    first, second = sales.got
    for got in (first, second):
        assert got.signed_by(SECRET)
        with pytest.raises(RefusedError):
            got.signed_by(OTHER_SECRET)
        assert got.header("content-type") == "application/json"
        assert got.header("webhook-id") == got.json["id"]
        assert "." not in got.json["id"]
    assert first.json.keys() == {"id", "type", "version", "timestamp", "data"}
    assert (first.json["type"], first.json["version"]) == (names.GROUP_CHANGED, 1)
    assert first.json["data"] == {
        "company": {"id": "acme", "name": "acme Inc"},
        "refresh_id": changed,
        "changes": [
            {
                "profile_id": "default",
                "kind": "joined",
                "cause": "first",
                "person": {"id": "p-ann", "name": "Ann Lee"},
                "old": None,
                "new": "decision",
                "title": "VP Sales",
                "since": None,
                "gaps_opened": [],
                "gaps_closed": [],
                "other_company": None,
                "other_end": None,
                "text": "Ann Lee is decision maker in the first published group (VP Sales)",
            }
        ],
        "changes_left_out": 0,
    }
    assert second.json["type"] == names.REFRESH_DEAD
    assert second.json["data"] == {
        "company": {"id": "acme", "name": "acme Inc"},
        "refresh_id": died,
        "reason": "manual",
        "attempts": 1,
        "error": "Boom",
    }
    assert states(told) == [("sent", 1, None)] * 2
    assert send(told) == []


def test_nothing_is_written_or_sent_while_it_is_off(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    change(engine, "acme", "p-ann")
    die(engine)
    assert rows(engine, outbox) == []
    assert send(engine) == []


def test_no_change_is_no_message(told: Engine) -> None:
    change(told, "acme", "p-ann")
    change(told, "acme", "p-ann")
    assert len(rows(told, outbox)) == 1


def test_a_transaction_that_is_rolled_back_tells_nothing(told: Engine) -> None:
    def fail_late() -> None:
        with writing(told) as connection:
            note(connection, names.GROUP_CHANGED, "acme", "r1", clock(connection))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert rows(told, outbox) == []


@on_one_database
@pytest.mark.parametrize("fault", [500, 429, 404, 301, "cut", "hang"])
def test_a_fault_is_tried_again_with_the_same_id(told: Engine, sales: Receiver, fault: Any) -> None:
    change(told, "acme", "p-ann")
    sales.answers = [fault]
    with pytest.MonkeyPatch.context() as impatient:
        if fault == "hang":
            impatient.setattr(delivery, "ATTEMPT_SECONDS", 0.3)
        [said] = send(told)
    what = {"hang": "TimeoutError", "cut": "HTTP 500"}.get(str(fault), f"HTTP {fault}")
    [(state, attempts, error)] = states(told)
    assert (state, attempts) == ("pending", 1)
    assert error in (what, "ReadTimeout")
    assert said == f"sales: 0 sent, not all: {error}"
    # Not before the wait is over.
    assert send(told) == []
    pass_time(told, timedelta(seconds=6))
    assert send(told) == ["sales: 1 sent"]
    once, again = sales.got
    assert once.header("webhook-id") == again.header("webhook-id")
    assert once.body == again.body
    assert again.signed_by(SECRET)
    assert states(told) == [("sent", 2, None)]


@on_one_database
def test_nobody_there_is_a_fault_like_others(told: Engine, configure: Configure) -> None:
    configure(urls="sales=http://127.0.0.1:9/hook")
    change(told, "acme", "p-ann")
    assert send(told) == ["sales: 0 sent, not all: ConnectError"]


@on_one_database
def test_an_answer_without_end_is_not_waited_for(
    told: Engine, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head that comes a line at a time would never meet a limit on single reads."""
    import socket
    import threading

    monkeypatch.setattr(delivery, "ATTEMPT_SECONDS", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(0.05):
                try:
                    connection.sendall(b"x-more: 1\r\n")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    configure(urls=f"sales=http://127.0.0.1:{listener.getsockname()[1]}/")
    change(told, "acme", "p-ann")
    try:
        began = time.monotonic()
        assert send(told) == ["sales: 0 sent, not all: TimeoutError"]
        assert time.monotonic() - began < 60
    finally:
        over.set()
        thread.join(10)
        listener.close()


@on_one_database
def test_a_redirect_is_not_followed(told: Engine, sales: Receiver) -> None:
    change(told, "acme", "p-ann")
    sales.answers = [(302, {"location": sales.url + "/elsewhere"})]
    send(told)
    assert [got.path for got in sales.got] == ["/hook"]
    assert states(told) == [("pending", 1, "HTTP 302")]


def test_retry_after_is_honoured_for_the_whole_address(told: Engine, sales: Receiver) -> None:
    change(told, "acme", "p-ann")
    change(told, "globex", "p-bob")
    sales.answers = [(429, {"retry-after": "120"})]
    send(told)
    assert len(sales.got) == 1
    for _ in range(2):
        pass_time(told, timedelta(seconds=50))
        assert send(told) == []
    pass_time(told, timedelta(seconds=50))
    assert send(told) == ["sales: 2 sent"]
    assert [company for company, _ in sales.told()] == ["acme", "acme", "globex"]


def test_messages_of_a_company_keep_their_order_and_others_go_on(
    told: Engine, sales: Receiver
) -> None:
    change(told, "acme", "p-ann")
    change(told, "acme", "p-ann", "p-bob")
    die(told, "acme")
    change(told, "globex", "p-cyd")
    # The fault of one message: its company waits, the other one does not.
    sales.answers = [422]
    send(told)
    assert [company for company, _ in sales.told()] == ["acme", "globex"]
    pass_time(told, timedelta(seconds=6))
    send(told)
    first, _, *acme = sales.got
    assert acme[0].json["id"] == first.json["id"]
    assert [got.json["type"] for got in acme] == ["group.changed", "group.changed", "refresh.dead"]
    assert [row["state"] for row in rows(told, outbox)] == ["sent"] * 4


def test_it_gives_up_in_the_end_shows_it_and_replays(told: Engine, sales: Receiver) -> None:
    change(told, "acme", "p-ann")
    died = die(told)
    sales.always = 500
    for _ in range(MOST_ATTEMPTS - 1):
        send(told)
        pass_time(told, timedelta(days=1))
    assert [state for state, _, _ in states(told)] == ["pending", "pending"]
    sales.answers = [500]
    sales.always = 204
    send(told)
    assert states(told)[0] == ("dead", MOST_ATTEMPTS, "HTTP 500")
    with reading(told) as connection:
        assert counts(connection) == {"pending": {"sales": 1}, "dead": {"sales": 1}}
    # What came after it waits no longer.
    pass_time(told, timedelta(minutes=6))
    assert send(told) == ["sales: 1 sent"]
    with writing(told) as connection:
        assert replay(connection, [f"msg_{died}_refresh_dead"]) == 0
        assert replay(connection) == 1
        assert replay(connection) == 0
    assert send(told) == ["sales: 1 sent"]
    assert states(told) == [("sent", 1, None)] * 2


@on_one_database
def test_gone_is_given_up_at_once(told: Engine, sales: Receiver) -> None:
    change(told, "acme", "p-ann")
    sales.answers = [410]
    send(told)
    assert states(told) == [("dead", 1, "HTTP 410")]


def test_what_an_outage_held_up_goes_out_when_it_is_over(told: Engine, sales: Receiver) -> None:
    companies = [f"c{number}" for number in range(5)]
    follow(told, *companies, staff=STAFF)
    for company in companies:
        change(told, company, "p-ann")
    sales.answers = [503] * 4
    for _ in range(4):
        send(told)
        pass_time(told, timedelta(seconds=60))
    assert [attempts for _, attempts, _ in states(told)] == [2, 2, 0, 0, 0]
    # The first ones would wait for minutes still; the address takes messages again.
    assert send(told) == ["sales: 5 sent"]


def test_a_sender_that_is_killed_before_it_marks_sends_again(told: Engine, sales: Receiver) -> None:
    change(told, "acme", "p-ann")
    process: list[subprocess.Popen[bytes]] = []

    def kill() -> int:
        os.kill(process[0].pid, signal.SIGKILL)
        return 204

    sales.answers = [kill]
    code = (
        "from bg_orchestration.destinations.notifications.dispatch import send_due;"
        "from bg_orchestration.settings import settings;"
        "from bg_orchestration.store.database import engine_for;"
        "send_due(engine_for(settings().url), settings())"
    )
    process.append(subprocess.Popen([sys.executable, "-c", code]))
    assert process[0].wait(60) == -signal.SIGKILL
    assert len(sales.got) == 1
    assert states(told) == [("pending", 0, None)]
    # Its claim holds until nobody can doubt that it is gone.
    assert send(told) == ["sales: 0 sent"]
    assert len(sales.got) == 1
    pass_time(told, MINUTE)
    assert send(told) == ["sales: 1 sent"]
    once, again = sales.got
    assert once.header("webhook-id") == again.header("webhook-id")


def test_senders_at_once_send_each_message_once(told: Engine, sales: Receiver) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(6):
        change(told, "acme", STAFF[number % 5].person_id)
    with ThreadPoolExecutor(4) as pool:
        done = [one.result() for one in [pool.submit(send_due, told, settings())
                                         for _ in range(4)]]  # fmt: skip
    assert sum(one.sent for each in done for one in each) == len(sales.got) == 6
    assert len({got.json["id"] for got in sales.got}) == 6


@on_one_database
def test_a_slow_address_does_not_hold_up_another(
    told: Engine,
    sales: Receiver,
    receivers: Callable[[], Receiver],
    configure: Configure,
) -> None:
    """The slow address answers only after the other has its message."""
    ops = receivers()

    def release() -> int:
        sales.released.set()
        return 204

    configure(
        urls=f"sales={sales.url},ops={ops.url}",
        secrets=f"sales={SECRET},ops={OTHER_SECRET},ops={SECRET}",
        events="ops=refresh.dead",
    )
    sales.answers, ops.always = ["hang"], release
    change(told, "acme", "p-ann")
    die(told)
    assert [str(one) for one in send_due(told, settings())] == ["ops: 1 sent", "sales: 2 sent"]
    [got] = ops.got
    assert got.json["type"] == "refresh.dead"
    # While a key is replaced both of them sign.
    assert got.signed_by(SECRET)
    assert got.signed_by(OTHER_SECRET)


@on_one_database
def test_a_turn_ends_though_more_waits(
    told: Engine, sales: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(told, "acme", "p-ann")
    monkeypatch.setattr(dispatch, "_ROUND_SECONDS", 0.0)
    assert send_due(told, settings()) == [AddressReport("sales")]
    assert sales.got == []


@on_one_database
def test_slack_is_told_in_words(
    told: Engine, sales: Receiver, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "_SLACK_SECONDS", 0.0)
    monkeypatch.delenv("BG_NOTIFY_URLS")
    monkeypatch.delenv("BG_NOTIFY_SECRETS")
    configure(slack_urls=f"sales={sales.url}")
    change(told, "acme", "p-ann", "p-bob")
    die(told, error="<!channel> & more")
    assert send(told) == ["sales: 2 sent"]
    first, second = sales.got
    assert first.json == {
        "text": "First buyer group of acme Inc: 2 members\n"
        "• Ann Lee is decision maker in the first published group (VP Sales)\n"
        "• Bob Ray is decision maker in the first published group (VP Sales)"
    }
    assert "&lt;!channel&gt; &amp; more" in second.json["text"]
    assert "bg replay --dead --company acme" in second.json["text"]
    assert not [name for name, _ in first.headers if name.startswith(b"webhook-")]


def test_a_person_who_is_still_employed_is_not_told_as_left(told: Engine, sales: Receiver) -> None:
    change(told, "acme", "p-ann", "p-bob")
    change(told, "acme", "p-bob")
    send(told)
    [dropped] = sales.got[-1].json["data"]["changes"]
    assert (dropped["kind"], dropped["person"]["id"]) == ("dropped", "p-ann")
    assert "left" not in dropped["text"]
    assert "still works there" in dropped["text"]


@on_one_database
def test_ids_only_where_people_may_not_be_named(
    told: Engine, sales: Receiver, configure: Configure
) -> None:
    configure(people="ids")
    change(told, "acme", "p-ann")
    change(told, "acme", "p-bob")
    send(told)
    for got in sales.got:
        for personal in ("Ann", "Bob", "VP Sales"):
            assert personal not in got.body.decode()
    assert sales.got[0].json["data"]["changes"][0]["text"] == (
        "p-ann is decision maker in the first published group"
    )


def test_whoever_is_erased_before_it_is_sent_is_in_no_message(
    told: Engine, sales: Receiver
) -> None:
    change(told, "acme", "p-ann", "p-bob")
    change(told, "globex", "p-ann")
    with writing(told) as connection:
        erase(connection, ["p-ann"], SUPPRESSIONS)
    assert send(told) == ["sales: 1 sent"]
    [got] = sales.got
    assert [one["person"]["id"] for one in got.json["data"]["changes"]] == ["p-bob"]
    assert b"p-ann" not in got.body
    assert b"Ann" not in got.body
    assert [state for state, _, _ in states(told)] == ["sent", "dropped"]


@on_one_database
def test_an_address_that_is_no_more_keeps_what_waits(
    told: Engine, sales: Receiver, configure: Configure
) -> None:
    change(told, "acme", "p-ann")
    configure(urls=f"other={sales.url}", secrets=f"other={SECRET}")
    assert send(told) == []
    configure(urls=f"sales={sales.url}", secrets=f"sales={SECRET}")
    assert send(told) == ["sales: 1 sent"]


@on_one_database
def test_logs_tell_ids_and_outcomes_only(
    told: Engine, sales: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    import structlog

    change(told, "acme", "p-ann")
    sales.answers = [500]
    with structlog.testing.capture_logs() as lines:
        send(told)
        pass_time(told, MINUTE)
        send(told)
    assert [line["event"] for line in lines] == ["notification_not_taken", "notification_sent"]
    for personal in ("Ann", "VP Sales", sales.url, "secret words"):
        assert personal not in str(lines)
