"""Cutting somebody out of JSON of any shape: nothing of them stays, and the others do."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.identifiers import (
    NOTHING_LEFT,
    IdentifierSet,
    identifiers_in_value,
    page_slug,
    without_people,
)

ADA = IdentifierSet(
    frozenset({"900001"}), frozenset({"ada@example.com"}), frozenset({"ada-example"})
)


def person(number: int, first: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "full_name": f"{first} Example",
        "linkedin_url": f"https://www.linkedin.com/in/{first.lower()}-example",
        "experience": [{"company_id": 500001, "position_title": "VP"}],
        **more,
    }


BOB = person(900002, "Bob")


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (person(900001, "Ada"), NOTHING_LEFT),
        (BOB, BOB),
        ([900001, 900002], [900002]),
        ([900001], NOTHING_LEFT),
        ([person(900001, "Ada"), BOB], [BOB]),
        ({"status": 200, "data": [person(1, "Ada"), BOB], "total": 2},
         {"status": 200, "data": [BOB], "total": 2}),
        ({"data": [person(900001, "A")], "total": 1}, NOTHING_LEFT),
        ({"person": person(900001, "Ada")}, NOTHING_LEFT),
        # The record goes whole, wherever in it the trace is.
        ({"results": [{"clientReferenceId": "1", "firstName": "A",
                       "emails": [{"email": "x@example.com"}, {"email": "Ada@Example.com"}]}, BOB]},
         {"results": [BOB]}),
        ({"email_batch": [{"address": "ada@example.com"}, {"address": "bob@example.com"}]},
         {"email_batch": [{"address": "bob@example.com"}]}),
        ({"address": "ADA@example.com", "firstname": "Ada"}, NOTHING_LEFT),
        # Whoever is only mentioned in somebody else's record leaves it.
        ({**BOB, "recommendations": [person(900001, "Ada")]}, {**BOB, "recommendations": []}),
        ({"companies": [{"domain": "example.com", "contacts": [person(900001, "Ada"), BOB]}]},
         {"companies": [{"domain": "example.com", "contacts": [BOB]}]}),
        ({**BOB, "linkedin_shorthand_names": ["ada-example"]}, NOTHING_LEFT),
        # Numbers and words that only look alike are not them.
        ({"id": "c-1", "employees_count": 900001, "slug": "ada-example"},
         {"id": "c-1", "employees_count": 900001, "slug": "ada-example"}),
        ({**BOB, "company_id": 900001}, {**BOB, "company_id": 900001}),
    ],
)  # fmt: skip
def test_who_is_cut_out(answer: Any, left: Any) -> None:
    assert without_people(answer, ADA) == left


def test_a_name_counts_where_the_caller_says_so() -> None:
    who = IdentifierSet(names=frozenset({"ada example"}))
    assert without_people([person(5, "Ada"), BOB], who) == [BOB]
    split = {"first_name": "Ada", "last_name": "EXAMPLE"}
    assert without_people([split, BOB], who) == [BOB]
    assert without_people([person(5, "Ada"), BOB], ADA) == [BOB]  # their page


@pytest.mark.parametrize(
    "url",
    ["https://www.linkedin.com/in/Ada-Example/", "linkedin.com/in/ada-example?trk=x", "ada-example",
     "http://de.linkedin.com/in/ada%2Dexample#top", "<https://linkedin.com/in/Ada-Example>;",
     "https://www.linkedin.com/mwlite/in/ada-example&x=1", "linkedin.com/comm/in/ada%252Dexample"],
)  # fmt: skip
def test_the_ways_to_write_a_page(url: str) -> None:
    assert page_slug(url) == "ada-example"


def _values(people: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    filler = st.none() | st.integers(0, 9) | st.sampled_from(["x", "y"])
    return st.recursive(
        people | filler,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["data", "person", "x", "results"]), inner)
        ),
        max_leaves=12,
    )


@given(_values(st.sampled_from([person(900001, "Ada", email="ADA@example.com"), BOB])))
def test_nothing_is_left_of_them_in_any_shape(answer: Any) -> None:
    left = without_people(answer, ADA)
    told = "" if left is NOTHING_LEFT else json.dumps(left).casefold()
    for trace in ("900001", "ada@example.com", "ada-example", "ada example"):
        assert trace not in told
    if left is not NOTHING_LEFT:
        assert json.dumps(answer).count("Bob Example") == told.count("bob example")


@given(_values(st.just(BOB)))
def test_an_answer_about_others_stays_as_it_is(answer: Any) -> None:
    assert without_people(answer, ADA) == answer


def test_what_an_answer_may_give_away() -> None:
    found = list(identifiers_in_value([person(900001, "Ada", email="Ada@example.com"), 900007]))
    assert any(one & ADA for one in found)
    assert "900007" in {one for each in found for one in each.ids}
