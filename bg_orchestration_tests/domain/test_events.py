"""What a provider's event says about who works where, in every spelling."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bg_orchestration.domain.events import (
    COMPANY_CHANGE,
    SIGNIFICANT,
    CompanyRef,
    EmploymentFact,
    PersonChangeEvent,
    concerned_companies,
    employment_facts,
)

HERE = CompanyRef("Acme, Inc.", "acme.example")
GLOBEX = CompanyRef("Globex Group")


def body(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": "evt-1",
        "source": "crm",
        "type": COMPANY_CHANGE,
        "timestamp": "2026-03-01T10:00:00Z",
        "person": {"id": "p-1", "name": "Ann Lee"},
        "company": {"id": "acme.example", "name": "Acme, Inc."},
    }
    return found | more


def parse(found: dict[str, Any]) -> PersonChangeEvent:
    return PersonChangeEvent.model_validate_json(json.dumps(found))


def move(old: str | None, new: str | None, by: str = "person") -> PersonChangeEvent:
    person: dict[str, Any] = {"id": "p-1", "name": "Ann Lee", "newTitle": "CFO"}
    if by == "changes":
        return parse(body(person=person, changes={"company": {"old": old, "new": new}}))
    return parse(body(person=person | {"oldCompany": old, "newCompany": new}))


def left(company: CompanyRef) -> EmploymentFact:
    return EmploymentFact("left", company)


def joined(company: CompanyRef) -> EmploymentFact:
    return EmploymentFact("works_at", company, "CFO")


@pytest.mark.parametrize("by", ["person", "changes"])
@pytest.mark.parametrize(
    ("old", "new", "facts"),
    [
        # Filed under the new company, which is named by its name, its id, or another spelling.
        ("Globex Group", "Acme, Inc.", [left(GLOBEX), joined(HERE)]),
        ("Globex Group", "acme.example", [left(GLOBEX), joined(HERE)]),
        ("Globex Group", "ACME INC", [left(GLOBEX), joined(HERE)]),
        # Filed under the old one.
        ("Acme, Inc.", "Globex Group", [left(HERE), joined(GLOBEX)]),
        ("acme.example", "Globex Group", [left(HERE), joined(GLOBEX)]),
        # The other end by an id.
        (
            "globex.example",
            "Acme, Inc.",
            [left(CompanyRef("globex.example", "globex.example")), joined(HERE)],
        ),
        # One end alone: it is the company under which the event is filed.
        ("Acme, Inc.", None, [left(HERE)]),
        (None, "Acme, Inc.", [joined(HERE)]),
        ("An older name of Acme", None, [left(HERE)]),
        (None, "Acme Holding", [joined(HERE)]),
        ("  ", "Acme, Inc.", [joined(HERE)]),
        # Neither.
        (None, None, []),
    ],
)
def test_reads_a_move_between_companies(
    by: str, old: str | None, new: str | None, facts: list[EmploymentFact]
) -> None:
    assert employment_facts(move(old, new, by)) == tuple(facts)


def test_a_single_word_may_be_an_id_and_a_phrase_is_a_name() -> None:
    [gone, _] = employment_facts(move("Globex", "Acme, Inc."))
    assert gone.company == CompanyRef("Globex", "Globex")
    [gone, _] = employment_facts(move("Globex Group, Ltd", "Acme, Inc."))
    assert gone.company == CompanyRef("Globex Group, Ltd", None)


def test_neither_end_is_the_company_of_the_event() -> None:
    event = move("Globex Group", "Initech LLC")
    assert employment_facts(event) == (left(GLOBEX), joined(CompanyRef("Initech LLC")))
    assert concerned_companies(event) == (HERE, GLOBEX, CompanyRef("Initech LLC"))


def test_a_move_concerns_both_its_ends_and_where_it_is_filed_once() -> None:
    assert concerned_companies(move("Globex Group", "Acme, Inc.")) == (HERE, GLOBEX)
    assert concerned_companies(move(None, "Acme, Inc.")) == (HERE,)
    assert concerned_companies(move(None, None)) == (HERE,)
    assert concerned_companies(move("Acme, Inc.", "acme inc")) == (HERE,)


@pytest.mark.parametrize("type_", sorted(SIGNIFICANT - {COMPANY_CHANGE}))
def test_any_other_change_says_where_somebody_works_and_as_what(type_: str) -> None:
    event = parse(
        body(
            type=type_,
            person={"id": "p-1", "name": "Ann Lee", "oldTitle": "VP", "newTitle": " CFO "},
            changes={"title": {"new": "ignored"}, "department": {"old": None, "new": "Finance"}},
        )
    )
    assert employment_facts(event) == (EmploymentFact("works_at", HERE, "CFO", "Finance"),)
    in_changes = parse(body(type=type_, changes={"title": {"old": "VP", "new": "CFO"}}))
    assert employment_facts(in_changes) == (EmploymentFact("works_at", HERE, "CFO", None),)
    assert concerned_companies(event) == (HERE,)


@pytest.mark.parametrize("value", [7, True, ["CFO"], {"a": 1}, "", "  ", None])
def test_a_change_to_something_that_is_no_text_says_nothing(value: Any) -> None:
    event = parse(body(type="person.promotion", changes={"title": {"new": value}}))
    assert employment_facts(event) == (EmploymentFact("works_at", HERE),)


@pytest.mark.parametrize("type_", ["person.birthday", "person", "PERSON.PROMOTION", "person.*"])
def test_an_insignificant_type_says_nothing(type_: str) -> None:
    event = parse(body(type=type_, changes={"title": {"new": "CFO"}}))
    assert employment_facts(event) == ()
    assert concerned_companies(event) == (HERE,)


def at(path: str, value: Any) -> dict[str, Any]:
    found = body()
    *folders, name = path.split(".")
    place = found
    for folder in folders:
        place = place[folder]
    place[name] = value
    return found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("company.id", ""),
        ("company.id", "a b"),
        ("company.id", "a..b"),
        ("company.id", "acme."),
        ("company.id", "ac\nme"),
        ("company.id", "../etc"),
        ("company.id", "x" * 129),
        ("company.id", 7.5),
        ("company.id", None),
        ("id", ""),
        ("id", "x" * 256),
        ("id", 7.5),
        ("id", "e\x00"),
        ("source", "\x00"),
        ("type", ""),
        ("person.id", ""),
        ("person.id", None),
        ("person.name", "An\x00n"),
        ("person.newTitle", "C\x00O"),
        ("person.email", "a\x00@x.example"),
        ("company.name", "Ac\x00me"),
        ("timestamp", "yesterday"),
        ("timestamp", None),
        ("person", None),
        ("changes", ["title"]),
        ("changes", {"title": "CFO"}),
    ],
)
def test_refuses_and_names_the_field(path: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(at(path, value))
    [fault] = refused.value.errors()
    assert ".".join(map(str, fault["loc"])).startswith(path)


@pytest.mark.parametrize("path", ["id", "source", "person.id", "person.name", "company.name"])
@pytest.mark.parametrize("half", ["\\ud800", "a\\udfff", "\\ud83d \\ude00"])
def test_refuses_half_of_a_surrogate_pair(path: str, half: str) -> None:
    text = json.dumps(at(path, "HALF")).replace("HALF", half)
    with pytest.raises(ValidationError):
        PersonChangeEvent.model_validate_json(text)


def test_keeps_whole_pairs_and_takes_unknown_fields() -> None:
    event = parse(body(person={"id": "p-\U0001f600", "name": "Ann", "shoe": 38}, extra=[1]))
    assert event.person.id == "p-\U0001f600"


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-03-01T10:00:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00.250+02:00", datetime(2026, 3, 1, 8, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_times_are_utc_also_where_the_zone_is_left_out(written: str, instant: datetime) -> None:
    found = parse(body(timestamp=written)).timestamp
    assert (found, found.tzinfo) == (instant, UTC)


texts = st.none() | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
)


@given(st.sampled_from([*sorted(SIGNIFICANT), "person.other"]), texts, texts, texts)
def test_says_at_most_one_leaving_and_one_job_each_at_a_concerned_company(
    type_: str, old: str | None, new: str | None, title: str | None
) -> None:
    person = {
        "id": "p", "name": "n", "oldCompany": old, "newCompany": new, "newTitle": title,
    }  # fmt: skip
    event = parse(body(type=type_, person=person))
    facts = employment_facts(event)
    kinds = [fact.kind for fact in facts]
    assert kinds in ([], ["left"], ["works_at"], ["left", "works_at"])
    concerned = concerned_companies(event)
    assert concerned[0] == HERE
    assert {fact.company for fact in facts} <= set(concerned)
    assert len(facts) < 2 or old is not None
    for fact in facts:
        assert fact.title is None or fact.title == fact.title.strip() != ""
