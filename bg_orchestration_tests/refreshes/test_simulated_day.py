"""A short simulated day; `make simulate-day` simulates 24 hours of 10,000 companies."""

from datetime import timedelta

from bg_orchestration_tests.simulated_day import is_good, simulate, table


def test_tiers_and_limits_hold_and_events_do_not_wait_for_the_schedule() -> None:
    day, quiet = simulate(60, hours=1, events_an_hour=30, new_companies=20, seed=1)
    assert is_good(day, quiet, timedelta(hours=1)), table(day, quiet)
    reasons = [reason for *_, reason in day.starts]
    assert reasons.count("scheduled") > 0
    assert "scheduled" not in {reason for *_, reason in quiet.starts}
