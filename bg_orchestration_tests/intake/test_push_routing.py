"""What was pushed makes us look, and an opt-out is acted upon: on both databases."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.model import ContactPoint
from bg_orchestration.intake import id_pushes
from bg_orchestration.intake.event_states import ERASED, ERASED_REASON
from bg_orchestration.intake.id_pushes import DELIVERY, Entry, fan_out
from bg_orchestration.intake.inbox import NO_COMPANY, NO_PERSON, UNREADABLE, NewEvent, record
from bg_orchestration.intake.replay import replay_dead
from bg_orchestration.intake.routing import route_received
from bg_orchestration.intake.subscriptions import (
    all_subscriptions,
    open_address,
)
from bg_orchestration.privacy.erasure import Eraser, erase
from bg_orchestration.refreshes.life_cycle import complete
from bg_orchestration.refreshes.planning import plan
from bg_orchestration.store.companies import Employee, people_of, save_employees
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.provider_records import note_record
from bg_orchestration.store.schema.tables import (
    buyer_group_refresh_logs,
    people,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.webhooks.lusha_door import to_row
from bg_orchestration.webhooks.signatures import Claim, Key, Match
from bg_orchestration_tests.intake.test_pushes import OPT_OUT, PROMOTION
from bg_orchestration_tests.refreshes.lives import taken
from bg_orchestration_tests.store.rows import (
    LIMITS,
    POLICY,
    STAFF,
    SUPPRESSIONS,
    archive,
    follow,
    jobs,
    push,
    rows,
)

KEY = Key.read("lusha", "a secret of the tests")


def deliver(engine: Engine, entries: list[Any], source: Any = "coresignal", **about: Any) -> None:
    """Commit a delivery as the receiver does."""
    with writing(engine) as connection:
        subscription_id, _ = open_address(connection, source, **about)
        now = clock(connection)
        content = json.dumps(entries).encode()
        found, _ = fan_out(source, subscription_id, about.get("company_id"), content, now, "")
        record(connection, found)


def deliver_lusha(engine: Engine, content: dict[str, Any]) -> None:
    with writing(engine) as connection:
        match = Match(KEY, Claim("hex", b"", (), 0))
        row = to_row(json.dumps(content).encode(), match, clock(connection), "")
        record(connection, [row])


def known_as(engine: Engine, provider: str, *pairs: tuple[str, str], kind: Any = "person") -> None:
    with writing(engine) as connection:
        note_record(connection, kind, provider, pairs, datetime(2026, 1, 1, tzinfo=UTC))


def planned(engine: Engine, **policy: Any) -> dict[str, tuple[str, str | None]]:
    """Plan, and tell state and reason of each event but deliveries by whom it is about."""
    with writing(engine) as connection:
        plan(connection, replace(POLICY, **policy), LIMITS)
    return {
        row["person_id"]: (row["state"], row["reason"])
        for row in rows(engine, webhook_events)
        if row["type"] != DELIVERY
    }


def find_all(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(all_subscriptions(connection))


def erase_requested(engine: Engine) -> None:
    for _ in Eraser.of(engine, SUPPRESSIONS).run():
        pass


def refreshes(engine: Engine) -> set[tuple[str, str]]:
    found = rows(engine, buyer_group_refresh_logs)
    return {(row["company_id"], row["reason"]) for row in found}


def entry(member_id: int, status: str = "changed") -> dict[str, Any]:
    return {"member_id": member_id, "status": status, "changed_fields": None}


@pytest.mark.parametrize("company_id", ["acme", None])
def test_a_kept_delivery_is_replayed_once_its_form_is_known(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, company_id: str | None
) -> None:
    """A provider renames a field; a later version reads the new name."""
    follow(engine, "acme", staff=STAFF)
    known_as(engine, "coresignal", ("900001", "p-ann"), ("900002", "p-bob"))
    content = json.dumps([{"memberId": 900001}, {"memberId": 900002}, {}]).encode()
    with writing(engine) as connection:
        subscription_id, _ = open_address(connection, "coresignal", company_id)
        kept = NewEvent(
            "coresignal", f"{UNREADABLE}:1", UNREADABLE, NO_COMPANY, NO_PERSON, clock(connection),
            content, "1", "coresignal", subscription_id, None, "",
        )  # fmt: skip
        record(connection, [kept])
    [(state, reason)] = planned(engine).values()
    assert state == "dead"
    assert "names no person" in str(reason)
    # As long as the form is unknown, a replay ends the same.
    with writing(engine) as connection:
        assert replay_dead(connection) == 1
    assert [state for state, _ in planned(engine).values()] == ["dead"]

    def read(value: Any) -> Entry | None:
        return Entry(str(value["memberId"])) if "memberId" in value else None

    monkeypatch.setitem(id_pushes._READERS, "coresignal", read)  # type: ignore[misc]
    with writing(engine) as connection:
        assert replay_dead(connection) == 1
    planned(engine)
    found = planned(engine)
    assert found.pop("") == ("ignored", "a delivery: each entry is an event of its own")
    assert found.keys() == {"coresignal:900001", "coresignal:900002"}
    assert "acme" in {company for company, _ in refreshes(engine)}
    [subscription] = find_all(engine)
    assert subscription.last_push_at is not None


@pytest.mark.parametrize(
    "status", ["changed", "started_matching_query", "stopped_matching_query", "new word"]
)
def test_a_subscription_to_a_company_refreshes_that_company(engine: Engine, status: str) -> None:
    follow(engine, "acme", "beta", staff=STAFF)
    before = jobs(engine)
    deliver(engine, [entry(900001, status)], company_id="acme")
    assert planned(engine) == {"coresignal:900001": ("pending", None)}
    assert refreshes(engine) == {("acme", "event")}
    # Nothing of it became a fact, although events teach us in this policy.
    assert jobs(engine) == before
    assert len(rows(engine, people)) == len(STAFF)


def test_a_list_of_people_refreshes_where_those_known_work(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF[:1])
    follow(engine, "beta", staff=STAFF[1:2])
    known_as(engine, "coresignal", ("900001", "p-ann"))
    known_as(engine, "pdl", ("900002", "p-bob"))
    deliver(engine, [entry(900001), entry(900002)], people=2)
    assert planned(engine) == {
        "coresignal:900001": ("pending", None),
        "coresignal:900002": ("ignored", "nobody known at a company we follow"),
    }
    assert refreshes(engine) == {("acme", "event")}
    of_events = {row["company_id"] for row in rows(engine, webhook_events)}
    assert of_events == {"-", "acme"}
    deliver(engine, ["900002"], "pdl", people=1)
    assert planned(engine)["pdl:900002"] == ("pending", None)
    assert refreshes(engine) == {("acme", "event"), ("beta", "event")}


def test_many_hints_are_one_refresh_that_handles_them_all(engine: Engine) -> None:
    follow(engine, "acme")
    deliver(engine, [entry(number) for number in range(250)], company_id="acme")
    # Nothing is lost between the commit and the planning, however often that is cut short.
    with writing(engine) as connection:
        assert route_received(connection, POLICY, clock(connection)) > 0
        connection.rollback()
    for _ in range(2):
        states = planned(engine)
    assert set(states.values()) == {("pending", None)}
    assert refreshes(engine) == {("acme", "event")}
    refresh = taken(engine, "acme", "run-1")
    with writing(engine) as connection:
        complete(connection, refresh, {})
    assert {row["state"] for row in rows(engine, webhook_event_companies)} == {"handled"}
    [delivery] = [row for row in rows(engine, webhook_events) if row["type"] == DELIVERY]
    assert delivery["state"] == "ignored"
    with writing(engine) as connection:
        [subscription] = all_subscriptions(connection)
    assert subscription.last_push_at == delivery["received_at"]


def test_companies_that_we_do_not_follow_are_not_refreshed(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF[:1])
    known_as(engine, "coresignal", ("900001", "p-ann"))
    archive(engine, "acme")
    deliver(engine, [entry(900001)], people=1)
    deliver(engine, [entry(900002)], company_id="acme")
    assert planned(engine) == {
        "coresignal:900001": ("ignored", "nobody known at a company we follow"),
        "coresignal:900002": ("ignored", "company acme is not followed"),
    }
    assert refreshes(engine) == set()


@pytest.mark.parametrize("who", ["coresignal:900001", "p-ann"])
def test_hints_about_forgotten_people_are_emptied(engine: Engine, who: str) -> None:
    follow(engine, "acme", staff=STAFF[:1])
    known_as(engine, "coresignal", ("900001", "p-ann"))
    deliver(engine, [entry(900001)], company_id="acme")
    with writing(engine) as connection:
        done = erase(connection, [who], SUPPRESSIONS)
    assert done.people == {"p-ann"}
    deliver(engine, [entry(900001)], company_id="acme")
    assert planned(engine) == {ERASED: ("ignored", ERASED_REASON)}
    assert refreshes(engine) == set()


PREVIOUS = {"previousCompanyName": "Beta Inc", "previousDomain": "beta.example"}


def signal(kind: str = "promotion", **data: Any) -> dict[str, Any]:
    own = {"personId": 7, "currentTitle": "VP Sales", "currentDomain": "acme.example", **data}
    return {**PROMOTION, "type": kind, "data": own}


@pytest.mark.parametrize(
    ("content", "companies"),
    [
        (signal(), {"acme.example"}),
        (signal("companyChange", **PREVIOUS), {"acme.example", "beta.example"}),
        (signal("companyChange", currentDomain="else.example", **PREVIOUS), {"beta.example"}),
        (signal(currentDomain=None, currentCompanyName="acme.example Inc"), {"acme.example"}),
        (signal(currentDomain=None, currentCompanyId=8), {"acme.example"}),
        (signal(currentDomain="else.example"), set()),
    ],
)
def test_a_signal_of_lusha_refreshes_both_ends_that_are_ours(
    engine: Engine, content: dict[str, Any], companies: set[str]
) -> None:
    follow(engine, "acme.example", "beta.example", staff=STAFF[:1])
    known_as(engine, "lusha", ("8", "acme.example"), kind="company")
    deliver_lusha(engine, content)
    state = ("pending", None) if companies else ("ignored", "none of its companies is followed")
    assert planned(engine) == {"lusha:7": state}
    assert refreshes(engine) == {(one, "event") for one in companies}


@pytest.mark.parametrize("learn", [True, False])
def test_what_lusha_signed_is_learnt_of_people_whom_we_know(engine: Engine, learn: bool) -> None:
    follow(engine, "acme.example", "beta.example", staff=STAFF[:1])
    known_as(engine, "lusha", ("7", "p-ann"))
    deliver_lusha(engine, signal("companyChange", **PREVIOUS))
    planned(engine, applies_events=learn)
    title = "VP Sales" if learn else STAFF[0].title
    assert jobs(engine)["p-ann", "acme.example"][0] == title
    assert jobs(engine)["p-ann", "beta.example"][2] is not learn


def test_signals_that_mean_nothing_to_us(engine: Engine) -> None:
    follow(engine, "acme.example")
    deliver_lusha(engine, {**signal("itSpendNews"), "id": "news"})
    assert planned(engine) == {"lusha:7": ("ignored", "type lusha.itSpendNews is not significant")}
    deliver_lusha(engine, {"id": {}, "type": "promotion"})
    reason = "its stored body cannot be read: id: is missing or no id"
    assert planned(engine)[""] == ("dead", reason)


def test_an_opt_out_erases_and_keeps_out(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    point = ContactPoint(person_id="p-ann", kind="email", value="mara@example.com", source="lusha")
    with writing(engine) as connection:
        save_employees(connection, [Employee("acme", STAFF[0], None, (point,))], "test")
    deliver_lusha(engine, OPT_OUT)
    # It waits for the refresh that rewrites the group and the stored assets without them.
    assert planned(engine) == {ERASED: ("pending", ERASED_REASON)}
    assert refreshes(engine) == {("acme", "event")}
    with reading(engine) as connection:
        assert "p-ann" not in {one.person_id for one in people_of(connection, "acme")}
    erase_requested(engine)
    assert "p-ann" not in {row["person_id"] for row in rows(engine, people)}
    assert {row["body"] for row in rows(engine, webhook_events)} == {None}
    refresh = taken(engine, "acme", "run-1")
    with writing(engine) as connection:
        complete(connection, refresh, {})
    assert [row["state"] for row in rows(engine, webhook_events)] == ["handled"]

    for person in (
        {"id": "p-1", "email": "MARA@example.com"},
        {"id": "lusha:987"},
    ):
        push(engine, **person)
        assert set(planned(engine).values()) <= {
            ("handled", ERASED_REASON), ("ignored", ERASED_REASON),
        }  # fmt: skip
    deliver_lusha(engine, {**signal(), "data": {"personId": 987}})
    assert set(planned(engine)) == {ERASED}


def test_an_opt_out_of_somebody_unknown_keeps_them_out_all_the_same(engine: Engine) -> None:
    follow(engine, "acme")
    deliver_lusha(engine, OPT_OUT)
    assert planned(engine) == {ERASED: ("ignored", ERASED_REASON)}
    assert refreshes(engine) == set()
    push(engine, id="p-2", email="mara@example.com")
    assert planned(engine) == {ERASED: ("ignored", ERASED_REASON)}


def test_an_opt_out_that_waits_is_not_lost_when_its_person_is_forgotten(engine: Engine) -> None:
    deliver_lusha(engine, OPT_OUT)
    with writing(engine) as connection:
        erase(connection, ["https://www.linkedin.com/in/Mara-Beispiel"], SUPPRESSIONS)
    assert planned(engine) == {ERASED: ("ignored", ERASED_REASON)}
    push(engine, id="lusha:987", name="Mara")
    assert planned(engine) == {ERASED: ("ignored", ERASED_REASON)}
