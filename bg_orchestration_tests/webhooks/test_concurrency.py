from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from bg_orchestration_tests.webhooks.conftest import CRM, STRANGER, Receiver, body, running


def test_500_distinct_events_from_64_connections(receiver: Receiver) -> None:
    statuses = receiver.burst([(body(f"evt-{number}"), CRM) for number in range(500)], 64)
    assert statuses == [202] * 500
    assert len(receiver.stored()) == 500
    # They shared transactions.
    assert receiver.metric("bg_webhook_batch_rows_count") < 500


def test_200_twins_at_once_give_exactly_one_202(receiver: Receiver) -> None:
    statuses = receiver.burst([(body(), CRM)] * 200, 100)
    assert Counter(statuses) == {202: 1, 200: 199}
    assert receiver.stored() == ["evt-1"]


def test_twins_at_two_receivers_of_one_database(engine: Engine) -> None:
    requests = [(body(f"evt-{number // 2}"), CRM) for number in range(60)]
    with running(engine) as one, running(engine) as two, ThreadPoolExecutor(2) as pool:
        bursts = pool.map(lambda receiver: receiver.burst(requests, 8), (one, two))
        statuses = [status for burst in bursts for status in burst]
        assert Counter(statuses) == {202: 30, 200: 90}
        assert len(one.stored()) == 30


def test_good_forged_and_broken_at_once(receiver: Receiver) -> None:
    requests = [
        [
            (body(f"evt-{n}"), CRM),
            (body(f"evt-{n}"), STRANGER),
            (b"{", CRM),
            (body(id=["n", n]), CRM),
        ][n % 4]
        for n in range(280)
    ]
    statuses = receiver.burst(requests, 32)
    assert Counter(zip((n % 4 for n in range(280)), statuses, strict=True)) == {
        (0, 202): 70,
        (1, 401): 60,
        (1, 429): 10,
        (2, 400): 70,
        (3, 422): 70,
    }
    events = [each for each in receiver.stored() if not each.startswith("unreadable:")]
    assert events == sorted(f"evt-{n}" for n in range(0, 280, 4))
