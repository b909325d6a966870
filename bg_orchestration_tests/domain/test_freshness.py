"""The tier of a company against its facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.freshness import (
    TIERS,
    FreshnessFacts,
    FreshnessRules,
    freshness_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = FreshnessRules({"red": DAY, "orange": 7 * DAY, "green": 30 * DAY}, 14 * DAY, 3, 0.5, 30, 48)
QUIET = FreshnessFacts(
    "acme", "acme.example", NOW - 90 * DAY, NOW - DAY, changes=0, completeness=1.0, leads=2
)


@pytest.mark.parametrize(
    ("change", "tier", "reason"),
    [
        ({}, "green", "a complete group without recent changes"),
        ({"changes": 1}, "orange", "1 change since 2026-02-15"),
        ({"changes": 3}, "red", "3 changes since 2026-02-15"),
        ({"completeness": 0.25}, "orange", "25% of the needed roles are filled"),
        ({"completeness": None}, "orange", "no group"),
        ({"leaving": 1}, "orange", "1 of 2 deciders and champions are in months 30 to 48"),
        ({"leaving": 1, "leads": 3}, "green", "a complete group"),
        ({"refreshed_at": NOW - 31 * DAY}, "green", "a complete group"),
        ({"refreshed_at": NOW - 32 * DAY}, "red", "not refreshed since 2026-01-28"),
        ({"refreshed_at": NOW - 9 * DAY, "changes": 1}, "red", "not refreshed since 2026-02-20"),
        ({"refreshed_at": None}, "red", "no group yet"),
    ],
)
def test_the_facts_give_the_tier_and_the_reason(
    change: dict[str, object], tier: str, reason: str
) -> None:
    found = freshness_of(replace(QUIET, **change), RULES, (), NOW)  # type: ignore[arg-type]
    assert (found.tier, found.reason[: len(reason)]) == (tier, reason)


@pytest.mark.parametrize("key", ["acme", "acme.example"])
def test_a_key_company_is_a_tier_higher(key: str) -> None:
    found = freshness_of(QUIET, RULES, {key}, NOW)
    assert (found.tier, found.reason) == ("orange", "a key company of a seller profile")
    assert freshness_of(replace(QUIET, changes=1), RULES, {key}, NOW).tier == "red"


facts = st.builds(
    FreshnessFacts,
    company_id=st.just("acme"),
    domain=st.sampled_from([None, "acme.example"]),
    created_at=st.just(NOW - 90 * DAY),
    refreshed_at=st.none() | st.integers(0, 80).map(lambda age: NOW - age * DAY),
    changes=st.integers(0, 9),
    completeness=st.none() | st.floats(0, 1),
    leads=st.integers(0, 4),
    leaving=st.integers(0, 4),
)


@given(facts, st.integers(0, 5))
def test_more_risk_never_makes_a_company_due_later(found: FreshnessFacts, more: int) -> None:
    before = freshness_of(found, RULES, (), NOW)
    for worse in (
        freshness_of(replace(found, changes=found.changes + more), RULES, (), NOW),
        freshness_of(replace(found, completeness=0.0), RULES, (), NOW),
        freshness_of(found, RULES, {"acme"}, NOW),
    ):
        assert TIERS.index(worse.tier) <= TIERS.index(before.tier)
        assert worse.due_at <= before.due_at
        assert worse.reason


@given(facts)
def test_no_company_is_due_before_the_age_of_red_nor_after_the_age_of_green(
    found: FreshnessFacts,
) -> None:
    due_at = freshness_of(found, RULES, (), NOW).due_at
    if found.refreshed_at is None:
        assert due_at == found.created_at
    else:
        assert found.refreshed_at + DAY <= due_at <= found.refreshed_at + 30 * DAY
