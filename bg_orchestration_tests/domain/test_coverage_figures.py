"""The figures of coverage: each company counted once, steady names, the worst first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.coverage_figures import (
    AGES,
    NEVER,
    OLDER,
    CoverageLine,
    coverage_picture,
    figures,
    tiers,
    worst,
)
from bg_orchestration.domain.freshness import TIERS
from bg_orchestration.domain.model import ROLES, Role

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def line(
    company_id: str,
    profile_id: str | None,
    age: timedelta | None = timedelta(),
    roles: dict[Role, int] | None = None,
    reachable: int = 0,
    completeness: float = 0.0,
    cost_usd: float = 0.0,
) -> CoverageLine:
    at = None if age is None else NOW - age
    return CoverageLine(
        company_id, profile_id, at, "green", "complete", NOW, roles or {}, reachable, completeness,
        cost_usd=cost_usd,
    )  # fmt: skip


lines = st.builds(
    CoverageLine,
    company_id=st.sampled_from([f"c-{number}" for number in range(6)]),
    profile_id=st.none() | st.sampled_from(["sales", "security"]),
    refreshed_at=st.none() | st.integers(0, 90).map(lambda days: NOW - timedelta(days=days)),
    tier=st.sampled_from(TIERS),
    tier_reason=st.just("no group yet"),
    due_at=st.integers(-9, 9).map(lambda days: NOW + timedelta(days=days)),
    roles=st.dictionaries(st.sampled_from(ROLES), st.integers(1, 5)),
    reachable=st.integers(0, 3),
    completeness=st.floats(0, 1),
    confidence=st.floats(0, 1),
    cost_usd=st.floats(0, 100),
)


@given(st.lists(lines, max_size=20))
def test_every_company_counts_once_under_steady_names(found: list[CoverageLine]) -> None:
    numbers, counts = figures(found, NOW), tiers(found, NOW)
    assert numbers.keys() == figures([], NOW).keys()
    ages = [*(name for name, _ in AGES), OLDER, NEVER]
    assert sum(numbers[f"companies_{age}"] for age in ages) == numbers["companies"]
    assert sum(count.companies for count in counts) == numbers["companies"]
    for count in counts:
        assert sum(count.by_age.values()) == count.companies
    for name, value in numbers.items():
        if name.startswith(("share_with_", "completeness", "confidence")):
            assert 0 <= value <= 1
    # Dagit hides longer Markdown behind a click.
    assert len(coverage_picture(counts, numbers)) < 1_000
    assert len(worst(found, NOW, most=3)) <= 3


def test_the_cost_of_a_company_with_two_profiles_counts_once() -> None:
    both = [line("c", profile, cost_usd=2.5) for profile in ("a", "b")]
    assert figures(both, NOW)["cost_30_days_usd"] == 2.5
    assert figures(both, NOW)["groups"] == 2


def test_the_worst_come_first_with_a_reason() -> None:
    found = worst(
        [
            line(
                "good", "sales", roles={"decision": 1, "champion": 2}, reachable=3, completeness=1
            ),
            line("no-champion", "sales", roles={"decision": 1}, reachable=1),
            line("nothing", None, None),
            line("old", "sales", timedelta(days=40), {"champion": 1}),
            line("young", "sales", roles={"champion": 1}),
        ],
        NOW,
    )
    assert [each.company_id for each in found] == ["nothing", "old", "young", "no-champion"]
    assert found[0].why.startswith("no refresh")
    assert found[1].age_days == 40
