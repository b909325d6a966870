"""Properties of every group: the promises of the role policy."""

import random
from collections.abc import Sequence
from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from bg_orchestration.domain.judgement.job_reading import EXCLUDED, Jobs
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import ROLES, BuyerGroup, Company, Person
from bg_orchestration_tests.domain.people import POLICY, PROFILES, TITLE_LIST

HEADS = [
    "Head of HR", "Deputy Head of HR", "Interim CFO", "Deputy CFO", "CISO", "Deputy CISO",
    "Ex-CFO", "Former VP Sales", "Founder's Associate", "Seed Investor", "Chair of Trustees",
    "N/A", "-", "Open to work", "Sales Trainee", "Executive Assistant to the CEO", "Receptionist",
    "Betriebsratsvorsitzender", "Data Protection Officer", "RVP East", "RVP West",
    "Revenue Operations Manager", "Chief of Staff", "Business Development Representative",
    "Managing Director", "Supply Chain & Purchasing Director", "Internal Audit Director",
]  # fmt: skip
TITLES = st.sampled_from([*TITLE_LIST, *HEADS])
SIZES = st.sampled_from([2, 9, 10, 49, 50, 249, 250, 500, 501, 999, 1000, 9999, 10_000, 90_000])
DEALS = st.sampled_from([600, 4_999, 9_999, 10_000, 24_999, 25_000, 50_000, 100_000, 250_000, 2e6])
CATEGORIES = st.sampled_from(PROFILES)
CROWDS = st.lists(TITLES, max_size=25)


def people_of(titles: Sequence[str], starts: Sequence[int] = ()) -> list[Person]:
    """Return people whose ids follow their place; each started in a month of their own."""
    return [
        Person(
            person_id=f"p{number:03}",
            name=f"Person {number}",
            title=title,
            started_on=f"{2000 + (starts[number] if starts else number) // 12:04}"
            f"-{(starts[number] if starts else number) % 12 + 1:02}",
        )
        for number, title in enumerate(titles)
    ]


def priced(profile: SellerProfile, deal: float) -> SellerProfile:
    return profile.model_copy(update={"deal_size_usd": deal})


def judge(people: Sequence[Person], employees: int, profile: SellerProfile) -> BuyerGroup:
    company = Company(company_id="a", name="A", employee_count=employees)
    return assign(company, score_people(company, people, [profile], POLICY), profile, POLICY)


def roles_of(group: BuyerGroup) -> dict[str, str]:
    return {member.person_id: member.role for member in group.members}


JOBS = Jobs(Company(company_id="a", name="A"), POLICY)


@given(CROWDS, SIZES, DEALS, CATEGORIES)
def test_every_seat_is_earned(
    titles: list[str], employees: int, deal: float, profile: SellerProfile
) -> None:
    profile = priced(profile, deal)
    group = judge(people_of(titles), employees, profile)
    purchase = Purchase(profile, POLICY, employees)
    assert len(group.members) <= group.size_range[1] == purchase.most
    deciding = [m for m in group.members if m.role == "decision"]
    assert len(deciding) <= 2
    for member in group.members:
        traits = JOBS.read(member.title, None).traits
        assert not traits & EXCLUDED
        assert len(member.reasons) == 1
        if member.role == "decision":
            assert not traits & {"front_line", "audit", "employee_representative", "deputy"}
        if member.role == "champion":
            assert not traits & {"front_line", "clerk", "audit", "employee_representative"}
            assert member.seniority != "entry"
        if member.role == "blocker":
            assert member.function not in (
                *profile.target_departments,
                profile.departments.owners[0],
            ) or ("works_council" in traits)
    order = [ROLES.index(member.role) for member in group.members]
    assert order == sorted(order)
    assert 0 <= group.confidence <= 1
    assert 0 <= group.completeness <= 1


@given(CROWDS, st.sampled_from(["", "-", "N/A", "Member of staff", "🎉"]), SIZES, CATEGORIES)
def test_a_person_without_an_informative_title_has_no_role(
    titles: list[str], silent: str, employees: int, profile: SellerProfile
) -> None:
    departments = ["Sales", "HR", "Finance", "IT", "Procurement", None]
    quiet = [
        Person(person_id=f"q{number}", name=f"Q {number}", title=silent, department=department)
        for number, department in enumerate(departments)
    ]
    group = judge([*people_of(titles), *quiet], employees, profile)
    assert not {member.person_id[0] for member in group.members} & {"q"}


