import random

import pytest
from hypothesis import given, settings

from bg_orchestration.domain.cohesion import cohesion, completeness
from bg_orchestration.domain.model import ROLES, Company, Person
from bg_orchestration.domain.profiles import SellerProfile
from bg_orchestration.domain.roles import assign
from bg_orchestration.domain.scoring import score_people
from bg_orchestration.domain.sizing import can_approve
from bg_orchestration_tests.domain.people import (
    CRM,
    companies,
    group_of,
    people_with,
    titles_in,
)

Drawn = tuple[list[str], int | None, SellerProfile]


@settings(max_examples=200)
@given(companies)
def test_what_holds_of_every_group(drawn: Drawn) -> None:
    titles, employees, profile = drawn
    group = group_of(titles, employees, profile)
    ids = [member.person_id for member in group.members]
    assert set(ids) <= {person.person_id for person in people_with(titles)}
    assert len(set(ids)) == len(ids) <= group.size_range[1]
    assert group.company_size == (employees or len(titles))
    policy = profile.policy
    by_role = {
        "champion": set(policy.users),
        "blocker": set(policy.controls),
        "introducer": {"executive", "admin"},
        "stakeholder": {*policy.users, *policy.owners, *policy.adjacent},
    }
    for member in group.members:
        assert member.reasons
        assert member.seniority != "entry"
        if member.role == "decision":
            assert can_approve(member.seniority, group.company_size, profile.deal_size_usd)
            assert member.function in {*policy.owners, "executive"} or member.seniority == "owner"
        else:
            assert member.function in by_role[member.role]
    assert group.completeness == completeness(group.members, profile.required_roles)
    assert 0 <= group.cohesion <= 1
    if len(group.members) < group.size_range[0]:
        assert group.gaps
    order = [(ROLES.index(m.role), -m.score, m.person_id) for m in group.members]
    assert order == sorted(order)


@given(companies)
def test_the_order_of_people_does_not_matter(drawn: Drawn) -> None:
    titles, employees, profile = drawn
    company = Company(company_id="a", name="A", employee_count=employees)
    scored = list(score_people(company, people_with(titles), [profile]))
    group = assign(company, scored, profile)
    random.Random(len(titles)).shuffle(scored)
    assert assign(company, scored, profile) == group


def test_nobody_known_gives_an_empty_group_that_explains() -> None:
    group = group_of([], 300)
    assert (group.members, group.completeness, group.cohesion) == ((), 0.0, 0.0)
    (gap,) = group.gaps
    assert gap.startswith("nobody is known at this company; import people")
    assert gap.endswith("sales or marketing or customer success")


def test_nobody_is_promoted_to_decide() -> None:
    group = group_of(["Account Executive", "Sales Manager", "VP Engineering", "CFO"], 3_000)
    assert titles_in(group, "decision") == []
    assert "no decision maker known; look for a VP Sales or Director of Sales" in group.gaps
    assert titles_in(group, "introducer") == []


def test_rank_outside_the_function_gives_no_role() -> None:
    group = group_of(
        ["VP Sales", "VP Engineering", "CTO", "VP Nursing", "Chief Design Officer"], 900
    )
    assert [member.title for member in group.members] == ["VP Sales"]


def test_the_size_of_the_deal_moves_the_decision_up() -> None:
    titles = ["Director of Sales", "VP Sales", "Chief Revenue Officer", "CEO"]
    small, middle, huge = (
        titles_in(
            group_of(titles, 500, SellerProfile(id="a", category="crm", deal_size_usd=deal)),
            "decision",
        )
        for deal in (20_000, 200_000, 600_000)
    )
    assert "CEO" not in small
    assert set(middle) == {"VP Sales", "Chief Revenue Officer"}
    assert set(huge) == {"Chief Revenue Officer", "CEO"}


def test_buyers_are_never_blockers() -> None:
    titles = ["CFO", "Finance Director", "Controller", "General Counsel", "Procurement Manager"]
    finance = group_of(titles, 800, SellerProfile(id="f", category="finance"))
    assert set(titles_in(finance, "blocker")) == {"Procurement Manager", "General Counsel"}
    assert set(titles_in(finance, "decision")) <= {"CFO", "Finance Director"}
    legal = SellerProfile(id="l", category="contracts", target_departments=("legal",))
    assert "General Counsel" not in titles_in(group_of(titles, 800, legal), "blocker")


def test_a_control_that_the_product_does_not_touch_does_not_block() -> None:
    cheap = SellerProfile(id="a", category="crm", deal_size_usd=3_000)
    assert (
        titles_in(group_of(["VP Sales", "Buyer", "CISO", "Legal Counsel"], 800, cheap), "blocker")
        == []
    )


def test_equals_are_ordered_by_person_id() -> None:
    group = group_of(["VP Sales"] * 5, 500)
    assert [m.person_id for m in group.members if m.role == "decision"] == ["p000", "p001"]


def test_somebody_with_two_jobs_takes_part_once() -> None:
    company = Company(company_id="a", name="A", employee_count=300)
    people = [
        Person(person_id="p", name="P", title="Nurse"),
        Person(person_id="p", name="P", title="VP Sales"),
    ]
    (member,) = assign(company, score_people(company, people, [CRM]), CRM).members
    assert (member.title, member.role) == ("VP Sales", "decision")


def test_people_must_be_scored_for_the_profile() -> None:
    company = Company(company_id="a", name="A")
    scored = score_people(company, people_with(["CEO"]), [CRM])
    with pytest.raises(ValueError, match="not scored for the profile 'other'"):
        assign(company, scored, SellerProfile(id="other", category="hr"))


def test_a_leaver_lowers_cohesion() -> None:
    whole = group_of(["VP Sales", "Sales Manager", "Marketing Manager", "General Counsel"], 300)
    without_decider = [m for m in whole.members if m.role != "decision"]
    without_champion = [m for m in whole.members if m.role != "champion"]
    least = whole.size_range[0]
    assert whole.cohesion > cohesion(without_champion, least)
    assert whole.cohesion > cohesion(without_decider, least)
    assert cohesion((), 5) == 0
    assert cohesion(group_of(["Founder"], 1).members, 1) == 1.0


def test_completeness_is_the_share_of_required_roles() -> None:
    profile = SellerProfile(
        id="a", category="crm", required_roles=("decision", "champion", "blocker", "introducer")
    )
    group = group_of(["VP Sales", "Sales Manager"], 300, profile)
    assert group.completeness == 0.5
    assert len([gap for gap in group.gaps if gap.startswith("no ")]) == 2
    nothing = SellerProfile(id="a", category="crm", required_roles=())
    assert group_of(["VP Sales"], 300, nothing).completeness == 1.0
