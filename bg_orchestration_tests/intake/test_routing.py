"""Received events find their companies, and the directory learns from them: on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from bg_orchestration.domain.events import COMPANY_CHANGE
from bg_orchestration.intake import routing
from bg_orchestration.intake.routing import RoutingPolicy, route_received
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.tables import (
    companies,
    contact_points,
    employments,
    people,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration_tests.store.rows import (
    HAPPENED,
    HOUR,
    POLICY,
    STAFF,
    archive,
    event_states,
    follow,
    jobs,
    push,
    rows,
)


def route(engine: Engine, policy: RoutingPolicy = POLICY) -> int:
    with writing(engine) as connection:
        return route_received(connection, policy, clock(connection))


def concerned(engine: Engine) -> list[tuple[str, str]]:
    return [(row["company_id"], row["state"]) for row in rows(engine, webhook_event_companies)]


def test_an_unknown_company_is_followed_or_its_events_ignored_by_policy(engine: Engine) -> None:
    ignored = push(engine, "newco")
    assert route(engine, replace(POLICY, follow_unknown=False)) == 1
    assert event_states(engine)[ignored] == ("ignored", "company newco is not followed")
    assert rows(engine, companies) == rows(engine, people) == []
    assert concerned(engine) == []

    taken = push(engine, "newco", newTitle="CFO")
    assert route(engine) == 1
    assert event_states(engine)[taken] == ("pending", None)
    [company] = rows(engine, companies)
    assert (company["company_id"], company["name"], company["source"], company["followed"]) == (
        "newco",
        "newco Inc",
        "crm",
        True,
    )
    assert jobs(engine) == {("p-ann", "newco"): ("CFO", None, True)}
    # What was ignored stays so.
    assert event_states(engine)[ignored][0] == "ignored"
    assert route(engine) == 0


def test_an_archived_company_is_never_followed_again_by_an_event(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    archive(engine, "acme")
    before = jobs(engine)
    event = push(engine, newTitle="CFO")
    route(engine)
    assert event_states(engine)[event] == ("ignored", "company acme is not followed")
    assert concerned(engine) == []
    assert jobs(engine) == before
    assert rows(engine, companies)[0]["followed"] is False


def test_insignificant_and_unreadable_events_are_closed_with_the_reason(engine: Engine) -> None:
    follow(engine, "acme")
    birthday = push(engine, type_="person.birthday")
    emptied = push(engine)
    odd = push(engine)
    with writing(engine) as connection:
        for event_id, body in ((emptied, None), (odd, b'{"id": 7.5}')):
            connection.execute(
                update(webhook_events)
                .where(webhook_events.c.event_id == event_id)
                .values(body=body)
            )
    good = push(engine)
    assert route(engine) == 4
    fields = ("source", "type", "timestamp", "person", "company")
    missing = "; ".join(f"{field}: is missing" for field in fields)
    assert event_states(engine) == {
        birthday: ("ignored", "type person.birthday is not significant"),
        emptied: ("dead", "its stored body cannot be read: The body is not JSON."),
        odd: ("dead", f"its stored body cannot be read: id: must be text; {missing}"),
        good: ("pending", None),
    }
    closed = [row["handled_at"] is not None for row in rows(engine, webhook_events)]
    assert closed == [True, True, True, False]


@pytest.mark.parametrize("old", ["globex Inc", "GLOBEX, INC.", "globex"])
def test_a_move_between_two_companies_concerns_both(engine: Engine, old: str) -> None:
    follow(engine, "acme")
    follow(engine, "globex", staff=STAFF[:1])
    push(engine, "acme", COMPANY_CHANGE, oldCompany=old, newCompany="acme Inc", newTitle="COO")
    route(engine)
    assert sorted(concerned(engine)) == [("acme", "pending"), ("globex", "pending")]
    assert jobs(engine) == {
        ("p-ann", "acme"): ("COO", None, True),
        ("p-ann", "globex"): (STAFF[0].title, "Sales", False),
    }


def test_a_name_that_two_companies_share_means_neither(engine: Engine) -> None:
    follow(engine, "acme", "globex", "globex-2", staff=STAFF[:1])
    with writing(engine) as connection:
        connection.execute(
            update(companies)
            .where(companies.c.company_id != "acme")
            .values(name="Globex Group", folded_name="globexgroup")
        )
    push(engine, "acme", COMPANY_CHANGE, oldCompany="Globex Group", newCompany="acme Inc")
    route(engine)
    assert concerned(engine) == [("acme", "pending")]
    assert all(current for _, _, current in jobs(engine).values())


def test_only_the_followed_end_of_a_move_is_taken(engine: Engine) -> None:
    follow(engine, "acme", "globex", staff=STAFF[:1])
    archive(engine, "globex")
    moved = push(engine, "globex", COMPANY_CHANGE, oldCompany="acme Inc", newCompany="globex Inc")
    route(engine)
    assert event_states(engine)[moved] == ("pending", None)
    assert concerned(engine) == [("acme", "pending")]
    assert [key for key, job in jobs(engine).items() if job[2]] == [("p-ann", "globex")]
    # The archived end learns nothing: it keeps the title of the import.
    assert jobs(engine)["p-ann", "globex"][0] == STAFF[0].title


def test_learns_roles_joinings_and_leavings_in_the_order_they_happened(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF[:1])
    day = timedelta(days=1)
    # Received in another order than they happened.
    push(engine, newTitle="CEO", at=HAPPENED + 2 * day)
    push(engine, newTitle="COO", at=HAPPENED)
    push(engine, type_="person.department_change", at=HAPPENED + 3 * day,
         changes={"department": {"new": "Board"}})  # fmt: skip
    push(engine, "acme", COMPANY_CHANGE, id="p-zoe", name="Zoe Fay", newCompany="acme Inc")
    route(engine)
    assert jobs(engine) == {
        ("p-ann", "acme"): ("CEO", "Board", True),
        ("p-zoe", "acme"): ("", None, True),
    }
    push(engine, "acme", COMPANY_CHANGE, oldCompany="acme Inc", at=HAPPENED + 4 * day)
    # An event that comes late and is older changes nothing.
    push(engine, newTitle="VP", at=HAPPENED + day)
    route(engine)
    assert jobs(engine)["p-ann", "acme"] == ("CEO", "Board", False)
    assert {row["person_id"]: row["name"] for row in rows(engine, people)} == {
        "p-ann": "Ann Lee",
        "p-zoe": "Zoe Fay",
    }


def test_somebody_who_comes_back_works_there_again(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF[:1])
    push(engine, "acme", COMPANY_CHANGE, oldCompany="acme Inc")
    push(
        engine,
        "acme",
        COMPANY_CHANGE,
        newCompany="acme Inc",
        newTitle="CEO",
        at=HAPPENED + timedelta(days=9),
    )
    route(engine)
    assert jobs(engine) == {("p-ann", "acme"): ("CEO", "Sales", True)}


def test_a_leaving_that_comes_before_its_joining_is_remembered(engine: Engine) -> None:
    follow(engine, "acme")
    push(engine, "acme", COMPANY_CHANGE, oldCompany="acme Inc", at=HAPPENED + HOUR)
    route(engine)
    assert jobs(engine) == {("p-ann", "acme"): ("", None, False)}
    push(engine, "acme", COMPANY_CHANGE, newCompany="acme Inc", newTitle="CFO")
    route(engine)
    assert jobs(engine) == {("p-ann", "acme"): ("", None, False)}


def test_an_address_is_learnt_once_whatever_its_case(engine: Engine) -> None:
    follow(engine, "acme")
    for address in ("Ann@x.example", "Ann@x.example", "ann@X.example", "no address", ""):
        push(engine, email=address)
    push(engine, email="ann.lee@x.example")
    route(engine)
    points = [(row["person_id"], row["kind"], row["value"], row["source"])
              for row in rows(engine, contact_points)]  # fmt: skip
    assert points == [
        ("p-ann", "email", "Ann@x.example", "crm"),
        ("p-ann", "email", "ann.lee@x.example", "crm"),
    ]
    assert rows(engine, contact_points)[0]["as_of"] == HAPPENED


def test_without_learning_the_directory_stays_as_it_is(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF[:1])
    before = jobs(engine)
    event = push(engine, newTitle="CEO", email="a@x.example")
    route(engine, replace(POLICY, applies_events=False))
    assert event_states(engine)[event][0] == "pending"
    assert jobs(engine) == before
    assert rows(engine, contact_points) == []


def test_takes_a_bounded_batch_oldest_received_first(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "_BATCH", 3)
    follow(engine, "acme")
    pushed = [push(engine, at=HAPPENED - timedelta(days=n)) for n in range(5)]
    assert route(engine) == 3
    states = event_states(engine)
    assert [states[one][0] for one in pushed] == ["pending"] * 3 + ["received"] * 2
    assert (route(engine), route(engine)) == (2, 0)


def test_an_event_from_the_future_does_not_shut_out_what_comes_after(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    push(engine, newTitle="Intern", at=HAPPENED.replace(year=9999))
    route(engine)
    push(engine, newTitle="Chief Sales Officer", at=datetime.now(UTC))
    route(engine)
    assert jobs(engine)["p-ann", "acme"][0] == "Chief Sales Officer"


def test_a_new_title_ends_what_is_known_of_the_job_s_begin(engine: Engine) -> None:
    dated = STAFF[0].model_copy(update={"started_on": "2021-05"})
    follow(engine, "acme", staff=[dated])

    def begins() -> str | None:
        [job] = rows(engine, employments)
        begun: str | None = job["started_on"]
        return begun

    push(engine, type_="person.role_change", newTitle=dated.title)
    route(engine)
    assert begins() == "2021-05"
    push(engine, type_="person.role_change", newTitle="Chief Executive Officer")
    route(engine)
    assert begins() is None