@given(CROWDS, SIZES, DEALS, CATEGORIES, st.data())
def test_an_irrelevant_person_changes_nothing(
    titles: list[str], employees: int, deal: float, profile: SellerProfile, data: st.DataObject
) -> None:
    profile = priced(profile, deal)
    people = people_of(titles)
    irrelevant = ["Truck Driver", "Nurse", "Sculptor", "Sales Intern", "Former CFO", "", "Waiter"]
    others = data.draw(st.lists(st.sampled_from(irrelevant), max_size=30))
    more = [
        Person(person_id=f"x{number}", name=f"X {number}", title=title)
        for number, title in enumerate(others)
        if not Purchase(profile, POLICY, employees).concerns(JOBS.read(title, None))
    ]
    # Of a company that is known whole no person is missing.
    assume(people and employees > len(people) + len(more))
    before, after = judge(people, employees, profile), judge([*people, *more], employees, profile)
    assert before.members == after.members
    assert before.gaps == after.gaps
    assert before.confidence == after.confidence


@given(CROWDS, SIZES, DEALS, CATEGORIES, st.randoms(use_true_random=False))
def test_other_ids_and_another_order_change_nothing(
    titles: list[str], employees: int, deal: float, profile: SellerProfile, chance: random.Random
) -> None:
    profile = priced(profile, deal)
    people = people_of(titles)
    names = [f"n{number:03}" for number in range(len(people))]
    chance.shuffle(names)
    renamed = [
        person.model_copy(update={"person_id": name})
        for person, name in zip(people, names, strict=True)
    ]
    new_id = {old.person_id: new.person_id for old, new in zip(people, renamed, strict=True)}
    chance.shuffle(renamed)
    before, after = judge(people, employees, profile), judge(renamed, employees, profile)
    assert {(new_id[who], role) for who, role in roles_of(before).items()} == {
        *roles_of(after).items()
    }


@given(CROWDS, SIZES, DEALS, CATEGORIES)
def test_one_more_dollar_or_employee_changes_only_what_the_tables_say(
    titles: list[str], employees: int, deal: float, profile: SellerProfile
) -> None:
    """Between two lines of the tables nothing changes at all."""
    people = people_of(titles)
    inside = employees + 17 if employees not in (9, 49, 249, 500, 999, 9999) else employees - 1
    same_row = (
        Purchase(profile, POLICY, inside).row == Purchase(profile, POLICY, employees).row
        and Purchase(profile, POLICY, inside).most == Purchase(profile, POLICY, employees).most
    )
    assume(same_row and min(inside, employees) > len(people))
    dearer = deal + 1 if deal not in (4_999, 9_999, 24_999, 10_000, 50_000, 250_000) else deal - 1
    limits = {4_999: 1, 10_000: 1, 25_000: 1, 50_000: 1, 100_000: 1, 250_000: 1, 2e6: 1}
    # A line "to 25,000" ends behind its amount, a line "from 25,000" begins at it.
    assume(not any(min(deal, dearer) <= each <= max(deal, dearer) for each in limits))
    base = judge(people, employees, priced(profile, deal))
    assert roles_of(judge(people, employees, priced(profile, dearer))) == roles_of(base)
    assert roles_of(judge(people, inside, priced(profile, deal))) == roles_of(base)


@given(CROWDS, SIZES, DEALS, CATEGORIES)
def test_no_reason_is_true_of_the_colleague_beside(
    titles: list[str], employees: int, deal: float, profile: SellerProfile
) -> None:
    group = judge(people_of(titles), employees, priced(profile, deal))
    for one, other in combinations(group.members, 2):
        assert one.reasons != other.reasons, (one, other)
    for member in group.members:
        parts = [part.strip() for part in member.reasons[0].split(";")]
        assert len({*parts}) == len(parts)


# Pairs of words that would take each other back within one group's reasons about one person.
CONTRADICTIONS = [
    ("no decision maker is known", "below the decision maker"),
    ("signs any amount", "signs up to"),
    ("of all", "of part of"),
    ("no higher rank is known", "works below"),
    ("owns the budget", "uses the product"),
    ("no head of the whole decides", "below the decision maker"),
]


@given(CROWDS, SIZES, DEALS, CATEGORIES)
def test_no_two_parts_of_a_reason_contradict_each_other(
    titles: list[str], employees: int, deal: float, profile: SellerProfile
) -> None:
    group = judge(people_of(titles), employees, priced(profile, deal))
    decided = any(member.role == "decision" for member in group.members)
    for member in group.members:
        reason = member.reasons[0]
        for one, other in CONTRADICTIONS:
            assert not (one in reason and other in reason), reason
        assert not (decided and "no decision maker is known" in reason), reason
        assert not (not decided and "below the decision maker" in reason), reason
        assert not any(character.isdigit() for character in reason.split(";")[0]), reason


@given(CROWDS, SIZES, DEALS)
def test_a_deputy_never_decides_beside_the_head(
    titles: list[str], employees: int, deal: float
) -> None:
    profile = SellerProfile(id="hr", category="hr", deal_size_usd=deal)
    people = people_of([*titles, "HR Director", "Deputy HR Director", "Associate Director, HR"])
    group = judge(people, employees, profile)
    for member in group.members:
        if member.title in ("Deputy HR Director", "Associate Director, HR"):
            assert member.role != "decision"
