"""Answers hold nothing of whom we forgot, and are not paid for again: on both databases."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from bg_orchestration.domain.model import Person
from bg_orchestration.ledger.calls import Answer
from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.privacy.answer_erasure import erase_from_answers
from bg_orchestration.privacy.erasure import erase
from bg_orchestration.store.companies import Employee, save_employees
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.provider_records import note_record
from bg_orchestration.store.schema.tables import pipeline_operations, research_notes
from bg_orchestration_tests.ledger.paid import NamedAdapter, ledger_of, paid_call, reserve, settle
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS, follow, rows

HOUR = timedelta(hours=1)
PAGE = "https://www.linkedin.com/in/ann-lee"


def person(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "full_name": name, "headline": "Chief of Everything", **more}


ANN = person(900001, "Ann Lee")
BOB = person(900002, "Bob Ray")


def answer(
    engine: Engine,
    key: str,
    content: Any,
    provider: str = "coresignal",
    capability: str = "people",
    company_id: str = "acme",
) -> None:
    """Put an answer into the ledger as a client does."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    purpose = Purpose(company_id)
    reservation = reserve(engine, key, provider, purpose, capability=capability)
    settle(engine, reservation, body=raw)


def told(engine: Engine, key: str) -> Any:
    """What the ledger answers: a value, or `None` for a miss; both without asking anybody."""
    for provider in ("coresignal", "pdl", "lusha", "research"):
        call = paid_call(key, provider)
        key_ = call.key(NamedAdapter.base_url)
        if any(row["key"] == key_ for row in rows(engine, pipeline_operations)):
            found = ledger_of(engine, provider).reserve(call)
            assert isinstance(found, Answer)
            break
    return json.loads(found.body) if found.found else None


def staffed(engine: Engine) -> None:
    follow(engine, "acme", "beta", staff=STAFF[:2])
    with writing(engine) as connection:
        save_employees(connection, [Employee("acme", STAFF[0], PAGE)], "test")
        pairs = [("900001", "p-ann"), ("900002", "p-bob")]
        note_record(connection, "person", "coresignal", pairs, clock(connection))


def test_the_ledger_keeps_others_and_is_not_asked_to_pay_again(engine: Engine) -> None:
    staffed(engine)
    answer(engine, "one", ANN)
    answer(engine, "bob", BOB)
    answer(engine, "preview", [ANN, BOB])
    answer(engine, "pdl", {"data": [{"id": "x", "linkedin_url": PAGE[8:]}], "total": 1}, "pdl")
    answer(engine, "namesake", [ANN | {"id": 5}], "pdl")
    answer(engine, "elsewhere", [ANN | {"id": 5}], "pdl", company_id="else")
    answer(engine, "company", {"id": 900001, "company_name": "Acme"}, capability="company")
    prose = {"choices": [{"message": {"content": "Ann  Lee leads; Ann Lee decides."}}]}
    answer(engine, "research", prose, "research", "research")
    answer(engine, "broken", b'{"cut": "ann lee', "pdl")
    before = sum(row["cost_usd"] for row in rows(engine, pipeline_operations))
    with writing(engine) as connection:
        done = erase(connection, ["p-ann"], SUPPRESSIONS)
    assert done.rows["pipeline_operations"] == 6
    assert [told(engine, key) for key in ("one", "pdl", "namesake", "research", "broken")] == (
        [None] * 5
    )
    assert told(engine, "preview") == [BOB]
    assert told(engine, "bob") == BOB
    # A namesake at another company is somebody else, and a company's id is no person's.
    assert told(engine, "elsewhere") == [ANN | {"id": 5}]
    assert told(engine, "company")["id"] == 900001
    assert sum(row["cost_usd"] for row in rows(engine, pipeline_operations)) == before
    with writing(engine) as connection:
        again = erase(connection, ["p-ann"], SUPPRESSIONS)
    assert again.rows["pipeline_operations"] == 0


def test_whoever_is_answered_about_again_is_cut_out_again(engine: Engine) -> None:
    staffed(engine)
    with writing(engine) as connection:
        erase(connection, ["p-ann"], SUPPRESSIONS)
        since = clock(connection) - HOUR
    answer(engine, "preview", [ANN, BOB])
    answer(engine, "bulk", [{"firstName": "A", "socialLinks": {"linkedin": PAGE}}, BOB], "lusha")
    answer(engine, "bob", BOB)
    for changed in (2, 0):
        with writing(engine) as connection:
            assert erase_from_answers(connection, SUPPRESSIONS, since) == changed
    assert [told(engine, key) for key in ("preview", "bulk", "bob")] == [[BOB], [BOB], BOB]


def test_research_about_colleagues_does_not_name_them_either(engine: Engine) -> None:
    staffed(engine)
    third = Person(person_id="p-cy", name="Cy Poe", title="CFO")
    with writing(engine) as connection:
        save_employees(connection, [Employee("acme", third)], "test")
        for person_id, findings in (
            ("p-ann", "She leads."), ("p-bob", "Reports to Ann Lee."), ("p-cy", "Ann Leeds rules."),
        ):  # fmt: skip
            connection.execute(
                research_notes.insert().values(
                    company_id="acme", person_id=person_id, provider="research",
                    researched_at=clock(connection), findings=json.dumps([findings]),
                )
            )  # fmt: skip
    with writing(engine) as connection:
        done = erase(connection, ["coresignal:900001"], SUPPRESSIONS)
    assert done.rows["research_notes"] == 2
    assert [row["person_id"] for row in rows(engine, research_notes)] == ["p-cy"]


def test_many_are_forgotten_at_once(engine: Engine) -> None:
    staffed(engine)
    answer(engine, "preview", [ANN, BOB])
    asked = [f"person{number}@else.example" for number in range(3_000)]
    with writing(engine) as connection:
        done = erase(connection, [*asked, "p-ann", "coresignal:900002"], SUPPRESSIONS)
    assert done.people == {"p-ann", "p-bob"}
    assert done.suppressed >= 2 * 3_000
    assert told(engine, "preview") is None
