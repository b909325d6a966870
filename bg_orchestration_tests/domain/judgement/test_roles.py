import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Company, Decision, Gatekeeper, Person
from bg_orchestration_tests.domain.people import (
    CRM,
    POLICY,
    companies,
    group_of,
    people_with,
    titles_in,
)

Drawn = tuple[list[str], int | None, SellerProfile]


def sold(category: str, deal: float) -> SellerProfile:
    return SellerProfile(id="a", category=category, deal_size_usd=deal)


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
    assert (group.members, group.completeness, group.confidence) == ((), 0.0, 0.0)
    (gap,) = group.gaps
    assert gap.look_for.startswith("nobody is known at this company; import people")
    assert gap.look_for.endswith("sales or marketing or customer success")


# Section 2: the table of who decides, line by line.
HR = ["Managing Director", "CHRO", "VP HR", "HR Director", "HR Manager"]


@pytest.mark.parametrize(
    ("employees", "deal", "titles", "expected"),
    [
        (1, 9_000_000, ["Sculptor"], ["Sculptor"]),
        (30, 200_000, HR, ["Managing Director"]),
        (30, 9_000, HR[1:], ["CHRO"]),
        (30, 10_000, HR[1:], []),
        (120, 50_000, HR, ["Managing Director"]),
        (120, 49_999, HR, ["CHRO"]),
        (120, 30_000, ["Managing Director", "HR Manager"], ["Managing Director"]),
        (120, 10_000, ["Managing Director", "HR Manager"], ["HR Manager"]),
        (120, 60_000, HR[1:], []),
        (400, 50_000, HR, ["HR Director"]),
        (400, 50_001, HR, ["CHRO"]),
        (400, 150_000, HR[3:], ["HR Director"]),
        (400, 150_001, HR[3:], []),
        (400, 25_000, ["CEO", "HR Manager"], ["CEO"]),
        (501, 25_000, ["CEO", "HR Manager"], []),
        (400, 250_000, ["CEO", "VP HR"], ["VP HR", "CEO"]),
        (400, 249_999, ["CEO", "VP HR"], ["VP HR"]),
        (400, 100_000, ["Geschäftsführer", "VP HR"], ["VP HR", "Geschäftsführer"]),
        (1_000, 10_000, HR, ["HR Manager"]),
        (1_000, 10_000, HR[:3], []),  # two steps above, and left alone
        (1_000, 10_001, HR, ["HR Director"]),
        (9_999, 50_001, HR, ["VP HR"]),
        (9_999, 500_001, HR, ["CHRO"]),
        (9_999, 250_000, HR[3:], ["HR Director"]),
        (9_999, 250_001, HR[3:], []),
        (9_999, 1_000_000, HR, ["CHRO", "Managing Director"]),
        (10_000, 25_000, HR, ["HR Manager"]),
        (10_000, 250_000, HR, ["HR Director"]),
        (10_000, 1_000_000, HR, ["VP HR"]),
        (10_000, 4_999_999, HR, ["CHRO"]),
        (10_000, 5_000_000, HR, ["CHRO", "Managing Director"]),
    ],
)
def test_the_table_of_who_decides(
    employees: int, deal: float, titles: list[str], expected: list[str]
) -> None:
    assert titles_in(group_of(titles, employees, sold("hr", deal)), "decision") == expected


def test_equals_of_parts_champion_and_nobody_is_picked_by_lot() -> None:
    group = group_of(["RVP Sales East", "RVP Sales West"], 7_000, sold("crm", 150_000))
    assert titles_in(group, "decision") == []
    assert titles_in(group, "champion") == ["RVP Sales East", "RVP Sales West"]
    (gap,) = [gap for gap in group.gaps if gap.need == "decision"]
    assert gap.look_for == (
        "no decision maker known; look for the VP Sales or the Chief Revenue Officer"
    )
    assert gap.nearest == ("p000", "p001")


def test_a_deputy_without_a_head_is_the_nearest_to_the_gap() -> None:
    group = group_of(["Deputy CISO"], 7_500, sold("security", 240_000))
    (gap,) = [gap for gap in group.gaps if gap.need == "decision"]
    assert (titles_in(group, "champion"), gap.nearest) == (["Deputy CISO"], ("p000",))


def test_a_second_function_stands_in_where_the_first_has_nobody() -> None:
    security = sold("security", 60_000)
    assert titles_in(group_of(["Head of IT", "CEO"], 640, security), "decision") == ["Head of IT"]
    both = group_of(["Head of IT", "Head of Information Security"], 640, security)
    assert titles_in(both, "decision") == ["Head of Information Security"]


def test_a_product_of_two_functions_is_decided_by_both() -> None:
    titles = ["CFO", "COO", "CIO", "CEO"]
    assert set(titles_in(group_of(titles, 4_000, sold("erp", 600_000)), "decision")) == {
        "CFO",
        "COO",
    }


# Section 5.
def test_what_the_product_is_made_for_blocks_nothing() -> None:
    titles = ["CFO", "Finance Director", "General Counsel", "Procurement Manager"]
    finance = group_of(titles, 800, sold("finance", 60_000))
    assert set(titles_in(finance, "blocker")) == {"Procurement Manager", "General Counsel"}
    assert titles_in(group_of(["DPO", *titles], 22, sold("legal", 7_000)), "blocker") == []
    # Situation 16: of a product for procurement, finance asks nothing.
    procurement = group_of([*titles, "Buyer"], 900, sold("procurement", 75_000))
    assert titles_in(procurement, "blocker") == ["General Counsel"]


