"""What follows from a failed delivery: waits, rests, giving up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.deliveries import MOST_ATTEMPTS, WAITS, Backoff, Reply, backoff

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

replies = st.builds(
    Reply,
    st.none() | st.integers(100, 599),
    retry_after=st.none() | st.timedeltas(timedelta(0), 1000 * DAY),
)


def test_the_waits_are_those_of_the_specification() -> None:
    seconds = [wait.total_seconds() for wait in WAITS]
    assert seconds == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert round(sum(seconds) / 3600, 1) == 75.6


def test_only_a_2xx_is_taken() -> None:
    taken = {status for status in range(100, 600) if Reply(status).accepted}
    assert taken == set(range(200, 300))
    assert not Reply(None, "ReadTimeout").accepted


def test_each_kind_of_answer() -> None:
    assert backoff(Reply(500), 1, 1) == Backoff(5 * SECOND, 5 * SECOND)
    assert backoff(Reply(None, "ConnectError"), 2, 4) == Backoff(300 * SECOND, 40 * SECOND)
    assert backoff(Reply(503), 1, 99) == Backoff(5 * SECOND, 300 * SECOND)
    # As long as it asks, for the message and for all others that go there.
    assert backoff(Reply(429, retry_after=90 * SECOND), 1, 1) == Backoff(90 * SECOND, 90 * SECOND)
    # But never sooner than we would, nor for ever.
    assert backoff(Reply(429, retry_after=SECOND), 3, 1) == Backoff(WAITS[2], 5 * SECOND)
    assert backoff(Reply(503, retry_after=400 * DAY), 1, 1) == Backoff(DAY, DAY)
    # The fault of one message is not that of the address.
    assert backoff(Reply(422), 1, 1) == Backoff(5 * SECOND, None)
    assert backoff(Reply(410), 1, 1).delay is None


@given(replies, st.integers(1, 50), st.integers(1, 1000))
def test_it_ends_and_never_hurries(reply: Reply, attempts: int, failures: int) -> None:
    delays = backoff(reply, attempts, failures)
    assert (delays.delay is None) == (attempts >= MOST_ATTEMPTS or reply.status == 410)
    if delays.delay is not None:
        assert WAITS[attempts - 1] <= delays.delay <= DAY
    if delays.rest is not None:
        assert 5 * SECOND <= delays.rest <= DAY
