from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.judgement.eligibility import likely, worth_reading
from bg_orchestration.domain.judgement.purchase import Purchase, company_size
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Company, Decision, Person
from bg_orchestration_tests.domain.people import (
    CRM,
    POLICY,
    PROFILES,
    TITLE_LIST,
    companies,
    group_of,
    people_with,
)

Crowd = tuple[list[str], int | None, SellerProfile]
PROFILE_LISTS = st.lists(
    st.sampled_from(PROFILES), min_size=1, max_size=3, unique_by=lambda one: one.id
)
ACME = Company(company_id="acme", name="Acme", employee_count=200)


@given(companies)
def test_every_member_was_eligible(crowd: Crowd) -> None:
    titles, employees, profile = crowd
    company = Company(company_id="example", name="Example", employee_count=employees)
    may_enter = likely(company, [profile], POLICY, len(titles))
    assert all(may_enter(m.title, None) for m in group_of(titles, employees, profile).members)


def test_trainees_and_functions_without_a_part_are_not_worth_a_record() -> None:
    may_enter = likely(ACME, [CRM], POLICY, 0)
    assert may_enter("VP Sales", None)
    assert may_enter("Manager", "Sales")
    assert not may_enter("Sales Intern", "Sales")
    assert not may_enter("Truck Driver", None)
    assert not may_enter("", None)


@given(st.sampled_from(TITLE_LIST), PROFILE_LISTS)
def test_one_profile_is_enough(title: str, profiles: list[SellerProfile]) -> None:
    assert likely(ACME, profiles, POLICY, 0)(title, None) == any(
        likely(ACME, [one], POLICY, 0)(title, None) for one in profiles
    )


STARTS = st.none() | st.sampled_from(["2001", "2019-03", "2023-12-31", "2024-06"])


def worth(
    people: Sequence[Person],
    employees: int | None,
    profiles: Sequence[SellerProfile],
    decisions: Sequence[Decision] = (),
) -> frozenset[str]:
    company = Company(company_id="example", name="Example", employee_count=employees)
    by_profile = {profile.id: decisions for profile in profiles}
    return worth_reading(company, people, profiles, POLICY, by_profile)


def seated(
    people: Sequence[Person],
    employees: int | None,
    profile: SellerProfile,
    decisions: Sequence[Decision] = (),
) -> set[str]:
    company = Company(company_id="example", name="Example", employee_count=employees)
    scored = score_people(company, people, [profile], POLICY)
    group = assign(company, scored, profile, POLICY, decisions)
    return {member.person_id for member in group.members}


@given(companies, PROFILE_LISTS)
def test_whoever_is_seated_by_title_is_worth_a_record_and_not_many_more(
    crowd: Crowd, profiles: list[SellerProfile]
) -> None:
    titles, employees, _ = crowd
    people = people_with(titles)
    found = worth(people, employees, profiles)
    for profile in profiles:
        assert seated(people, employees, profile) <= found
    company = Company(company_id="example", name="Example", employee_count=employees)
    head_count = company_size(company, len(people))
    assert len(found) <= sum(4 * Purchase(profile, POLICY, head_count).most for profile in profiles)
    assert worth(list(reversed(people)), employees, profiles) == found
    assert worth(people, employees, list(reversed(profiles))) == found


@given(st.lists(STARTS, min_size=6, max_size=6))
def test_a_tie_within_the_margin_is_decided_among_those_worth_a_record(
    starts: list[str | None],
) -> None:
    """Equals beyond twice the group's size stay unread: a known limit of buying few records."""
    people = people_with(["VP Sales", *["Sales Manager"] * 2, *["Marketing Manager"] * 2,
                          "Legal Counsel"])  # fmt: skip
    found = worth(people, 200, [CRM])
    dated = [
        one.model_copy(update={"started_on": start})
        for one, start in zip(people, starts, strict=True)
    ]
    assert seated(dated, 200, CRM) <= found


@given(companies, st.data())
def test_decisions_of_people_are_kept(crowd: Crowd, data: st.DataObject) -> None:
    titles, employees, profile = crowd
    people = people_with(titles)
    drawn = data.draw(st.lists(st.sampled_from(people), max_size=4, unique=True) if people
                      else st.just([]))  # fmt: skip
    decisions = [
        Decision(person_id=one.person_id, kind="assigned", role="champion")
        if data.draw(st.booleans())
        else Decision(person_id=one.person_id, kind="dismissed")
        for one in drawn
    ]
    found = worth(people, employees, [profile], decisions)
    assert seated(people, employees, profile, decisions) <= found
    for one in decisions:
        assert (one.person_id in found) == (one.role is not None)


@given(companies, st.integers(0, 39))
def test_a_member_who_leaves_is_replaced_by_somebody_worth_a_record(
    crowd: Crowd, place: int
) -> None:
    titles, employees, profile = crowd
    people = people_with(titles)
    members = sorted(seated(people, employees or 500, profile))
    if members:
        gone = members[place % len(members)]
        left = [one for one in people if one.person_id != gone]
        after = seated(left, employees or 500, profile)
        assert after <= worth(people, employees or 500, [profile])
