"""Who worked at a company before events: what they changed is undone, by the old values they tell.

Everybody here is fictional.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.as_of import PastPeople, people_as_of
from bg_orchestration.domain.events import PersonChangeEvent, employment_facts
from bg_orchestration.domain.model import Company, Person

ACME = Company(company_id="acme", name="Acme Inc")
_BEGINNING = datetime(2026, 1, 5, tzinfo=UTC)
_TITLES = ("CEO", "VP Sales", "Buyer", "Controller")
_DEPARTMENTS = (None, "Sales", "Finance")


def person(person_id: str, title: str = "Buyer", department: str | None = None) -> Person:
    return Person(
        person_id=person_id, name=f"{person_id} Example", title=title, department=department
    )


def event(kind: str, who: Person, number: int = 1, **more: Any) -> PersonChangeEvent:
    changes = more.pop("changes", {})
    company = more.pop("company", {"id": "acme", "name": "Acme"})
    return PersonChangeEvent.model_validate(
        {
            "id": f"e{number}",
            "source": "crm",
            "type": f"person.{kind}",
            "timestamp": _BEGINNING + timedelta(days=1, minutes=number),
            "person": {"id": who.person_id, "name": who.name, **more},
            "company": company,
            "changes": changes,
        }
    )


def rewound(
    people: list[Person], *events: PersonChangeEvent, former: tuple[Person, ...] = ()
) -> PastPeople:
    return people_as_of(ACME, people, former, events, _BEGINNING.date())


ANN, BOB = person("ann", "VP Sales", "Sales"), person("bob", "Buyer")


def test_without_events_it_is_who_works_there_now() -> None:
    assert rewound([BOB, ANN]) == PastPeople((ANN, BOB), 0)


def test_a_promotion_is_undone_by_the_old_title() -> None:
    promoted = event("promotion", ANN, oldTitle="Sales Manager", newTitle="VP Sales")
    [before] = rewound([ANN], promoted).people
    assert before == ANN.model_copy(update={"title": "Sales Manager"})


def test_a_department_may_have_been_none() -> None:
    moved = event("department_change", ANN, changes={"department": {"old": None, "new": "Sales"}})
    assert rewound([ANN], moved).people == (person("ann", "VP Sales"),)


def test_an_old_value_that_no_event_tells_is_counted_and_the_later_one_stands() -> None:
    changed = event("role_change", ANN, newTitle="VP Sales", changes={"department": {"new": "S"}})
    assert rewound([ANN], changed) == PastPeople((ANN,), 2)
    earlier = event("role_change", ANN, 0, oldTitle="Buyer", newTitle="Manager")
    assert rewound([ANN], changed, earlier).people == (person("ann", "Buyer", "Sales"),)


def test_who_joined_is_not_there_and_who_left_is_back_with_the_old_title() -> None:
    joined = event("company_change", ANN, 2, newCompany="Acme", newTitle="VP Sales")
    left = event("company_change", BOB, 1, oldCompany="ACME Ltd", oldTitle="Head Buyer")
    was = person("bob", "Clerk", "Purchasing")
    [before] = rewound([ANN], joined, left, former=(was,)).people
    assert before == was.model_copy(update={"title": "Head Buyer"})
    untold = event("company_change", BOB, 1, oldCompany="Acme")
    assert rewound([], untold, former=(was,)) == PastPeople((was,), 0)
    assert rewound([], untold) == PastPeople((person("bob", ""),), 1)


def test_who_left_and_came_back_under_another_title_had_one_that_is_not_known() -> None:
    back = event("company_change", ANN, 2, newCompany="Acme", newTitle="VP Sales")
    left = event("company_change", ANN, 1, oldCompany="Acme")
    assert rewound([ANN], back, left) == PastPeople((person("ann", "", "Sales"),), 1)


def test_a_move_to_elsewhere_that_is_filed_there_is_undone_here() -> None:
    there = {"id": "globex", "name": "Globex"}
    moved = event(
        "company_change", BOB, company=there, oldCompany="Acme Inc.", newCompany="Globex",
        oldTitle="Buyer", newTitle="Head of Procurement",
    )  # fmt: skip
    assert rewound([], moved).people == (BOB,)


def test_what_happened_elsewhere_changes_nothing_here() -> None:
    there = {"id": "globex", "name": "Globex"}
    elsewhere = event("promotion", ANN, company=there, oldTitle="CEO", newTitle="CFO")
    birthday = event("birthday", ANN, oldTitle="CEO", newTitle="CFO")
    assert rewound([ANN], elsewhere, birthday) == PastPeople((ANN,), 0)


def test_somebody_whom_an_import_dropped_since_worked_there_before_an_event_said_so() -> None:
    promoted = event("promotion", ANN, oldTitle="Sales Manager", newTitle="VP Sales")
    [before] = rewound([], promoted, former=(ANN,)).people
    assert before.title == "Sales Manager"


@pytest.mark.parametrize(
    ("started_on", "then"),
    [("2025", "2025"), ("2026-01-05", "2026-01-05"), ("2026-01-06", None), ("2026-02", None),
     ("2026-01", "2026-01"), ("2026", "2026"), (None, None)],
)  # fmt: skip
def test_a_job_that_began_later_tells_nothing_of_the_one_before(
    started_on: str | None, then: str | None
) -> None:
    later = ANN.model_copy(update={"started_on": started_on})
    assert [one.started_on for one in rewound([later]).people] == [then]


_STAFF = st.lists(
    st.builds(
        person,
        st.sampled_from([f"p{number}" for number in range(5)]),
        st.sampled_from(_TITLES),
        st.sampled_from(_DEPARTMENTS),
    ),
    unique_by=lambda one: one.person_id,
)
_STEPS = st.lists(
    st.tuples(
        st.sampled_from([f"p{number}" for number in range(5)]),
        st.sampled_from(["promotion", "role_change", "department_change", "company_change"]),
        st.sampled_from(_TITLES),
        st.sampled_from(_DEPARTMENTS[1:]),
    ),
    max_size=12,
)


@given(_STAFF, _STEPS)
def test_what_events_did_is_undone(
    start: list[Person], steps: list[tuple[str, str, str, str]]
) -> None:
    here = {one.person_id: one for one in start}
    gone: dict[str, Person] = {}
    events = []
    for number, (who, kind, title, department) in enumerate(steps):
        told = _told(here.get(who), who, kind, number, title, department)
        events.append(told)
        _apply(told, here, gone)
    before = people_as_of(ACME, here.values(), gone.values(), reversed(events), _BEGINNING.date())
    assert before == PastPeople(tuple(sorted(start, key=lambda one: one.person_id)), 0)


def _told(
    known: Person | None, who: str, kind: str, number: int, title: str, department: str
) -> PersonChangeEvent:
    """What a provider tells of the next step: who is here changes or leaves, others join."""
    if known is None:
        return event(
            "company_change", person(who), number, newCompany="Acme", newTitle=title,
            changes={"department": {"new": department}},
        )  # fmt: skip
    if kind == "company_change":
        left = {"department": {"old": known.department}}
        return event(kind, known, number, oldCompany="Acme", oldTitle=known.title, changes=left)
    changes = {"department": {"old": known.department, "new": department}}
    return event(kind, known, number, oldTitle=known.title, newTitle=title, changes=changes)


def _apply(told: PersonChangeEvent, here: dict[str, Person], gone: dict[str, Person]) -> None:
    """Write an event as `store.routing` does: a job keeps what the event does not say."""
    who = told.person.id
    for fact in employment_facts(told):
        job = here.pop(who, None) or gone.pop(who, None) or person(who, "")
        said = {"title": fact.title, "department": fact.department}
        news = {name: value for name, value in said.items() if value is not None}
        (here if fact.kind == "works_at" else gone)[who] = job.model_copy(update=news)
