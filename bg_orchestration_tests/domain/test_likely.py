from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.likely import likely
from bg_orchestration.domain.model import Company
from bg_orchestration.domain.profiles import SellerProfile
from bg_orchestration_tests.domain.people import (
    CRM,
    POLICY,
    PROFILES,
    TITLE_LIST,
    companies,
    group_of,
)

Crowd = tuple[list[str], int | None, SellerProfile]
PROFILE_LISTS = st.lists(
    st.sampled_from(PROFILES), min_size=1, max_size=3, unique_by=lambda one: one.id
)
ACME = Company(company_id="acme", name="Acme", employee_count=200)


@given(companies)
def test_who_is_unlikely_enters_only_where_nobody_with_a_part_is_left(crowd: Crowd) -> None:
    titles, employees, profile = crowd
    group = group_of(titles, employees, profile)
    company = Company(company_id="example", name="Example", employee_count=employees)
    may_enter = likely(company, [profile], POLICY, len(titles))
    for member in group.members:
        if not may_enter(member.title, None):
            assert member.role == "decision"
            assert any("has no part in such purchases" in reason for reason in member.reasons)


def test_trainees_and_functions_without_a_part_are_not_worth_a_record() -> None:
    may_enter = likely(ACME, [CRM], POLICY, 0)
    assert may_enter("VP Sales", None)
    assert may_enter("Somebody", "Sales")
    assert not may_enter("Sales Intern", "Sales")
    assert not may_enter("Truck Driver", None)
    assert not may_enter("", None)


@given(st.sampled_from(TITLE_LIST), PROFILE_LISTS)
def test_one_profile_is_enough(title: str, profiles: list[SellerProfile]) -> None:
    assert likely(ACME, profiles, POLICY, 0)(title, None) == any(
        likely(ACME, [one], POLICY, 0)(title, None) for one in profiles
    )
