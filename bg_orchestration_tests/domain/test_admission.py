"""The limits against a model that counts everything by brute force."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.admission import (
    HANDICAP,
    QUEUE_DEPTH,
    RATE_WINDOW,
    DueRefresh,
    Limits,
    Load,
    Reason,
    automatic_due_at,
    backoff,
    choose,
    may_start_at,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)
REASONS: tuple[Reason, ...] = ("manual", "event", "scheduled")


def limits(starts: int = 10, concurrency: int = 3) -> Limits:
    return Limits(HOUR, starts, concurrency, max_attempts=3)


def due(number: int, at: datetime = NOW, reason: Reason = "event") -> DueRefresh:
    return DueRefresh(f"r{number:04}", f"c{number}", reason, 1, at)


def in_window(starts: list[datetime], end: datetime) -> int:
    return sum(end - RATE_WINDOW < start <= end for start in starts)


seconds = st.integers(0, 180).map(lambda value: timedelta(seconds=value))
reasons = st.sampled_from(REASONS)


@given(
    asks=st.lists(st.tuples(seconds, st.integers(1, 200)), min_size=1, max_size=60),
    starts=st.integers(1, 6),
    concurrency=st.integers(1, 5),
)
def test_starting_whenever_it_is_allowed_never_breaks_a_limit(
    asks: list[tuple[timedelta, int]], starts: int, concurrency: int
) -> None:
    now = NOW
    began: list[datetime] = []
    ends: list[datetime] = []
    for pause, lasts in asks:
        now += pause / 10
        running = sum(end > now for end in ends)
        at = may_start_at(Load(0, running, began), limits(starts, concurrency), now)
        if at is None:
            assert running == concurrency
            continue
        now = at
        began.append(now)
        ends.append(now + lasts * SECOND)
        assert sum(end > now for end in ends) <= concurrency
    assert all(in_window(began, instant) <= starts for instant in began)


@given(st.lists(st.integers(0, 90), max_size=12).map(sorted), st.integers(1, 5))
def test_the_instant_told_is_the_first_that_the_rate_allows(ages: list[int], starts: int) -> None:
    began = [NOW - age * SECOND for age in reversed(ages)]
    at = may_start_at(Load(0, 0, began), limits(starts), NOW)
    candidates = [NOW, *(start + RATE_WINDOW for start in began if start + RATE_WINDOW > NOW)]
    allowed = [instant for instant in candidates if in_window(began, instant) < starts]
    assert at == min(allowed)
    if at > NOW:
        assert in_window(began, at - MICROSECOND) >= starts


def test_nothing_starts_above_the_concurrency_however_quiet_it_was() -> None:
    assert may_start_at(Load(0, 3, ()), limits(), NOW) is None
    assert may_start_at(Load(9, 2, ()), limits(), NOW) == NOW


@given(
    waiting=st.lists(st.tuples(seconds, reasons), max_size=30),
    handed_over=st.integers(0, 8),
    running=st.integers(0, 5),
    ages=st.lists(st.integers(0, 90), max_size=12).map(lambda found: sorted(found, reverse=True)),
    starts=st.integers(1, 12),
    concurrency=st.integers(1, 5),
)
def test_hands_over_the_first_in_order_and_no_more_than_fits(
    waiting: list[tuple[timedelta, Reason]],
    handed_over: int,
    running: int,
    ages: list[int],
    starts: int,
    concurrency: int,
) -> None:
    all_due = [due(n, NOW - late, reason) for n, (late, reason) in enumerate(waiting)]
    load = Load(handed_over, running, [NOW - age * SECOND for age in ages])
    chosen = choose(all_due, load, limits(starts, concurrency), NOW)

    assert len(set(chosen)) == len(chosen)
    left = set(all_due) - set(chosen)
    for one in chosen:
        for other in left:
            if other.reason == "scheduled":
                continue
            ranks = [each.due_at + HANDICAP[each.reason] for each in (one, other)]
            assert ranks[0] <= ranks[1]
    places = QUEUE_DEPTH * concurrency - handed_over - running
    allowance = starts - sum(age < 60 for age in ages) - handed_over
    urgent = sum(one.reason != "scheduled" for one in all_due)
    assert min(urgent, places, allowance) <= max(0, len(chosen))
    assert len(chosen) <= max(0, min(places, allowance, len(all_due)))
    if any(one.reason == "scheduled" for one in chosen):
        background = limits(starts, concurrency).background
        last = max(n for n, one in enumerate(chosen) if one.reason == "scheduled")
        assert handed_over + running + last < background.concurrency
        assert sum(age < 60 for age in ages) + handed_over + last < background.starts_per_minute


def test_a_start_counts_for_exactly_sixty_seconds() -> None:
    one = [due(1)]
    for age, chosen in ((RATE_WINDOW, 1), (RATE_WINDOW - MICROSECOND, 0)):
        load = Load(0, 0, [NOW - age])
        assert len(choose(one, load, limits(starts=1), NOW)) == chosen
        assert (may_start_at(load, limits(starts=1), NOW) == NOW) is bool(chosen)


def test_a_person_goes_before_a_provider_and_a_provider_before_the_schedule() -> None:
    hours_late: list[tuple[Reason, int]] = [("scheduled", 40), ("event", 20), ("manual", 0)]
    waiting = [due(n, NOW - late * HOUR, reason) for n, (reason, late) in enumerate(hours_late)]
    chosen = choose(waiting, Load(0, 0, ()), limits(concurrency=4), NOW)
    assert [one.reason for one in chosen] == ["manual", "event", "scheduled"]
    # The last slot is not for the schedule.
    chosen = choose(waiting, Load(0, 0, ()), limits(concurrency=3), NOW)
    assert [one.reason for one in chosen] == ["manual", "event"]


@pytest.mark.parametrize("reason", ["event", "scheduled"])
@pytest.mark.parametrize("places", [1, 4])
def test_nothing_waits_for_ever_behind_a_flood_of_manual_refreshes(
    reason: Reason, places: int
) -> None:
    starving = due(0, NOW, reason)
    waiting = [starving]
    for hour in range(1_000):
        now = NOW + hour * HOUR
        waiting += [due(1 + hour * places + n, now, "manual") for n in range(places)]
        chosen = choose(waiting, Load(0, 0, ()), limits(places, concurrency=places), now)
        if starving in chosen:
            break
        waiting = [one for one in waiting if one not in chosen]
    assert hour * HOUR <= HANDICAP[reason] + HOUR


def test_the_cool_down_ends_exactly_when_it_says() -> None:
    start = NOW - HOUR
    assert automatic_due_at(None, limits(), NOW) == NOW
    assert automatic_due_at(start, limits(), NOW) == NOW
    assert automatic_due_at(start, limits(), NOW - MICROSECOND) == NOW
    assert automatic_due_at(start, limits(), NOW + SECOND) == NOW + SECOND
    assert automatic_due_at(NOW, limits(), NOW) == NOW + HOUR


@given(
    st.lists(seconds.map(lambda span: span * 60), min_size=1, max_size=40),
    st.integers(0, 7_200).map(lambda value: timedelta(seconds=value)),
)
def test_whatever_arrives_in_a_cool_down_is_refreshed_after_it_and_never_sooner(
    gaps: list[timedelta], cooldown: timedelta
) -> None:
    allowed = Limits(cooldown, 10, 3, 3)
    starts: list[datetime] = []
    now = NOW
    for gap in gaps:
        now += gap
        if starts and starts[-1] > now:
            continue  # Deferred already: this event joins it.
        starts.append(automatic_due_at(starts[-1] if starts else None, allowed, now))
        assert starts[-1] >= now
    assert all(later - earlier >= cooldown for earlier, later in pairwise(starts))
    assert starts[-1] >= now


def test_backs_off_twice_as_long_each_time_up_to_ten_minutes() -> None:
    assert [backoff(n).total_seconds() for n in range(1, 9)] == [
        10, 20, 40, 80, 160, 320, 600, 600,
    ]  # fmt: skip
    assert backoff(10_000) == timedelta(minutes=10)
