"""What refreshes would cost, as pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.estimates import MEMBERS, RECORDS, CompanyFacts, Prices, estimate

ALL = Prices(
    {"company": 0.4, "people": 0.4, "contact": 0.2, "verification": 0.01, "research": 0.02}, 0.4
)

counts = st.integers(0, 5_000)
facts = st.builds(
    CompanyFacts,
    company_id=st.just("acme"),
    has_website=st.booleans(),
    company_fresh=st.booleans(),
    listed_days=st.none() | st.floats(0, 400),
    employees=st.none() | counts,
    known_people=counts,
    members=st.none() | st.integers(0, 40),
    lacking=st.integers(0, 40),
    due=st.integers(0, 40),
    researched=st.integers(0, 40),
)
usd = st.floats(0, 10)
prices = st.builds(
    Prices,
    st.dictionaries(
        st.sampled_from(["company", "people", "contact", "verification", "research"]), usd
    ),
    usd,
    st.booleans(),
    st.booleans(),
)


@given(facts, prices)
def test_an_estimate_counts_only_what_somebody_is_asked_for(
    one: CompanyFacts, paid: Prices
) -> None:
    found = estimate(one, paid)
    assert found.questions.keys() == found.usd.keys() == paid.questions.keys()
    assert all(count >= 0 for count in found.questions.values())
    assert found.total_usd >= 0
    assert found.total_usd == pytest.approx(sum(found.usd.values()))


@given(facts)
def test_asking_nobody_costs_nothing(one: CompanyFacts) -> None:
    assert estimate(one, Prices({})).total_usd == 0


@given(facts, prices, st.floats(1, 10))
def test_dearer_credits_never_make_it_cheaper(
    one: CompanyFacts, paid: Prices, factor: float
) -> None:
    dearer = Prices(
        {name: price * factor for name, price in paid.questions.items()},
        paid.preview * factor,
        paid.shown_first,
        paid.with_contacts,
    )
    assert estimate(one, dearer).total_usd >= estimate(one, paid).total_usd - 1e-9


@given(st.integers(1, 5_000), st.integers(0, 5_000), st.floats(0, 400), st.floats(0, 400))
def test_the_longer_ago_the_dearer_and_never_above_the_first_time(
    employees: int, known: int, days: float, more: float
) -> None:
    def asked(listed_days: float | None) -> float:
        one = CompanyFacts(
            "acme",
            company_fresh=True,
            listed_days=listed_days,
            employees=employees,
            known_people=min(known, employees // 2),
            members=5,
        )
        return estimate(one, Prices({"people": 1.0}, 1.0)).total_usd

    assert asked(days) <= asked(days + more)
    # Those known are those who were worth a record: looking again buys no more than everybody.
    assert asked(days) <= asked(None) + employees / 2 + 1


def test_a_company_never_looked_at() -> None:
    found = estimate(CompanyFacts("acme", employees=200), ALL)
    assert found.questions == {
        "company": 1,
        "people": 100,
        "contact": MEMBERS,
        "verification": MEMBERS,
        "research": MEMBERS,
    }
    assert found.usd["people"] == pytest.approx(100 * 0.4 + 10 * 0.4)


def test_a_company_looked_at_a_month_ago() -> None:
    one = CompanyFacts(
        "acme", company_fresh=True, listed_days=30, employees=200, known_people=100,
        members=7, lacking=2, due=3, researched=7,
    )  # fmt: skip
    found = estimate(one, ALL)
    assert found.questions == {
        "company": 0,
        "people": 6,
        "contact": 2,
        "verification": 5,
        "research": 0,
    }


def test_without_a_website_nobody_is_asked_who_works_there() -> None:
    found = estimate(CompanyFacts("acme", has_website=False, members=3), ALL)
    assert (found.questions["company"], found.questions["people"]) == (0, 0)


def test_addresses_that_come_with_the_records_are_verified_too() -> None:
    found = estimate(CompanyFacts("acme"), Prices({"people": 0.4, "verification": 0.01}))
    assert found.questions["verification"] == MEMBERS


def test_where_people_are_shown_first_only_likely_members_are_bought() -> None:
    paid = Prices({"people": 0.4, "contact": 0.4, "verification": 0.01}, 0.4, True, True)
    found = estimate(CompanyFacts("acme", employees=200), paid)
    assert found.questions == {"people": RECORDS, "contact": 0, "verification": MEMBERS}
    assert found.usd["people"] == pytest.approx((RECORDS + 10) * 0.4)
    assert estimate(CompanyFacts("acme", employees=20), paid).questions["people"] == 10
    month = CompanyFacts(
        "acme", listed_days=30, employees=200, known_people=100, members=7, lacking=1
    )
    found = estimate(month, paid)
    assert (found.questions["people"], found.questions["contact"]) == (2, 1)
    assert found.usd["people"] == pytest.approx((2 + 1) * 0.4)


@given(st.integers(1, 5_000), st.integers(0, 5_000), st.floats(0, 400), st.floats(0, 400))
def test_where_people_are_shown_first_the_longer_ago_the_dearer(
    employees: int, known: int, days: float, more: float
) -> None:
    def asked(listed_days: float) -> float:
        one = CompanyFacts("acme", listed_days=listed_days, employees=employees, known_people=known)
        return estimate(one, Prices({"people": 1.0}, 1.0, True)).total_usd

    assert asked(days) <= asked(days + more)
    assert asked(days) <= 2 * RECORDS + (employees + known) / 20 + 1
