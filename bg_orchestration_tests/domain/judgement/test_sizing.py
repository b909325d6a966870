import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.purchase import Purchase, company_size
from bg_orchestration.domain.model import RANKS, Company
from bg_orchestration_tests.domain.people import POLICY


def purchase(employees: int, deal: float) -> Purchase:
    return Purchase(SellerProfile(id="a", category="crm", deal_size_usd=deal), POLICY, employees)


@pytest.mark.parametrize(
    ("employees", "deal", "expected"),
    [
        (0, 50_000, (0, 0)),
        (1, 50_000, (1, 1)),
        (3, 50_000, (1, 3)),
        (49, 50_000, (1, 4)),
        (50, 50_000, (5, 11)),
        (999, 300_000, (5, 11)),
        (1_000, 300_000, (12, 18)),
        (4_999, 50_000, (5, 11)),
        (5_000, 50_000, (12, 18)),
        (300, 2_000, (1, 4)),
        (80_000, 2_000, (5, 11)),
    ],
)
def test_groups_grow_with_company_and_deal(
    employees: int, deal: float, expected: tuple[int, int]
) -> None:
    assert purchase(employees, deal).size_range == expected


@given(st.integers(0, 500_000), st.integers(0, 500_000), st.floats(1, 1e9))
def test_a_larger_company_never_has_a_smaller_group(a: int, b: int, deal: float) -> None:
    smaller, larger = purchase(min(a, b), deal).size_range, purchase(max(a, b), deal).size_range
    assert smaller[0] <= larger[0]
    assert smaller[1] <= larger[1]
    assert smaller[0] <= smaller[1] <= min(a, b)


@given(st.integers(1, 500_000), st.floats(1, 1e9))
def test_somebody_can_always_approve(employees: int, deal: float) -> None:
    here = purchase(employees, deal)
    able = [rank for rank in RANKS if here.approves(rank)]
    assert able == list(RANKS[RANKS.index(here.lowest_approver) :])
    assert "senior" not in able


@given(st.integers(1, 500_000), st.integers(1, 500_000), st.floats(1, 1e9))
def test_the_larger_the_company_the_lower_the_rank_that_decides(
    a: int, b: int, deal: float
) -> None:
    smaller, larger = purchase(min(a, b), deal), purchase(max(a, b), deal)
    assert RANKS.index(larger.lowest_approver) <= RANKS.index(smaller.lowest_approver)


def test_the_stated_head_count_counts_first() -> None:
    assert company_size(Company(company_id="a", name="A", employee_count=70), 5) == 70
    assert company_size(Company(company_id="a", name="A"), 5) == 5
