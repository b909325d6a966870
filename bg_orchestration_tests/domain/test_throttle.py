"""The rules of rate limits, circuits and budgets."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.throttle import (
    CLOSED,
    FAULTS,
    RateLimit,
    blocked_until,
    next_slot,
    postpone,
    record_fault,
    record_stop,
)
from bg_orchestration.ledger.budget import day_of, exceeds, remaining

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SPAN = timedelta(seconds=60)

usd = st.floats(0, 1_000, allow_nan=False)


@given(
    per_second=st.floats(0.1, 50),
    gaps=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_no_second_sees_more_turns_than_the_pace_allows(
    per_second: float, gaps: list[float]
) -> None:
    now, next_at, sent = NOW, None, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        given_turn = next_slot(next_at, RateLimit(per_second, 1), now)
        assert given_turn.at >= now
        next_at = given_turn.next_at
        sent.append(given_turn.at)
    interval = timedelta(seconds=1 / per_second)
    slack = timedelta(microseconds=2)
    assert all(b - a >= interval - slack for a, b in itertools.pairwise(sent))


@given(idle=st.floats(0, 1_000))
def test_an_idle_bucket_lets_the_next_one_pass_at_once(idle: float) -> None:
    first = next_slot(None, RateLimit(5, 1), NOW)
    later = first.next_at + timedelta(seconds=idle)
    assert next_slot(first.next_at, RateLimit(5, 1), later).at == later


@given(seconds=st.floats(-5, 600), ahead=st.floats(-60, 60))
def test_nobody_goes_before_the_wait_is_over(seconds: float, ahead: float) -> None:
    next_at = NOW + timedelta(seconds=ahead)
    held = postpone(next_at, NOW, seconds)
    assert next_slot(held, RateLimit(5, 1), NOW).at >= NOW + timedelta(seconds=seconds)
    assert held >= next_at


def test_a_circuit_opens_at_the_fifth_fault_in_a_row_and_not_before() -> None:
    circuit = CLOSED
    for _ in range(FAULTS - 1):
        circuit = record_fault(circuit, NOW, "HTTP 503")
        assert blocked_until(circuit, NOW) is None
    circuit = record_fault(circuit, NOW, "HTTP 503")
    assert blocked_until(circuit, NOW) == NOW + timedelta(seconds=30)
    assert circuit.why == "HTTP 503"


def test_after_its_rest_one_tries_and_its_end_decides() -> None:
    circuit = record_stop(CLOSED, NOW, "no_credit")
    rested = NOW + timedelta(minutes=15)
    assert blocked_until(circuit, rested - timedelta(seconds=1)) == rested
    assert blocked_until(circuit, rested) is None
    trying = replace(circuit, trying_until=rested + SPAN)
    assert blocked_until(trying, rested) == rested + SPAN
    # Whoever tried was killed: the next one may.
    assert blocked_until(trying, rested + SPAN) is None
    again = record_fault(trying, rested, "HTTP 500")
    until = blocked_until(again, rested)
    assert until is not None
    assert until > rested


@given(failures=st.integers(1, 60))
def test_rests_grow_and_end(failures: int) -> None:
    circuit, now, rests = CLOSED, NOW, list[timedelta]()
    for _ in range(failures + FAULTS):
        circuit = record_fault(circuit, now, "HTTP 500")
        if (until := blocked_until(circuit, now)) is not None:
            rests.append(until - now)
            now = until
    assert rests == sorted(rests)
    assert rests[-1] <= timedelta(minutes=10)


@given(faults=st.integers(0, FAULTS * 3), late=st.integers(0, 20))
def test_faults_of_those_under_way_do_not_lengthen_a_rest(faults: int, late: int) -> None:
    circuit = CLOSED
    for _ in range(FAULTS):
        circuit = record_fault(circuit, NOW, "HTTP 500")
    until = blocked_until(circuit, NOW)
    for number in range(faults):
        circuit = record_fault(
            circuit, NOW + timedelta(seconds=late / 10 + number / 10), "HTTP 500"
        )
    assert blocked_until(circuit, NOW) == until


@given(limit=usd, calls=st.lists(usd, max_size=50))
def test_no_order_of_calls_passes_the_limit(limit: float, calls: list[float]) -> None:
    spent = 0.0
    for most in calls:
        if not exceeds(limit, spent, most):
            spent += most
    assert spent <= limit + 1e-6


@given(limit=st.none() | usd, spent=usd)
def test_free_calls_and_no_limit_never_stop(limit: float | None, spent: float) -> None:
    assert not exceeds(limit, spent, 0.0)
    assert not exceeds(None, spent, 5.0)
    rest = remaining(limit, spent)
    assert rest is None or rest >= 0


def test_small_prices_add_up_to_the_limit_exactly() -> None:
    spent, asked = 0.0, 0
    while not exceeds(1.0, spent, 0.1):
        spent, asked = spent + 0.1, asked + 1
    assert asked == 10


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-12, 14),
)
def test_a_day_is_one_of_utc_wherever_the_clock_stands(now: datetime, hours: int) -> None:
    from datetime import timezone

    begin, end = day_of(now.astimezone(timezone(timedelta(hours=hours))))
    assert begin <= now < end
    assert end - begin == timedelta(days=1)
    assert (begin.hour, begin.minute, begin.utcoffset()) == (0, 0, timedelta(0))
