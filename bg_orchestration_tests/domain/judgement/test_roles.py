import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bg_orchestration.domain.judgement.cohesion import cohesion
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.model import ROLES, BuyerGroup, Company, Decision, Person
from bg_orchestration_tests.domain.people import (
    CRM,
    POLICY,
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
    who = profile.departments
    purchase = Purchase(profile, POLICY, group.company_size)
    by_role = {
        "champion": {*who.users, *(who.owners if purchase.company == "small" else ())},
        "blocker": set(who.controls),
        "introducer": {"executive", "admin"},
        "stakeholder": {*who.users, *who.owners, *who.adjacent, *who.controls},
    }
    for member in group.members:
        assert member.reasons
        assert member.seniority != "entry" or group.company_size == 1
        if member.role == "decision":
            assert purchase.approves(member.seniority) or group.company_size == 1
            assert (
                member.function in {*who.owners, "executive"}
                or member.seniority == "owner"
                or group.company_size == 1
            )
        else:
            assert member.function in by_role[member.role]
    assert group.people_known == len(titles)
    assert not {gap.need for gap in group.gaps} & set(group.covered)
    for figure in (group.completeness, group.cohesion, group.confidence):
        assert 0 <= figure <= 1
    if len(group.members) < group.size_range[0]:
        assert group.gaps
    order = [(ROLES.index(m.role), -m.score, m.person_id) for m in group.members]
    assert order == sorted(order)


@given(companies)
def test_the_order_of_people_does_not_matter(drawn: Drawn) -> None:
    titles, employees, profile = drawn
    company = Company(company_id="a", name="A", employee_count=employees)
    scored = list(score_people(company, people_with(titles), [profile], POLICY))
    group = assign(company, scored, profile, POLICY)
    random.Random(len(titles)).shuffle(scored)
    assert assign(company, scored, profile, POLICY) == group


def test_nobody_known_gives_an_empty_group_that_explains() -> None:
    group = group_of([], 300)
    assert (group.members, group.completeness, group.cohesion) == ((), 0.0, 0.0)
    assert group.confidence == 0.0
    (gap,) = group.gaps
    assert gap.look_for.startswith("nobody is known at this company; import people")
    assert gap.look_for.endswith("sales or marketing or customer success")


def test_nobody_is_promoted_to_decide() -> None:
    group = group_of(["Account Executive", "Sales Manager", "VP Engineering", "CFO"], 3_000)
    assert titles_in(group, "decision") == []
    assert titles_in(group, "introducer") == []
    (gap,) = [gap for gap in group.gaps if gap.need == "decision"]
    assert gap.look_for == (
        "no decision maker known; look for a Director of Sales, VP Sales or Chief Revenue Officer"
    )
    assert gap.nearest == ("p001", "p000")


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


def test_compliance_and_privacy_are_desks_of_their_own() -> None:
    titles = ["VP Sales", "Legal Counsel", "Senior Legal Counsel", "Compliance Officer", "DPO"]
    assert set(titles_in(group_of(titles, 800), "blocker")) == {
        "Senior Legal Counsel", "Compliance Officer", "DPO"
    }  # fmt: skip


@pytest.mark.parametrize(
    "title", ["VP Lending", "Claims Manager", "Bank Teller", "Accountant", "Payroll Manager"]
)
def test_only_who_controls_spending_blocks_for_finance(title: str) -> None:
    assert titles_in(group_of(["VP Sales", title], 800), "blocker") == []
    assert titles_in(group_of(["VP Sales", title, "Controller"], 800), "blocker") == ["Controller"]


def test_who_works_for_those_who_decide_introduces() -> None:
    titles = ["VP Sales", "Receptionist", "Kitchen Assistant", "Assistant to the CEO"]
    assert titles_in(group_of(titles, 800), "introducer") == ["Assistant to the CEO"]
    assert titles_in(group_of([*titles, "CEO"], 800), "introducer") == [
        "CEO", "Assistant to the CEO"
    ]  # fmt: skip
    assert titles_in(group_of([*titles, "CEO"], 8_000), "introducer") == ["Assistant to the CEO"]


def test_the_last_who_could_champion_does_not_decide_as_well() -> None:
    titles = ["Chief Revenue Officer", "VP Sales"]
    assert titles_in(group_of(titles, 500), "champion") == ["VP Sales"]
    assert titles_in(group_of([*titles, "Sales Manager"], 500), "decision") == titles


def test_who_works_alone_decides_alone() -> None:
    alone = group_of(["Consultant"], 1)
    assert (titles_in(alone, "decision"), alone.completeness) == (["Consultant"], 1.0)
    assert group_of(["Consultant"], 2).members == ()


def test_equals_are_ordered_by_person_id() -> None:
    group = group_of(["VP Sales"] * 5, 500)
    assert [m.person_id for m in group.members if m.role == "decision"] == ["p000", "p001"]


def test_somebody_with_two_jobs_takes_part_once() -> None:
    company = Company(company_id="a", name="A", employee_count=300)
    people = [
        Person(person_id="p", name="P", title="Nurse"),
        Person(person_id="p", name="P", title="VP Sales"),
    ]
    for listed in (people, people[::-1]):
        group = assign(company, score_people(company, listed, [CRM], POLICY), CRM, POLICY)
        (member,) = group.members
        assert (member.title, member.role, group.people_known) == ("VP Sales", "decision", 1)


def test_two_records_of_one_name_and_title_are_one_human() -> None:
    company = Company(company_id="a", name="A", employee_count=300)
    people = [
        Person(person_id="1", name="First Example", title="VP Sales"),
        Person(person_id="2", name="FIRST EXAMPLE ", title="vp sales"),
        Person(person_id="3", name="", title="VP Sales"),
        Person(person_id="4", name="", title="VP Sales"),
    ]
    group = assign(company, score_people(company, people, [CRM], POLICY), CRM, POLICY)
    assert {member.person_id for member in group.members} == {"1", "3", "4"}


def test_people_must_be_scored_for_the_profile() -> None:
    company = Company(company_id="a", name="A")
    scored = score_people(company, people_with(["CEO"]), [CRM], POLICY)
    with pytest.raises(ValueError, match="not scored for the profile 'other'"):
        assign(company, scored, SellerProfile(id="other", category="hr"), POLICY)


DECIDED = ["VP Sales", "Sales Manager", "Account Executive", "Nurse", "Buyer"]


def decided_group(*decisions: Decision, titles: Sequence[str] = DECIDED) -> BuyerGroup:
    company = Company(company_id="a", name="A", employee_count=300)
    scored = score_people(company, people_with(titles), [CRM], POLICY)
    return assign(company, scored, CRM, POLICY, decisions)


def test_people_outrank_the_rules() -> None:
    group = decided_group(
        Decision(person_id="p003", kind="assigned", role="champion"),
        Decision(person_id="p001", kind="confirmed", role="decision"),
        Decision(person_id="p000", kind="dismissed"),
        Decision(person_id="gone", kind="assigned", role="blocker"),
    )
    roles = {member.person_id: (member.role, member.decided) for member in group.members}
    assert roles["p003"] == ("champion", "assigned")
    assert roles["p001"] == ("decision", "confirmed")
    assert roles["p002"] == ("champion", None)
    assert "p000" not in roles
    assert "gone" not in roles
    (nurse,) = [member for member in group.members if member.person_id == "p003"]
    assert nurse.reasons[0] == "role assigned by a person"


def test_who_is_dismissed_is_nobodys_nearest() -> None:
    titles = ["Account Executive", "Account Executive"]
    group = decided_group(Decision(person_id="p000", kind="dismissed"), titles=titles)
    (gap,) = [gap for gap in group.gaps if gap.need == "decision"]
    assert gap.nearest == ("p001",)


def test_all_whom_people_seated_stay_and_take_the_seats() -> None:
    titles = ["VP Sales", *["Sales Manager"] * 15]
    pins = [
        Decision(person_id=f"p{number:03}", kind="assigned", role="decision")
        for number in range(1, 15)
    ]
    group = decided_group(*pins, titles=titles)
    assert {member.person_id for member in group.members} == {pin.person_id for pin in pins}


@given(companies, st.integers(0, 39))
def test_a_dismissal_taken_back_leaves_no_trace(drawn: Drawn, place: int) -> None:
    titles, employees, profile = drawn
    company = Company(company_id="a", name="A", employee_count=employees)
    scored = score_people(company, people_with(titles), [profile], POLICY)
    before = assign(company, scored, profile, POLICY)
    dismissed = Decision(person_id=f"p{place:03}", kind="dismissed")
    after = assign(company, scored, profile, POLICY, [dismissed])
    assert dismissed.person_id not in {member.person_id for member in after.members}
    assert assign(company, scored, profile, POLICY) == before


def test_a_leaver_lowers_cohesion() -> None:
    whole = group_of(["VP Sales", "Sales Manager", "Marketing Manager", "General Counsel"], 300)
    purchase = Purchase(CRM, POLICY, 300)
    without_decider = [m for m in whole.members if m.role != "decision"]
    without_champion = [m for m in whole.members if m.role != "champion"]
    assert whole.cohesion > cohesion(without_champion, purchase)
    assert whole.cohesion > cohesion(without_decider, purchase)
    assert cohesion((), purchase) == 0
    assert group_of(["Founder"], 1).cohesion == 1.0


def test_confidence_falls_when_data_is_thin() -> None:
    titles = ["VP Sales", "Sales Manager", *["Account Executive"] * 40]
    whole = group_of(titles, 300)
    assert whole.confidence == 1.0
    assert group_of(titles[:10], 300).confidence < whole.confidence
    assert group_of([*titles, *[""] * 20], 300).confidence < whole.confidence
    assert group_of(titles).confidence < whole.confidence


def test_completeness_is_the_share_of_needs_that_are_covered() -> None:
    profile = SellerProfile(
        id="a", category="crm", required_roles=("decision", "champion", "blocker", "introducer")
    )
    group = group_of(["VP Sales", "Sales Manager"], 300, profile)
    assert group.covered == ("decision", "champion", "function sales")
    assert [gap.need for gap in group.gaps] == ["blocker", "introducer", "members"]
    assert group.completeness == 0.6
    nothing = SellerProfile(id="a", category="crm", required_roles=())
    assert group_of(["VP Sales"], 300, nothing).completeness == 1.0


def test_departments_that_a_profile_names_are_needed_in_large_companies() -> None:
    both = SellerProfile(id="a", category="hr", target_departments=("hr", "finance"))
    group = group_of(["HR Director", "HR Manager", "Tax Intern"], 300, both)
    (gap,) = [gap for gap in group.gaps if gap.need == "function finance"]
    assert gap.look_for == "nobody of finance takes part; look for who leads it"
    assert "function finance" not in [gap.need for gap in group_of(["CEO"], 100, both).gaps]


def security(deal: float) -> SellerProfile:
    return SellerProfile(id="s", category="security", deal_size_usd=deal)


def test_who_would_strain_their_limit_leaves_the_deal_to_a_higher_rank() -> None:
    titles = ["CISO", "Head of Information Security", "Security Engineer"]
    group = group_of(titles, 800, security(120_000))
    assert titles_in(group, "decision") == ["CISO"]
    assert titles[1] in titles_in(group, "champion")
    alone = group_of(titles[1:], 800, security(120_000))
    assert titles_in(alone, "decision") == [titles[1]]


def test_nobody_far_above_the_deal_is_bothered_while_somebody_nearer_is_known() -> None:
    titles = ["CISO", "Head of Information Security", "Security Engineer"]
    assert titles_in(group_of(titles, 800, security(4_000)), "decision") == [titles[1]]
    assert titles_in(group_of(titles[::2], 800, security(4_000)), "decision") == ["CISO"]


def test_general_management_stands_in_only_where_functions_may_lack_a_head() -> None:
    titles = ["CEO", "Recruiter", "HR Generalist"]
    hr = SellerProfile(id="h", category="hr", deal_size_usd=30_000)
    assert titles_in(group_of(titles, 120, hr), "decision") == ["CEO"]
    large = group_of(titles, 600, hr)
    assert titles_in(large, "decision") == []
    assert "decision" in {gap.need for gap in large.gaps}


def test_few_speak_for_those_who_merely_use_the_product() -> None:
    group = group_of(
        ["VP Sales", "Sales Manager", "RevOps Manager", "Sales Team Lead", "CFO", "Legal Counsel"]
        + ["Account Executive"] * 40,
        400,
    )
    assert titles_in(group, "stakeholder") == ["Account Executive"] * POLICY.users_speaking


def test_who_decides_is_not_named_as_nearest_to_champion() -> None:
    (gap,) = [gap for gap in group_of(["VP Sales"], 300).gaps if gap.need == "champion"]
    assert gap.nearest == ()


def test_the_rank_of_a_head_of_school_is_not_that_of_the_assistant() -> None:
    company = Company(company_id="a", name="A", employee_count=1_500, industry="Higher education")
    profile = SellerProfile(id="e", category="education", deal_size_usd=20_000)
    people = people_with(["Provost", "Assistant to the Provost"])
    group = assign(company, score_people(company, people, [profile], POLICY), profile, POLICY)
    assert titles_in(group, "decision") == ["Provost"]
    assert titles_in(group, "introducer") == ["Assistant to the Provost"]