@pytest.mark.parametrize(
    ("country", "title", "blocks"),
    [
        ("DE", "Works Council Chair", True), ("Austria", "Works Council Chair", True),
        ("US", "Works Council Chair", False), (None, "Works Council Chair", False),
        (None, "Betriebsratsvorsitzende", True), (None, "Elue CSE", True),
        (None, "Voorzitter ondernemingsraad", True), (None, "Delegato RSU", False),
    ],
)  # fmt: skip
def test_a_works_council_blocks_by_law(country: str | None, title: str, blocks: bool) -> None:
    company = Company(company_id="a", name="A", employee_count=800, country=country)
    people = people_with(["HR Director", title])
    for category, asked in (("hr", True), ("finance", False)):
        profile = SellerProfile(id="a", category=category, deal_size_usd=5_000)
        scored = score_people(company, people, [profile], POLICY)
        group = assign(company, scored, profile, POLICY)
        assert titles_in(group, "blocker") == ([title] if blocks and asked else [])


def test_the_desks_of_a_company_block_once_each() -> None:
    titles = ["VP Sales", "Legal Counsel", "General Counsel", "Chief Compliance Officer", "DPO",
              "CISO", "Procurement Manager", "Head of Procurement", "CFO"]  # fmt: skip
    assert titles_in(group_of(titles, 900), "blocker") == ["Head of Procurement", "CISO", "DPO"]
    large = titles_in(group_of(titles, 1_000), "blocker")
    assert large == ["Head of Procurement", "CISO", "DPO", "General Counsel"]


def test_a_public_buyer_asks_procurement_of_any_rank_about_any_deal() -> None:
    people = people_with(["HR Director", "Purchasing Coordinator"])
    for industry, expected in (("Municipality", ["Purchasing Coordinator"]), ("Software", [])):
        company = Company(company_id="a", name="A", employee_count=800, industry=industry)
        profile = sold("hr", 2_000)
        group = assign(company, score_people(company, people, [profile], POLICY), profile, POLICY)
        assert titles_in(group, "blocker") == expected


# Section 6, and the way in.
def test_gatekeepers_are_named_beside_whom_they_guard() -> None:
    titles = ["VP Sales", "Assistant to the VP Sales", "Receptionist", "Sales Manager"]
    group = group_of(titles, 800)
    assert group.gatekeepers == (Gatekeeper(person_id="p001", guards="p000"),)
    assert titles_in(group, "introducer") == []


def test_who_answers_strangers_introduces_where_sales_buys() -> None:
    titles = ["VP Sales", "Business Development Representative", "Key Account Manager",
              "Chief of Staff"]  # fmt: skip
    assert titles_in(group_of(titles, 900), "introducer") == ["Chief of Staff"]
    assert titles_in(group_of(titles, 1_001), "introducer") == [
        "Chief of Staff", "Business Development Representative"
    ]  # fmt: skip
    assert titles_in(group_of(titles[1:3], 1_001, sold("hr", 9_000)), "introducer") == []


# Section 8.
def test_a_control_that_the_deal_calls_for_and_nobody_guards_is_a_gap() -> None:
    needs = {gap.need: gap.look_for for gap in group_of(["VP Sales", "Sales Manager"], 300).gaps}
    assert needs == {
        "control procurement": "no known person guards how the company buys; look for the head of "
        "procurement"
    }


def test_completeness_counts_the_needs_of_the_purchase() -> None:
    group = group_of(["VP Sales", "Sales Manager"], 300)
    assert group.covered == ("decision", "champion", "function sales")
    assert group.completeness == 0.75
    whole = group_of(["Consultant"], 1)
    assert (titles_in(whole, "decision"), whole.completeness) == (["Consultant"], 1.0)


@pytest.mark.parametrize("title", ["Receptionist", "Intern", "Sales Manager", "-", "Freelancer"])
def test_one_known_person_of_a_company_of_unknown_size_does_not_decide(title: str) -> None:
    group = group_of([title])
    assert titles_in(group, "decision") == []
    assert "decision" in {gap.need for gap in group.gaps}
    assert titles_in(group_of([title], 1), "decision") == [title]


def test_confidence_falls_with_doubt_and_never_rises_with_a_crowd() -> None:
    titles = ["VP Sales", "Sales Manager"]
    sure = group_of(titles, 300).confidence
    assert group_of([*titles, *["Cashier"] * 30], 300).confidence == sure
    assert group_of(["VP Sales"], 300).confidence < sure
    assert group_of([*titles, "VP Sales"], 300).confidence < sure  # one of two equals
    assert group_of(["Sales Manager"], 300).confidence < sure
    assert group_of(titles).confidence < sure  # no source states the head count


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
    assert {member.person_id for member in group.members} == {"1", "3"}
    assert group.people_known == 4


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
    assert "p000" not in roles
    assert "gone" not in roles
    (nurse,) = [member for member in group.members if member.person_id == "p003"]
    assert nurse.reasons == ("A person assigned this role",)


def test_who_is_dismissed_is_nobodys_nearest() -> None:
    titles = ["Sales Manager", "Sales Manager"]
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
