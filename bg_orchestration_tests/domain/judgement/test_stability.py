"""A small change of the people makes a small change of the group.

How far can one person reach who appears or goes? Every role is filled from a fixed order, so the
newcomer displaces one person, who takes a seat of a later role and displaces one there. Two rules
look at who sits already, and reach further:

- the first who decides in the function that owns the budget sends back those of the functions that
  may own it instead, two at most. Each takes a champion's seat, whose holder becomes a stakeholder,
  for whom another leaves: the newcomer and three times two;
- a function that decided no longer blocks, and one that no longer decides does: finance with its
  two desks. The newcomer, who was sent back, one more guard, and as many who leave for them.

That makes `REACH` people at most. A new title is one person who goes and one who appears, so it
could reach twice as far; a hundred thousand drawn at random never reached beyond 6, so it is held
to the same. The head count is stated: it sets the size of the group and the band of the company.
"""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Company, Person
from bg_orchestration_tests.domain.people import POLICY, PROFILES, TITLE_LIST, people_with

REACH = 7

titles = st.sampled_from(TITLE_LIST)
crowds = st.lists(titles, min_size=1, max_size=60)
head_counts = st.sampled_from([3, 30, 60, 400, 2_000, 20_000])


def judge(people: Sequence[Person], employees: int, profile: SellerProfile) -> BuyerGroup:
    company = Company(company_id="a", name="A", employee_count=employees)
    return assign(company, score_people(company, people, [profile], POLICY), profile, POLICY)


def moved(before: BuyerGroup, after: BuyerGroup) -> int:
    """How many people entered, left or changed role."""
    old = {member.person_id: member.role for member in before.members}
    new = {member.person_id: member.role for member in after.members}
    return sum(old.get(each) != new.get(each) for each in {*old, *new})


@settings(max_examples=300)
@given(crowds, titles, head_counts, st.sampled_from(PROFILES), st.integers(0, 59))
def test_one_person_more_or_less_moves_few(
    crowd: list[str], title: str, employees: int, profile: SellerProfile, place: int
) -> None:
    people = people_with(crowd)
    newcomer = Person(person_id=f"p{place:03}x", name="Somebody New", title=title)
    without = judge(people, employees, profile)
    assert moved(without, judge([*people, newcomer], employees, profile)) <= REACH


@settings(max_examples=300)
@given(crowds, titles, head_counts, st.sampled_from(PROFILES), st.integers(0, 59))
def test_one_new_title_moves_few(
    crowd: list[str], title: str, employees: int, profile: SellerProfile, place: int
) -> None:
    people = people_with(crowd)
    changed = list(people)
    changed[place % len(people)] = people[place % len(people)].model_copy(update={"title": title})
    before, after = judge(people, employees, profile), judge(changed, employees, profile)
    assert moved(before, after) <= REACH


@given(crowds, st.data(), head_counts, st.sampled_from(PROFILES))
def test_dates_order_equals_and_nobody_else(
    crowd: list[str], data: st.DataObject, employees: int, profile: SellerProfile
) -> None:
    starts = data.draw(
        st.lists(
            st.none() | st.sampled_from(["2001", "2019-03", "2023-12-31", "2024-06"]),
            min_size=len(crowd),
            max_size=len(crowd),
        )
    )
    people = people_with(crowd)
    dated = [
        person.model_copy(update={"started_on": start})
        for person, start in zip(people, starts, strict=True)
    ]

    def seats(group: BuyerGroup) -> list[tuple[str, ...]]:
        # Stakeholders come by turns of functions, so that equals of two functions move them.
        return sorted(
            (m.role, m.seniority if m.role != "stakeholder" else "") for m in group.members
        )

    before, after = judge(people, employees, profile), judge(dated, employees, profile)
    assert seats(before) == seats(after)
