"""Somebody who asked to be forgotten is nowhere any more, and stays out: on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.model import Person
from bg_orchestration.intake.event_states import ERASED, ERASED_REASON
from bg_orchestration.intake.routing import route_received
from bg_orchestration.privacy.erasure import Erasure, erase
from bg_orchestration.privacy.suppression import (
    SuppressionKeyError,
    Suppressions,
    identifiers_of,
)
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.provider_records import note_record
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    erasure_requests,
    people,
    provider_records,
    suppressions,
    webhook_events,
)
from bg_orchestration_tests.privacy.conftest import EMAIL, PAGE, PERSONAL, everything, routed
from bg_orchestration_tests.store.rows import (
    POLICY,
    STAFF,
    SUPPRESSIONS,
    event_states,
    follow,
    push,
    rows,
)


def erased(engine: Engine, *who: str) -> Erasure:
    with writing(engine) as connection:
        return erase(connection, who, SUPPRESSIONS)


@pytest.mark.parametrize("who", ["p-ann", "ann.lee@ACME.example"])
def test_nothing_of_the_person_is_left(staffed: Engine, who: str) -> None:
    before = everything(staffed)
    assert all(value in before for value in PERSONAL)
    done = erased(staffed, who)
    assert (done.people, done.companies) == ({"p-ann"}, {"acme"})
    assert (done.rows["employments"], done.rows["buyer_group_members"]) == (1, 1)
    after = everything(staffed)
    assert [value for value in PERSONAL if value in after] == []
    assert [row["person_id"] for row in rows(staffed, buyer_group_members)] == ["p-bob"]


def test_the_rows_of_events_stay_as_tombstones(staffed: Engine) -> None:
    handled, new = event_states(staffed)
    erased(staffed, "p-ann")
    assert event_states(staffed)[handled][0] == "handled"
    assert event_states(staffed)[new] == ("ignored", ERASED_REASON)
    assert {(row["person_id"], row["body"]) for row in rows(staffed, webhook_events)} == {
        (ERASED, None)
    }


@pytest.mark.parametrize(
    "person", [{}, {"id": "p-other", "email": EMAIL.upper()}], ids=["same id", "same address"]
)
def test_no_event_brings_them_back(staffed: Engine, person: dict[str, str]) -> None:
    erased(staffed, "p-ann")
    event = push(staffed, newTitle="Back Again", **person)
    routed(staffed)
    assert event_states(staffed)[event] == ("ignored", ERASED_REASON)
    assert "back again" not in everything(staffed)
    assert {row["person_id"] for row in rows(staffed, people)} == {p.person_id for p in STAFF[1:]}


def test_an_address_only_seen_in_an_event_of_somebody_else_is_found(engine: Engine) -> None:
    push(engine, id="p-zoe", name="Zoe Orr", changes={"cc": {"new": "zoé@acme.example"}})
    done = erased(engine, "ZOÉ@acme.example")
    assert (done.people, done.rows["webhook_events"]) == (set(), 1)
    assert "zoé@" not in everything(engine)


def test_who_is_not_known_is_kept_out_all_the_same(staffed: Engine) -> None:
    done = erased(staffed, "p-new", "new@acme.example")
    assert (done.people, done.suppressed) == (set(), 3)
    event = push(staffed, id="p-9", name="New Person", email="new@acme.example")
    routed(staffed)
    assert event_states(staffed)[event] == ("ignored", ERASED_REASON)


def test_erasing_again_changes_nothing(staffed: Engine) -> None:
    erased(staffed, "p-ann")
    before = everything(staffed, [erasure_requests])
    again = erased(staffed, "p-ann")
    assert (again.people, again.suppressed) == (set(), 0)
    assert everything(staffed, [erasure_requests]) == before


def test_the_list_tells_nobody_who_stands_in_it(staffed: Engine) -> None:
    erased(staffed, "p-ann")
    listed = [row["mark"] for row in rows(staffed, suppressions)]
    assert len(listed) == 4  # id, address, page, and the check of the key
    with reading(staffed) as connection:
        assert SUPPRESSIONS.listed(connection, identifiers_of("p-ann", [EMAIL], PAGE + "/")) == set(
            identifiers_of("p-ann", [EMAIL], PAGE)
        )


@pytest.mark.parametrize("key", [b"another key", None])
def test_another_key_stops_instead_of_letting_everybody_in(
    staffed: Engine, key: bytes | None
) -> None:
    erased(staffed, "p-ann")
    push(staffed)
    other = replace(POLICY, suppressions=Suppressions(key))
    with (
        pytest.raises(SuppressionKeyError, match="BG_SUPPRESSION_KEY"),
        writing(staffed) as connection,
    ):
        route_received(connection, other, clock(connection))
    with pytest.raises(SuppressionKeyError), writing(staffed) as connection:
        erase(connection, ["p-bob"], Suppressions(key))
    assert "p-bob" in everything(staffed)


@pytest.mark.parametrize("who", ["coresignal-900001", "coresignal:900001"])
def test_an_id_made_of_a_providers_is_the_same_as_the_providers(engine: Engine, who: str) -> None:
    known = Person(person_id="coresignal-900001", name="Ann Lee", title="CRO")
    follow(engine, "acme", staff=[known])
    with writing(engine) as connection:
        pairs = [("900001", known.person_id)]
        note_record(connection, "person", "coresignal", pairs, clock(connection))
    assert erased(engine, who).people == {known.person_id}
    assert rows(engine, provider_records) == []
    push(engine, id="coresignal-900001")
    push(engine, id="coresignal:900001")
    routed(engine)
    assert set(event_states(engine).values()) == {("ignored", ERASED_REASON)}


def test_everybody_whom_a_page_means_is_found(staffed: Engine) -> None:
    done = erased(staffed, "http://de.linkedin.com/in/Ann-Lee-Example?trk=x")
    assert done.people == {"p-ann"}
    assert [value for value in PERSONAL if value in everything(staffed)] == []
